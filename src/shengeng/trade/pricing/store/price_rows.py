"""Price lists and their prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.kernel.words import Words
from shengeng.storage.remembered import remembered
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.contracts import ListPrice, Policy, PriceList, PriceSet
from shengeng.trade.pricing.store.tables import price_lists, prices, pricing_policies

_IS_BASE = sa.and_(
    price_lists.c.tier.is_(None), price_lists.c.starts_at.is_(None), price_lists.c.ends_at.is_(None)
)


_STARTS, _ENDS = price_lists.c.starts_at, price_lists.c.ends_at
_NOW = sa.bindparam("now", type_=sa.DateTime(timezone=True))
# Asked with every basket, so made once.
_CURRENT = (
    sa.select(
        prices.c.sku,
        _IS_BASE.label("base"),
        prices.c.min_quantity,
        prices.c.unit_minor,
        prices.c.compare_at_minor,
    )
    .join_from(prices, price_lists)
    .where(
        prices.c.sku == sa.any_(sa.bindparam("skus", type_=sa.ARRAY(sa.Text))),
        price_lists.c.channel_id == sa.bindparam("channel_id"),
        sa.or_(price_lists.c.tier.is_(None), price_lists.c.tier == sa.bindparam("tier", type_=sa.Text)),
        sa.or_(_STARTS.is_(None), _STARTS <= _NOW),
        sa.or_(_ENDS.is_(None), _ENDS > _NOW),
    )
)


def current(
    uow: UnitOfWork, channel_id: str, skus: Collection[str], now: datetime, tier: str | None
) -> Mapping[str, Sequence[ListPrice]]:
    """Every price that holds now for these variants and this tier."""
    told = {"skus": list(skus), "channel_id": channel_id, "tier": tier, "now": now}
    by_sku: dict[str, list[ListPrice]] = defaultdict(list)
    for row in uow.conn.execute(_CURRENT, told):
        by_sku[row.sku].append(ListPrice(row.base, row.min_quantity, row.unit_minor, row.compare_at_minor))
    return by_sku


def lists(uow: UnitOfWork, channel_id: str | None) -> list[PriceList]:
    """Price lists with how many prices each has, base lists first."""
    count = (
        sa.select(sa.func.count())
        .where(prices.c.list_id == price_lists.c.id)
        .scalar_subquery()
        .label("prices")
    )
    found = sa.select(price_lists, count).order_by(_IS_BASE.desc(), price_lists.c.id)
    if channel_id is not None:
        found = found.where(price_lists.c.channel_id == channel_id)
    return [_list(row) for row in uow.conn.execute(found)]


def one_list(uow: UnitOfWork, list_id: UUID) -> PriceList | None:
    count = sa.select(sa.func.count()).where(prices.c.list_id == list_id).scalar_subquery()
    found = sa.select(price_lists, count.label("prices")).where(price_lists.c.id == list_id)
    row = uow.conn.execute(found).first()
    return _list(row) if row else None


def base_list(uow: UnitOfWork, channel_id: str, new: UUID) -> UUID:
    """The channel's base list, made with that id where there is none."""
    names = {"name_zh": "基础价格", "name_en": "Base prices"}
    made = insert(price_lists).values(id=new, channel_id=channel_id, **names)
    uow.conn.execute(made.on_conflict_do_nothing())
    found = sa.select(price_lists.c.id).where(price_lists.c.channel_id == channel_id, _IS_BASE)
    there: UUID = uow.conn.execute(found).scalar_one()
    return there


def turned(uow: UnitOfWork, since: datetime, now: datetime) -> Mapping[str, Sequence[str]]:
    """By channel the variants whose price began or ended to hold after one moment and by another."""
    starts, ends = price_lists.c.starts_at, price_lists.c.ends_at
    found = (
        sa.select(price_lists.c.channel_id, prices.c.sku)
        .join_from(price_lists, prices)
        .where(sa.or_(sa.and_(starts > since, starts <= now), sa.and_(ends > since, ends <= now)))
        .distinct()
        .order_by(prices.c.sku)
    )
    by_channel: dict[str, list[str]] = defaultdict(list)
    for row in uow.conn.execute(found):
        by_channel[row.channel_id].append(row.sku)
    return by_channel


def add_list(uow: UnitOfWork, made: PriceList) -> None:
    uow.conn.execute(
        price_lists.insert().values(
            id=made.id,
            channel_id=made.channel_id,
            name_zh=made.name.zh,
            name_en=made.name.en,
            tier=made.tier,
            starts_at=made.starts_at,
            ends_at=made.ends_at,
        )
    )


def put(uow: UnitOfWork, list_id: UUID, wanted: Sequence[PriceSet]) -> None:
    """Set prices, in key order so that two who set the same never wait for each other in a circle."""
    rows = [
        {
            "list_id": list_id,
            "sku": one.sku,
            "min_quantity": one.min_quantity,
            "unit_minor": one.unit_minor,
            "compare_at_minor": one.compare_at_minor,
        }
        for one in sorted(wanted, key=lambda one: (one.sku, one.min_quantity))
    ]
    made = insert(prices)
    changed = {"unit_minor": made.excluded.unit_minor, "compare_at_minor": made.excluded.compare_at_minor}
    key = [prices.c.sku, prices.c.list_id, prices.c.min_quantity]
    for start in range(0, len(rows), 5000):
        chunk = rows[start : start + 5000]
        uow.conn.execute(made.values(chunk).on_conflict_do_update(index_elements=key, set_=changed))


def remove(uow: UnitOfWork, list_id: UUID, sku: str, min_quantity: int) -> bool:
    gone = prices.delete().where(
        prices.c.list_id == list_id, prices.c.sku == sku, prices.c.min_quantity == min_quantity
    )
    return uow.conn.execute(gone).rowcount > 0


def of_list(
    uow: UnitOfWork, list_id: UUID, query: str, after: tuple[str, int] | None, limit: int
) -> list[PriceSet]:
    """Prices of a list whose variant starts with the query, by variant and minimum."""
    found = sa.select(prices).where(prices.c.list_id == list_id)
    if query:
        found = found.where(prices.c.sku.startswith(query, autoescape=True))
    if after is not None:
        found = found.where(sa.tuple_(prices.c.sku, prices.c.min_quantity) > sa.tuple_(*after))
    found = found.order_by(prices.c.sku, prices.c.min_quantity).limit(limit)
    return [
        PriceSet(row.sku, row.unit_minor, row.compare_at_minor, row.min_quantity)
        for row in uow.conn.execute(found)
    ]


def policy(uow: UnitOfWork, channel_id: str) -> Policy:
    """The channel's stacking policy, the default one where nobody has changed it."""
    return _policies(uow).get(channel_id) or Policy()


@remembered(pricing_policies)
def _policies(uow: UnitOfWork) -> Mapping[str, Policy]:
    found = uow.conn.execute(sa.select(pricing_policies))
    return {row.channel_id: Policy(row.most_bp, row.coupons) for row in found}


def set_policy(uow: UnitOfWork, channel_id: str, wanted: Policy) -> None:
    values = {"most_bp": wanted.most_bp, "coupons": wanted.coupons}
    made = insert(pricing_policies).values(channel_id=channel_id, **values)
    uow.conn.execute(made.on_conflict_do_update(index_elements=["channel_id"], set_=values))


def _list(row: Any) -> PriceList:
    name = Words(row.name_zh, row.name_en)
    return PriceList(row.id, row.channel_id, name, row.tier, row.starts_at, row.ends_at, row.prices)
