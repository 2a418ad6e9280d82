"""Units of orders: held for a while, promised once paid, let go, given back or shipped; each exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shengeng.kernel.errors import ShopError
from shengeng.kernel.ids import new_id
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.stock import methods
from shengeng.trade.stock.contracts import (
    ENTRIES_MOST,
    HELD_ALREADY,
    NO_WANTS,
    NOT_COMMITTED,
    NOT_FREE,
    NOT_OPEN,
    NOWHERE,
    SOLD_OUT,
    UNITS_MOST,
    Held,
    Level,
    Piece,
    Reserved,
    Supply,
    Want,
    Wants,
)
from shengeng.trade.stock.store import books, promises
from shengeng.trade.stock.store.shifting import Key, Shift, shift_levels, shift_quotas, undoable

Taken = Sequence[tuple[Piece, Supply]]


class _Outrun(Exception):  # noqa: N818  nothing went wrong: it is planned anew
    """Somebody took the units between the look and the grip."""


def hold(
    uow: UnitOfWork,
    order_id: str,
    wants: Wants,
    until: datetime,
    now: datetime,
    *,
    prefer: Sequence[str] = (),
) -> Held:
    """Set units aside for an order until a moment: everything it wants, or nothing (SOLD_OUT says what).

    wants: lines may ask for the same variant; each says out of which supply. prefer: places to try first.
    Call it last in a transaction: what it locks is waited for by every other buyer of the same variant.
    A refusal leaves nothing behind, so that the transaction may go on.
    """
    _check(wants)
    try:
        taken = _at_once(uow, order_id, wants, until, now, prefer=prefer)
    except _Outrun:
        return _hold_slowly(uow, order_id, wants, until, now, prefer=prefer)
    return Held(tuple(piece for piece, _ in taken))


def commit(uow: UnitOfWork, order_id: str, now: datetime, *, prefer: Sequence[str] = ()) -> bool:
    """Promise what is held: the order is paid. Had the hold run out, the same units are sought again,
    in the places to prefer first.

    False when they could not be had again (or nothing was ever held): nothing is promised then. Repeating
    it is True and changes nothing.
    """
    if not promises.turn(uow, order_id, "held", "committed", now):
        state = promises.locked_state(uow, order_id)
        return state == "committed" or (state == "released" and _had_again(uow, order_id, now, prefer))
    _move(uow, promises.reserved(uow, order_id), Shift(held=-1, committed=1))
    return True


def release(uow: UnitOfWork, order_id: str, now: datetime) -> bool:
    """Let go of what is held and not promised; True for the one call that did it."""
    if not promises.turn(uow, order_id, "held", "released", now):
        return False
    _move(uow, promises.reserved(uow, order_id), Shift(held=-1))
    return True


def give_back(uow: UnitOfWork, order_id: str, now: datetime, lines: Mapping[int, int] | None = None) -> bool:
    """A paid order is cancelled before shipping, wholly or in part: its units are for sale again.

    lines: units by line number; None: everything still open. No unit comes back twice, and none that has
    left: NOT_OPEN. True when any unit came back. Units out of a quota go back to the quota.
    """
    del now
    if promises.locked_state(uow, order_id) != "committed":
        return False
    there = promises.reserved(uow, order_id)
    asked = lines if lines is not None else _all_open(there)
    back: list[tuple[Reserved, int]] = []
    for line_no, units in asked.items():
        mine = [one for one in there if one.line_no == line_no]
        back += _share(order_id, line_no, units, mine)
    promises.use(uow, order_id, [(one.line_no, one.location_id, 0, units) for one, units in back])
    _move(uow, [replace(one, quantity=units) for one, units in back], Shift(committed=-1))
    return bool(back)


def ship(uow: UnitOfWork, order_id: str, pieces: Sequence[Piece], now: datetime, by: str = "") -> None:
    """Promised units leave their places; only of a paid order, never more of a line than is open.

    pieces: units of lines by the place they leave. What was promised out of a quota and stands in no place
    yet may leave any place that has so many free. Refuses NOT_COMMITTED, NOT_OPEN, NOT_FREE.
    """
    state = promises.locked_state(uow, order_id)
    if state != "committed":
        raise NOT_COMMITTED.error(order_id=order_id, state=state or "unknown")
    there = promises.reserved(uow, order_id)
    used: list[tuple[Reserved, int]] = []
    shifts: dict[Key, Shift] = defaultdict(Shift)
    for piece in _joined(pieces):
        mine = [one for one in there if one.line_no == piece.line_no and one.sku == piece.sku]
        at = [one for one in mine if one.location_id == piece.location_id] or [
            one for one in mine if one.location_id == NOWHERE
        ]
        took = _share(order_id, piece.line_no, piece.quantity, at, piece.location_id)
        used += took
        for one, units in took:
            promised = units if one.location_id != NOWHERE else 0
            shifts[piece.sku, piece.location_id] += Shift(on_hand=-units, committed=-promised)
    _take_out(uow, order_id, shifts, now, by)
    promises.use(uow, order_id, [(one.line_no, one.location_id, units, 0) for one, units in used])


def overdue(uow: UnitOfWork, now: datetime, limit: int = 100) -> list[str]:
    """Orders whose hold has run out and was neither committed nor released, the longest first."""
    return promises.overdue(uow, now, limit)


def _check(wants: Wants) -> None:
    bad = next((w for w in wants if not 0 < w.quantity <= UNITS_MOST), None)
    if bad is None and 0 < len(wants) <= ENTRIES_MOST:
        return
    line, quantity = (bad.line_no, bad.quantity) if bad else (len(wants), 0)
    raise NO_WANTS.error(limit=ENTRIES_MOST, most=UNITS_MOST, line=line, quantity=quantity)


def _at_once(
    uow: UnitOfWork, order_id: str, wants: Wants, until: datetime, now: datetime, *, prefer: Sequence[str]
) -> Taken:
    """Take what was just seen. A grip that fails has written nothing, and there is no other place whose lock
    would come out of turn; what was chosen among places, or of quotas, is undone before it is tried again."""
    stocked, promised = _by_supply(wants)
    seen = promises.grip(uow, order_id, stocked, until=until, now=now) if not promised else None
    if seen is None or not seen.sure:
        taken = _plan(uow, wants, prefer, seen.places if seen else None)
        with undoable(uow):
            _make(uow, order_id, taken, until, now)
        return taken
    _made(order_id, there=seen.there, fresh=seen.fresh)
    only = {sku: place for sku, place, _ in seen.places}
    return [(Piece(one.line_no, one.sku, only[one.sku], one.quantity), "stock") for one in stocked]


def _plan(
    uow: UnitOfWork, wants: Wants, prefer: Sequence[str], there: Sequence[promises.Place] | None = None
) -> Taken:
    """Where the units would come out of as things stand; SOLD_OUT without locking anything.

    there: the free units of what is in stock, for whoever has seen them."""
    stocked, promised = _by_supply(wants)
    taken: list[tuple[Piece, Supply]] = []
    if stocked:
        there = there if there is not None else promises.free_places(uow, {want.sku for want in stocked})
        free: dict[str, dict[str, int]] = defaultdict(dict)
        for sku, place, units in there:
            free[sku][place] = units
        _refuse_short(stocked, free)
        order = methods.in_order((place for _, place, _ in there), prefer)
        taken += [(piece, "stock") for piece in methods.places_for(stocked, free, order)]
    if promised:
        left = promises.quota_left(uow, {want.sku for want in promised})
        for supply in {want.supply for want in promised}:
            mine = [want for want in promised if want.supply == supply]
            _refuse_short(mine, {want.sku: {NOWHERE: left.get((want.sku, supply), 0)} for want in mine})
            taken += [(piece, supply) for piece in methods.out_of_quotas(mine)]
    return taken


def _by_supply(wants: Wants) -> tuple[list[Want], list[Want]]:
    stocked = [want for want in wants if want.supply == "stock"]
    return stocked, [want for want in wants if want.supply != "stock"]


def _refuse_short(wants: Wants, free: methods.Free) -> None:
    lacking = methods.short(wants, free)
    if lacking is not None:
        sku, wanted, left = lacking
        raise SOLD_OUT.error(sku=sku, wanted=wanted, left=left)


def _make(uow: UnitOfWork, order_id: str, taken: Taken, until: datetime, now: datetime) -> None:
    """Write the hold and take its units; _Outrun when they are not there any more."""
    levels, quotas = _keys((piece.sku, piece.location_id, supply, piece.quantity) for piece, supply in taken)
    there, fresh = promises.take(uow, order_id, taken, levels, until=until, now=now)
    _made(order_id, there=there, fresh=fresh)
    if not shift_quotas(uow, _times(quotas, Shift(held=1))):
        raise _Outrun


def _made(order_id: str, *, there: bool, fresh: bool) -> None:
    if not there:
        raise _Outrun
    if not fresh:
        raise HELD_ALREADY.error(order_id=order_id)


def _hold_slowly(
    uow: UnitOfWork, order_id: str, wants: Wants, until: datetime, now: datetime, *, prefer: Sequence[str]
) -> Held:
    """Somebody was quicker: wait for every row that could serve, then plan on what is true."""
    with undoable(uow):
        promises.lock(uow, {want.sku for want in wants})
        taken = _plan(uow, wants, prefer)
        _make(uow, order_id, taken, until, now)
    return Held(tuple(piece for piece, _ in taken))


def _had_again(uow: UnitOfWork, order_id: str, now: datetime, prefer: Sequence[str]) -> bool:
    """Promise the lines of a released order anew, out of whatever places have them now."""
    lines: dict[tuple[int, str, Supply], int] = defaultdict(int)
    for one in promises.reserved(uow, order_id):
        lines[one.line_no, one.sku, one.supply] += one.quantity
    wants = [Want(line, sku, units, supply) for (line, sku, supply), units in lines.items()]
    try:
        with undoable(uow):
            promises.lock(uow, {want.sku for want in wants})
            promises.replace_pieces(uow, order_id, _plan(uow, wants, prefer))
            promises.turn(uow, order_id, "released", "committed", now)
            _move(uow, promises.reserved(uow, order_id), Shift(committed=1))
    except ShopError as refused:
        if refused.code != SOLD_OUT.code:
            raise
        return False
    return True


def _move(uow: UnitOfWork, there: Iterable[Reserved], shift: Shift) -> None:
    levels, quotas = _keys((one.sku, one.location_id, one.supply, one.quantity) for one in there)
    fits = shift_levels(uow, _times(levels, shift))
    assert fits is not None, "a promise stands that its level does not know"
    fits_too = shift_quotas(uow, _times(quotas, shift))
    assert fits_too, "a promise stands that its quota does not know"


def _keys(rows: Iterable[tuple[str, str, Supply, int]]) -> tuple[dict[Key, int], dict[Key, int]]:
    """Units by level and by quota of (sku, place, supply, units)."""
    levels: dict[Key, int] = defaultdict(int)
    quotas: dict[Key, int] = defaultdict(int)
    for sku, place, supply, units in rows:
        if place != NOWHERE:
            levels[sku, place] += units
        if supply != "stock":
            quotas[sku, supply] += units
    return levels, quotas


def _times(units: Mapping[Key, int], shift: Shift) -> dict[Key, Shift]:
    return {key: Shift(shift.on_hand * n, shift.held * n, shift.committed * n) for key, n in units.items()}


def _all_open(there: Iterable[Reserved]) -> dict[int, int]:
    units: dict[int, int] = defaultdict(int)
    for one in there:
        units[one.line_no] += one.still_open
    return {line: n for line, n in units.items() if n}


def _share(
    order_id: str, line_no: int, units: int, pieces: Sequence[Reserved], place: str = ""
) -> list[tuple[Reserved, int]]:
    """Units of a line over its pieces in turn; NOT_OPEN when they have not so many open."""
    left = sum(one.still_open for one in pieces)
    if not 0 < units <= left:
        where = place or " ".join(sorted({one.location_id for one in pieces} - {NOWHERE})) or "-"
        raise NOT_OPEN.error(line=line_no, order_id=order_id, left=left, wanted=units, place=where)
    shares = []
    for one in pieces:
        take = min(units, one.still_open)
        if take:
            shares.append((one, take))
            units -= take
    return shares


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Each line and place once: a slip that names it twice asks for the sum."""
    units: dict[tuple[int, str, str], int] = defaultdict(int)
    for piece in pieces:
        units[piece.line_no, piece.sku, piece.location_id] += piece.quantity
    return [Piece(line, sku, place, n) for (line, sku, place), n in units.items()]


def _take_out(uow: UnitOfWork, order_id: str, shifts: Mapping[Key, Shift], now: datetime, by: str) -> None:
    after = shift_levels(uow, shifts)
    if after is None:
        raise _lacking(uow, shifts)
    entry = books.Entered(new_id(now), "ship", now, by, "", order_id)
    books.add_movements(uow, entry, {key: (shifts[key].on_hand, on_hand) for key, on_hand in after.items()})


def _lacking(uow: UnitOfWork, shifts: Mapping[Key, Shift]) -> ShopError:
    there = books.levels_of(uow, shifts)
    for (sku, place), shift in sorted(shifts.items()):
        level = there.get((sku, place)) or Level(sku, place, 0, 0, 0)
        more = shift.committed - shift.on_hand
        if level.free < more:
            return NOT_FREE.error(sku=sku, place=place, free=level.free, on_hand=level.on_hand, wanted=more)
    raise AssertionError("every level has what was asked of it")
