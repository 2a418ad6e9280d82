"""A little selling in a shop that has facts: goods, a member, orders that were paid, or not rightly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.contracts import Rate, Zone
from shengeng.trade.members import api as members
from shengeng.trade.members.contracts import Tier
from shengeng.trade.orders import api as orders
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import BatchDraft, Benefit, Limits, PromotionDraft
from shengeng.trade.stock import api as stock
from tests.factories.payments import charged, sandbox_ready
from tests.factories.selling import HOME, Sold, fill, look, pay, put_up, wish_of
from tests.factories.shelves import PLACES

MEMBER, PHONE = "陆海棠", "13800001234"
GOODS = (
    Sold("counter-scarf", 12_900, {"central": 40}, cost_minor=6_000),
    Sold("counter-tea", 8_800, {"central": 40}),
)
CODE = "COUNTER20"


def sell_a_little(stores: Stores, now: datetime) -> None:
    """Goods, a member in a tier, a promotion with a budget and its code; orders paid, paid short, open.

    The facts hear nothing of it: what they say is other tests' affair.
    """
    sandbox_ready(stores, now)
    with stores.rows.unit() as uow:
        for place in PLACES:
            stock.put_location(uow, SHELL, replace(place, position=place.position + 50), now)
        fulfilment.put_zones(uow, SHELL, [Zone("counter", Words("全国", "China"), "CN")], now)
        name = Words("标准", "Standard")
        rate = Rate("counter", "counter", "standard", name, "CNY", 600, 10_000, 0, None, 1, 3)
        fulfilment.put_rates(uow, SHELL, [rate], now)
        for one in GOODS:
            put_up(uow, one, now)
        members.put_tier(uow, SHELL, Tier("gold", Words("金卡", "Gold"), 1), now)
    who = members.sign_up(
        stores.rows, now, phone=PHONE, name=MEMBER, password="autumn leaves 7", address="192.0.2.7"
    ).shopper
    assert who.member_id is not None
    with stores.rows.unit() as uow:
        members.set_tier(uow, SHELL, {who.member_id: "gold"}, "老客", now)
        members.put_address(uow, who.member_id, HOME, now)
        off = PromotionDraft(
            "online", Words("柜台券", "Counter coupon"), Benefit("amount", amount_minor=2_000)
        )
        opened = replace(off, trigger="coupon", limits=Limits(budget_minor=100_000))
        made = pricing.put_promotion(uow, SHELL, opened, now, state="live")
        pricing.issue(uow, SHELL, BatchDraft(made.id, Words("柜台", "Counter"), code=CODE, uses=50), now)
    _orders(stores, Shopper(member_id=who.member_id), now)
    with stores.rows.unit() as uow:
        orders.taken(uow, [(one.order_id, one.version) for one in orders.outbox(uow)])
        members.take_marks(uow)


def _orders(stores: Stores, who: Shopper, now: datetime) -> None:
    for number, ends in enumerate(("paid", "short", "open")):
        buyer = fill(
            stores, who if ends == "paid" else Shopper(), [(GOODS[0].sku, 1), (GOODS[1].sku, 2)], now
        )
        placed = checkout.place_patiently(
            stores, buyer, wish_of(look(stores, buyer, now)), f"counter-{number}", now
        )
        assert placed.intent is not None
        if ends == "paid":
            pay(stores, placed.intent, now)
        if ends == "short":
            less = placed.intent.amount_minor - 100
            checkout.notice(stores, "sandbox", *charged(stores, placed.intent, now, amount_minor=less), now)
