"""Sellers, categories and channels as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.kernel.words import Words
from shengeng.storage.remembered import remembered
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.contracts import Category, Channel, Seller
from shengeng.trade.catalogue.store.tables import categories, channels, sellers


def all_categories(uow: UnitOfWork) -> list[Category]:
    """Every category, departments and their children in order of position."""
    return list(_categories(uow))


@remembered(categories)
def _categories(uow: UnitOfWork) -> tuple[Category, ...]:
    query = sa.select(categories).order_by(categories.c.position, categories.c.category_id)
    return tuple(
        Category(row.category_id, row.parent_id, Words(row.name_zh, row.name_en), row.position)
        for row in uow.conn.execute(query)
    )


def put_categories(uow: UnitOfWork, told: Sequence[Category]) -> None:
    """Write categories; parents stand before their children."""
    for one in told:
        row: dict[str, object] = {"parent_id": one.parent_id, "position": one.position}
        row |= {"name_zh": one.name.zh, "name_en": one.name.en}
        made = insert(categories).values(category_id=one.category_id, **row)
        uow.conn.execute(made.on_conflict_do_update(index_elements=["category_id"], set_=row))


def all_sellers(uow: UnitOfWork) -> list[Seller]:
    """Every seller by id."""
    found = uow.conn.execute(sa.select(sellers).order_by(sellers.c.seller_id))
    return [Seller(row.seller_id, Words(row.name_zh, row.name_en)) for row in found]


def put_seller(uow: UnitOfWork, one: Seller) -> None:
    """Write a seller."""
    row = {"name_zh": one.name.zh, "name_en": one.name.en}
    made = insert(sellers).values(seller_id=one.seller_id, **row)
    uow.conn.execute(made.on_conflict_do_update(index_elements=["seller_id"], set_=row))


def add_seller(uow: UnitOfWork, one: Seller) -> None:
    """Write a seller that is not there yet."""
    row = {"seller_id": one.seller_id, "name_zh": one.name.zh, "name_en": one.name.en}
    uow.conn.execute(insert(sellers).values(row).on_conflict_do_nothing())


def one_channel(uow: UnitOfWork, channel_id: str) -> Channel | None:
    """A channel."""
    return _channels(uow).get(channel_id)


def all_channels(uow: UnitOfWork) -> list[Channel]:
    """Every channel by id."""
    return list(_channels(uow).values())


@remembered(channels)
def _channels(uow: UnitOfWork) -> Mapping[str, Channel]:
    found = uow.conn.execute(sa.select(channels).order_by(channels.c.channel_id)).mappings()
    return {row["channel_id"]: _channel(row) for row in found}


def _channel(row: Mapping[Any, Any]) -> Channel:
    told = dict(row)
    return Channel(name=Words(told.pop("name_zh"), told.pop("name_en")), **told)


def put_channel(uow: UnitOfWork, one: Channel, *, only_new: bool = False) -> None:
    """Write a channel."""
    row: dict[str, Any] = {"name_zh": one.name.zh, "name_en": one.name.en, "currency": one.currency}
    row |= {"country": one.country, "tax_inclusive": one.tax_inclusive, "tax_rates": dict(one.tax_rates)}
    made = insert(channels).values(channel_id=one.channel_id, **row)
    if only_new:
        uow.conn.execute(made.on_conflict_do_nothing())
    else:
        uow.conn.execute(made.on_conflict_do_update(index_elements=["channel_id"], set_=row))
