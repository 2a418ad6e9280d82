"""Sellers, categories and channels. The channel "online" comes by itself, in the shop's own currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.kernel.money import currency_code
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.contracts import (
    BAD_PRODUCT,
    NO_CATEGORY,
    NO_CHANNEL,
    ONLINE,
    OWN_SELLER,
    Category,
    Channel,
    Seller,
)
from shengeng.trade.catalogue.store import places

# China's value added tax, basis points by class: 13% on goods, 9% on farm produce (VAT law of 2026-01-01).
_CHINA = {"standard": 1300, "reduced": 900, "zero": 0}
OWN = Seller(OWN_SELLER, Words("本店", "This shop"))


def categories(uow: UnitOfWork) -> list[Category]:
    """Every category, departments first, in the order in which people see them."""
    return places.all_categories(uow)


def paths(every: Sequence[Category]) -> Mapping[str, tuple[Category, ...]]:
    """Each category with those above it, from the department down."""
    known = {one.category_id: one for one in every}
    found: dict[str, tuple[Category, ...]] = {}
    for one in every:
        path, above = [one], one.parent_id
        while above is not None and len(path) <= len(known):
            path.append(known[above])
            above = known[above].parent_id
        found[one.category_id] = tuple(reversed(path))
    return found


def put_categories(uow: UnitOfWork, who: Principal, told: Sequence[Category], now: datetime) -> None:
    """Make categories or say anew what they are (operator); a parent must be there or stand before."""
    require(who, Role.OPERATOR)
    known = {one.category_id: one.parent_id for one in places.all_categories(uow)}
    for one in told:
        if one.parent_id is not None and one.parent_id not in known:
            raise NO_CATEGORY.error(id=one.parent_id[:60])
        known[one.category_id] = one.parent_id
        above, seen = one.parent_id, {one.category_id}
        while above is not None:
            if above in seen:
                raise BAD_PRODUCT.error(what="parent_id", value=above[:60], limit="not below itself")
            seen.add(above)
            above = known.get(above)
    places.put_categories(uow, told)
    for one in told:
        audit.record(uow, at=now, actor=who.name, action="catalogue.category", target=one.category_id)


def sellers(uow: UnitOfWork) -> list[Seller]:
    """Every seller; the shop itself is one."""
    places.add_seller(uow, OWN)
    return places.all_sellers(uow)


def put_seller(uow: UnitOfWork, who: Principal, seller: Seller, now: datetime) -> Seller:
    """Make a seller or name it anew (operator)."""
    require(who, Role.OPERATOR)
    places.put_seller(uow, seller)
    audit.record(uow, at=now, actor=who.name, action="catalogue.seller", target=seller.seller_id)
    return seller


def channels(uow: UnitOfWork) -> list[Channel]:
    """Every channel."""
    channel(uow, ONLINE)
    return places.all_channels(uow)


def channel(uow: UnitOfWork, channel_id: str) -> Channel:
    """One channel; "online" is made with the shop's currency where it is not there yet. Refuses others."""
    found = places.one_channel(uow, channel_id)
    if found is not None:
        return found
    if channel_id != ONLINE:
        raise NO_CHANNEL.error(id=channel_id[:60])
    currency = shop.profile(uow).currency
    own = Channel(ONLINE, Words("网店", "Online shop"), currency, "CN", True, _CHINA)
    places.put_channel(uow, own, only_new=True)
    return own


def put_channel(uow: UnitOfWork, who: Principal, told: Channel, now: datetime) -> Channel:
    """Make a channel or say anew what it is (approver: it decides taxes)."""
    require(who, Role.APPROVER)
    currency_code(told.currency)
    for name, rate in told.tax_rates.items():
        if not 0 <= rate <= 10_000:
            raise BAD_PRODUCT.error(what=f"tax_rates.{name[:40]}", value=rate, limit="0..10000")
    places.put_channel(uow, told)
    detail: dict[str, audit.Plain] = {"currency": told.currency, "tax_inclusive": told.tax_inclusive}
    audit.record(
        uow, at=now, actor=who.name, action="catalogue.channel", target=told.channel_id, detail=detail
    )
    return told
