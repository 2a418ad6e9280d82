"""Rows of what came and went: movements, levels as people see them, locations and quotas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.stock.contracts import Level, Location, Movement, MovementKind, Quota
from shengeng.trade.stock.store.shifting import Key
from shengeng.trade.stock.store.tables import holds, levels, locations, movements, pieces, quotas

_L, _M, _Q = levels.c, movements.c, quotas.c


@dataclass(frozen=True, slots=True)
class Entered:
    """What the movements of one booking share."""

    entry_id: UUID
    kind: MovementKind
    at: datetime
    by: str
    note: str = ""
    order_id: str | None = None


def add_movements(uow: UnitOfWork, entry: Entered, changes: Mapping[Key, tuple[int, int]]) -> None:
    """Write what came and went: (change, on hand afterwards) by variant and place."""
    shared = {
        "entry_id": entry.entry_id,
        "kind": entry.kind,
        "at": entry.at,
        "by": entry.by,
        "note": entry.note,
        "order_id": entry.order_id,
    }
    rows = [
        shared | {"sku": sku, "location_id": place, "change": change, "on_hand_after": after}
        for (sku, place), (change, after) in sorted(changes.items())
    ]
    if rows:
        uow.conn.execute(movements.insert(), rows)


def entered(uow: UnitOfWork, entry_id: UUID) -> list[Movement]:
    """The movements of one booking."""
    found = _movements().where(_M.entry_id == entry_id).order_by(_M.id)
    return [Movement(**row) for row in uow.conn.execute(found).mappings()]


def page_of_movements(
    uow: UnitOfWork,
    *,
    sku: str | None,
    location_id: str | None,
    order_id: str | None,
    kind: str | None,
    before: int | None,
    limit: int,
) -> list[Movement]:
    """Movements, the newest first."""
    found = _movements().order_by(_M.id.desc()).limit(limit)
    asked = {_M.sku: sku, _M.location_id: location_id, _M.order_id: order_id, _M.kind: kind}
    for column, value in asked.items():
        if value is not None:
            found = found.where(column == value)
    if before is not None:
        found = found.where(_M.id < before)
    return [Movement(**row) for row in uow.conn.execute(found).mappings()]


def _movements() -> sa.Select[Any]:
    return sa.select(movements)


def levels_of(uow: UnitOfWork, keys: Collection[Key], *, held: bool = True) -> dict[Key, Level]:
    """Some levels; held: locked in key order until the transaction ends."""
    mine = sa.tuple_(_L.sku, _L.location_id).in_(sorted(keys))
    found = sa.select(levels).where(mine).order_by(_L.sku, _L.location_id)
    if held:
        found = found.with_for_update(key_share=True)
    return {(row.sku, row.location_id): Level(*row) for row in uow.conn.execute(found)}


def page_of_levels(
    uow: UnitOfWork,
    *,
    search: str,
    skus: Collection[str] | None,
    location_id: str | None,
    short: bool,
    after: Key | None,
    limit: int,
) -> list[Level]:
    """Levels by variant and place. short: only those with nothing free."""
    found = sa.select(levels).order_by(_L.sku, _L.location_id).limit(limit)
    asked = [_L.sku.icontains(search, autoescape=True)] if search else []
    if skus:
        asked.append(_L.sku.in_(sorted(skus)))
    if asked:
        found = found.where(sa.or_(*asked))
    if location_id is not None:
        found = found.where(_L.location_id == location_id)
    if short:
        found = found.where(_L.on_hand - _L.held - _L.committed <= 0)
    if after is not None:
        found = found.where(sa.tuple_(_L.sku, _L.location_id) > sa.tuple_(*after))
    return [Level(*row) for row in uow.conn.execute(found)]


def on_hand(uow: UnitOfWork, skus: Collection[str]) -> dict[str, int]:
    """Units of some variants in all places together."""
    wanted = sa.bindparam("skus", sorted(skus), type_=sa.ARRAY(sa.Text))
    found = sa.select(_L.sku, sa.func.sum(_L.on_hand)).where(_L.sku == sa.any_(wanted)).group_by(_L.sku)
    return {sku: int(units) for sku, units in uow.conn.execute(found)}


def open_levels(uow: UnitOfWork, keys: Collection[Key]) -> None:
    """Every one of these levels exists; one that did is neither changed nor locked."""
    rows = [{"sku": sku, "location_id": place, "on_hand": 0} for sku, place in sorted(keys)]
    if rows:
        uow.conn.execute(insert(levels).on_conflict_do_nothing(), rows)


def all_locations(uow: UnitOfWork) -> list[Location]:
    """Every place in the order of emptying."""
    found = sa.select(locations).order_by(locations.c.position, locations.c.location_id)
    return [
        Location(row.location_id, Words(row.name_zh, row.name_en), row.kind, row.sells, row.position)
        for row in uow.conn.execute(found)
    ]


def put_location(uow: UnitOfWork, place: Location) -> None:
    """Make a place or say anew what it is."""
    told = {
        "name_zh": place.name.zh,
        "name_en": place.name.en,
        "kind": place.kind,
        "sells": place.sells,
        "position": place.position,
    }
    made = insert(locations).values(location_id=place.location_id, **told)
    uow.conn.execute(made.on_conflict_do_update(index_elements=["location_id"], set_=told))


def all_quotas(uow: UnitOfWork, skus: Collection[str] | None, after: Key | None, limit: int) -> list[Quota]:
    """Quotas by variant and supply."""
    found = sa.select(quotas).order_by(_Q.sku, _Q.supply).limit(limit)
    if skus is not None:
        found = found.where(_Q.sku.in_(sorted(skus)))
    if after is not None:
        found = found.where(sa.tuple_(_Q.sku, _Q.supply) > sa.tuple_(*after))
    return [Quota(*row) for row in uow.conn.execute(found)]


def put_quota(uow: UnitOfWork, sku: str, supply: str, units: int) -> Quota | None:
    """Say how many may be promised; the quota as it stands when that is fewer than are promised already."""
    made = insert(quotas).values(sku=sku, supply=supply, quota=units)
    fits = _Q.held + _Q.taken <= units
    done = made.on_conflict_do_update(index_elements=["sku", "supply"], set_={"quota": units}, where=fits)
    if uow.conn.execute(done.returning(_Q.sku)).scalar() is not None:
        return None
    mine = sa.and_(_Q.sku == sku, _Q.supply == supply)
    return Quota(*uow.conn.execute(sa.select(quotas).where(mine)).one())


def sums(uow: UnitOfWork) -> dict[Key, tuple[int, int, int]]:
    """(on hand, held, committed) of every level as movements and promises add up to."""
    came = sa.select(_M.sku, _M.location_id, sa.func.sum(_M.change)).group_by(_M.sku, _M.location_id)
    found = {(sku, place): [int(units), 0, 0] for sku, place, units in uow.conn.execute(came)}
    for row in uow.conn.execute(_promised(pieces.c.location_id, _OPEN).where(pieces.c.location_id != "")):
        at = found.setdefault((row[0], row[1]), [0, 0, 0])
        at[1 if row.state == "held" else 2] += int(row.units)
    return {key: (on_hand, held, committed) for key, (on_hand, held, committed) in found.items()}


def quota_sums(uow: UnitOfWork) -> dict[Key, tuple[int, int]]:
    """(held, taken) of every quota as promises add up to."""
    found: dict[Key, list[int]] = {}
    kept = pieces.c.quantity - pieces.c.returned
    for row in uow.conn.execute(_promised(pieces.c.supply, kept).where(pieces.c.supply != "stock")):
        at = found.setdefault((row[0], row[1]), [0, 0])
        at[0 if row.state == "held" else 1] += int(row.units)
    return {key: (held, taken) for key, (held, taken) in found.items()}


_OPEN = pieces.c.quantity - pieces.c.shipped - pieces.c.returned


def _promised(by: sa.ColumnElement[Any], units: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(pieces.c.sku, by, holds.c.state, sa.func.sum(units).label("units"))
        .join(holds, holds.c.order_id == pieces.c.order_id)
        .where(holds.c.state.in_(("held", "committed")))
        .group_by(pieces.c.sku, by, holds.c.state)
    )


def every_level(uow: UnitOfWork) -> list[Level]:
    return [Level(*row) for row in uow.conn.execute(sa.select(levels).order_by(_L.sku, _L.location_id))]


def every_quota(uow: UnitOfWork) -> list[Quota]:
    return [Quota(*row) for row in uow.conn.execute(sa.select(quotas).order_by(_Q.sku, _Q.supply))]
