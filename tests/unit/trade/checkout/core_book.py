"""What the walks of the core's machine are held to: goods, totals, money, promotions and facts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from tests.factories.selling import Sold

from shengeng.kernel.money import split
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.checkout.contracts import Placed, Wish
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import Order
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Bearers
from shengeng.trade.stock import api as stock

GOODS = (
    Sold("tea", 1_000, {"store": 5, "central": 4}),
    Sold("cup", 333, {"forward": 6}, cost_minor=200),
    Sold("coat", 9_900, {"central": 9}, supply="presale", quota=4),
    Sold("fridge", 120_000, supply="made_to_order", quota=3),
)
THERE = {"tea": 9, "cup": 6, "coat": 4, "fridge": 3}
SUPPLIES: dict[str, Any] = {one.sku: one.supply for one in GOODS}
SCARCE = {"sold_out", "promotion_ran_out", "coupon_taken", "price_changed", "no_basket"}
USES, BUDGET, OFF = 3, 4_000, 250
BORNE = Bearers(3_333, 3_333, 3_334)


@dataclass
class Bought:
    """An order in the book: who placed it, what they asked, what was told about its money and given back."""

    placed: Placed
    who: Shopper
    wish: Wish
    key: str
    refs: list[str] = field(default_factory=list)
    given_minor: int = 0
    lies: int = 0

    @property
    def id(self) -> str:
        return self.placed.order.order_id


class Laws:
    """A shop, the orders that a walk has placed in it, and what must be true of both."""

    uow: UnitOfWork
    now: datetime
    book: list[Bought]
    facts: dict[str, int]
    came_minor: int
    went_minor: int

    def known(self) -> Mapping[str, Order]:
        """Every order there is, by its id."""
        page = orders.page(self.uow, self.now, limit=500)
        assert page.total == len(self.book), "an order is there that nobody placed, or one is gone"
        return {row.order.order_id: row.order for row in page.rows}

    def standing(self) -> Mapping[str, Order]:
        return {key: one for key, one in self.known().items() if one.state == "placed"}

    def left_of(self, one: Bought) -> int:
        """What came for an order and has not gone back."""
        money = payments.money(self.uow, [one.id])[one.id]
        return money.charged_minor - money.refunded_minor - money.refunding_minor

    def goods_add_up(self, standing: list[Order]) -> None:
        assert stock.faults(self.uow) == []
        sold: Counter[str] = Counter()
        for order in standing:
            for line in order.lines:
                sold[line.sku] += line.quantity - line.dropped
        left = stock.available(self.uow, list(THERE), SUPPLIES)
        assert {sku: left[sku] + sold[sku] for sku in THERE} == THERE

    def totals_add_up(self, known: Mapping[str, Order]) -> None:
        for order in known.values():
            delivery = order.delivery_minor - order.delivery_discount_minor
            assert order.total_minor == sum(line.total_minor for line in order.lines) + delivery
            firsts = [split(line.total_minor, [1] * line.quantity)[: line.dropped] for line in order.lines]
            assert order.dropped_minor == sum(map(sum, firsts)), "units taken out come to their part"
            for line in order.lines:
                assert line.total_minor == line.subtotal_minor - line.discount_minor
                assert sum(cut.amount_minor for cut in line.cuts) == line.discount_minor
            cuts = [cut for line in order.lines for cut in line.cuts]
            for cut in cuts:
                assert cut.platform_minor + cut.seller_minor + cut.creator_minor == cut.amount_minor
            for step in order.steps:
                assert sum(cut.amount_minor for cut in cuts if cut.id == step.id) == step.amount_minor
                if step.coupon_id is not None and order.subtotal_minor > 2 * OFF + 333 * 6:
                    assert step.amount_minor == OFF, "no part of a cut is lost between the lines"

    def money_adds_up(self, known: Mapping[str, Order]) -> None:
        self.uow.conn.execute(sa.text("set constraints all immediate"))
        self.uow.conn.execute(sa.text("set constraints all deferred"))
        ids = [one.id for one in self.book]
        stands, owed = payments.money(self.uow, ids), 0
        lost: Counter[str] = Counter()
        for back in payments.refunds(self.uow, ids):
            if back.state == "failed" and back.reason != "second":
                lost[back.order_id or ""] += back.amount_minor
        for one in self.book:
            order, money = known[one.id], stands[one.id]
            assert 0 <= money.refunded_minor + money.refunding_minor <= money.charged_minor
            left = money.charged_minor - money.refunded_minor - money.refunding_minor
            owed += left
            paid = order.state == "placed" and order.paid_at is not None and order.total_minor > 0
            kept = order.total_minor - one.given_minor if paid else 0
            assert kept <= left <= kept + lost[one.id], "what is not bought goes back, and nothing else does"
            assert not paid or order.charged_minor == order.total_minor
        self.ledger_says(-owed)

    def ledger_says(self, owed: int) -> None:
        balances: Counter[str] = Counter()
        for account, _, _, amount in payments.balances(self.uow):
            balances[account] += amount
        assert sum(balances.values()) == 0
        assert balances["orders"] == owed, "the ledger knows what is owed for orders"
        assert balances["provider:sandbox"] == self.came_minor - self.went_minor, "and what came and went"

    def promotions_keep_their_limits(self, standing: list[Order]) -> None:
        for promotion in pricing.promotions(self.uow):
            spent = [step for order in standing for step in order.steps if step.id == promotion.id]
            assert promotion.spent.uses == len(spent)
            assert promotion.spent.minor == sum(step.amount_minor for step in spent)
            limits = promotion.draft.limits
            assert limits.uses is None or promotion.spent.uses <= limits.uses
            assert limits.budget_minor is None or promotion.spent.minor <= limits.budget_minor
        used = [order for order in standing for step in order.steps if step.coupon_id is not None]
        for batch in pricing.batches(self.uow):
            paid = sum(order.paid_at is not None for order in used)
            assert (batch.locked, batch.redeemed) == (len(used) - paid, paid), "a coupon is its orders'"

    def facts_hear_of_it(self, known: Mapping[str, Order]) -> None:
        due = {one.order_id: one.version for one in orders.outbox(self.uow, 1_000)}
        for order_id, order in known.items():
            assert due.get(order_id, self.facts.get(order_id)) == order.version, (
                "every version reaches the facts"
            )
