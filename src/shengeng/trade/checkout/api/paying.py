"""Paying an order that was placed, and what providers tell about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.checkout.contracts import BAD_RETURN, PAID_OR_OVER
from shengeng.trade.fulfilment.api import TABLE, DeliveryQuotes
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Intent, Taken


def pay(
    uow: UnitOfWork,
    who: Shopper,
    number: str,
    now: datetime,
    *,
    provider: str,
    return_url: str,
    secret: str = "",
) -> Intent:
    """The payment of an order that waits for it, by a way of the buyer's choice: after a failed one, or to
    choose another. Then payments' `present` says where it happens. Refuses an order that is paid or over."""
    if not return_url.startswith(("http://", "https://")) or len(return_url) > 1000:
        raise BAD_RETURN.error(value=return_url[:100])
    order = orders.to_pay(uow, who, number, secret=secret)
    if not orders.waits_for_money(order, now):
        raise PAID_OR_OVER.error(number=order.number)
    back = return_url.replace("{number}", order.number)
    intent = payments.begin(
        uow, order.order_id, order.total_minor, order.currency, provider, order.pay_until, back, now
    )
    return replace(intent, label=order.number)


def notice(
    stores: Stores,
    provider: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    *,
    deliveries: DeliveryQuotes = TABLE,
) -> Taken:
    """Take a provider's notice and act on what it makes certain, in one transaction; done again when two
    reached for the same rows crosswise. Keeps forged ones too; its reply says what the sender is answered."""

    def act(uow: UnitOfWork) -> Taken:
        taken = payments.take_notice(uow, provider, headers, body, now, claim=orders.claim)
        if taken.fact is not None:
            orders.hear(uow, taken.fact, now, deliveries=deliveries)
        return taken

    return stores.rows.patiently(act)
