"""Prices of one unit in a channel's base list."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.contracts import PriceSet
from shengeng.trade.pricing.store.tables import price_lists, prices

_SKUS = sa.bindparam("skus", type_=sa.ARRAY(sa.Text))
_BASE = (
    sa.select(price_lists.c.id)
    .where(
        price_lists.c.channel_id == sa.bindparam("channel_id"),
        price_lists.c.tier.is_(None),
        price_lists.c.starts_at.is_(None),
        price_lists.c.ends_at.is_(None),
    )
    .scalar_subquery()
)
_MINE = (prices.c.list_id == _BASE, prices.c.sku == sa.any_(_SKUS), prices.c.min_quantity == 1)
_FIND = sa.select(prices).where(*_MINE).order_by(prices.c.sku)


def of_skus(
    uow: UnitOfWork, channel_id: str, skus: Collection[str], *, held: bool = False
) -> Mapping[str, PriceSet]:
    """The base price of each variant that has one. held: nobody changes them until the transaction ends."""
    wanted = _FIND.with_for_update(of=prices) if held else _FIND
    found = uow.conn.execute(wanted, {"channel_id": channel_id, "skus": sorted(skus)})
    return {row.sku: PriceSet(row.sku, row.unit_minor, row.compare_at_minor) for row in found}


def remove(uow: UnitOfWork, channel_id: str, skus: Collection[str]) -> set[str]:
    """Take the base prices of variants away; returns those that had one."""
    gone = prices.delete().where(*_MINE).returning(prices.c.sku)
    return set(uow.conn.execute(gone, {"channel_id": channel_id, "skus": sorted(skus)}).scalars())
