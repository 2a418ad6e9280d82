"""/v1/store: a buyer's basket and checkout; /v1/payments: where providers tell what was paid.

A guest's basket is a cookie of theirs; a browser that signs in with one brings it along.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import Now, Shop, Speaks, Unit, error_answers
from shengeng.http.shopping import Visitor, drop_basket, keep_basket
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.checkout import api
from shengeng.trade.checkout.contracts import (
    CODES_MOST,
    KEY_LONGEST,
    NOTE_LONGEST,
    UNITS_MOST,
    Kept,
    ShownLine,
    View,
    Wish,
)
from shengeng.trade.fulfilment.contracts import DeliveryKind
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders.contracts import Contact, OrderState

public = APIRouter(tags=["checkout"], responses=error_answers(401, 403, 404, 409, 422, 503))
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Needed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Line = Annotated[int, Path(ge=1, le=10_000)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Secret = Annotated[str, Header(max_length=200, description="a guest's proof, as placing the order answered")]


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
    """How an order is paid."""

    provider: Needed
    return_url: Address


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


def _brought(who: Visitor, response: Response, *, shop: Shop, uow: Unit, now: Now) -> Shopper:
    """Who shops; a member who still has a guest's basket brings it along."""
    if who.member_id is not None and who.basket:
        api.merge(uow, who.member_id, who.basket, now)
        drop_basket(response, https=shop.settings.https)
    return who


Buyer = Annotated[Shopper, Depends(_brought)]


@public.get("/v1/store/basket")
def my_basket(who: Visitor, uow: Unit, now: Now) -> ShownBasket:
    """The basket with its prices of this moment."""
    return _shown(api.view(uow, who, now))


@public.post("/v1/store/basket/lines", status_code=201)
def add_to_basket(
    body: BasketAdding, who: Buyer, response: Response, *, shop: Shop, uow: Unit, now: Now
) -> ShownBasket:
    """Put so many more of a variant into the basket; a guest's first sets the cookie."""
    return _after(uow, who, api.add(uow, who, body.sku, body.quantity, now), response, shop=shop, now=now)


@public.patch("/v1/store/basket/lines/{line_no}")
def change_basket_line(line_no: Line, body: BasketQuantity, who: Buyer, uow: Unit, now: Now) -> ShownBasket:
    """So many of a line; 0 takes it out."""
    api.set_quantity(uow, who, line_no, body.quantity, now)
    return _shown(api.view(uow, who, now))


@public.post("/v1/store/basket/codes", status_code=201)
def add_basket_code(
    body: BasketCode, who: Buyer, response: Response, *, shop: Shop, uow: Unit, now: Now
) -> ShownBasket:
    """Put a coupon's code into the basket; what it does, or why nothing, stands in the quote."""
    return _after(uow, who, api.add_code(uow, who, body.code, now), response, shop=shop, now=now)


@public.delete("/v1/store/basket/codes/{code}")
def drop_basket_code(code: Code, who: Buyer, uow: Unit, now: Now) -> ShownBasket:
    """Take a code out of the basket."""
    api.drop_code(uow, who, code, now)
    return _shown(api.view(uow, who, now))


@public.post("/v1/store/checkout/quote")
def quote_checkout(body: CheckoutQuestion, who: Buyer, uow: Unit, now: Now) -> ShownBasket:
    """What the basket costs delivered to an address, and every way to get it there. Nothing is held."""
    return _shown(api.view(uow, who, now, where=_where(body.address), option_id=body.option_id))


@public.post("/v1/store/checkout", status_code=201)
def place_order(body: CheckoutPlacing, who: Visitor, lang: Speaks, shop: Shop, now: Now) -> PlacedOrder:
    """Place an order: price, goods, coupons and payment at once, or nothing. Then start its payment."""
    wish = Wish(
        Contact(body.email or None, body.phone or None),
        _where(body.address),
        body.option_id,
        body.provider,
        body.quote_id,
        body.return_url,
        lang,
        body.note,
        body.anonymous_id,
    )
    placed = api.place_patiently(shop, who, wish, body.key, now)
    order = placed.order
    return PlacedOrder(
        number=order.number,
        state=order.state,
        currency=order.currency,
        total_minor=order.total_minor,
        pay_until=order.pay_until,
        payment_id=placed.intent.id if placed.intent else None,
        secret=placed.secret or None,
        again=placed.again,
    )


@public.post("/v1/store/orders/{number}/payment")
def start_payment(
    number: Needed, body: PaymentStart, who: Visitor, *, shop: Shop, now: Now, x_order_secret: Secret = ""
) -> PaymentAction:
    """What to do to pay an order that waits for it: the same again, or by another way than before."""
    with shop.rows.unit() as uow:
        intent = api.pay(
            uow,
            who,
            number,
            now,
            provider=body.provider,
            return_url=body.return_url,
            secret=x_order_secret,
        )
    return PaymentAction.model_validate(api.present(shop, intent.id, now))


async def _raw(request: Request) -> bytes:
    """The body as it came: signatures are over its bytes."""
    return await request.body()


@public.post("/v1/payments/{provider}/notices", include_in_schema=False)
def payment_notice(
    provider: Needed, request: Request, body: Annotated[bytes, Depends(_raw)], shop: Shop, now: Now
) -> Response:
    """What a provider tells of a payment. It proves itself by its signature; every notice is kept."""
    reply = api.notice(shop, provider, dict(request.headers), body, now).reply
    return Response(reply.body, reply.status, media_type=reply.media_type)


def _after(
    uow: UnitOfWork, who: Shopper, kept: Kept, response: Response, *, shop: Shop, now: datetime
) -> ShownBasket:
    """The basket after a change; a new one's secret goes into the cookie."""
    if kept.secret:
        keep_basket(response, kept.secret, https=shop.settings.https)
        who = Shopper(basket=kept.secret)
    return _shown(api.view(uow, who, now))


def _where(given: CheckoutAddress) -> Where:
    return Where(**given.model_dump())


def _shown(view: View | None) -> ShownBasket:
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
