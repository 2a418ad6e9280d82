"""/v1/trade/categories, sellers and channels."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import Approver, Now, Operator, Unit, Viewer
from shengeng.trade.catalogue import api
from shengeng.trade.catalogue.contracts import Category, Channel, Seller
from shengeng.trade.catalogue.routes.door import router
from shengeng.trade.catalogue.routes.shapes import CatalogueWords, Id, Key


class CatalogueCategory(BaseModel):
    """Where goods stand; parent_id null: a department."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
    category_id: Id
    parent_id: Id | None = None
    name: CatalogueWords
    position: Annotated[int, Field(ge=0, le=100_000)] = 0


class CatalogueCategories(BaseModel):
    """Categories, parents before what stands below them."""

    model_config = ConfigDict(extra="forbid")
    rows: Annotated[list[CatalogueCategory], Field(max_length=1000)]


class CatalogueSeller(BaseModel):
    """Who sells products here."""

    model_config = ConfigDict(from_attributes=True)
    seller_id: str
    name: CatalogueWords


class CatalogueSellers(BaseModel):
    """Every seller."""

    rows: list[CatalogueSeller]


class SalesChannelBody(BaseModel):
    """What a channel shall be. tax_rates: basis points by tax class."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
    name: CatalogueWords
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    tax_inclusive: bool
    tax_rates: dict[Key, int]


class SalesChannel(SalesChannelBody):
    """Where goods are sold."""

    channel_id: str


class SalesChannels(BaseModel):
    """Every channel."""

    rows: list[SalesChannel]


@router.get("/categories")
def list_categories(_: Viewer, uow: Unit) -> CatalogueCategories:
    """Every category, in the order in which people see them."""
    return CatalogueCategories(rows=[CatalogueCategory.model_validate(one) for one in api.categories(uow)])


@router.put("/categories")
def put_categories(body: CatalogueCategories, who: Operator, uow: Unit, now: Now) -> CatalogueCategories:
    """Make categories or say anew what they are; others stay."""
    told = [Category(one.category_id, one.parent_id, one.name.kept(), one.position) for one in body.rows]
    api.put_categories(uow, who, told, now)
    return CatalogueCategories(rows=[CatalogueCategory.model_validate(one) for one in api.categories(uow)])


@router.get("/sellers")
def list_sellers(_: Viewer, uow: Unit) -> CatalogueSellers:
    """Every seller; the shop itself is one."""
    return CatalogueSellers(rows=[CatalogueSeller.model_validate(one) for one in api.sellers(uow)])


@router.put("/sellers/{seller_id}")
def put_seller(seller_id: Id, body: CatalogueWords, who: Operator, uow: Unit, now: Now) -> CatalogueSeller:
    """Make a seller or name it anew."""
    return CatalogueSeller.model_validate(api.put_seller(uow, who, Seller(seller_id, body.kept()), now))


@router.get("/channels")
def list_channels(_: Viewer, uow: Unit) -> SalesChannels:
    """Every channel; "online" is always there."""
    return SalesChannels(rows=[SalesChannel.model_validate(one) for one in api.channels(uow)])


@router.put("/channels/{channel_id}")
def put_channel(channel_id: Id, body: SalesChannelBody, who: Approver, uow: Unit, now: Now) -> SalesChannel:
    """Make a channel or say anew what it is: its currency, country and taxes."""
    told = Channel(
        channel_id, body.name.kept(), body.currency, body.country, body.tax_inclusive, body.tax_rates
    )
    return SalesChannel.model_validate(api.put_channel(uow, who, told, now))
