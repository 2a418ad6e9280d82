"""What a scope means in goods: who writes a promotion wants to see what it touches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.api.goods import variants
from shengeng.trade.catalogue.api.places import paths
from shengeng.trade.catalogue.contracts import Variant
from shengeng.trade.catalogue.store import places, scoping


@dataclass(frozen=True, slots=True)
class InScope:
    """Goods on sale in a scope: how many there are, and the first of them by product."""

    products: int
    variants: int
    first: tuple[Variant, ...]


def in_scope(
    uow: UnitOfWork,
    *,
    product_ids: Collection[str] = (),
    category_ids: Collection[str] = (),
    seller_ids: Collection[str] = (),
    limit: int = 200,
) -> InScope:
    """Goods on sale in a scope; a category counts with all below it, what is not named is no limit."""
    inside: set[str] = set(category_ids)
    if category_ids:
        known = paths(places.all_categories(uow))
        inside |= {id for id, path in known.items() if any(one.category_id in category_ids for one in path)}
    found = scoping.on_sale(uow, product_ids, inside, seller_ids, limit)
    of = variants(uow, found[2])
    return InScope(found[0], found[1], tuple(of[sku] for sku in found[2] if sku in of))
