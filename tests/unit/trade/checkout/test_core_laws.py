"""Whatever buyers, payers, operators and the clock do in whatever order: nothing is sold twice, money and
totals add up, a key is one order, and what was cancelled comes back exactly once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.factories.payments import charged, failed, refunded
from tests.factories.selling import HOME, NOW, Sold, open_selling, promote, wish_of

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api
from shengeng.trade.checkout.contracts import Placed, View, Wish
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import BatchDraft, Benefit, Limits, PriceSet
from shengeng.trade.stock import api as stock

GOODS = (
    Sold("tea", 1_000, {"store": 5, "central": 4}),
    Sold("cup", 333, {"forward": 6}, cost_minor=200),
    Sold("coat", 9_900, {"central": 9}, supply="presale", quota=4),
    Sold("fridge", 120_000, supply="made_to_order", quota=3),
)
THERE = {"tea": 9, "cup": 6, "coat": 4, "fridge": 3}
SCARCE = {"sold_out", "promotion_ran_out", "coupon_taken", "price_changed", "no_basket"}
USES, BUDGET = 3, 4_000
buyers, skus, few = st.integers(0, 3), st.sampled_from(sorted(THERE)), st.integers(1, 3)
which = st.integers(0, 30)


@dataclass
class Bought:
    """An order in the book: who placed it, what they asked, and what has been told about its money."""

    placed: Placed
    who: Shopper
    wish: Wish
    key: str
    refs: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.placed.order.order_id


class Core(RuleBasedStateMachine):
    """One shop; each walk in a transaction that is rolled back at its end."""

    stores: Stores

    @initialize(first=st.lists(st.tuples(buyers, skus, few), min_size=4, max_size=6))
    def begin(self, first: list[tuple[int, str, int]]) -> None:
        self.now = NOW
        self.book: list[Bought] = []
        self.who = [Shopper(), Shopper(), Shopper(member_id="m-one"), Shopper(member_id="m-two")]
        self.unit = self.stores.rows.unit()
        self.uow: UnitOfWork = self.unit.__enter__()
        for buyer, sku, units in first:
            self.buy(buyer, [(sku, units)], coupon=bool(units % 2), stale=False)

    def teardown(self) -> None:
        if hasattr(self, "uow"):
            self.uow.conn.rollback()
            self.uow.conn.close()

    def done(self, act: Any) -> Any:
        """Do it at a door: refused, it leaves nothing; what is refused is an answer."""
        self.now += timedelta(seconds=1)
        step = self.uow.conn.begin_nested()
        try:
            found = act()
        except ShopError as refused:
            step.rollback()
            return refused.code
        step.commit()
        return found

    def one(self, n: int) -> Bought | None:
        return self.book[n % len(self.book)] if self.book else None

    @rule(
        buyer=buyers,
        lines=st.lists(st.tuples(skus, few), min_size=1, max_size=2),
        coupon=st.booleans(),
        stale=st.booleans(),
    )
    def fill_and_place(self, buyer: int, lines: list[tuple[str, int]], coupon: bool, stale: bool) -> None:
        self.buy(buyer, lines, coupon=coupon, stale=stale)

    def buy(self, buyer: int, lines: list[tuple[str, int]], *, coupon: bool, stale: bool) -> None:
        for sku, units in lines:
            self.keep(buyer, self.done(lambda: api.add(self.uow, self.who[buyer], sku, units, self.now)))  # noqa: B023
        if coupon:
            self.keep(buyer, self.done(lambda: api.add_code(self.uow, self.who[buyer], "WELCOME", self.now)))
        self.place(buyer, stale)
        there = api.basket(self.uow, self.who[buyer])
        for line in there.lines if there else ():
            self.done(lambda: api.set_quantity(self.uow, self.who[buyer], line.line_no, 0, self.now))  # noqa: B023

    def keep(self, buyer: int, kept: Any) -> None:
        if kept.secret:
            self.who[buyer] = Shopper(basket=kept.secret)

    def place(self, buyer: int, stale: bool) -> None:
        who, key = self.who[buyer], f"key-{len(self.book):08}-{self.now.timestamp():.0f}"
        seen: View | None = api.view(self.uow, who, self.now, where=HOME)
        if seen is None:
            return
        wish = wish_of(seen, note=key)
        if stale:
            price = 1_000 + (self.now.second * 7) % 50
            tea = [PriceSet("tea", price)]
            self.done(lambda: pricing.set_prices(self.uow, SHELL, "online", tea, self.now))
        said = self.done(lambda: api.place(self.uow, who, wish, key, self.now))
        if isinstance(said, str):
            assert said in SCARCE, said
            assert api.basket(self.uow, who) == seen.basket
            if not stale and said == "sold_out":
                assert not seen.ready or any(line.quantity > line.left for line in seen.lines) or _twice(seen)
            return
        assert seen.quote is not None
        assert said.order.total_minor == seen.quote.total_minor
        self.book.append(Bought(said, who, wish, key))

    @rule(n=which)
    def place_again(self, n: int) -> None:
        if (one := self.one(n)) is not None:
            said = self.done(lambda: api.place(self.uow, one.who, one.wish, one.key, self.now))
            assert (said.order.order_id, said.again, said.secret) == (one.id, True, one.placed.secret)

    @rule(n=which, second=st.booleans())
    def pay(self, n: int, second: bool) -> None:
        one = self.one(n)
        if one is None or one.placed.intent is None:
            return
        ref = f"ref-{one.id}-{len(one.refs) if second else 0}"
        headers, body = charged(self.stores, one.placed.intent, self.now, ref=ref)
        was = orders.order(self.uow, one.id)
        taken = self.done(lambda: self.hear(headers, body))
        if ref in one.refs:
            assert taken.verdict == "duplicate"
        one.refs.append(ref)
        order = orders.order(self.uow, one.id)
        if taken.fact is not None and was.state == "placed":
            assert order.paid_at is not None, "money in time buys what was held"

    @rule(n=which)
    def fail(self, n: int) -> None:
        if (one := self.one(n)) is not None and one.placed.intent is not None:
            headers, body = failed(self.stores, one.placed.intent, self.now)
            self.done(lambda: self.hear(headers, body))

    def hear(self, headers: dict[str, str], body: bytes) -> Any:
        taken = payments.take_notice(self.uow, "sandbox", headers, body, self.now, claim=orders.claim)
        if taken.fact is not None:
            orders.hear(self.uow, taken.fact, self.now)
        return taken

    @rule(n=which)
    def cancel(self, n: int) -> None:
        if (one := self.one(n)) is not None:
            could = orders.detail(self.uow, one.id, self.now).states.can_cancel
            said = self.done(lambda: orders.cancel(self.uow, one.id, "", self.now))
            assert (not isinstance(said, str)) == could, said

    @rule(n=which, units=few)
    def ship(self, n: int, units: int) -> None:
        one = self.one(n)
        if one is None:
            return
        seen = orders.detail(self.uow, one.id, self.now)
        line = seen.lines[0]
        told = {"carrier": "sf", "tracking_number": "", "location_id": "central"}
        lines = {line.line_no: units}
        said = self.done(lambda: orders.ship(self.uow, SHELL, one.id, self.now, lines=lines, **told))
        if seen.states.can_ship and units <= line.still_open and line.sku != "fridge":
            assert not isinstance(said, str), said
        else:
            assert isinstance(said, str)

    @rule(n=which)
    def money_arrives_back(self, n: int) -> None:
        one = self.one(n)
        if one is None or one.placed.intent is None:
            return
        for back in payments.refunds(self.uow, [one.id]):
            headers, body = refunded(self.stores, one.placed.intent.id, back, self.now)
            self.done(lambda: self.hear(headers, body))  # noqa: B023 (done at once)

    @rule(minutes=st.sampled_from([5, 20, 40]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for order_id in orders.overdue(self.uow, self.now):
            assert self.done(lambda: orders.expire(self.uow, order_id, self.now)) is True  # noqa: B023

    @invariant()
    def goods_add_up(self) -> None:
        if not hasattr(self, "uow"):
            return
        assert stock.faults(self.uow) == []
        sold: Counter[str] = Counter()
        for one in self.book:
            for line in orders.order(self.uow, one.id).lines:
                if orders.order(self.uow, one.id).state == "placed":
                    sold[line.sku] += line.quantity
        supplies = {sku: one.supply for sku in THERE for one in GOODS if one.sku == sku}
        left = stock.available(self.uow, list(THERE), supplies)
        assert {sku: left[sku] + sold[sku] for sku in THERE} == THERE

    @invariant()
    def money_adds_up(self) -> None:
        if not hasattr(self, "uow"):
            return
        self.uow.conn.execute(sa.text("set constraints all immediate"))
        self.uow.conn.execute(sa.text("set constraints all deferred"))
        assert sum(amount for *_, amount in payments.balances(self.uow)) == 0
        stands = payments.money(self.uow, [one.id for one in self.book])
        for one in self.book:
            order, money = orders.order(self.uow, one.id), stands[one.id]
            delivery = order.delivery_minor - order.delivery_discount_minor
            assert order.total_minor == sum(line.total_minor for line in order.lines) + delivery
            for line in order.lines:
                assert sum(cut.amount_minor for cut in line.cuts) == line.discount_minor
            assert 0 <= money.refunded_minor + money.refunding_minor <= money.charged_minor
            if order.state == "placed" and order.paid_at is not None:
                assert order.charged_minor == order.total_minor
                assert money.charged_minor - money.refunded_minor - money.refunding_minor == order.total_minor
            else:
                assert money.charged_minor == money.refunded_minor + money.refunding_minor

    @invariant()
    def promotions_keep_their_limits(self) -> None:
        if not hasattr(self, "uow"):
            return
        standing = [order for one in self.book if (order := orders.order(self.uow, one.id)).state == "placed"]
        for promotion in pricing.promotions(self.uow):
            spent = [step for order in standing for step in order.steps if step.id == promotion.id]
            assert promotion.spent.uses == len(spent)
            assert promotion.spent.minor == sum(step.amount_minor for step in spent)
            limits = promotion.draft.limits
            assert limits.uses is None or promotion.spent.uses <= limits.uses
            assert limits.budget_minor is None or promotion.spent.minor <= limits.budget_minor


def _twice(seen: View) -> bool:
    return any(line.variant is not None and line.variant.supply != "stock" for line in seen.lines)


def walk(stores: Stores, walks: int, steps: int) -> None:
    open_selling(stores, *GOODS)
    promote(stores, Benefit("percent", bp=700), limits=Limits(budget_minor=BUDGET))
    shared = promote(stores, Benefit("amount", amount_minor=250), trigger="coupon")
    with stores.rows.unit() as uow:
        batch = BatchDraft(shared.id, Words("迎新", "Welcome"), code="WELCOME", uses=USES)
        pricing.issue(uow, SHELL, batch, NOW)
    machine = type("Core", (Core,), {"stores": stores})
    profile = settings(
        max_examples=walks, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=profile)


def test_the_core_keeps_its_laws(stores: Stores) -> None:
    walk(stores, walks=5, steps=20)


@pytest.mark.slow
def test_the_core_keeps_its_laws_for_long(stores: Stores) -> None:
    walk(stores, walks=150, steps=50)
