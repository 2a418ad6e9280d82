"""Changes of levels and quotas: all of them or none, rows always locked in key order.

Each change is one statement, so that a contended row is locked no longer than from it to the commit.
Whoever changes levels and quotas in one transaction changes levels first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork

Key = tuple[str, str]  # sku, then place or supply


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to the figures of one level."""

    on_hand: int = 0
    held: int = 0
    committed: int = 0

    def __add__(self, other: Shift) -> Shift:
        return Shift(self.on_hand + other.on_hand, self.held + other.held, self.committed + other.committed)


def _arrays(*names: str) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(name, type_=sa.ARRAY(sa.Text)) for name in names]


def _numbers(*names: str) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(name, type_=sa.ARRAY(sa.BigInteger)) for name in names]


# The rows are locked in key order by `locked`, which sees them as they are once the lock is had;
# nothing is changed unless all are there and all still fit.
_LEVELS = sa.text("""
    with wanted as (
      select * from unnest(:skus, :places, :on_hand, :held, :committed)
        as w(sku, location_id, on_hand, held, committed)
    ), locked as materialized (
      select l.sku, l.location_id, l.on_hand + w.on_hand as on_hand, l.held + w.held as held,
        l.committed + w.committed as committed
      from stock_levels l join wanted w using (sku, location_id)
      order by l.sku, l.location_id for no key update of l
    ), fits as (
      select count(*) filter (where held >= 0 and committed >= 0 and held + committed <= on_hand)
        = (select count(*) from wanted) as all_of_them
      from locked
    )
    update stock_levels l
    set on_hand = n.on_hand, held = n.held, committed = n.committed
    from locked n, fits f
    where f.all_of_them and l.sku = n.sku and l.location_id = n.location_id
    returning l.sku, l.location_id, l.on_hand
""").bindparams(*_arrays("skus", "places"), *_numbers("on_hand", "held", "committed"))

_QUOTAS = sa.text("""
    with wanted as (
      select * from unnest(:skus, :supplies, :held, :taken) as w(sku, supply, held, taken)
    ), locked as materialized (
      select q.sku, q.supply, q.quota, q.held + w.held as held, q.taken + w.taken as taken
      from stock_quotas q join wanted w using (sku, supply)
      order by q.sku, q.supply for no key update of q
    ), fits as (
      select count(*) filter (where held >= 0 and taken >= 0 and held + taken <= quota)
        = (select count(*) from wanted) as all_of_them
      from locked
    )
    update stock_quotas q
    set held = n.held, taken = n.taken
    from locked n, fits f
    where f.all_of_them and q.sku = n.sku and q.supply = n.supply
    returning q.sku
""").bindparams(*_arrays("skus", "supplies"), *_numbers("held", "taken"))


def shift_levels(uow: UnitOfWork, shifts: Mapping[Key, Shift]) -> dict[Key, int] | None:
    """Add to levels; what then lies on hand by key, or None (nothing changed) when one would not fit."""
    if not shifts:
        return {}
    found = uow.conn.execute(
        _LEVELS,
        {
            "skus": [sku for sku, _ in shifts],
            "places": [place for _, place in shifts],
            "on_hand": [shift.on_hand for shift in shifts.values()],
            "held": [shift.held for shift in shifts.values()],
            "committed": [shift.committed for shift in shifts.values()],
        },
    ).all()
    return {(sku, place): on_hand for sku, place, on_hand in found} if found else None


def shift_quotas(uow: UnitOfWork, shifts: Mapping[Key, Shift]) -> bool:
    """Add to quotas (held, and committed as taken); False (nothing changed) when one would not fit."""
    if not shifts:
        return True
    changed = uow.conn.execute(
        _QUOTAS,
        {
            "skus": [sku for sku, _ in shifts],
            "supplies": [supply for _, supply in shifts],
            "held": [shift.held for shift in shifts.values()],
            "taken": [shift.committed for shift in shifts.values()],
        },
    ).all()
    return bool(changed)


@contextmanager
def undoable(uow: UnitOfWork) -> Iterator[None]:
    """What fails inside leaves nothing behind, no lock either; what succeeds costs no further statement."""
    uow.conn.execute(_MARK)
    try:
        yield
    except BaseException:
        uow.conn.execute(_BACK)
        raise


_MARK, _BACK = sa.text("savepoint stock"), sa.text("rollback to savepoint stock")
