"""/v1/trade/prices and /v1/trade/price-lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shengeng.http import Cursor, Limit, Now, Operator, Unit, Viewer, from_cursor, to_cursor
from shengeng.http.cursors import BAD_CURSOR
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import PRICE_MOST, QUANTITY_MOST, PriceSet
from shengeng.trade.pricing.routes.door import router
from shengeng.trade.pricing.routes.shapes import BothWords, Id, words

Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MOST)]
Cost = Annotated[int, Field(ge=1, le=PRICE_MOST)]


class PriceListShown(BaseModel):
    """A price list. base: everybody's, undated; tier: whose; starts_at, ends_at: when."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    channel_id: str
    name: BothWords
    tier: str | None
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    prices: int
    base: bool


class PriceLists(BaseModel):
    """Every price list, base lists first."""

    rows: list[PriceListShown]


class NewPriceList(BaseModel):
    """A list for a tier or a time."""

    model_config = ConfigDict(extra="forbid")
    channel_id: Id = "online"
    name: BothWords
    tier: Id | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None


class PriceEntry(BaseModel):
    """One price of a variant, from min_quantity of it in a basket on."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
    sku: Id
    unit_minor: Cost
    compare_at_minor: Cost | None = None
    min_quantity: Quantity = 1


class PriceListed(PriceEntry):
    """A price of a list and what it is of; a variant that was taken away has no title any more."""

    title: BothWords
    choices: list[BothWords]
    image: str
    product_id: str | None


class PriceEntries(BaseModel):
    """Prices of a list by variant and least quantity."""

    rows: list[PriceListed]
    next: str | None


class PricesWanted(BaseModel):
    """Prices to set, in the channel's base list unless another is named."""

    model_config = ConfigDict(extra="forbid")
    channel_id: Id = "online"
    list_id: UUID | None = None
    prices: Annotated[list[PriceEntry], Field(min_length=1, max_length=1000)]


class PriceNow(BaseModel):
    """What one unit costs now."""

    sku: str
    unit_minor: int
    compare_at_minor: int | None


class PricesNow(BaseModel):
    """Prices of those variants that have one."""

    rows: list[PriceNow]


@router.get("/prices")
def prices_now(
    _: Viewer,
    uow: Unit,
    now: Now,
    sku: Annotated[list[Id], Query(min_length=1, max_length=200)],
    channel: Id = "online",
    tier: Id | None = None,
) -> PricesNow:
    """What one unit of each costs now."""
    found = api.prices(uow, channel, sku, now, tier)
    return PricesNow(
        rows=[
            PriceNow(sku=one, unit_minor=price.unit_minor, compare_at_minor=price.compare_at_minor)
            for one, price in sorted(found.items())
        ]
    )


@router.put("/prices", status_code=204)
def set_prices(body: PricesWanted, who: Operator, uow: Unit, now: Now) -> None:
    """Set prices; what else a list holds stays."""
    wanted = [PriceSet(**one.model_dump()) for one in body.prices]
    api.set_prices(uow, who, body.channel_id, wanted, now, list_id=body.list_id)


@router.get("/price-lists")
def list_price_lists(_: Viewer, uow: Unit, channel: Id | None = None) -> PriceLists:
    """Every price list."""
    found = api.price_lists(uow, channel)
    return PriceLists(rows=[PriceListShown.model_validate(one, from_attributes=True) for one in found])


@router.post("/price-lists", status_code=201)
def create_price_list(body: NewPriceList, who: Operator, uow: Unit, now: Now) -> PriceListShown:
    """A list for a tier or a time."""
    made = api.create_price_list(
        uow,
        who,
        body.channel_id,
        words(body.name),
        now,
        tier=body.tier,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
    )
    return PriceListShown.model_validate(made, from_attributes=True)


@router.get("/price-lists/{list_id}/prices")
def list_prices(
    list_id: UUID,
    _: Viewer,
    uow: Unit,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PriceEntries:
    """Prices of one list; q: how the variant's number begins."""
    after = from_cursor(cursor, str, int)
    if after is not None and not (isinstance(after[0], str) and isinstance(after[1], int)):
        raise BAD_CURSOR.error(value=(cursor or "")[:80])
    from_ = (str(after[0]), int(str(after[1]))) if after else None
    found = api.prices_of_list(uow, list_id, query=q, after=from_, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return PriceEntries(
        rows=_listed(uow, found[:limit]),
        next=to_cursor(last.sku, last.min_quantity) if last else None,
    )


@router.delete("/price-lists/{list_id}/prices", status_code=204)
def remove_price(
    list_id: UUID, who: Operator, uow: Unit, now: Now, *, sku: Id, min_quantity: Quantity = 1
) -> None:
    """Take one price out of a list."""
    api.remove_price(uow, who, list_id, now, sku=sku, min_quantity=min_quantity)


def _listed(uow: UnitOfWork, prices: Sequence[PriceSet]) -> list[PriceListed]:
    known = catalogue.variants(uow, {one.sku for one in prices})
    rows = []
    for one in prices:
        variant = known.get(one.sku)
        rows.append(
            PriceListed(
                sku=one.sku,
                unit_minor=one.unit_minor,
                compare_at_minor=one.compare_at_minor,
                min_quantity=one.min_quantity,
                title=_both(variant.title if variant else Words("", "")),
                choices=[_both(each) for each in variant.choices] if variant else [],
                image=variant.image if variant else "",
                product_id=variant.product_id if variant else None,
            )
        )
    return rows


def _both(told: Words) -> BothWords:
    return BothWords(zh=told.zh, en=told.en)
