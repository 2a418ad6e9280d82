"""A shop whose buyers, payers, operators and clock do whatever they like, and the laws that hold after each
step. What the walks are for stands in test_core_laws.py; that the laws bite, in test_planted_faults.py."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.factories.payments import charged, failed, refunded
from tests.factories.selling import HOME, NOW, open_selling, promote, wish_of
from tests.unit.trade.checkout.core_book import BORNE, BUDGET, GOODS, OFF, SCARCE, THERE, USES, Bought, Laws

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api
from shengeng.trade.checkout.contracts import KEY_USED, View
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import BatchDraft, Benefit, Limits, PriceSet

buyers, skus, few = st.integers(0, 3), st.sampled_from(sorted(THERE)), st.integers(1, 3)
which = st.integers(0, 30)
Lie = Literal["forged", "wrong_amount", "unreadable"]


class Core(Laws, RuleBasedStateMachine):
    """One shop; each walk in a transaction that is rolled back at its end."""

    stores: Stores

    @initialize(first=st.lists(st.tuples(buyers, skus, few), min_size=4, max_size=6), paid=st.integers(1, 4))
    def begin(self, first: list[tuple[int, str, int]], paid: int) -> None:
        self.now = NOW
        self.book: list[Bought] = []
        self.facts: dict[str, int] = {}
        self.came_minor = self.went_minor = 0
        self.who = [Shopper(), Shopper(), Shopper(member_id="m-one"), Shopper(member_id="m-two")]
        self.unit = self.stores.rows.unit()
        self.uow: UnitOfWork = self.unit.__enter__()
        for buyer, sku, units in first:
            self.buy(buyer, [(sku, units)], coupon=bool(units % 2), stale=False)
        for n in range(min(paid, len(self.book))):
            self.pay(n, second=False, late=False)

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
        assert said.order.total_minor == seen.quote.total_minor, "what was shown is what is charged"
        self.book.append(Bought(said, who, wish, key))

    @rule(n=which)
    def place_again(self, n: int) -> None:
        if (one := self.one(n)) is not None:
            said = self.done(lambda: api.place(self.uow, one.who, one.wish, one.key, self.now))
            assert not isinstance(said, str), f"a key that came again was refused: {said}"
            assert (said.order.order_id, said.again, said.secret) == (one.id, True, one.placed.secret)
            other = replace(one.wish, note="something else")
            assert self.done(lambda: api.place(self.uow, one.who, other, one.key, self.now)) == KEY_USED.code

    @rule(n=which, second=st.booleans(), late=st.booleans())
    def pay(self, n: int, second: bool, late: bool) -> None:
        one = self.one(n)
        if one is None or one.placed.intent is None:
            return
        if late:
            self.wait(40)
        ref = f"ref-{one.id}-{len(one.refs) if second else 0}"
        headers, body = charged(self.stores, one.placed.intent, self.now, ref=ref)
        was = orders.order(self.uow, one.id)
        taken = self.done(lambda: self.hear(headers, body))
        if ref in one.refs:
            assert taken.verdict == "duplicate", "a payment told twice came once"
        else:
            assert not one.refs or taken.verdict == "second", "an order is paid once"
            self.came_minor += one.placed.intent.amount_minor
        one.refs.append(ref)
        order = orders.order(self.uow, one.id)
        if taken.fact is not None and was.state == "placed":
            assert order.paid_at is not None, "money in time buys what was held"

    @rule(n=which)
    def fail(self, n: int) -> None:
        if (one := self.one(n)) is not None and one.placed.intent is not None:
            headers, body = failed(self.stores, one.placed.intent, self.now)
            self.done(lambda: self.hear(headers, body))

    @rule(n=which, how=st.sampled_from(["forged", "wrong_amount", "unreadable"]))
    def lie(self, n: int, how: Lie) -> None:
        """A notice that nobody sent, that is torn, or that tells of another amount, pays for nothing."""
        one = self.one(n)
        if one is None or one.placed.intent is None:
            return
        one.lies += 1
        asked, ref = one.placed.intent.amount_minor, f"lie-{one.id}-{one.lies}"
        off = asked - 1 if how == "wrong_amount" else asked
        headers, body = charged(self.stores, one.placed.intent, self.now, amount_minor=off, ref=ref)
        if how == "forged":
            body = json.dumps(json.loads(body) | {"amount_minor": off + 1}).encode()
        elif how == "unreadable":
            body = body[: len(body) // 2]
        was = orders.order(self.uow, one.id)
        taken = self.done(lambda: self.hear(headers, body))
        assert taken.fact is None
        if how == "wrong_amount" and off > 0:
            assert taken.verdict == how
            self.came_minor += off
        assert orders.order(self.uow, one.id) == was

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

    @rule(n=which, line=st.integers(0, 1), units=few)
    def take_out(self, n: int, line: int, units: int) -> None:
        """A buyer does without units of a paid order before they are sent; their part goes back, once."""
        one = self.one(n)
        if one is None:
            return
        was, left = orders.detail(self.uow, one.id, self.now), self.left_of(one)
        of = was.lines[line % len(was.lines)]
        more: Any = {"key": f"drop-{self.now.timestamp():.0f}"}
        said = self.done(lambda: orders.reduce(self.uow, one.id, {of.line_no: units}, "", self.now, **more))
        open_ = was.order.state == "placed" and was.order.paid_at is not None and units <= of.still_open
        assert isinstance(said, str) != open_, said
        if not isinstance(said, str):
            if said.state == "placed":
                one.given_minor += min(left, said.dropped_minor - was.order.dropped_minor)
            again = self.done(
                lambda: orders.reduce(self.uow, one.id, {of.line_no: units}, "", self.now, **more)
            )
            assert again == said, "the same key takes out once"

    @rule(n=which, percent=st.sampled_from([1, 40, 100, 130]))
    def give_back(self, n: int, percent: int) -> None:
        """An approver gives a part of the money back; never more than is left of it."""
        one = self.one(n)
        if one is None:
            return
        left = self.left_of(one)
        amount, key = max(1, left * percent // 100), f"part-{self.now.timestamp():.0f}"
        more: Any = {"amount_minor": amount, "why": "late", "key": key}
        said = self.done(lambda: orders.refund(self.uow, SHELL, one.id, self.now, **more))
        assert isinstance(said, str) == (amount > left), said
        if not isinstance(said, str):
            one.given_minor += amount
            again = self.done(lambda: orders.refund(self.uow, SHELL, one.id, self.now, **more))
            assert again == said, "the same key is the same refund"

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
            assert isinstance(said, str), "nothing leaves that is not paid and open"

    @rule(n=which, done=st.booleans())
    def money_arrives_back(self, n: int, done: bool) -> None:
        """A provider tells of every refund of an order that it arrived, or that it did not."""
        one = self.one(n)
        if one is None or one.placed.intent is None:
            return
        for back in payments.refunds(self.uow, [one.id]):
            headers, body = refunded(self.stores, one.placed.intent.id, back, self.now, done=done)
            taken = self.done(lambda: self.hear(headers, body))  # noqa: B023 (done at once)
            if back.state == "done":
                assert taken.verdict == "duplicate", "money goes back once"
            elif done and taken.verdict == "accepted":
                self.went_minor += back.amount_minor

    @rule(n=which)
    def send_again(self, n: int) -> None:
        """An operator sends what did not arrive once more."""
        one = self.one(n)
        for back in payments.refunds(self.uow, [one.id]) if one else ():
            if back.state == "failed":
                self.done(lambda: payments.try_again(self.uow, SHELL, self.now, back.id))  # noqa: B023

    @rule(minutes=st.sampled_from([5, 20, 40]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for order_id in orders.overdue(self.uow, self.now):
            assert self.done(lambda: orders.expire(self.uow, order_id, self.now)) is True  # noqa: B023
        late = [one for one in self.standing().values() if one.paid_at is None and one.pay_until <= self.now]
        assert not late, "who does not pay in time holds nothing"

    @rule(most=st.integers(1, 5))
    def facts_are_taken(self, most: int) -> None:
        """What waits for the facts is taken, the longest first."""
        out = [(one.order_id, one.version) for one in orders.outbox(self.uow, most)]
        orders.taken(self.uow, out)
        self.facts |= dict(out)

    @invariant()
    def laws(self) -> None:
        if not hasattr(self, "uow"):
            return
        known = self.known()
        standing = [one for one in known.values() if one.state == "placed"]
        self.goods_add_up(standing)
        self.totals_add_up(known)
        self.money_adds_up(known)
        self.promotions_keep_their_limits(standing)
        self.facts_hear_of_it(known)


def _twice(seen: View) -> bool:
    return any(line.variant is not None and line.variant.supply != "stock" for line in seen.lines)


def open_core(stores: Stores) -> None:
    """A shop with something of everything, a promotion with a budget and a coupon with few uses."""
    open_selling(stores, *GOODS)
    promote(stores, Benefit("percent", bp=700), limits=Limits(budget_minor=BUDGET))
    shared = promote(stores, Benefit("amount", amount_minor=OFF), trigger="coupon", bearers=BORNE)
    with stores.rows.unit() as uow:
        batch = BatchDraft(shared.id, Words("迎新", "Welcome"), code="WELCOME", uses=USES)
        pricing.issue(uow, SHELL, batch, NOW)


def walk(stores: Stores, walks: int, steps: int, *, seeded: bool = False) -> None:
    """Walk through the core. A walk that breaks a law is told as it was: to shorten it would walk it some
    hundred times more, which takes longer than reading it."""
    machine = type("Core", (Core,), {"stores": stores})
    profile = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        derandomize=seeded,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)
