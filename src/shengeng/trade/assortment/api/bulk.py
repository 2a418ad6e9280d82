"""Many products at once: into a category, to other prices, with a look before."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.assortment import methods
from shengeng.trade.assortment.api.keeping import kept_of, prices_of, write_prices
from shengeng.trade.assortment.contracts import (
    BAD_CHANGE,
    CHANGED_MEANWHILE,
    PRICE_MOST,
    Price,
    PriceLook,
    Repriced,
    Repricing,
)
from shengeng.trade.catalogue import api as catalogue

_UNPRICED = Words("还没有价格", "has no price yet")
_TOO_LOW = Words("价格会低于最小货币单位", "the price would be below one minor unit")
_TOO_HIGH = Words("价格会过高", "the price would be too high")
_COST = Words("低于成本", "below cost")


def move_to_category(
    uow: UnitOfWork, who: Principal, product_ids: Collection[str], category_id: str | None, now: datetime
) -> int:
    """Put products into a category, or into none (operator); returns how many moved."""
    require(who, Role.OPERATOR)
    catalogue.writing(uow)
    found = [kept_of(one, {}).draft for one in catalogue.products(uow, product_ids).values()]
    moved = [replace(one, category_id=category_id) for one in found if one.category_id != category_id]
    catalogue.put_products(uow, who, moved, now)
    return len(moved)


def look_at_prices(uow: UnitOfWork, product_ids: Collection[str], change: Repricing) -> PriceLook:
    """What a change would make of the base prices of products; refuses a change that is none."""
    return _look(uow, product_ids, change, held=False)


def set_prices(
    uow: UnitOfWork,
    who: Principal,
    product_ids: Collection[str],
    change: Repricing,
    now: datetime,
    *,
    seen: str,
) -> PriceLook:
    """Change the base prices of products as they were looked at (operator), or nothing.

    Variants that cannot change so stay as they are: the look says which and why.
    """
    require(who, Role.OPERATOR)
    catalogue.writing(uow)
    found = _look(uow, product_ids, change, held=True)
    if found.seen != seen:
        raise CHANGED_MEANWHILE.error()
    moved = {one.sku: one.after for one in found.rows if one.after and one.after != one.before}
    write_prices(uow, who, moved, now)
    return found


def _look(uow: UnitOfWork, product_ids: Collection[str], change: Repricing, *, held: bool) -> PriceLook:
    _check(change)
    every = catalogue.products(uow, sorted(set(product_ids)))
    prices = prices_of(uow, [one.sku for each in every.values() for one in each.drafts], held=held)
    rows = []
    for product_id in sorted(every):
        for one in every[product_id].drafts:
            before = prices.get(one.sku)
            after, why = _after(before, change, one.cost_minor)
            title = every[product_id].title
            rows.append(Repriced(product_id, one.sku, title, one.choices, before, after, why))
    seen = hashlib.sha256(repr([(one.sku, one.before, one.after) for one in rows]).encode()).hexdigest()
    return PriceLook(tuple(rows), seen)


def _after(
    before: Price | None, change: Repricing, cost_minor: int | None
) -> tuple[Price | None, Words | None]:
    """The price after the change and what is to be said of it; no price where it cannot be."""
    if before is None and change.kind != "set":
        return None, _UNPRICED
    after = methods.reprice(before or Price(change.minor), change)
    if after.unit_minor < 1:
        return None, _TOO_LOW
    if max(after.unit_minor, after.compare_at_minor or 0) > PRICE_MOST:
        return None, _TOO_HIGH
    return after, _COST if cost_minor is not None and after.unit_minor < cost_minor else None


def _check(change: Repricing) -> None:
    limits = (
        ("bp", change.bp, -10_000, 100_000),
        ("minor", change.minor, 1 if change.kind == "set" else -PRICE_MOST, PRICE_MOST),
        ("rounding.step_minor", change.rounding.step_minor, 1, 10**8),
        ("rounding.less_minor", change.rounding.less_minor, 0, change.rounding.step_minor - 1),
    )
    for what, value, low, high in limits:
        if not low <= value <= high:
            raise BAD_CHANGE.error(what=what, value=value, limit=f"{low}..{high}")
