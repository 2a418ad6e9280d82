"""Orders that end before they are sent: cancelled by somebody, or expired unpaid; money given back."""

from __future__ import annotations

from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import (
    NO_ORDER,
    NO_REASON,
    NOT_PLACED,
    REASON_LONGEST,
    SHIPPED_ALREADY,
    Event,
    Order,
)
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.stock import api as stock


def cancel(uow: UnitOfWork, order_id: str, why: str, now: datetime, *, who: Principal | None = None) -> Order:
    """End an order before anything of it was sent: by its buyer, or by an operator (audited).

    Coupons come back (one whose time is over ends), an open payment is closed, what was charged goes back,
    every unit is for sale again exactly once. Refuses an order that is over or of which something has left.
    """
    if who is not None:
        require(who, Role.OPERATOR)
    order = _placed(uow, order_id)
    there = stock.reservations(uow, [order_id]).get(order_id)
    if there is not None and any(one.shipped for one in there.pieces):
        raise SHIPPED_ALREADY.error(number=order.number)
    told = [Event(now, "cancelled", who.name if who else "buyer", {"why": why[:REASON_LONGEST]})]
    pricing.release(uow, order_id, now, redeemed_too=True)
    payments.cancel(uow, order_id, now)
    told += _money_back(uow, order, now)
    values = {"state": "cancelled", "ended_at": now, "why": why[:REASON_LONGEST]}
    store.writing.change(uow, order, told, **values)
    if who is not None:
        audit.record(uow, at=now, actor=who.name, action="order.cancelled", target=order.number)
    if not stock.give_back(uow, order_id, now):
        stock.release(uow, order_id, now)
    return _there(uow, order_id)


def refund(
    uow: UnitOfWork, who: Principal, order_id: str, now: datetime, *, amount_minor: int, why: str, key: str
) -> Order:
    """Give a part of the money back, the goods stay (approver); the same key again is the same refund."""
    require(who, Role.APPROVER)
    reason = why.strip()
    if not 0 < len(reason) <= REASON_LONGEST:
        raise NO_REASON.error(limit=REASON_LONGEST)
    order = store.reading.locked(uow, order_id)
    if order is None:
        raise NO_ORDER.error(number=order_id[:60])
    own = f"order:{order_id}:{key}"
    repeated = any(one.key == own for one in payments.refunds(uow, [order_id]))
    payments.refund(uow, order_id, amount_minor, reason, own, now)
    if not repeated:
        detail: dict[str, str | int | bool | None] = {"amount_minor": amount_minor, "why": reason}
        store.writing.change(uow, order, [Event(now, "refund_promised", who.name, detail)])
        told: dict[str, audit.Plain] = {"amount_minor": amount_minor, "why": reason}
        audit.record(uow, at=now, actor=who.name, action="order.refunded", target=order.number, detail=told)
    return _there(uow, order_id)


def overdue(uow: UnitOfWork, now: datetime, limit: int = 200) -> list[str]:
    """Unpaid orders whose time is over, the longest first."""
    return store.reading.overdue(uow, now, limit)


def any_overdue(stores: Stores, now: datetime) -> bool:
    """Whether an unpaid order's time is over."""
    with stores.rows.unit() as uow:
        return bool(overdue(uow, now, 1))


def expire(uow: UnitOfWork, order_id: str, now: datetime) -> bool:
    """End an order that nobody paid in time and free what it held; False when it was paid or ended before."""
    order = store.reading.locked(uow, order_id)
    if order is None or order.state != "placed" or order.paid_at is not None or order.pay_until > now:
        return False
    pricing.release(uow, order_id, now)
    payments.cancel(uow, order_id, now)
    told = Event(now, "expired", "shop", {})
    store.writing.change(uow, order, [told], state="expired", ended_at=now, why="unpaid")
    stock.release(uow, order_id, now)
    return True


def expire_due(stores: Stores, now: datetime, limit: int = 200) -> int:
    """End every order whose time is over, each in a transaction of its own; returns how many."""
    with stores.rows.unit() as uow:
        waiting = overdue(uow, now, limit)
    ended = 0
    for order_id in waiting:
        with stores.rows.unit() as uow:
            ended += expire(uow, order_id, now)
    return ended


def _money_back(uow: UnitOfWork, order: Order, now: datetime) -> list[Event]:
    if order.paid_at is None or not order.charged_minor:
        return []
    stands = payments.money(uow, [order.order_id])[order.order_id]
    left = stands.charged_minor - stands.refunded_minor - stands.refunding_minor
    if not left:
        return []
    payments.refund(uow, order.order_id, left, "cancelled", f"cancel:{order.order_id}", now)
    return [Event(now, "refund_promised", "shop", {"amount_minor": left})]


def _placed(uow: UnitOfWork, order_id: str) -> Order:
    order = store.reading.locked(uow, order_id)
    if order is None:
        raise NO_ORDER.error(number=order_id[:60])
    if order.state != "placed":
        raise NOT_PLACED.error(number=order.number, state=order.state)
    return order


def _there(uow: UnitOfWork, order_id: str) -> Order:
    found = store.reading.by_ids(uow, [order_id])
    assert found
    return found[0]
