"""Products and variants: written whole with a version, read singly or many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import methods
from shengeng.trade.catalogue.api.places import OWN, paths, sellers
from shengeng.trade.catalogue.contracts import (
    BAD_PRODUCT,
    NO_CATEGORY,
    NO_MEDIA,
    NO_PRODUCT,
    NO_SELLER,
    OWN_SELLER,
    SKU_TAKEN,
    STALE_PRODUCT,
    Category,
    Product,
    ProductDraft,
    State,
    Variant,
)
from shengeng.trade.catalogue.store import goods, imported, places

_WRITING = "trade.catalogue.write"  # two writers of one new sku would each believe that it is theirs


def variants(uow: UnitOfWork, skus: Collection[str]) -> Mapping[str, Variant]:
    """Variants by sku; unknown ones are left out."""
    if not skus:
        return {}
    return goods.of_skus(uow, skus)


def skus_of(uow: UnitOfWork, product_ids: Collection[str]) -> Mapping[str, str]:
    """Every sku of some products, with its product."""
    return goods.skus_of(uow, product_ids) if product_ids else {}


def product(uow: UnitOfWork, product_id: str) -> Product:
    """One product; not_found when there is none."""
    found = goods.one(uow, product_id, paths(places.all_categories(uow)))
    if found is None:
        raise NO_PRODUCT.error(id=product_id[:80])
    return found


def writing(uow: UnitOfWork) -> None:
    """Wait until nobody else writes products, so that what is read next is what will be written over."""
    uow.lock(_WRITING)


def products(uow: UnitOfWork, product_ids: Collection[str]) -> Mapping[str, Product]:
    """Products by id; unknown ones are left out."""
    if not product_ids:
        return {}
    return goods.many(uow, product_ids, paths(places.all_categories(uow)))


def owners(uow: UnitOfWork, skus: Collection[str]) -> Mapping[str, str]:
    """The product of each sku that exists or did."""
    return goods.owners(uow, skus) if skus else {}


def flaw(draft: ProductDraft) -> tuple[str, object, str] | None:
    """The first thing about a draft that cannot be: what, its value, the limit."""
    return methods.flaw(draft)


def put_product(
    uow: UnitOfWork, who: Principal, draft: ProductDraft, now: datetime, *, version: int | None = None
) -> Product:
    """Make a product or write it anew as a whole (operator); version: what was looked at, 0 for a new one.

    Refuses a draft that cannot be, a sku of another product, an unknown category, seller or picture, and a
    version that is not the last one.
    """
    require(who, Role.OPERATOR)
    _check(draft)
    writing(uow)
    stands = goods.version(uow, draft.product_id) or 0
    if version is not None and stands != version:
        raise STALE_PRODUCT.error(id=draft.product_id, version=stands, given=version)
    _put(uow, [draft], now)
    detail: dict[str, audit.Plain] = {"state": draft.state, "variants": len(draft.variants)}
    audit.record(
        uow, at=now, actor=who.name, action="catalogue.product", target=draft.product_id, detail=detail
    )
    return product(uow, draft.product_id)


def put_products(uow: UnitOfWork, who: Principal, drafts: Sequence[ProductDraft], now: datetime) -> None:
    """Make many products or write them anew as wholes (operator), all of them or none; one note of it all.

    Call `writing` before what they are made of is read. Refuses what `put_product` refuses.
    """
    require(who, Role.OPERATOR)
    if not drafts:
        return
    for draft in drafts:
        _check(draft)
    writing(uow)
    _put(uow, sorted(drafts, key=lambda one: one.product_id), now)
    target = ", ".join(one.product_id for one in drafts[:5])
    detail: dict[str, audit.Plain] = {
        "products": len(drafts),
        "variants": sum(len(one.variants) for one in drafts),
    }
    audit.record(uow, at=now, actor=who.name, action="catalogue.products", target=target, detail=detail)


def _put(uow: UnitOfWork, drafts: Sequence[ProductDraft], now: datetime) -> None:
    every = paths(places.all_categories(uow))
    _check_places(uow, drafts, every)
    taken = goods.owners(uow, [one.sku for draft in drafts for one in draft.variants])
    seen: dict[str, str] = {}
    for draft in drafts:
        for one in draft.variants:
            owner = taken.get(one.sku) or seen.setdefault(one.sku, draft.product_id)
            if owner != draft.product_id:
                raise SKU_TAKEN.error(sku=one.sku, product=owner)
    goods.put(uow, [(draft, _found_by(draft, every)) for draft in drafts], now)


def _check(draft: ProductDraft) -> None:
    bad = methods.flaw(draft)
    if bad is not None:
        raise BAD_PRODUCT.error(what=bad[0], value=bad[1], limit=bad[2])


def _check_places(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], every: Mapping[str, tuple[Category, ...]]
) -> None:
    for category_id in {one.category_id for one in drafts if one.category_id is not None}:
        if category_id not in every:
            raise NO_CATEGORY.error(id=category_id[:60])
    unknown = {one.seller_id for one in drafts} - {one.seller_id for one in sellers(uow)}
    if unknown:
        raise NO_SELLER.error(id=min(unknown)[:60])
    named = {one.media_id for draft in drafts for one in draft.media}
    named |= {one.image for draft in drafts for one in draft.variants if one.image}
    missing = named - known_media(uow, named)
    if missing:
        raise NO_MEDIA.error(id=min(missing)[:80])


def known_media(uow: UnitOfWork, media_ids: Collection[str]) -> set[str]:
    """Which of these pictures are kept."""
    return goods.known_media(uow, media_ids) if media_ids else set()


def _found_by(draft: ProductDraft, every: Mapping[str, tuple[Category, ...]]) -> str:
    path = every.get(draft.category_id or "", ())
    names = [text for one in path for text in (one.name.zh, one.name.en)]
    said = [text for one in draft.attributes for text in (one.value.zh, one.value.en)]
    skus = [one.sku for one in draft.variants]
    title = (draft.title.zh, draft.title.en, draft.summary.zh, draft.summary.en)
    return methods.searched(*title, draft.brand, *names, *said, *skus)


def set_state(
    uow: UnitOfWork, who: Principal, product_ids: Collection[str], state: State, now: datetime
) -> int:
    """List products, take them off sale or archive them (operator); returns how many moved."""
    require(who, Role.OPERATOR)
    writing(uow)
    moved = goods.set_state(uow, product_ids, state, now)
    detail: dict[str, audit.Plain] = {"state": state, "moved": moved}
    target = ", ".join(sorted(product_ids)[:5])
    audit.record(uow, at=now, actor=who.name, action="catalogue.state", target=target, detail=detail)
    return moved


def archive(uow: UnitOfWork, who: Principal, product_id: str, now: datetime) -> Product:
    """Take a product out of everybody's sight (operator); orders that name it stay."""
    there = product(uow, product_id)
    set_state(uow, who, [product_id], "archived", now)
    return replace(there, state="archived", version=there.version + 1)


def price_shown(uow: UnitOfWork, prices: Mapping[str, int | None]) -> None:
    """The lowest price of products (None: no price), told by pricing: for sorting, filters and lists."""
    goods.price_shown(uow, prices)


def take_imported(uow: UnitOfWork, table: pa.Table, now: datetime) -> int:
    """Products of an import (columns product_id, title, category, brand) that are not here yet, as drafts.

    What is here is left alone, whoever wrote it. Returns how many came.
    """
    places.add_seller(uow, OWN)
    named = table.select(["product_id", "title", "category", "brand"]).to_pylist()
    found = [methods.searched(*(one[name] or "" for name in one)) for one in named]
    return imported.take(uow, table, found, OWN_SELLER, now)
