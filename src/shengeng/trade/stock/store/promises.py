"""Rows of what is set aside for orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.stock.contracts import NOWHERE, HoldState, Piece, Reservation, Reserved, Supply, Wants
from shengeng.trade.stock.store.tables import holds, levels, locations, pieces, quotas

_H, _P = holds.c, pieces.c
_TEXTS = sa.ARRAY(sa.Text)
Place = tuple[str, str, int]  # sku, place, free units

# One statement takes everything or nothing: levels are locked in key order and seen as they are once the
# locks are had; only then is the hold written and are its units taken.
_TAKE = sa.text("""
    with wanted as (
      select * from unnest(:level_skus, :level_places, :level_units) as w(sku, location_id, units)
    ), locked as materialized (
      select l.sku, l.location_id, w.units, l.on_hand - l.held - l.committed >= w.units as fits
      from stock_levels l join wanted w using (sku, location_id)
      order by l.sku, l.location_id for no key update of l
    ), fits as (
      select count(*) filter (where fits) = (select count(*) from wanted) as all_of_them from locked
    ), made as (
      insert into stock_holds (order_id, state, until, made_at, changed_at)
      select :order_id, 'held', :until, :now, :now from fits where all_of_them
      on conflict (order_id) do nothing returning order_id
    ), parts as (
      insert into stock_pieces (order_id, line_no, location_id, sku, supply, quantity)
      select made.order_id, p.* from made, unnest(:lines, :places, :skus, :supplies, :quantities) as p
    ), taken as (
      update stock_levels l set held = l.held + n.units from locked n, made
      where l.sku = n.sku and l.location_id = n.location_id
    )
    select (select all_of_them from fits), exists (select 1 from made)
""").bindparams(
    *(
        sa.bindparam(name, type_=sa.ARRAY(sa.Text))
        for name in ("level_skus", "level_places", "places", "skus", "supplies")
    ),
    *(sa.bindparam(name, type_=sa.ARRAY(sa.BigInteger)) for name in ("level_units", "quantities")),
    sa.bindparam("lines", type_=sa.ARRAY(sa.Integer)),
    sa.bindparam("until", type_=sa.DateTime(timezone=True)),
    sa.bindparam("now", type_=sa.DateTime(timezone=True)),
)


# Where each variant has units in one place only, the places need no choice: the same grip, and what was
# seen on the way. Nothing is locked where a choice is to be made.
_GRIP = sa.text("""
    with asked as (
      select * from unnest(:lines, :skus, :quantities) as a(line_no, sku, quantity)
    ), wanted as (
      select sku, sum(quantity)::bigint as units from asked group by sku
    ), seen as materialized (
      select l.sku, l.location_id, l.on_hand - l.held - l.committed as free, o.position
      from stock_levels l join stock_locations o using (location_id)
      where l.sku = any (:skus) and o.sells and l.on_hand - l.held - l.committed > 0
    ), sure as (
      select count(*) = (select count(*) from wanted) and bool_and(s.places = 1 and s.free >= w.units) as so
      from wanted w
      join (select sku, count(*) as places, max(free) as free from seen group by sku) s using (sku)
    ), locked as materialized (
      select l.sku, l.location_id, w.units, l.on_hand - l.held - l.committed >= w.units as fits
      from stock_levels l join seen using (sku, location_id) join wanted w using (sku)
      where (select so from sure)
      order by l.sku, l.location_id for no key update of l
    ), fits as (
      select count(*) filter (where fits) = (select count(*) from wanted) as all_of_them from locked
    ), made as (
      insert into stock_holds (order_id, state, until, made_at, changed_at)
      select :order_id, 'held', :until, :now, :now from fits where all_of_them
      on conflict (order_id) do nothing returning order_id
    ), parts as (
      insert into stock_pieces (order_id, line_no, location_id, sku, supply, quantity)
      select made.order_id, a.line_no, n.location_id, a.sku, 'stock', a.quantity
      from made, asked a join locked n using (sku)
    ), taken as (
      update stock_levels l set held = l.held + n.units from locked n, made
      where l.sku = n.sku and l.location_id = n.location_id
    )
    select sku, location_id, free,
      (select so from sure), (select all_of_them from fits), exists (select 1 from made)
    from seen order by position, location_id, sku
