"""/v1/store/orders: a buyer's own orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import (
    BAD_CURSOR,
    Cursor,
    Limit,
    Now,
    Shop,
    Unit,
    address_of,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.http.shopping import Member, Visitor
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import api
from shengeng.trade.orders.contracts import KEY_LONGEST, KEY_SHORTEST, REASON_LONGEST
from shengeng.trade.orders.routes.shapes import MyOrder, MyOrderRow, order_of, row_of

public = APIRouter(
    prefix="/v1/store/orders",
    tags=["orders"],
    responses=error_answers(401, 403, 404, 409, 413, 422, 429, 503),
)
Number = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Contact = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Units = Annotated[int, Field(ge=1, le=10**9)]
Secret = Annotated[str, Header(max_length=200, description="a guest's proof, as placing the order answered")]


class MyOrders(BaseModel):
    """One page of a member's orders, newest first."""

    rows: list[MyOrderRow]
    total: int
    next: str | None


class OrderTracking(BaseModel):
    """What a guest without the proof knows: the number and the phone number or e-mail address."""

    model_config = ConfigDict(extra="forbid")
    number: Number
    contact: Contact


class OrderEnding(BaseModel):
    """Why the buyer does not want it any more."""

    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=REASON_LONGEST)] = ""


class OrderReducing(OrderEnding):
    """Units to take out, by line number. key: the sender's own for this act, the same twice is done once."""

    units: Annotated[dict[int, Units], Field(min_length=1, max_length=100)]
    key: Annotated[str, StringConstraints(min_length=KEY_SHORTEST, max_length=KEY_LONGEST)]


@public.get("")
def my_orders(who: Member, uow: Unit, now: Now, cursor: Cursor = None, limit: Limit = 20) -> MyOrders:
    """The member's own orders, newest first."""
    found = api.mine(uow, who, now, before=_before(cursor), limit=limit)
    last = found.rows[-1].order if found.more else None
    following = to_cursor(last.placed_at.isoformat(), last.order_id) if last else None
    return MyOrders(rows=[row_of(one) for one in found.rows], total=found.total, next=following)


@public.get("/{number}")
def my_order(number: Number, who: Visitor, uow: Unit, now: Now, x_order_secret: Secret = "") -> MyOrder:
    """An order for its member, or for the guest with its proof; anybody else's is not found."""
    return order_of(api.seen_by(uow, who, number, now, secret=x_order_secret))


@public.post("/track")
def track_order(body: OrderTracking, _: Visitor, request: Request, shop: Shop, now: Now) -> MyOrder:
    """An order for whoever knows its number and its phone number or e-mail address; who guesses waits."""
    address = address_of(request)
    return order_of(api.track_from(shop.rows, body.number, body.contact, now, address=address))


@public.post("/{number}/cancel")
def cancel_my_order(
    number: Number, body: OrderEnding, who: Visitor, *, shop: Shop, now: Now, x_order_secret: Secret = ""
) -> MyOrder:
    """End an order of which nothing has left: the money goes back."""

    def act(uow: UnitOfWork) -> MyOrder:
        order_id = api.seen_by(uow, who, number, now, secret=x_order_secret).order.order_id
        api.cancel(uow, order_id, body.why, now)
        return order_of(api.detail(uow, order_id, now))

    return shop.rows.patiently(act)


@public.post("/{number}/reduce")
def reduce_my_order(
    number: Number, body: OrderReducing, who: Visitor, *, shop: Shop, now: Now, x_order_secret: Secret = ""
) -> MyOrder:
    """Take units out of a paid order that have not left: what they came to goes back."""

    def act(uow: UnitOfWork) -> MyOrder:
        order_id = api.seen_by(uow, who, number, now, secret=x_order_secret).order.order_id
        api.reduce(uow, order_id, body.units, body.why, now, key=body.key)
        return order_of(api.detail(uow, order_id, now))

    return shop.rows.patiently(act)


def _before(cursor: str | None) -> tuple[datetime, str] | None:
    found = from_cursor(cursor, str, str)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(str(found[0]))
    except ValueError:
        raise BAD_CURSOR.error(value=str(cursor)[:80]) from None
    if moment.tzinfo is None or found[1] is None:
        raise BAD_CURSOR.error(value=str(cursor)[:80])
    return moment, str(found[1])
