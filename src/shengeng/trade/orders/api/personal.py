"""A person's orders, for their copy and their erasure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import Order
from shengeng.trade.orders.store import persons
from shengeng.trade.payments import api as payments


def export_person(
    uow: UnitOfWork, member_ids: Collection[str], numbers: Collection[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """A person's orders and payments in plain values. numbers: guests' orders that are known to be theirs."""
    found = store.reading.of_person(uow, member_ids, numbers)
    money = payments.export_orders(uow, [one.order_id for one in found])
    told = {one.order_id: [note.text for note in store.notes.of(uow, one.order_id)] for one in found}
    return {"shop_orders": [_plain(one) | {"notes": told[one.order_id]} for one in found], **money}


def erase_person(uow: UnitOfWork, member_ids: Collection[str], numbers: Collection[str] = ()) -> int:
    """Orders lose who bought them and stay with goods and amounts, as accounting must keep them."""
    found = [one.order_id for one in store.reading.of_person(uow, member_ids, numbers)]
    if not found:
        return 0
    payments.erase_orders(uow, found)
    store.notes.forget(uow, found)
    return store.writing.unname(uow, found)


def numbers_of(
    uow: UnitOfWork, emails: Collection[str], phones: Collection[str], devices: Collection[str]
) -> list[str]:
    """A person's guest orders: by the hashes of their contacts and by devices, as identity knows them."""
    return persons.numbers_by(uow, emails, phones, devices)


def _plain(order: Order) -> dict[str, Any]:
    to = order.where
    return {
        "number": order.number,
        "state": order.state,
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "refunded_minor": order.refunded_minor,
        "email": order.contact.email,
        "phone": order.contact.phone,
        "address": f"{to.recipient} {to.phone} {to.region} {to.city} {to.line}" if to else None,
        "note": order.note,
        "lines": [f"{line.quantity} x {line.sku} {line.title.en}" for line in order.lines],
    }
