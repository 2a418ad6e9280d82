"""Price lists: make them, set and remove prices, and tell the catalogue what is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.words import Words
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ONLINE
from shengeng.trade.pricing import methods, store
from shengeng.trade.pricing.contracts import (
    BAD_PRICE,
    NO_PRICE_LIST,
    NO_VARIANT,
    PRICE_MOST,
    QUANTITY_MOST,
    PriceList,
    PriceSet,
)

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def price_lists(uow: UnitOfWork, channel_id: str | None = None) -> list[PriceList]:
    """Price lists, the base ones first."""
    return store.price_rows.lists(uow, channel_id)


def prices_of_list(
    uow: UnitOfWork, list_id: UUID, *, query: str = "", after: tuple[str, int] | None = None, limit: int = 50
) -> list[PriceSet]:
    """The prices of one list by variant and least quantity."""
    _list(uow, list_id)
    return store.price_rows.of_list(uow, list_id, query, after, limit)


def create_price_list(
    uow: UnitOfWork,
    who: Principal,
    channel_id: str,
    name: Words,
    now: datetime,
    *,
    tier: str | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> PriceList:
    """A price list for a tier or a time (operator); everybody's undated list stands by itself."""
    require(who, Role.OPERATOR)
    catalogue.channel(uow, channel_id)
    made = PriceList(new_id(now), channel_id, name, tier, starts_at, ends_at)
    methods.check_list(made)
    store.price_rows.add_list(uow, made)
    audit.record(uow, at=now, actor=who.name, action="price_list.created", target=str(made.id))
    return made


def set_prices(
    uow: UnitOfWork,
    who: Principal,
    channel_id: str,
    wanted: Sequence[PriceSet],
    now: datetime,
    *,
    list_id: UUID | None = None,
) -> None:
    """Set prices (operator) in the channel's base list or in a named one, and tell the catalogue.

    Refuses amounts below one minor unit, a comparison that is not above the price, unknown variants.
    """
    require(who, Role.OPERATOR)
    catalogue.channel(uow, channel_id)
    for one in wanted:
        _check(one)
    variants = catalogue.variants(uow, {one.sku for one in wanted})
    for one in wanted:
        if one.sku not in variants:
            raise NO_VARIANT.error(sku=one.sku[:80])
    chosen = list_id or store.price_rows.base_list(uow, channel_id, new_id(now))
    if list_id is not None and _list(uow, list_id).channel_id != channel_id:
        raise NO_PRICE_LIST.error(id=list_id)
    store.price_rows.put(uow, chosen, list({(one.sku, one.min_quantity): one for one in wanted}.values()))
    show(uow, channel_id, {one.product_id for one in variants.values()}, now)
    detail: dict[str, audit.Plain] = {
        "prices": len(wanted),
        "first": f"{wanted[0].sku} {wanted[0].unit_minor}" if wanted else "",
    }
    audit.record(uow, at=now, actor=who.name, action="prices.set", target=str(chosen), detail=detail)


def remove_price(
    uow: UnitOfWork, who: Principal, list_id: UUID, now: datetime, *, sku: str, min_quantity: int
) -> None:
    """Take one price out of a list (operator); without any price a variant is not sold."""
    require(who, Role.OPERATOR)
    there = _list(uow, list_id)
    if not store.price_rows.remove(uow, list_id, sku, min_quantity):
        raise NO_PRICE_LIST.error(id=f"{list_id} / {sku} / {min_quantity}")
    variants = catalogue.variants(uow, {sku})
    show(uow, there.channel_id, {one.product_id for one in variants.values()}, now)
    audit.record(uow, at=now, actor=who.name, action="price.removed", target=f"{list_id} {sku}")


def turned(uow: UnitOfWork, since: datetime, now: datetime) -> bool:
    """Whether some price began or ended to hold meanwhile."""
    return bool(store.price_rows.turned(uow, since, now))


def show_turned(uow: UnitOfWork, since: datetime, now: datetime) -> int:
    """Tell the catalogue of prices that began or ended to hold meanwhile; returns how many variants."""
    turned = store.price_rows.turned(uow, since, now)
    for channel_id, skus in turned.items():
        variants = catalogue.variants(uow, skus)
        show(uow, channel_id, {one.product_id for one in variants.values()}, now)
    return sum(map(len, turned.values()))


def show(uow: UnitOfWork, channel_id: str, product_ids: Collection[str], now: datetime) -> None:
    """Tell the catalogue the lowest price of each product that everybody may have now."""
    skus = catalogue.skus_of(uow, product_ids)
    found = store.price_rows.current(uow, channel_id, list(skus), now, None)
    now_asked: dict[str, int | None] = dict.fromkeys(skus)
    shown: dict[str, int | None] = dict.fromkeys(product_ids)
    for sku, entries in found.items():
        best = methods.best_price(entries, 1)
        if best is not None:
            product, now_asked[sku] = skus[sku], best[0]
            shown[product] = min(best[0], shown[product] or best[0])
    if channel_id == ONLINE:  # lists tell what the shop's own channel asks
        catalogue.price_shown(uow, shown)
    store.price_moves.note(uow, channel_id, now, now_asked)


def _list(uow: UnitOfWork, list_id: UUID) -> PriceList:
    found = store.price_rows.one_list(uow, list_id)
    if found is None:
        raise NO_PRICE_LIST.error(id=list_id)
    return found


def _check(one: PriceSet) -> None:
    sku = one.sku[:80]
    if not 1 <= one.unit_minor <= PRICE_MOST:
        raise BAD_PRICE.error(sku=sku, value=one.unit_minor, low=1, high=PRICE_MOST)
    if one.compare_at_minor is not None and not one.unit_minor < one.compare_at_minor <= PRICE_MOST:
        raise BAD_PRICE.error(sku=sku, value=one.compare_at_minor, low=one.unit_minor + 1, high=PRICE_MOST)
    if not 1 <= one.min_quantity <= QUANTITY_MOST:
        raise BAD_PRICE.error(sku=sku, value=f"{one.min_quantity} +", low=1, high=QUANTITY_MOST)
