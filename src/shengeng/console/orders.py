"""/v1/trade/orders: the storefront's orders for people of the shop: list, figures, one all round, acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.console.order_shapes import ShopOrder, ShopOrderFigures, ShopOrderList, ShopOrderRow
from shengeng.govern.privacy import api as privacy
from shengeng.http import (
    BAD_CURSOR,
    Approver,
    Cursor,
    Limit,
    Now,
    Operator,
    Shop,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import KEY_LONGEST, KEY_SHORTEST, NOTE_LONGEST

router = APIRouter(
    prefix="/v1/trade/orders", tags=["orders"], responses=error_answers(401, 403, 404, 409, 422)
)
Id = Annotated[str, Path(min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Whole = Annotated[int, Field(ge=1, le=10**12)]
_FORBID = ConfigDict(extra="forbid")
Which = Literal["", "draft", "placed", "unpaid", "paid", "cancelled", "expired"]


class ParcelToSend(BaseModel):
    """A parcel that leaves. units: by line number; location_id: the place that presale goods leave."""

    model_config = _FORBID
    carrier: Text
    tracking_number: Text
    units: Annotated[dict[int, Whole], Field(min_length=1, max_length=1000)]
    location_id: Annotated[str, StringConstraints(max_length=60)] = ""


class OrderWhy(BaseModel):
    """Why an order is cancelled."""

    model_config = _FORBID
    why: Text


class UnitsBack(BaseModel):
    """Units to take out before they are sent, by line number. key: the same one twice takes them out once."""

    model_config = _FORBID
    units: Annotated[dict[int, Whole], Field(min_length=1, max_length=1000)]
    why: Text
    key: Annotated[str, StringConstraints(min_length=KEY_SHORTEST, max_length=KEY_LONGEST)]


class OrderNote(BaseModel):
    """A note for people of the shop."""

    model_config = _FORBID
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NOTE_LONGEST)]


class MoneyBack(BaseModel):
    """Money to give back while the goods stay. key: the same one twice is one refund."""

    model_config = _FORBID
    amount_minor: Whole
    why: Text
    key: Annotated[str, StringConstraints(min_length=KEY_SHORTEST, max_length=KEY_LONGEST)]


@router.get("")
def list_shop_orders(
    _: Operator,
    uow: Unit,
    now: Now,
    *,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Which = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ShopOrderList:
    """Orders, newest first. q: a number or its beginning, a contact, a recipient, a member or a variant."""
    found = orders.page(uow, now, query=q, state=state, before=_before(cursor), limit=limit)
    last = found.rows[-1].order if found.rows else None
    following = to_cursor(last.placed_at.isoformat(), last.order_id) if found.more and last else None
    return ShopOrderList(rows=[ShopOrderRow.of(row) for row in found.rows], total=found.total, next=following)


@router.get("/figures")
def shop_order_figures(
    _: Viewer, uow: Unit, now: Now, days: Annotated[int, Query(ge=1, le=3660)] = 30
) -> list[ShopOrderFigures]:
    """What the orders of the last days come to, by currency."""
    found = orders.figures(uow, now - timedelta(days=days), now + timedelta(seconds=1))
    return [ShopOrderFigures.model_validate(one) for one in found]


@router.get("/numbers")
def shop_order_numbers(
    _: Viewer, uow: Unit, order_id: Annotated[list[Text], Query(min_length=1, max_length=100)]
) -> dict[str, str]:
    """The numbers that buyers know, by id; an order that is not there is left out."""
    return dict(orders.numbers(uow, order_id))


@router.get("/{order_id}")
def read_shop_order(order_id: Id, who: Operator, shop: Shop, uow: Unit, now: Now) -> ShopOrder:
    """One order all round; who looks at a member's is written down."""
    found = orders.detail(uow, order_id, now)
    if found.order.member_id is not None:
        privacy.look(uow, who, found.order.member_id, "timeline", now)
    return ShopOrder.of(found, shop.settings.storefront_url)


@router.post("/{order_id}/ship", status_code=201)
def ship_shop_order(order_id: Id, body: ParcelToSend, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Sends units of a paid order in one parcel."""
    more = {"carrier": body.carrier, "tracking_number": body.tracking_number, "location_id": body.location_id}
    return _after(
        shop, order_id, now, lambda uow: orders.ship(uow, who, order_id, now, lines=body.units, **more)
    )


@router.post("/{order_id}/cancel")
def cancel_shop_order(order_id: Id, body: OrderWhy, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Ends an order of which nothing was sent; its money and its goods come back."""
    return _after(shop, order_id, now, lambda uow: orders.cancel(uow, order_id, body.why, now, who=who))


@router.post("/{order_id}/reduce")
def reduce_shop_order(order_id: Id, body: UnitsBack, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Takes units out of a paid order before they are sent; their part of the money goes back."""
    return _after(
        shop,
        order_id,
        now,
        lambda uow: orders.reduce(uow, order_id, body.units, body.why, now, key=body.key, who=who),
    )


@router.post("/{order_id}/refund")
def refund_shop_order(order_id: Id, body: MoneyBack, who: Approver, shop: Shop, now: Now) -> ShopOrder:
    """Gives a part of the money back, the goods stay (approver)."""
    return _after(
        shop,
        order_id,
        now,
        lambda uow: orders.refund(
            uow, who, order_id, now, amount_minor=body.amount_minor, why=body.why, key=body.key
        ),
    )


@router.post("/{order_id}/notes", status_code=201)
def note_on_shop_order(order_id: Id, body: OrderNote, who: Operator, shop: Shop, now: Now) -> ShopOrder:
    """Notes something about an order, for people of the shop only."""
    return _after(shop, order_id, now, lambda uow: orders.note(uow, who, order_id, body.text, now))


def _after(shop: Stores, order_id: str, now: datetime, act: Callable[[UnitOfWork], object]) -> ShopOrder:
    """An act on an order, done again when two reached for it crosswise, and the order as it stands then."""

    def done(uow: UnitOfWork) -> ShopOrder:
        act(uow)
        return ShopOrder.of(orders.detail(uow, order_id, now), shop.settings.storefront_url)

    return shop.rows.patiently(done)


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
