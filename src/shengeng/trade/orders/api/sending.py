"""Goods of a paid order leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.contracts import Shipment, ShipmentPiece
from shengeng.trade.orders import store
from shengeng.trade.orders.api import finding
from shengeng.trade.orders.contracts import (
    NO_PLACE,
    NOT_PAID,
    NOTHING_OPEN,
    Event,
    Order,
)
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import NOT_OPEN, NOWHERE, Piece, Reserved


def ship(
    uow: UnitOfWork,
    who: Principal,
    order_id: str,
    now: datetime,
    *,
    carrier: str,
    tracking_number: str,
    lines: Mapping[int, int] | None = None,
    location_id: str = "",
) -> Shipment:
    """Send units of a paid order in one parcel (operator).

    lines: units by line number; None: everything open. location_id: the place that presale and
    made-to-order lines leave, which stand in none before. Refuses what is not open.
    """
    require(who, Role.OPERATOR)
    order = _paid(uow, order_id)
    there = stock.reservations(uow, [order_id]).get(order_id)
    pieces = _pieces(order, there.pieces if there else (), lines, location_id)
    sent = [ShipmentPiece(one.line_no, one.sku, one.location_id, one.quantity) for one in pieces]
    made = fulfilment.create(
        uow, who, order_id, sent, carrier=carrier, tracking_number=tracking_number, now=now
    )
    detail: dict[str, str | int | bool | None] = {
        "carrier": carrier,
        "tracking_number": made.tracking_number,
        "units": sum(one.quantity for one in pieces),
    }
    store.writing.change(uow, order, [Event(now, "shipped", who.name, detail)])
    stock.ship(uow, order_id, pieces, now, who.name)
    return made


def _paid(uow: UnitOfWork, order_id: str) -> Order:
    order = finding.standing(uow, order_id)
    if order.paid_at is None:
        raise NOT_PAID.error(number=order.number)
    return order


def _pieces(
    order: Order, there: Sequence[Reserved], lines: Mapping[int, int] | None, location_id: str
) -> list[Piece]:
    """The units of each wanted line out of the places where they stand aside."""
    found: list[Piece] = []
    left = dict(lines) if lines is not None else {one.line_no: one.quantity for one in order.lines}
    for one in there:
        units = min(left.get(one.line_no, 0), one.still_open)
        if units > 0:
            left[one.line_no] -= units
            found.append(Piece(one.line_no, one.sku, one.location_id or location_id, units))
    nowhere = next((one for one in found if one.location_id == NOWHERE), None)
    if nowhere is not None:
        raise NO_PLACE.error(number=order.number, line=nowhere.line_no)
    for line_no, lacking in left.items() if lines is not None else ():
        if lacking:
            wanted = left[line_no] + sum(one.quantity for one in found if one.line_no == line_no)
            told = {"line": line_no, "order_id": order.number, "left": wanted - lacking, "wanted": wanted}
            raise NOT_OPEN.error(**told, place="-")
    if not found:
        raise NOTHING_OPEN.error(number=order.number)
    return found
