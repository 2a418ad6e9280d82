"""/v1/trade/orders/drafts: orders that people of the shop write for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.console.order_shapes import ShopOrder
from shengeng.http import Now, Operator, Shop, error_answers
from shengeng.kernel.errors import Lang
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import (
    DRAFT_HOURS,
    DRAFT_HOURS_MOST,
    LINES_MOST,
    NOTE_LONGEST,
    UNITS_MOST,
    Draft,
)
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import Contact
from shengeng.trade.payments import api as payments

router = APIRouter(
    prefix="/v1/trade/orders/drafts", tags=["orders"], responses=error_answers(401, 403, 404, 409, 422)
)
Id = Annotated[str, Path(min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Needed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Units = Annotated[int, Field(ge=1, le=UNITS_MOST)]
_FORBID = ConfigDict(extra="forbid")


class DraftAddress(BaseModel):
    """Where it goes."""

    model_config = _FORBID
    recipient: Needed
    phone: Needed
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] = "CN"
    region: Text = ""
    city: Text = ""
    district: Text = ""
    line: Needed
    postcode: Text = ""


class OrderDraft(BaseModel):
    """What somebody wants. units: by variant; option_id: a way of delivery, the usual one without it."""

    model_config = _FORBID
    units: Annotated[dict[Needed, Units], Field(min_length=1, max_length=LINES_MOST)]
    address: DraftAddress
    email: Text = ""
    phone: Text = ""
    option_id: Text = ""
    member_id: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    lang: Lang = "zh"
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE_LONGEST)] = ""


class DraftPlacing(BaseModel):
    """What was told the buyer, and for how many hours the goods stand aside for them."""

    model_config = _FORBID
    total_minor: Annotated[int, Field(ge=0, le=10**12)]
    hours: Annotated[int, Field(ge=1, le=DRAFT_HOURS_MOST)] = DRAFT_HOURS


@router.post("", status_code=201)
def write_order_draft(body: OrderDraft, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Keeps what somebody wants, with the prices of this moment; nothing is held yet."""
    with shop.rows.unit() as uow:
        made = checkout.write_draft(uow, who, _draft(body), now)
        return _shown(uow, shop.settings.storefront_url, made.order_id, now)


@router.put("/{order_id}")
def change_order_draft(order_id: Id, body: OrderDraft, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Writes a draft anew, with the prices of this moment."""
    with shop.rows.unit() as uow:
        checkout.write_draft(uow, who, _draft(body), now, order_id=order_id)
        return _shown(uow, shop.settings.storefront_url, order_id, now)


@router.delete("/{order_id}", status_code=204)
def drop_order_draft(order_id: Id, who: Operator, shop: Shop, now: Now) -> None:
    """Throws a draft away."""
    with shop.rows.unit() as uow:
        orders.drop_draft(uow, who, order_id, now)


@router.post("/{order_id}/place")
def place_order_draft(order_id: Id, body: DraftPlacing, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Makes an order of a draft, if it still costs what was told; its buyer pays at the order's page."""
    base = shop.settings.storefront_url

    def act(uow: UnitOfWork) -> ShopOrder:
        draft = orders.order(uow, order_id)
        ways = payments.usable(uow, draft.currency)
        prefix = "/en" if draft.lang == "en" else ""
        checkout.place_draft(
            uow,
            who,
            order_id,
            now,
            total_minor=body.total_minor,
            provider=ways[0] if ways else "",
            return_url=f"{base}{prefix}/order/{{number}}?paid=1",
            hours=body.hours,
        )
        return _shown(uow, base, order_id, now)

    return shop.rows.patiently(act)


def _shown(uow: UnitOfWork, base: str, order_id: str, now: datetime) -> ShopOrder:
    return ShopOrder.of(orders.detail(uow, order_id, now), base)


def _draft(body: OrderDraft) -> Draft:
    return Draft(
        body.units,
        Contact(body.email or None, body.phone or None),
        Where(**body.address.model_dump()),
        body.option_id,
        body.member_id,
        body.lang,
        body.note,
    )
