"""Orders that end before they are sent, or lose a part: cancelled, reduced, expired unpaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.fulfilment.api import TABLE, DeliveryQuotes
from shengeng.trade.orders import store
from shengeng.trade.orders.api import finding
from shengeng.trade.orders.contracts import (
    BAD_ORDER_KEY,
    DROP_KEY_USED,
    KEY_LONGEST,
    KEY_SHORTEST,
    NOT_REDUCED_UNPAID,
    NOTHING_OPEN,
    REASON_LONGEST,
    SHIPPED_ALREADY,
    Event,
    LineState,
    Order,
)
from shengeng.trade.orders.methods import line_states
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import NOT_OPEN


def cancel(
    uow: UnitOfWork,
    order_id: str,
    why: str,
    now: datetime,
    *,
    who: Principal | None = None,
    deliveries: DeliveryQuotes = TABLE,
) -> Order:
    """End an order before anything of it was sent: by its buyer, or by an operator (audited).

    Coupons come back (one whose time is over ends), an open payment is closed, what was charged goes back,
    every unit is for sale again exactly once. Refuses an order that is over or of which something has left.
    """
    if who is not None:
        require(who, Role.OPERATOR)
    order = finding.standing(uow, order_id)
    if any(line.shipped for line in _lines(uow, order)):
        raise SHIPPED_ALREADY.error(number=order.number)
    return _end(uow, order, why, now, who=who, deliveries=deliveries)


def reduce(
    uow: UnitOfWork,
    order_id: str,
    units: Mapping[int, int],
    why: str,
    now: datetime,
    *,
    key: str,
    who: Principal | None = None,
    deliveries: DeliveryQuotes = TABLE,
) -> Order:
    """Take units, by line number, out of a paid order before they are sent: by its buyer, or an operator.

    They are for sale again exactly once, and what they came to goes back: their part of the line's total,
    discounts and tax included. What stays keeps its price, cuts and delivery fee as agreed, and the coupon
    stays used. The last units of an order of which nothing was sent cancel it: then all of it comes back.
    The same key again does nothing more. Refuses an unpaid order, and units that are not open.
    """
    if who is not None:
        require(who, Role.OPERATOR)
    if not KEY_SHORTEST <= len(key) <= KEY_LONGEST or not key.isprintable():
        raise BAD_ORDER_KEY.error(limit=KEY_LONGEST)
    order = finding.locked(uow, order_id)
    asked = " ".join(f"{line}:{n}" for line, n in sorted(units.items()))
    if _done_before(uow, order, key, asked):
        return order
    order = finding.standing(uow, order_id)
    if order.paid_at is None:
        raise NOT_REDUCED_UNPAID.error(number=order.number)
    lines = _lines(uow, order)
    _check_open(order, lines, units)
    told = _reduced(order, units, why, key, now=now, who=who)
    whole = sum(units.values()) == sum(line.still_open for line in lines)
    if whole and not any(line.shipped for line in lines):
        return _end(uow, order, why, now, who=who, deliveries=deliveries, before=[told])
    amount = sum(_worth(order, line_no, n) for line_no, n in units.items())
    events = [told, *_money_back(uow, order, now, key=f"drop:{order_id}:{key}", most=amount)]
    store.writing.drop(uow, order_id, units, now)
    store.writing.change(uow, order, events, dropped_minor=order.dropped_minor + amount)
    if who is not None:
        detail: dict[str, audit.Plain] = {"lines": asked, "why": why[:REASON_LONGEST]}
        audit.record(uow, at=now, actor=who.name, action="order.reduced", target=order.number, detail=detail)
    stock.give_back(uow, order_id, now, units)
    return finding.there(uow, order_id)


def overdue(uow: UnitOfWork, now: datetime, limit: int = 200) -> list[str]:
    """Unpaid orders whose time is over, the longest first."""
    return store.reading.overdue(uow, now, limit)


def any_overdue(stores: Stores, now: datetime) -> bool:
    """Whether an unpaid order's time is over."""
    with stores.rows.unit() as uow:
        return bool(overdue(uow, now, 1))


def expire(uow: UnitOfWork, order_id: str, now: datetime, *, deliveries: DeliveryQuotes = TABLE) -> bool:
    """End an order that nobody paid in time and free what it held; False when it was paid or ended before."""
    order = store.reading.locked(uow, order_id)
    if order is None or order.state != "placed" or order.paid_at is not None or order.pay_until > now:
        return False
    deliveries.release(uow, order_id, now)
    pricing.release(uow, order_id, now)
    payments.cancel(uow, order_id, now)
    told = Event(now, "expired", "shop", {})
    store.writing.change(uow, order, [told], state="expired", ended_at=now, why="unpaid")
    stock.release(uow, order_id, now)
    return True


