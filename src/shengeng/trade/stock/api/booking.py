"""What operators book: goods that come, go astray, are counted or moved; places and quotas. Audited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.stock.contracts import (
    BAD_ENTRIES,
    BAD_LOCATION,
    ENTRIES_MOST,
    ENTRY_DIFFERS,
    NO_LOCATION,
    NO_NAME,
    NOT_FREE,
    QUOTA_USED,
    SAME_PLACE,
    TEXT_LONGEST,
    UNITS_MOST,
    Entry,
    Level,
    Location,
    Movement,
    MovementKind,
    Supply,
)
from shengeng.trade.stock.store import books, promises
from shengeng.trade.stock.store.shifting import Key, Shift, shift_levels

_LOCATION = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Units = dict[Key, int]


@dataclass(frozen=True, slots=True)
class _Act:
    """Who books what kind of act, when, and under which id."""

    who: Principal
    kind: MovementKind
    now: datetime
    note: str
    entry_id: UUID | None


def put_location(uow: UnitOfWork, who: Principal, place: Location, now: datetime) -> Location:
    """Make a place or say anew what it is (operator). Refuses a key or a name that is none."""
    require(who, Role.OPERATOR)
    if not _LOCATION.fullmatch(place.location_id):
        raise BAD_LOCATION.error(value=place.location_id[:60])
    name = place.name.text("zh").strip()
    if not name or max(len(place.name.zh), len(place.name.en)) > TEXT_LONGEST:
        raise NO_NAME.error(limit=TEXT_LONGEST)
    books.put_location(uow, place)
    detail: dict[str, audit.Plain] = {"kind": place.kind, "sells": place.sells, "position": place.position}
    audit.record(
        uow, at=now, actor=who.name, action="stock.location", target=place.location_id, detail=detail
    )
    return place


def set_quota(
    uow: UnitOfWork, who: Principal, now: datetime, *, sku: str, supply: Supply, quota: int
) -> None:
    """How many units may be promised before they exist (operator); never fewer than are promised already."""
    require(who, Role.OPERATOR)
    if supply == "stock" or not 0 <= quota <= UNITS_MOST or not _is_sku(sku):
        raise BAD_ENTRIES.error(limit=ENTRIES_MOST, most=UNITS_MOST, value=f"{sku[:60]} {quota}")
    stands = books.put_quota(uow, sku, supply, quota)
    if stands is not None:
        raise QUOTA_USED.error(sku=sku, used=stands.held + stands.taken, quota=quota)
    detail: dict[str, audit.Plain] = {"supply": supply, "quota": quota}
    audit.record(uow, at=now, actor=who.name, action="stock.quota", target=sku, detail=detail)


def receive(
    uow: UnitOfWork,
    who: Principal,
    entries: Sequence[Entry],
    now: datetime,
    *,
    note: str = "",
    entry_id: UUID | None = None,
) -> list[Movement]:
    """Goods come in (operator). Paid orders out of quotas are served first: their units are promised at once.

    entry_id: the same id again books nothing twice and returns what stands (ENTRY_DIFFERS if other lines).
    """
    units = _checked(uow, who, entries, least=1)
    if entry_id and (stands := _stands(uow, entry_id, units, "receive")):
        return stands
    placed = _serve_quotas(uow, units)
    books.open_levels(uow, units)
    after = shift_levels(uow, {key: Shift(n, committed=placed.get(key, 0)) for key, n in units.items()})
    assert after is not None, "what came in covers what it serves"
    return _book(uow, _Act(who, "receive", now, note, entry_id), {k: (units[k], after[k]) for k in units})


def adjust(
    uow: UnitOfWork,
    who: Principal,
    entries: Sequence[Entry],
    now: datetime,
    *,
    note: str = "",
    entry_id: UUID | None = None,
) -> list[Movement]:
    """Units found (positive) or lost (negative) (operator). NOT_FREE when promised ones would go."""
    units = _checked(uow, who, entries, least=-UNITS_MOST)
    if 0 in units.values():
        raise BAD_ENTRIES.error(limit=ENTRIES_MOST, most=UNITS_MOST, value=0)
    if entry_id and (stands := _stands(uow, entry_id, units, "adjust")):
        return stands
    return _change(uow, _Act(who, "adjust", now, note, entry_id), units)


def count(
    uow: UnitOfWork,
    who: Principal,
    entries: Sequence[Entry],
    now: datetime,
    *,
    note: str = "",
    entry_id: UUID | None = None,
    most: int = ENTRIES_MOST,
) -> list[Movement]:
    """What was counted is what lies there (operator); the difference is the movement, 0 when it was right.

    NOT_FREE when fewer were counted than are promised: orders have to be given back or moved first.
    most: how many lines it may have; a counted sheet has more than what is written by hand.
    """
    counted = _checked(uow, who, entries, least=0, most=most)
    if entry_id and (stands := _booked(uow, entry_id)):
        if {(m.sku, m.location_id): m.on_hand_after for m in stands} != counted or stands[0].kind != "count":
            raise ENTRY_DIFFERS.error(id=entry_id)
        return stands
    books.open_levels(uow, counted)
    there = books.levels_of(uow, counted)
    changes = {key: n - there[key].on_hand for key, n in counted.items()}
    return _change(uow, _Act(who, "count", now, note, entry_id), changes)


def transfer(
    uow: UnitOfWork,
    who: Principal,
    entries: Sequence[Entry],
    to_location_id: str,
    now: datetime,
    *,
    note: str = "",
    entry_id: UUID | None = None,
) -> list[Movement]:
    """Free units move from their places to another one (operator); promised ones stay."""
    units = _checked(uow, who, entries, least=1)
    _known(uow, {to_location_id})
    if any(place == to_location_id for _, place in units):
        raise SAME_PLACE.error(place=to_location_id)
    changes: Units = {}
    for (sku, place), n in units.items():
        changes[sku, place] = -n
        changes[sku, to_location_id] = changes.get((sku, to_location_id), 0) + n
    if entry_id and (stands := _stands(uow, entry_id, changes, "transfer")):
        return stands
    return _change(uow, _Act(who, "transfer", now, note, entry_id), changes)


def _change(uow: UnitOfWork, act: _Act, changes: Units) -> list[Movement]:
    books.open_levels(uow, [key for key, n in changes.items() if n >= 0])
    after = shift_levels(uow, {key: Shift(on_hand=n) for key, n in changes.items()})
    if after is None:
        there = books.levels_of(uow, changes)
        for (sku, place), n in sorted(changes.items()):
            level = there.get((sku, place)) or Level(sku, place, 0, 0, 0)
            if level.free + n < 0:
                raise NOT_FREE.error(sku=sku, place=place, free=level.free, on_hand=level.on_hand, wanted=-n)
        raise AssertionError("every level has what was asked of it")
    return _book(uow, act, {k: (changes[k], after[k]) for k in changes})


def _book(uow: UnitOfWork, act: _Act, changes: Mapping[Key, tuple[int, int]]) -> list[Movement]:
    entry = books.Entered(
        act.entry_id or new_id(act.now), act.kind, act.now, act.who.name, act.note.strip()[:TEXT_LONGEST]
    )
    books.add_movements(uow, entry, changes)
    first = [f"{sku} {place} {change:+}" for (sku, place), (change, _) in sorted(changes.items())[:5]]
    detail: dict[str, audit.Plain] = {"lines": len(changes), "first": "; ".join(first), "note": entry.note}
    target = str(entry.entry_id)
    audit.record(
        uow, at=act.now, actor=act.who.name, action=f"stock.{act.kind}", target=target, detail=detail
    )
    return books.entered(uow, entry.entry_id)


def _checked(
    uow: UnitOfWork, who: Principal, entries: Sequence[Entry], *, least: int, most: int = ENTRIES_MOST
) -> Units:
    require(who, Role.OPERATOR)
    units = {(one.sku, one.location_id): one.quantity for one in entries}
    if not 0 < len(entries) <= most or len(units) < len(entries):
        raise BAD_ENTRIES.error(limit=most, most=UNITS_MOST, value=len(entries))
    for one in entries:
        if not (least <= one.quantity <= UNITS_MOST and _is_sku(one.sku)):
            raise BAD_ENTRIES.error(limit=most, most=UNITS_MOST, value=f"{one.sku[:60]} {one.quantity}")
    _known(uow, {one.location_id for one in entries})
    return units


def _is_sku(sku: str) -> bool:
    return 0 < len(sku) <= TEXT_LONGEST and sku.isprintable()


def _known(uow: UnitOfWork, wanted: set[str]) -> None:
    unknown = wanted - {place.location_id for place in books.all_locations(uow)}
    if unknown:
        raise NO_LOCATION.error(id=min(unknown)[:60])


def _stands(uow: UnitOfWork, entry_id: UUID, units: Units, kind: MovementKind) -> list[Movement] | None:
    """The booking that stands under this id already; refused when it says something else."""
    stands = _booked(uow, entry_id)
    if stands and ({(m.sku, m.location_id): m.change for m in stands} != units or stands[0].kind != kind):
        raise ENTRY_DIFFERS.error(id=entry_id)
    return stands or None


def _serve_quotas(uow: UnitOfWork, units: Units) -> Units:
    """Which units that come go to paid orders out of quotas: the first paid first, whole lines only."""
    left = dict(sorted(units.items()))
    placed: Units = {}
    rows: list[tuple[str, int, str]] = []
    for order_id, line_no, sku, n in promises.unplaced(uow, {sku for sku, _ in units}):
        key = next((k for k in left if k[0] == sku and left[k] >= n), None)
        if key is not None:
            left[key] -= n
            placed[key] = placed.get(key, 0) + n
            rows.append((order_id, line_no, key[1]))
    if rows:
        promises.place(uow, rows)
    return placed


def _booked(uow: UnitOfWork, entry_id: UUID) -> list[Movement]:
    """What stands under this id; a lock keeps its twin waiting until it does."""
    uow.lock(f"trade.stock.entry {entry_id}")
    return books.entered(uow, entry_id)
