"""Orders looked at: by the shop, by their member, by a guest who proves theirs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import NO_ORDER, Detail, Figures, Order, OrderPage, OrderRow
from shengeng.trade.orders.methods import clean_number, line_states, states
from shengeng.trade.payments import api as payments
from shengeng.trade.stock import api as stock

Before = tuple[datetime, str]


def order(uow: UnitOfWork, order_id: str) -> Order:
    """One order; not_found where there is none."""
    found = store.reading.by_ids(uow, [order_id])
    if not found:
        raise NO_ORDER.error(number=order_id[:60])
    return found[0]


def numbers(uow: UnitOfWork, order_ids: Collection[str]) -> Mapping[str, str]:
    """The numbers that people are told, by id; of orders that are there."""
    return store.reading.numbers(uow, order_ids) if order_ids else {}


def detail(uow: UnitOfWork, order_id: str, now: datetime) -> Detail:
    """One order with its states, goods, money, parcels, everything that happened, and the shop's notes."""
    return replace(_detail(uow, order(uow, order_id), now), notes=store.notes.of(uow, order_id))


def page(
    uow: UnitOfWork,
    now: datetime,
    *,
    query: str = "",
    state: str = "",
    before: Before | None = None,
    limit: int = 50,
) -> OrderPage:
    """Orders for people of the shop, newest first. state: a stored one, unpaid or paid; query: a number or
    its beginning, a contact, a recipient, a member or a variant. before: the last row's moment and id."""
    wanted = query.strip()
    found = store.reading.page(uow, query=wanted, state=state, before=before, limit=limit + 1)
    counted = store.reading.total(uow, query=wanted, state=state)
    return OrderPage(_rows(uow, found[:limit], now), counted, len(found) > limit)


def mine(
    uow: UnitOfWork, shopper: Shopper, now: datetime, *, before: Before | None = None, limit: int = 20
) -> OrderPage:
    """A member's own orders, newest first; guests are refused."""
    found = store.reading.page(uow, member_id=shopper.me, before=before, limit=limit + 1)
    counted = store.reading.total(uow, member_id=shopper.me)
    return OrderPage(_rows(uow, found[:limit], now), counted, len(found) > limit)


def seen_by(uow: UnitOfWork, shopper: Shopper, number: str, now: datetime, *, secret: str = "") -> Detail:
    """An order for its buyer: a member's own, or whoever has its secret. Anybody else's is not_found."""
    found = store.reading.by_number(uow, clean_number(number))
    if found is None or not _may_see(found, shopper, secret):
        raise NO_ORDER.error(number=number[:40])
    return _detail(uow, found, now)


def to_pay(uow: UnitOfWork, shopper: Shopper, number: str, *, secret: str = "") -> Order:
    """The same for a buyer about to pay: nobody else changes the order until the transaction ends."""
    found = store.reading.by_number(uow, clean_number(number))
    if found is None or not _may_see(found, shopper, secret):
        raise NO_ORDER.error(number=number[:40])
    return store.reading.locked(uow, found.order_id) or found


def track(uow: UnitOfWork, number: str, contact: str, now: datetime) -> Detail:
    """An order for a guest who knows its number and its phone number or e-mail address; else not_found."""
    found = store.reading.by_number(uow, clean_number(number))
    if found is None or not _reaches(found, contact):
        raise NO_ORDER.error(number=number[:40])
    return _detail(uow, found, now)


def first_order(uow: UnitOfWork, member_id: str | None) -> bool:
    """Whether a member has no order yet that stands; guests cannot show it."""
    return member_id is not None and not store.reading.has_orders(uow, member_id)


def figures(uow: UnitOfWork, since: datetime, until: datetime) -> Sequence[Figures]:
    """What the orders placed in a time come to: placed, paid, net; by currency."""
    return store.reading.figures(uow, since, until)


def _may_see(found: Order, shopper: Shopper, secret: str) -> bool:
    if found.state == "draft":
        return False
    if found.member_id is not None:
        return shopper.member_id == found.member_id
    given = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
    return found.secret_digest is not None and hmac.compare_digest(given, found.secret_digest)


def _reaches(found: Order, contact: str) -> bool:
    """Whether somebody names the order's e-mail address, its phone number, or the recipient's."""
    if found.state == "draft":
        return False
    told = _bare(contact)
    known = (found.contact.email, found.contact.phone, found.where.phone if found.where else None)
    same = [hmac.compare_digest(told, _bare(one)) for one in known if one]
    return bool(told) and any(same)


def _bare(contact: str) -> bytes:
    if "@" in contact:
        return contact.strip().lower().encode("utf-8", "replace")
    figures_only = "".join(sign for sign in contact if sign.isascii() and sign.isdigit())
    return (figures_only.removeprefix("86") if len(figures_only) > 11 else figures_only).encode()


def _rows(uow: UnitOfWork, found: Sequence[Order], now: datetime) -> tuple[OrderRow, ...]:
    """Orders with their states, in few statements however many there are."""
    ids = [one.order_id for one in found]
    there, money = stock.reservations(uow, ids), payments.money(uow, ids)
    sent = fulfilment.shipments(uow, ids)
    rows = []
    for one in found:
        aside = there.get(one.order_id)
        lines = line_states(one, aside.pieces if aside else ())
        rows.append(OrderRow(one, states(one, lines, money[one.order_id], sent.get(one.order_id, ()), now)))
    return tuple(rows)


def _detail(uow: UnitOfWork, found: Order, now: datetime) -> Detail:
    aside = stock.reservations(uow, [found.order_id]).get(found.order_id)
    lines = line_states(found, aside.pieces if aside else ())
    money = payments.money(uow, [found.order_id])[found.order_id]
    sent = fulfilment.shipments(uow, [found.order_id]).get(found.order_id, ())
    tale = store.reading.tale(uow, found.order_id)
    return Detail(found, states(found, lines, money, sent, now), lines, money, sent, tale)
