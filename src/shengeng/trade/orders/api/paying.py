"""What payments make certain, acted on in the same transaction."""

from __future__ import annotations

from datetime import datetime

from shengeng.kernel.errors import ShopError
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment.api import TABLE, DeliveryQuotes
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import Event, EventKind, Order
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Fact
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import COUPON_TAKEN, HELD_OTHERWISE, RAN_OUT, Quote
from shengeng.trade.stock import api as stock

_GONE = frozenset({RAN_OUT.code, COUPON_TAKEN.code, HELD_OTHERWISE.code})


def claim(uow: UnitOfWork, order_id: str) -> None:
    """Wait for an order before anything of its money is touched: everybody locks in this order."""
    store.reading.claim(uow, order_id)


def hear(uow: UnitOfWork, fact: Fact, now: datetime, *, deliveries: DeliveryQuotes = TABLE) -> None:
    """Act on a fact of any kind; one about an order that is not ours changes nothing."""
    if fact.kind == "charged":
        paid(uow, fact, now, deliveries=deliveries)
    elif fact.kind == "refunded":
        _refunded(uow, fact, now)
    elif store.reading.by_ids(uow, [fact.order_id]):
        store.writing.tell(uow, fact.order_id, Event(now, "payment_failed", "buyer", {}))


def paid(uow: UnitOfWork, fact: Fact, now: datetime, *, deliveries: DeliveryQuotes = TABLE) -> bool:
    """Money came for an order: whether it stands now as paid.

    In time: its goods and its delivery are promised, its coupons used up. After its hold ran out: all are had
    again as they were, at the old price; when one cannot be, or the order was cancelled, all of it goes back.
    """
    order = store.reading.locked(uow, fact.order_id)
    if order is None or order.paid_at is not None:
        return False
    if order.state != "cancelled" and _have(uow, order, now, deliveries):
        kind: EventKind = "paid_late" if order.state == "expired" else "paid"
        values = {"state": "placed", "paid_at": now, "ended_at": None, "why": ""}
        charged = order.charged_minor + fact.amount_minor
        told = Event(now, kind, "buyer", {"amount_minor": fact.amount_minor})
        store.writing.change(uow, order, [told], charged_minor=charged, **values)
        return True
    if order.state == "placed":
        deliveries.release(uow, order.order_id, now)
    _send_back(uow, order, fact, now)
    return False


def _have(uow: UnitOfWork, order: Order, now: datetime, deliveries: DeliveryQuotes) -> bool:
    """Delivery, coupons and goods of an order, for good; none of them when one cannot be had any more."""
    step = uow.conn.begin_nested()
    try:
        had = deliveries.confirm(uow, order.order_id, now)
        if had and order.state == "expired":
            pricing.hold(uow, _as_quoted(order), order.order_id, order.member_id, now)
        had = had and (not order.steps or pricing.redeem(uow, order.order_id, now))
        had = had and stock.commit(uow, order.order_id, now, prefer=order.fetched_at)
    except ShopError as refusal:
        if refusal.code not in _GONE:
            raise
        had = False
    if had:
        step.commit()
    else:
        step.rollback()
    return had


def _send_back(uow: UnitOfWork, order: Order, fact: Fact, now: datetime) -> None:
    """The money goes back whole; an order that was still open ends."""
    why = "unobtainable" if order.state != "cancelled" else "cancelled"
    pricing.release(uow, order.order_id, now)
    payments.refund(uow, order.order_id, fact.amount_minor, why, f"late:{fact.intent_id}", now)
    told = [
        Event(now, "unobtainable", "shop", {"amount_minor": fact.amount_minor, "was": order.state}),
        Event(now, "refund_promised", "shop", {"amount_minor": fact.amount_minor}),
    ]
    ended = {} if order.state == "cancelled" else {"state": "cancelled", "ended_at": now, "why": why}
    charged = order.charged_minor + fact.amount_minor
    store.writing.change(uow, order, told, charged_minor=charged, **ended)
    stock.release(uow, order.order_id, now)


def _refunded(uow: UnitOfWork, fact: Fact, now: datetime) -> None:
    order = store.reading.locked(uow, fact.order_id)
    if order is None:
        return
    told = Event(now, "refunded", "shop", {"amount_minor": fact.amount_minor})
    back = order.refunded_minor + fact.amount_minor
    store.writing.change(uow, order, [told], refunded_minor=back)


def _as_quoted(order: Order) -> Quote:
    """The quote that the order was placed by, as far as holding its promotions needs it."""
    return Quote(
        quote_id="",
        channel_id=order.channel_id,
        currency=order.currency,
        tax_inclusive=order.tax_inclusive,
        lines=(),
        delivery_minor=order.delivery_minor,
        delivery_discount_minor=order.delivery_discount_minor,
        delivery_tax_minor=0,
        delivery_cuts=(),
        tax_minor=order.tax_minor,
        total_minor=order.total_minor,
        steps=order.steps,
    )
