"""Baskets and checkout as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.kernel.words import Words
from shengeng.trade.checkout.contracts import (
    CODES_MOST,
    KEY_LONGEST,
    NOTE_LONGEST,
    UNITS_MOST,
    ShownLine,
    View,
)
from shengeng.trade.fulfilment.contracts import DeliveryKind
from shengeng.trade.orders.contracts import OrderState
from shengeng.trade.payments.contracts import Screen

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Needed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Line = Annotated[int, Path(ge=1, le=10_000)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class BasketAdding(_Body):
    """So many more of a variant."""

    sku: Needed
    quantity: Annotated[int, Field(ge=1, le=UNITS_MOST)] = 1


class BasketQuantity(_Body):
    """So many of a line; 0 takes it out."""

    quantity: Annotated[int, Field(ge=0, le=UNITS_MOST)]


class BasketCode(_Body):
    """A coupon's code."""

    code: Code


class CheckoutAddress(_Body):
    """Where to send it."""

    recipient: Needed
    phone: Needed
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] = "CN"
    region: Text = ""
    city: Text = ""
    district: Text = ""
    line: Needed
    postcode: Text = ""


class CheckoutQuestion(_Body):
    """What a basket costs delivered there. option_id: the way that is chosen, the first without one."""

    address: CheckoutAddress
    option_id: Text = ""


class CheckoutPlacing(_Body):
    """An order to place. quote_id: of the quote that the buyer agreed to; key: the sender's own for this
    order, the same again is the same order; return_url: where the buyer comes back from paying, {number} in
    it becomes the order's number."""

    key: Annotated[str, StringConstraints(min_length=8, max_length=KEY_LONGEST)]
    quote_id: Needed
    address: CheckoutAddress
    option_id: Needed
    provider: Needed
    email: Text = ""
    phone: Text = ""
    return_url: Address
    note: Annotated[str, StringConstraints(max_length=NOTE_LONGEST)] = ""
    anonymous_id: Text | None = None


class PaymentStart(_Body):
    """How an order is paid. screen: what the buyer has before them; some providers open an app on a phone."""

    provider: Needed
    return_url: Address
    screen: Screen = "desk"


class BasketCut(_Shown):
    """One discount of one line."""

    source: str
    name: Words
    amount_minor: int


class BasketLineShown(BaseModel):
    """A line with its price now. left: units that can be had; why: what keeps it from being bought."""

    line_no: int
    sku: str
    quantity: int
    product_id: str | None
    title: Words | None
    choices: list[Words]
    image: str
    left: int
    list_unit_minor: int | None
    unit_minor: int | None
    discount_minor: int | None
    total_minor: int | None
    cuts: list[BasketCut]
    why: Words | None


class BasketStep(_Shown):
    """What became of one promotion or coupon, and why."""

    source: str
    name: Words
    applied: bool
    amount_minor: int
    why: Words


class RefusedBasketCode(_Shown):
    """A code that does nothing here, and why."""

    code: str
    why: Words


class DeliveryChoice(_Shown):
    """One way to get the goods. co2e_g: by its stated source; null where nobody states it."""

    option_id: str
    kind: DeliveryKind
    name: Words
    price_minor: int
    earliest: date
    latest: date
    co2e_g: int | None
    co2e_source: Words | None


class BasketQuote(BaseModel):
    """What a basket costs now. total = lines + delivery - its discount (+ its tax where tax comes on top)."""

    quote_id: str
    currency: str
    tax_inclusive: bool
    subtotal_minor: int
    discount_minor: int
    delivery_minor: int
    delivery_discount_minor: int
    tax_minor: int
    total_minor: int
    steps: list[BasketStep]
    refused_codes: list[RefusedBasketCode]


class ShownBasket(BaseModel):
    """A basket with its prices now; quote null: nothing in it can be bought. ready: it can be placed."""

    lines: list[BasketLineShown]
    codes: Annotated[list[str], Field(max_length=CODES_MOST)]
    units: int
    quote: BasketQuote | None
    options: list[DeliveryChoice]
    option_id: str | None
    providers: list[str]
    ready: bool


class PlacedOrder(BaseModel):
    """An order that was placed. secret: a guest's proof, told here only; payment_id null: nothing to pay;
    again: this key had placed it before."""

    number: str
    state: OrderState
    currency: str
    total_minor: int
    pay_until: datetime
    payment_id: UUID | None
    secret: str | None
    again: bool


class PaymentAction(_Shown):
    """What the buyer does next: follow an address, scan it as a code, or nothing."""

    kind: str
    url: str


def shown(view: View | None) -> ShownBasket:
    """A basket as JSON; an empty one where there is none."""
    if view is None:
        return ShownBasket(
            lines=[], codes=[], units=0, quote=None, options=[], option_id=None, providers=[], ready=False
        )
    return ShownBasket(
        lines=[_line(line) for line in view.lines],
        codes=list(view.basket.codes),
        units=view.basket.units,
        quote=_quote(view),
        options=[DeliveryChoice.model_validate(one) for one in view.options],
        option_id=view.option.option_id if view.option else None,
        providers=list(view.providers),
        ready=view.ready,
    )


def _line(line: ShownLine) -> BasketLineShown:
    variant, cost = line.variant, line.quote
    return BasketLineShown(
        line_no=line.line_no,
        sku=line.sku,
        quantity=line.quantity,
        product_id=variant.product_id if variant else None,
        title=variant.title if variant else None,
        choices=list(variant.choices) if variant else [],
        image=variant.image if variant else "",
        left=line.left,
        list_unit_minor=cost.list_unit_minor if cost else None,
        unit_minor=cost.unit_minor if cost else None,
        discount_minor=cost.discount_minor if cost else None,
        total_minor=cost.total_minor if cost else None,
        cuts=[BasketCut.model_validate(cut) for cut in cost.cuts] if cost else [],
        why=line.why,
    )


def _quote(view: View) -> BasketQuote | None:
    quote = view.quote
    if quote is None:
        return None
    return BasketQuote(
        quote_id=quote.quote_id,
        currency=quote.currency,
        tax_inclusive=quote.tax_inclusive,
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        delivery_minor=quote.delivery_minor,
        delivery_discount_minor=quote.delivery_discount_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        steps=[BasketStep.model_validate(step) for step in quote.steps],
        refused_codes=[RefusedBasketCode.model_validate(one) for one in quote.refused_codes],
    )
