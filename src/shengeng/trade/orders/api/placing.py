"""An order comes to be."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import Event, Order
from shengeng.trade.orders.methods import new_number

expect = new_number


def put(uow: UnitOfWork, order: Order) -> None:
    """Write a new order, one statement. One without anything to pay is paid already."""
    detail: dict[str, str | int | bool | None] = {"total_minor": order.total_minor, "lines": len(order.lines)}
    tale = [Event(order.placed_at, "placed", "buyer", detail)]
    if order.paid_at is not None:
        tale.append(Event(order.placed_at, "paid", "shop", {"amount_minor": 0}))
    store.writing.add(uow, order, tale)


def prove(basket_secret: str, order_id: str) -> str:
    """What a guest proves an order with: the same from the same basket each time, so that a replay has it."""
    made = hmac.new(basket_secret.encode(), f"order:{order_id}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made[:24]).decode()
