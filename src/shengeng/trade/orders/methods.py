"""Numbers of orders, and states that follow from an order, its goods and its money."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from shengeng.trade.fulfilment.contracts import Shipment
from shengeng.trade.orders.contracts import (
    NUMBER_LENGTH,
    NUMBER_SIGNS,
    Authorisation,
    Charging,
    Fulfilling,
    LineState,
    Order,
    States,
)
from shengeng.trade.payments.contracts.values import Money
from shengeng.trade.stock.contracts import Reserved


def new_number() -> str:
    """A number that tells nothing: neither how many orders there are nor what the next one is."""
    return "".join(secrets.choice(NUMBER_SIGNS) for _ in range(NUMBER_LENGTH))


def clean_number(text: str) -> str:
    """A number as people write it, with dashes, spaces or small letters, in its one spelling."""
    return "".join(sign for sign in text.upper() if sign.isalnum())[: NUMBER_LENGTH * 2]


def line_states(order: Order, there: Collection[Reserved]) -> tuple[LineState, ...]:
    """What became of each line's units; all of them are open where nothing was set aside any more."""
    found = []
    for line in order.lines:
        mine = [one for one in there if one.line_no == line.line_no]
        shipped, returned = sum(one.shipped for one in mine), sum(one.returned for one in mine)
        left = line.quantity - shipped - returned
        found.append(LineState(line.line_no, line.sku, line.quantity, shipped, returned, left))
    return tuple(found)


def states(
    order: Order, lines: Sequence[LineState], money: Money, shipments: Sequence[Shipment], now: datetime
) -> States:
    """Everything that is not stored because it follows."""
    placed, paid = order.state == "placed", order.paid_at is not None
    shipped = sum(line.shipped for line in lines)
    left = sum(line.still_open for line in lines)
    return States(
        _authorisation(order),
        _charging(order, money),
        _fulfilling(order, shipped, left, shipments),
        can_pay=waits_for_money(order, now),
        can_cancel=placed and not shipped,
        can_reduce=placed and paid and left > 0,
        can_ship=placed and paid and left > 0,
    )


def waits_for_money(order: Order, now: datetime) -> bool:
    """Whether its buyer can pay it."""
    unpaid = order.state == "placed" and order.paid_at is None
    return unpaid and order.pay_until > now and order.total_minor > 0


def _authorisation(order: Order) -> Authorisation:
    if order.state == "draft":
        return "void"
    if order.paid_at is not None:
        return "authorised" if order.total_minor else "free"
    return "awaiting" if order.state == "placed" else "void"


def _charging(order: Order, money: Money) -> Charging:
    del order
    if not money.charged_minor:
        return "none"
    if money.refunding_minor:
        return "refunding"
    if money.refunded_minor:
        return "refunded" if money.refunded_minor >= money.charged_minor else "partly_refunded"
    return "charged"


def _fulfilling(order: Order, shipped: int, left: int, shipments: Sequence[Shipment]) -> Fulfilling:
    if not shipped:
        return "unshipped" if order.state == "placed" else "none"
    if left:
        return "partly_shipped"
    arrived = bool(shipments) and all(one.delivered_at is not None for one in shipments)
    return "delivered" if arrived else "shipped"