""").bindparams(
    sa.bindparam("lines", type_=sa.ARRAY(sa.Integer)),
    sa.bindparam("skus", type_=_TEXTS),
    sa.bindparam("quantities", type_=sa.ARRAY(sa.BigInteger)),
    sa.bindparam("until", type_=sa.DateTime(timezone=True)),
    sa.bindparam("now", type_=sa.DateTime(timezone=True)),
)

_FREE = levels.c.on_hand - levels.c.held - levels.c.committed
_PLACES = (
    sa.select(levels.c.sku, levels.c.location_id, _FREE)
    .join(locations, locations.c.location_id == levels.c.location_id)
    .where(levels.c.sku == sa.any_(sa.bindparam("skus", type_=_TEXTS)), locations.c.sells, _FREE > 0)
    .order_by(locations.c.position, levels.c.location_id, levels.c.sku)
)


@dataclass(frozen=True, slots=True)
class Grip:
    """What was seen, and whether it was taken. sure: each variant has enough in its only place; there: it
    still had once its level was locked; fresh: the order had no hold yet, so that all of it is written."""

    places: list[Place]
    sure: bool = False
    there: bool = False
    fresh: bool = False


def grip(uow: UnitOfWork, order_id: str, wants: Wants, *, until: datetime, now: datetime) -> Grip:
    """Take what is wanted out of stock where there is no choice of places, all or nothing; else only look."""
    given = {
        "order_id": order_id,
        "until": until,
        "now": now,
        "lines": [want.line_no for want in wants],
        "skus": [want.sku for want in wants],
        "quantities": [want.quantity for want in wants],
    }
    rows = uow.conn.execute(_GRIP, given).all()
    places = [(sku, place, int(units)) for sku, place, units, *_ in rows]
    return Grip(places, *map(bool, rows[0][3:])) if rows else Grip(places)


def free_places(uow: UnitOfWork, skus: Collection[str]) -> list[Place]:
    """(sku, place, free units) of places that sell, in the order in which places are emptied."""
    found = uow.conn.execute(_PLACES, {"skus": sorted(skus)})
    return [(sku, place, int(units)) for sku, place, units in found]


def quota_left(uow: UnitOfWork, skus: Collection[str]) -> dict[tuple[str, str], int]:
    """Units left of each quota of some variants, by variant and supply."""
    left = quotas.c.quota - quotas.c.held - quotas.c.taken
    found = sa.select(quotas.c.sku, quotas.c.supply, left).where(_among(quotas.c.sku, skus))
    return {(sku, supply): int(units) for sku, supply, units in uow.conn.execute(found)}


def lock(uow: UnitOfWork, skus: Collection[str]) -> None:
    """Wait for every level and quota of some variants, in key order, and keep them."""
    key = (levels.c.sku, levels.c.location_id)
    found = sa.select(*key).where(_among(levels.c.sku, skus)).order_by(*key)
    uow.conn.execute(found.with_for_update(key_share=True)).all()
    other = (quotas.c.sku, quotas.c.supply)
    promised = sa.select(*other).where(_among(quotas.c.sku, skus)).order_by(*other)
    uow.conn.execute(promised.with_for_update(key_share=True)).all()


def take(
    uow: UnitOfWork,
    order_id: str,
    pieces_of: Sequence[tuple[Piece, Supply]],
    units: Mapping[tuple[str, str], int],
    *,
    until: datetime,
    now: datetime,
) -> tuple[bool, bool]:
    """Write a hold with its pieces and take its units of levels, all or nothing.

    units: by variant and place. Returns whether the units were there, and whether the order had no hold yet;
    unless both are so nothing was written.
    """
    given = {
        "order_id": order_id,
        "until": until,
        "now": now,
        "level_skus": [sku for sku, _ in units],
        "level_places": [place for _, place in units],
        "level_units": list(units.values()),
        "lines": [piece.line_no for piece, _ in pieces_of],
        "places": [piece.location_id for piece, _ in pieces_of],
        "skus": [piece.sku for piece, _ in pieces_of],
        "supplies": [supply for _, supply in pieces_of],
        "quantities": [piece.quantity for piece, _ in pieces_of],
    }
    there, fresh = uow.conn.execute(_TAKE, given).one()
    return bool(there), bool(fresh)


def turn(uow: UnitOfWork, order_id: str, before: HoldState, after: HoldState, now: datetime) -> bool:
    """Move a hold from one state to another; False when it does not stand there: exactly one caller can."""
    mine = sa.and_(_H.order_id == order_id, _H.state == before)
    return uow.conn.execute(holds.update().where(mine).values(state=after, changed_at=now)).rowcount == 1


def locked_state(uow: UnitOfWork, order_id: str) -> HoldState | None:
    """The state of a hold, which then stays so until the transaction ends; None without a hold."""
    found = sa.select(_H.state).where(_H.order_id == order_id).with_for_update(key_share=True)
    state: HoldState | None = uow.conn.execute(found).scalar()
    return state


def reserved(uow: UnitOfWork, order_id: str) -> list[Reserved]:
    """The pieces of one order by line and place."""
    found = sa.select(*_SHOWN).where(_P.order_id == order_id).order_by(_P.line_no, _P.location_id)
    return [Reserved(*row) for row in uow.conn.execute(found)]


def reservations(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, Reservation]:
    """What stands aside for some orders, by order."""
    heads = sa.select(_H.order_id, _H.state, _H.until, _H.changed_at).where(_among(_H.order_id, order_ids))
    parts = (
        sa.select(_P.order_id, *_SHOWN)
        .where(_among(_P.order_id, order_ids))
        .order_by(_P.order_id, _P.line_no, _P.location_id)
    )
    theirs: dict[str, list[Reserved]] = {}
    for order_id, *row in uow.conn.execute(parts):
        theirs.setdefault(order_id, []).append(Reserved(*row))
    return {
        row.order_id: Reservation(
            row.order_id, row.state, row.until, row.changed_at, tuple(theirs.get(row.order_id, ()))
        )
        for row in uow.conn.execute(heads)
    }


def of_variant(uow: UnitOfWork, sku: str, limit: int) -> list[str]:
    """Orders whose goods of a variant still stand aside, the oldest first."""
    open_units = _P.quantity - _P.shipped - _P.returned
    found = (
        sa.select(_H.order_id)
        .join(pieces, _P.order_id == _H.order_id)
        .where(_P.sku == sku, _H.state.in_(("held", "committed")), open_units > 0)
        .group_by(_H.order_id)
        .order_by(_H.made_at, _H.order_id)
        .limit(limit)
    )
    return list(uow.conn.execute(found).scalars())


def replace_pieces(uow: UnitOfWork, order_id: str, taken: Sequence[tuple[Piece, Supply]]) -> None:
    """The same lines out of other places."""
    uow.conn.execute(pieces.delete().where(_P.order_id == order_id))
    rows = [
        {
            "order_id": order_id,
            "line_no": piece.line_no,
            "location_id": piece.location_id,
            "sku": piece.sku,
            "supply": supply,
            "quantity": piece.quantity,
        }
        for piece, supply in taken
    ]
    uow.conn.execute(pieces.insert(), rows)


def use(uow: UnitOfWork, order_id: str, rows: Sequence[tuple[int, str, int, int]]) -> None:
    """Add shipped and returned units to pieces: (line_no, place, shipped, returned)."""
    mine = sa.and_(
        _P.order_id == order_id,
        _P.line_no == sa.bindparam("line"),
        _P.location_id == sa.bindparam("place"),
    )
    done = pieces.update().where(mine)
    done = done.values(shipped=_P.shipped + sa.bindparam("out"), returned=_P.returned + sa.bindparam("back"))
    given = [{"line": line, "place": place, "out": out, "back": back} for line, place, out, back in rows]
    if given:
        uow.conn.execute(done, given)


def overdue(uow: UnitOfWork, now: datetime, limit: int) -> list[str]:
    """Orders whose hold has run out, the longest first."""
    found = sa.select(_H.order_id).where(_H.state == "held", _H.until <= now)
    return list(uow.conn.execute(found.order_by(_H.until, _H.order_id).limit(limit)).scalars())


def unplaced(uow: UnitOfWork, skus: Collection[str]) -> list[tuple[str, int, str, int]]:
    """(order, line, sku, units) paid out of quotas that stand in no place yet, the first paid first."""
    open_units = _P.quantity - _P.shipped - _P.returned
    found = (
        sa.select(_P.order_id, _P.line_no, _P.sku, open_units)
        .join(holds, _H.order_id == _P.order_id)
        .where(_among(_P.sku, skus), _P.location_id == NOWHERE, _H.state == "committed", open_units > 0)
        .order_by(_H.changed_at, _P.order_id, _P.line_no)
        .with_for_update(of=[holds, pieces], key_share=True)
    )
    return [tuple(row) for row in uow.conn.execute(found)]


def place(uow: UnitOfWork, rows: Sequence[tuple[str, int, str]]) -> None:
    """Pieces out of quotas now stand in a place: (order, line, place)."""
    mine = sa.and_(
        _P.order_id == sa.bindparam("order"),
        _P.line_no == sa.bindparam("line"),
        _P.location_id == NOWHERE,
    )
    done = pieces.update().where(mine).values(location_id=sa.bindparam("to"))
    uow.conn.execute(done, [{"order": order, "line": line, "to": to} for order, line, to in rows])


def _among(column: sa.ColumnElement[Any], values: Collection[str]) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.literal(sorted(values), _TEXTS))


_SHOWN = (_P.line_no, _P.sku, _P.supply, _P.location_id, _P.quantity, _P.shipped, _P.returned)
