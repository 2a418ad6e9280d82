"""/v1/store: a buyer's basket and checkout; /v1/payments: where providers tell what was paid.

A guest's basket is a cookie of theirs; a browser that signs in with one brings it along.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from shengeng.http import Now, Shop, Speaks, Unit, address_of, error_answers
from shengeng.http.pacing import PLACE, paced
from shengeng.http.shopping import Visitor, drop_basket, keep_basket
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.checkout import api
from shengeng.trade.checkout.contracts import Kept, Wish
from shengeng.trade.checkout.routes.shapes import (
    BasketAdding,
    BasketCode,
    BasketQuantity,
    CheckoutAddress,
    CheckoutPlacing,
    CheckoutQuestion,
    Code,
    Line,
    Needed,
    PaymentAction,
    PaymentStart,
    PlacedOrder,
    ShownBasket,
    shown,
)
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders.contracts import Contact
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Device

public = APIRouter(tags=["checkout"], responses=error_answers(401, 403, 404, 409, 413, 422, 429, 503))
# Baskets, quotes and placing cost work: who goes too fast is told to wait before any of it is done.
PACED, PLACING = [Depends(paced())], [Depends(paced(PLACE))]
Secret = Annotated[str, Header(max_length=200, description="a guest's proof, as placing the order answered")]


def _brought(who: Visitor, response: Response, *, shop: Shop, uow: Unit, now: Now) -> Shopper:
    """Who shops; a member who still has a guest's basket brings it along."""
    if who.member_id is not None and who.basket:
        api.merge(uow, who.member_id, who.basket, now)
        drop_basket(response, https=shop.settings.https)
    return who


Buyer = Annotated[Shopper, Depends(_brought)]


@public.get("/v1/store/basket", dependencies=PACED)
def my_basket(who: Visitor, uow: Unit, now: Now) -> ShownBasket:
    """The basket with its prices of this moment."""
    return shown(api.view(uow, who, now))


@public.post("/v1/store/basket/lines", status_code=201, dependencies=PACED)
def add_to_basket(
    body: BasketAdding, who: Buyer, response: Response, *, shop: Shop, uow: Unit, now: Now
) -> ShownBasket:
    """Put so many more of a variant into the basket; a guest's first sets the cookie."""
    return _after(uow, who, api.add(uow, who, body.sku, body.quantity, now), response, shop=shop, now=now)


@public.patch("/v1/store/basket/lines/{line_no}", dependencies=PACED)
def change_basket_line(line_no: Line, body: BasketQuantity, who: Buyer, uow: Unit, now: Now) -> ShownBasket:
    """So many of a line; 0 takes it out."""
    there = api.set_quantity(uow, who, line_no, body.quantity, now)
    return shown(api.view(uow, who, now, there=there))


@public.post("/v1/store/basket/codes", status_code=201, dependencies=PACED)
def add_basket_code(
    body: BasketCode, who: Buyer, response: Response, *, shop: Shop, uow: Unit, now: Now
) -> ShownBasket:
    """Put a coupon's code into the basket; what it does, or why nothing, stands in the quote."""
    return _after(uow, who, api.add_code(uow, who, body.code, now), response, shop=shop, now=now)


@public.delete("/v1/store/basket/codes/{code}", dependencies=PACED)
def drop_basket_code(code: Code, who: Buyer, uow: Unit, now: Now) -> ShownBasket:
    """Take a code out of the basket."""
    api.drop_code(uow, who, code, now)
    return shown(api.view(uow, who, now))


@public.post("/v1/store/checkout/quote", dependencies=PACED)
def quote_checkout(body: CheckoutQuestion, who: Buyer, uow: Unit, now: Now) -> ShownBasket:
    """What the basket costs delivered to an address, and every way to get it there. Nothing is held."""
    return shown(api.view(uow, who, now, where=_where(body.address), option_id=body.option_id))


@public.post("/v1/store/checkout", status_code=201, dependencies=PLACING)
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


@public.post("/v1/store/orders/{number}/payment", dependencies=PACED)
def start_payment(
    number: Needed,
    body: PaymentStart,
    who: Visitor,
    *,
    request: Request,
    shop: Shop,
    now: Now,
    x_order_secret: Secret = "",
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
    device = Device(body.screen, address_of(request))
    action = payments.present(shop, intent.id, now, device=device, label=intent.label)
    return PaymentAction.model_validate(action)


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
    return shown(api.view(uow, who, now, there=kept.basket))


def _where(given: CheckoutAddress) -> Where:
    return Where(**given.model_dump())
