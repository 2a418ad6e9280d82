"""Orders that operators write for somebody, and place when it is agreed; the buyer pays at the storefront."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.checkout.api.lining import buyable, contact_of, line_of, wants_of
from shengeng.trade.checkout.api.viewing import Goods, ask_of, look_up, quoted
from shengeng.trade.checkout.contracts import (
    BAD_HOURS,
    BAD_QUANTITY,
    BAD_RETURN,
    BASKET_FULL,
    CHANNEL,
    DRAFT_HOURS,
    DRAFT_HOURS_MOST,
    LINES_MOST,
    NO_BASKET,
    NOTE_LONGEST,
    PRICE_CHANGED,
    UNITS_MOST,
    Basket,
    BasketLine,
    Draft,
    Placed,
)
from shengeng.trade.fulfilment.api import TABLE, DeliveryQuotes
from shengeng.trade.fulfilment.contracts import NO_DELIVERY, DeliveryOption
from shengeng.trade.members import api as members
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import NOT_PLACED, Order
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Quote
from shengeng.trade.stock import api as stock


@dataclass(frozen=True, slots=True)
class Costing:
    """What a draft comes to now."""

    goods: Goods
    option: DeliveryOption
    quote: Quote


def write_draft(
    uow: UnitOfWork,
    who: Principal,
    draft: Draft,
    now: datetime,
    *,
    order_id: str = "",
    deliveries: DeliveryQuotes = TABLE,
) -> Order:
    """Keep what somebody wants as a draft, with the prices of this moment (operator); order_id: in place of
    that draft. Nothing is held. Refuses what is not sold, and what is not delivered there."""
    require(who, Role.OPERATOR)
    was = orders.claim_draft(uow, who, order_id) if order_id else None
    if was is not None and was.state != "draft":
        raise NOT_PLACED.error(number=was.number, state=was.state)
    draft = replace(draft, where=members.checked(draft.where), contact=contact_of(draft.contact))
    order = _order(draft, _costing(uow, draft, now, deliveries), now)
    if was is not None:
        order = replace(order, order_id=was.order_id, number=was.number)
    orders.put_draft(uow, who, order, now, anew=was is not None)
    return order


def place_draft(
    uow: UnitOfWork,
    who: Principal,
    order_id: str,
    now: datetime,
    *,
    total_minor: int,
    provider: str,
    return_url: str,
    hours: int = DRAFT_HOURS,
    deliveries: DeliveryQuotes = TABLE,
) -> Placed:
    """Make an order of a draft (operator): priced again, everything held as at a checkout, for some hours.

    total_minor: what the operator saw and told; another price is told, not charged. Placed again it is the
    order that it became. Its buyer pays at the storefront, by the order's number and their contact.
    """
    if not 1 <= hours <= DRAFT_HOURS_MOST:
        raise BAD_HOURS.error(limit=DRAFT_HOURS_MOST)
    if not return_url.startswith(("http://", "https://")) or len(return_url) > 1000:
        raise BAD_RETURN.error(value=return_url[:100])
    was = orders.claim_draft(uow, who, order_id)
    if was.state == "placed":
        there = payments.intents(uow, [order_id])
        return Placed(was, there[-1] if there else None, again=True)
    if was.state != "draft":
        raise NOT_PLACED.error(number=was.number, state=was.state)
    costing = _costing(uow, _draft_of(was), now, deliveries)
    if costing.quote.total_minor != total_minor:
        raise PRICE_CHANGED.error(total_minor=costing.quote.total_minor)
    until = now + timedelta(hours=hours)
    ask = ask_of(uow, costing.goods, _draft_of(was).where, now)
    deliveries.hold(uow, ask, costing.option.option_id, order_id, until=until, now=now)
    order = replace(
        _order(_draft_of(was), costing, now),
        order_id=order_id,
        number=was.number,
        state="placed",
        pay_until=until,
        paid_at=None if total_minor else now,
    )
    orders.agree(uow, who, order, now)
    intent = None
    if order.paid_at is None:
        back = return_url.replace("{number}", order.number)
        intent = payments.begin(uow, order_id, total_minor, order.currency, provider, until, back, now)
    if any(step.applied for step in costing.quote.steps):
        pricing.hold(uow, costing.quote, order_id, order.member_id, now)
    stock.hold(uow, order_id, wants_of(costing.goods), until, now, prefer=order.fetched_at)
    if order.paid_at is not None:
        deliveries.confirm(uow, order_id, now)
        pricing.redeem(uow, order_id, now)
        stock.commit(uow, order_id, now)
    return Placed(order, intent)


def _costing(uow: UnitOfWork, draft: Draft, now: datetime, deliveries: DeliveryQuotes) -> Costing:
    if not draft.units:
        raise NO_BASKET.error()
    if len(draft.units) > LINES_MOST:
        raise BASKET_FULL.error(limit=LINES_MOST)
    wrong = next((n for n in draft.units.values() if not 0 < n <= UNITS_MOST), None)
    if wrong is not None:
        raise BAD_QUANTITY.error(value=wrong, limit=UNITS_MOST)
    tier = members.member(uow, draft.member_id).tier if draft.member_id else None
    buyer = Shopper(member_id=draft.member_id, tier=tier)
    lines = tuple(BasketLine(n, sku, units) for n, (sku, units) in enumerate(draft.units.items(), 1))
    goods = buyable(look_up(uow, Basket(new_id(now), draft.member_id, CHANNEL, lines, (), now), buyer, now))
    options = deliveries.quote(uow, ask_of(uow, goods, draft.where, now), now)
    wanted = [one for one in options if draft.option_id in ("", one.option_id)]
    if not wanted:
        raise NO_DELIVERY.error(option=draft.option_id[:60] or "-", region=draft.where.region[:60])
    return Costing(goods, wanted[0], quoted(uow, goods, buyer, wanted[0], now))


def _draft_of(order: Order) -> Draft:
    assert order.where is not None, "a draft has somewhere to go"
    units = {line.sku: line.quantity for line in order.lines}
    return Draft(
        units, order.contact, order.where, order.delivery.option_id, order.member_id, order.lang, order.note
    )


def _order(draft: Draft, costing: Costing, now: datetime) -> Order:
    quote = costing.quote
    lines = sorted(quote.lines, key=lambda line: line.line_no)
    return Order(
        order_id=str(new_id(now)),
        number=orders.expect(),
        state="draft",
        version=1,
        channel_id=quote.channel_id,
        currency=quote.currency,
        tax_inclusive=quote.tax_inclusive,
        member_id=draft.member_id,
        contact=draft.contact,
        lang=draft.lang,
        where=draft.where,
        delivery=costing.option,
        note=draft.note.strip()[:NOTE_LONGEST],
        lines=tuple(line_of(line, costing.goods) for line in lines),
        steps=tuple(step for step in quote.steps if step.applied),
        delivery_minor=quote.delivery_minor,
        delivery_discount_minor=quote.delivery_discount_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        placed_at=now,
        changed_at=now,
        pay_until=now,
    )
