"""/v1/store/products, categories and media: what is on sale, for everybody. Costs stay inside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from shengeng.http import Cursor, Limit, Unit, error_answers, from_cursor, to_cursor
from shengeng.http.shopping import Visitor
from shengeng.kernel.words import Words
from shengeng.trade.catalogue import api
from shengeng.trade.catalogue.contracts import NO_PRODUCT, Browse, ColdChain, EvidenceKind, Sort, Supply
from shengeng.trade.catalogue.routes.pictures import answer
from shengeng.trade.catalogue.routes.shapes import Id, MediaId, Text

public = APIRouter(prefix="/v1/store", tags=["catalogue"], responses=error_answers(404, 413, 422))
Filter = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}:[a-z0-9_-]{1,60}$")]
Minor = Annotated[int, Query(ge=0, le=10**12)]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StoreAttribute(_Shown):
    """What is said of a product, and what it rests on."""

    key: str
    label: Words
    value: Words
    code: str
    evidence: str
    evidence_kind: EvidenceKind
    url: str


class StoreCard(_Shown):
    """A product in a list. from_minor: its lowest price in the shop's currency."""

    product_id: str
    title: Words
    summary: Words
    image: str
    sample: bool
    from_minor: int
    skus: list[str]
    supply: Supply
    ships_on: date | None
    cold_chain: ColdChain
    attributes: list[StoreAttribute]


class StoreFacet(_Shown):
    """A value that the products can be filtered by (filter=key:code), and how many have it."""

    key: str
    code: str
    label: Words
    value: Words
    count: int


class StoreCards(BaseModel):
    """One page of products, how many there are in all, and by what they can be filtered."""

    rows: list[StoreCard]
    total: int
    facets: list[StoreFacet]
    next: str | None


class StoreVariant(_Shown):
    """What is put into a basket."""

    sku: str
    choices: list[Words]
    weight_g: int
    cold_chain: ColdChain
    supply: Supply
    ships_on: date | None
    lead_days: int
    sellable: bool
    image: str


class StorePicture(_Shown):
    """A picture of a product."""

    media_id: str
    alt: Words


class StoreCategory(_Shown):
    """Where goods stand."""

    category_id: str
    parent_id: str | None
    name: Words


class StoreSeller(_Shown):
    """Who sells a product."""

    seller_id: str
    name: Words


class StoreProduct(_Shown):
    """A product on sale."""

    product_id: str
    seller: StoreSeller
    categories: list[StoreCategory]
    title: Words
    summary: Words
    about: Words
    brand: str
    sample: bool
    options: list[Words]
    attributes: list[StoreAttribute]
    media: list[StorePicture]
    variants: list[StoreVariant]
    from_minor: int | None
    changed_at: datetime


class StoreCategories(BaseModel):
    """Every category."""

    rows: list[StoreCategory]


@public.get("/products")
def store_products(
    _: Visitor,
    uow: Unit,
    *,
    q: Text = "",
    category: Id | None = None,
    wanted: Annotated[list[Filter] | None, Query(alias="filter", max_length=20)] = None,
    price_low: Minor | None = None,
    price_high: Minor | None = None,
    sort: Sort = "relevance",
    cursor: Cursor = None,
    limit: Limit = 24,
) -> StoreCards:
    """Products on sale: by words in either language, category, filters (key:code) and price."""
    at = from_cursor(cursor, int)
    offset = cast("int", at[0]) if at else 0
    filters: dict[str, tuple[str, ...]] = {}
    for key, _sep, code in (one.partition(":") for one in wanted or ()):
        filters[key] = (*filters.get(key, ()), code)
    page = api.browse(
        uow, Browse(q, category, filters, price_low, price_high, sort=sort, limit=limit, offset=offset)
    )
    end = offset + len(page.cards)
    return StoreCards(
        rows=[StoreCard.model_validate(card) for card in page.cards],
        total=page.total,
        facets=[StoreFacet.model_validate(one) for one in page.facets],
        next=to_cursor(end) if page.cards and end < page.total else None,
    )


@public.get("/products/{product_id}")
def store_product(product_id: Id, _: Visitor, uow: Unit) -> StoreProduct:
    """One product on sale; not_found for drafts and archived ones."""
    found = api.product(uow, product_id)
    if found.state != "listed":
        raise NO_PRODUCT.error(id=product_id[:80])
    return StoreProduct.model_validate(found)


@public.get("/categories")
def store_categories(_: Visitor, uow: Unit) -> StoreCategories:
    """Every category, departments first."""
    return StoreCategories(rows=[StoreCategory.model_validate(one) for one in api.categories(uow)])


@public.get("/media/{media_id}", response_class=Response)
def store_picture(media_id: MediaId, _: Visitor, uow: Unit) -> Response:
    """A picture; its address is its content, so it may be kept for ever."""
    return answer(uow, media_id)
