"""/v1/trade/orders: the storefront's orders for people of the shop: list, figures, one all round, acts."""

from __future__ import annotations

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
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.trade.orders import api as orders

router = APIRouter(
    prefix="/v1/trade/orders", tags=["orders"], responses=error_answers(401, 403, 404, 409, 422)
)
Id = Annotated[str, Path(min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Whole = Annotated[int, Field(ge=1, le=10**12)]
_FORBID = ConfigDict(extra="forbid")
Which = Literal["", "placed", "unpaid", "paid", "cancelled", "expired"]


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


class MoneyBack(BaseModel):
    """Money to give back while the goods stay. key: the same one twice is one refund."""

    model_config = _FORBID
    amount_minor: Whole
    why: Text
    key: Annotated[str, StringConstraints(min_length=8, max_length=60)]


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
    """Orders, newest first. q: a number, an e-mail address, a phone number, a member or a variant."""
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


@router.get("/{order_id}")
def read_shop_order(order_id: Id, who: Operator, uow: Unit, now: Now) -> ShopOrder:
    """One order all round; who looks at a member's is written down."""
    found = orders.detail(uow, order_id, now)
    if found.order.member_id is not None:
        privacy.look(uow, who, found.order.member_id, "timeline", now)
    return ShopOrder.of(found)


@router.post("/{order_id}/ship", status_code=201)
def ship_shop_order(order_id: Id, body: ParcelToSend, who: Operator, uow: Unit, now: Now) -> ShopOrder:
    """Sends units of a paid order in one parcel."""
    orders.ship(
        uow,
        who,
        order_id,
        now,
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        lines=body.units,
        location_id=body.location_id,
    )
    return ShopOrder.of(orders.detail(uow, order_id, now))


@router.post("/{order_id}/cancel")
def cancel_shop_order(order_id: Id, body: OrderWhy, who: Operator, uow: Unit, now: Now) -> ShopOrder:
    """Ends an order of which nothing was sent; its money and its goods come back."""
    orders.cancel(uow, order_id, body.why, now, who=who)
    return ShopOrder.of(orders.detail(uow, order_id, now))


@router.post("/{order_id}/refund")
def refund_shop_order(order_id: Id, body: MoneyBack, who: Approver, uow: Unit, now: Now) -> ShopOrder:
    """Gives a part of the money back, the goods stay (approver)."""
    orders.refund(uow, who, order_id, now, amount_minor=body.amount_minor, why=body.why, key=body.key)
    return ShopOrder.of(orders.detail(uow, order_id, now))


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
