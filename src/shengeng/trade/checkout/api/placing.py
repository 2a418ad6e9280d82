"""The one moment in which a basket becomes an order: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from shengeng.kernel.ids import new_id
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import TRIES, UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import store
from shengeng.trade.checkout.api.baskets import owner_of
from shengeng.trade.checkout.api.lining import buyable, contact_of, line_of, wants_of
from shengeng.trade.checkout.api.viewing import Goods, ask_of, look_up, quoted
from shengeng.trade.checkout.contracts import (
    BAD_KEY,
    BAD_RETURN,
    KEY_LONGEST,
    KEY_USED,
    NO_BASKET,
    NOTE_LONGEST,
    PAY_WITHIN,
    PRICE_CHANGED,
    Placed,
    Wish,
)
from shengeng.trade.fulfilment.api import TABLE, DeliveryQuotes
from shengeng.trade.fulfilment.contracts import DeliveryOption
from shengeng.trade.members import api as members
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import Order
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Intent
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Quote
from shengeng.trade.stock import api as stock

_KEY_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class _Deal:
    """What is agreed before anything scarce is taken."""

    order_id: str
    goods: Goods
    quote: Quote
    option: DeliveryOption


def place_patiently(
    stores: Stores,
    who: Shopper,
    wish: Wish,
    key: str,
    now: datetime,
    *,
    deliveries: DeliveryQuotes = TABLE,
    tries: int = TRIES,
) -> Placed:
    """`place` in a transaction of its own, done again when two reached for the same rows crosswise: what
    doors call. The key makes the repetition harmless."""
    return stores.rows.patiently(lambda uow: place(uow, who, wish, key, now, deliveries=deliveries), tries)


def place(
    uow: UnitOfWork,
    who: Shopper,
    wish: Wish,
    key: str,
    now: datetime,
    *,
    deliveries: DeliveryQuotes = TABLE,
) -> Placed:
    """Make an order of a basket: price and delivery taken again, coupons, payment and goods held with it.

    The same key of the same basket is the same order again, also when both arrive at once; with other
    details it is refused. Refuses a price that is not the one that was shown, what is sold out or not sold
    any more, an empty basket, and details that cannot be used. Refused, nothing has happened.
    """
    clean, asked = _checked(wish), _asked(wish, _key(key))
    owner = owner_of(who)
    there = store.of(uow, owner, lock=True) if owner else None
    if there is None:
        raise NO_BASKET.error()
    used = store.used(uow, there, key)
    if used is not None:
        return _again(uow, who, key, same=used[0] == asked, order_id=used[1])
    if not there.lines:
        raise NO_BASKET.error()
    order_id, until = str(new_id(now)), now + PAY_WITHIN
    goods = buyable(look_up(uow, there, who, now))
    ask = ask_of(uow, goods, clean.where, now)
    option = deliveries.hold(uow, ask, clean.option_id, order_id, until=until, now=now).option
    quote = quoted(uow, goods, who, option, now)
    if quote.quote_id != clean.quote_id:
        raise PRICE_CHANGED.error(total_minor=quote.total_minor)
    order = _order(who, clean, _Deal(order_id, goods, quote, option), now)
    orders.put(uow, order)
    store.became(uow, there, key, asked, order_id=order_id, now=now)
    intent = _intent(uow, order, clean, now) if order.total_minor else None
    if any(step.applied for step in quote.steps):
        pricing.hold(uow, quote, order_id, who.member_id, now)
    stock.hold(uow, order_id, wants_of(goods), until, now, prefer=order.fetched_at)
    if order.paid_at is not None:
        deliveries.confirm(uow, order_id, now)
        pricing.redeem(uow, order_id, now)
        stock.commit(uow, order_id, now)
    return Placed(order, intent, _secret(who, order_id))


def _again(uow: UnitOfWork, who: Shopper, key: str, *, same: bool, order_id: str) -> Placed:
    order = orders.order(uow, order_id)
    if not same:
        raise KEY_USED.error(key=key, number=order.number)
    intents = payments.intents(uow, [order_id])
    return Placed(order, intents[-1] if intents else None, _secret(who, order_id), again=True)


def _secret(who: Shopper, order_id: str) -> str:
    return "" if who.member_id is not None else orders.prove(who.basket, order_id)


def _checked(wish: Wish) -> Wish:
    """Details in their one spelling."""
    where = members.checked(wish.where)
    contact = contact_of(wish.contact)
    if not wish.return_url.startswith(("http://", "https://")) or len(wish.return_url) > 1000:
        raise BAD_RETURN.error(value=wish.return_url[:100])
    return replace(wish, where=where, contact=contact, note=wish.note.strip()[:NOTE_LONGEST])


def _key(key: str) -> str:
    if not _KEY_SHORTEST <= len(key) <= KEY_LONGEST or not key.isprintable():
        raise BAD_KEY.error(limit=KEY_LONGEST)
    return key


def _asked(wish: Wish, key: str) -> bytes:
    """The fingerprint of what was asked under a key."""
    told = msgspec.json.encode((key, wish), order="deterministic")
    return hashlib.sha256(told).digest()


def _order(who: Shopper, wish: Wish, deal: _Deal, now: datetime) -> Order:
    quote, there = deal.quote, deal.goods.basket
    secret = _secret(who, deal.order_id)
    return Order(
        deal.order_id,
        orders.expect(),
        "placed",
        1,
        there.channel_id,
        quote.currency,
        quote.tax_inclusive,
        who.member_id,
        wish.contact,
        wish.lang,
        wish.where,
        deal.option,
        wish.note,
        tuple(line_of(line, deal.goods) for line in sorted(quote.lines, key=lambda one: one.line_no)),
        tuple(step for step in quote.steps if step.applied),
        quote.delivery_minor,
        quote.delivery_discount_minor,
        quote.tax_minor,
        quote.total_minor,
        now,
        now,
        now + PAY_WITHIN,
        anonymous_id=wish.anonymous_id,
        paid_at=None if quote.total_minor else now,
        secret_digest=hashlib.sha256(secret.encode()).digest() if secret else None,
    )


def _intent(uow: UnitOfWork, order: Order, wish: Wish, now: datetime) -> Intent:
    back = wish.return_url.replace("{number}", order.number)
    return payments.begin(
        uow,
        order.order_id,
        order.total_minor,
        order.currency,
        wish.provider,
        order.pay_until,
        back,
        now,
        first=True,
    )
