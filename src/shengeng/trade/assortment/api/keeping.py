"""One product and the base prices of its variants: read together, written in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from shengeng.kernel.roles import Principal
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.assortment.contracts import Kept, Price, Priced, Prices
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ONLINE, Product, ProductDraft
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import PriceSet


def product(uow: UnitOfWork, product_id: str) -> Priced:
    """A product with the base prices of its variants; not_found when there is none."""
    found = catalogue.product(uow, product_id)
    return Priced(found, prices_of(uow, [one.sku for one in found.drafts]))


def keep(
    uow: UnitOfWork, who: Principal, draft: ProductDraft, prices: Prices, now: datetime, *, version: int
) -> Priced:
    """Make or write a product and set the base prices of its variants (operator), all of it or nothing.

    prices: by sku; None takes a price away, what is left out stands. Refuses what the catalogue and pricing
    refuse, and so a version that is not the last one.
    """
    before = catalogue.skus_of(uow, [draft.product_id])
    catalogue.put_product(uow, who, draft, now, version=version)
    write_prices(uow, who, prices, now)
    if before.keys() - {one.sku for one in draft.variants}:  # what is gone may have been the cheapest
        pricing.show(uow, ONLINE, {draft.product_id}, now)
    return product(uow, draft.product_id)


def prices_of(uow: UnitOfWork, skus: Collection[str], *, held: bool = False) -> Mapping[str, Price]:
    """Base prices by sku; held: nobody changes them until the transaction ends."""
    found = pricing.base_prices(uow, ONLINE, skus, held=held)
    return {sku: Price(one.unit_minor, one.compare_at_minor) for sku, one in found.items()}


def write_prices(uow: UnitOfWork, who: Principal, prices: Prices, now: datetime) -> None:
    """Set base prices, or take them away where None is given."""
    wanted = {
        sku: PriceSet(sku, one.unit_minor, one.compare_at_minor) if one else None
        for sku, one in prices.items()
    }
    pricing.set_base_prices(uow, who, ONLINE, wanted, now)


def kept_of(found: Product, prices: Mapping[str, Price]) -> Kept:
    """A product as it would be written anew unchanged."""
    draft = ProductDraft(
        found.product_id,
        found.title,
        found.drafts,
        summary=found.summary,
        about=found.about,
        seller_id=found.seller.seller_id,
        category_id=found.categories[-1].category_id if found.categories else None,
        brand=found.brand,
        tax_class=found.tax_class,
        state=found.state,
        options=found.options,
        attributes=found.attributes,
        media=found.media,
        sample=found.sample,
    )
    return Kept(draft, {one.sku: prices[one.sku] for one in found.drafts if one.sku in prices})