def expire_due(stores: Stores, now: datetime, limit: int = 200, *, deliveries: DeliveryQuotes = TABLE) -> int:
    """End every order whose time is over, each in a transaction of its own; returns how many."""
    with stores.rows.unit() as uow:
        waiting = overdue(uow, now, limit)

    def end(order_id: str) -> bool:
        return stores.rows.patiently(lambda uow: expire(uow, order_id, now, deliveries=deliveries))

    return sum(end(order_id) for order_id in waiting)


def _end(
    uow: UnitOfWork,
    order: Order,
    why: str,
    now: datetime,
    *,
    who: Principal | None,
    deliveries: DeliveryQuotes,
    before: Sequence[Event] = (),
) -> Order:
    order_id, reason = order.order_id, why[:REASON_LONGEST]
    told = [*before, Event(now, "cancelled", who.name if who else "buyer", {"why": reason})]
    deliveries.release(uow, order_id, now)
    pricing.release(uow, order_id, now, redeemed_too=True)
    payments.cancel(uow, order_id, now)
    told += _money_back(uow, order, now, key=f"cancel:{order_id}")
    store.writing.change(uow, order, told, state="cancelled", ended_at=now, why=reason)
    if who is not None:
        audit.record(uow, at=now, actor=who.name, action="order.cancelled", target=order.number)
    if not stock.give_back(uow, order_id, now):
        stock.release(uow, order_id, now)
    return finding.there(uow, order_id)


def _money_back(
    uow: UnitOfWork, order: Order, now: datetime, *, key: str, most: int | None = None
) -> list[Event]:
    """What is left of the charge, or so much of it, goes back."""
    if order.paid_at is None or not order.charged_minor:
        return []
    stands = payments.money(uow, [order.order_id])[order.order_id]
    left = stands.charged_minor - stands.refunded_minor - stands.refunding_minor
    back = left if most is None else min(most, left)
    if not back:
        return []
    payments.refund(uow, order.order_id, back, "cancelled", key, now)
    return [Event(now, "refund_promised", "shop", {"amount_minor": back})]


def _lines(uow: UnitOfWork, order: Order) -> tuple[LineState, ...]:
    aside = stock.reservations(uow, [order.order_id]).get(order.order_id)
    return line_states(order, aside.pieces if aside else ())


def _done_before(uow: UnitOfWork, order: Order, key: str, asked: str) -> bool:
    """Whether a key has taken these units out before; refuses one that took others."""
    mine = [event for event in store.reading.tale(uow, order.order_id) if event.detail.get("key") == key]
    if any(event.detail.get("lines") != asked for event in mine):
        raise DROP_KEY_USED.error(key=key, number=order.number)
    return bool(mine)


def _check_open(order: Order, lines: Sequence[LineState], units: Mapping[int, int]) -> None:
    still = {line.line_no: line.still_open for line in lines}
    for line_no, wanted in units.items():
        if not 0 < wanted <= still.get(line_no, 0):
            left = still.get(line_no, 0)
            raise NOT_OPEN.error(line=line_no, order_id=order.number, left=left, wanted=wanted, place="-")
    if not units:
        raise NOTHING_OPEN.error(number=order.number)


def _worth(order: Order, line_no: int, units: int) -> int:
    """What the next units that are taken out of a line come to."""
    line = next(one for one in order.lines if one.line_no == line_no)
    fewer = replace(line, dropped=line.dropped + units)
    return line.standing_minor(line.total_minor) - fewer.standing_minor(line.total_minor)


def _reduced(
    order: Order, units: Mapping[int, int], why: str, key: str, *, now: datetime, who: Principal | None
) -> Event:
    skus = {line.line_no: line.sku for line in order.lines}
    goods = ", ".join(f"{skus[line_no]} × {n}" for line_no, n in sorted(units.items()))
    asked = " ".join(f"{line_no}:{n}" for line_no, n in sorted(units.items()))
    detail = {"goods": goods[:500], "lines": asked, "key": key, "why": why[:REASON_LONGEST]}
    return Event(now, "reduced", who.name if who else "buyer", detail)
