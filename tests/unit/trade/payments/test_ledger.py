"""Laws of the money: the ledger balances whatever happens, and says the same as every counter beside it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.payments import charged, failed, refunded, sandbox_ready

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Charge, Fact, Intent, Money, Refund

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
_RUNS = itertools.count()
Done = TypeVar("Done")


@pytest.fixture
def shop(stores: Stores) -> Stores:
    sandbox_ready(stores, NOW)
    return stores


class Walk:
    """One order's payments under whatever a provider, a buyer and an operator may do."""

    def __init__(self, shop: Stores) -> None:
        self.shop = shop
        self.order_id = f"o{next(_RUNS)}"
        self.intents: list[Intent] = []
        self.facts: list[Fact] = []
        self.heard = 0

    def act(self, what: str, number: int) -> None:
        try:
            getattr(self, what)(number)
        except ShopError as error:
            assert error.kind in ("refused", "conflict", "invalid"), error  # noqa: PT017

    def begin(self, number: int) -> None:
        with self.shop.rows.unit() as uow:
            until, amount = NOW + timedelta(minutes=15), (100, 250)[number % 2]
            wish = payments.begin(
                uow, self.order_id, amount, "CNY", "sandbox", until, "http://shop.example/", NOW
            )
        self.intents += [] if wish in self.intents else [wish]

    def pay(self, number: int) -> None:
        if self.intents:
            intent = self.intents[number % len(self.intents)]
            ref = f"{intent.id.hex}-{number % 3}"
            self._take(charged(self.shop, intent, NOW, ref=ref))

    def pay_wrongly(self, number: int) -> None:
        if self.intents:
            intent = self.intents[number % len(self.intents)]
            self._take(
                charged(self.shop, intent, NOW, amount_minor=1 + number, ref=f"w{number}{intent.id.hex}")
            )

    def fail(self, number: int) -> None:
        if self.intents:
            self._take(failed(self.shop, self.intents[number % len(self.intents)], NOW))

    def cancel(self, _: int) -> None:
        with self.shop.rows.unit() as uow:
            payments.cancel(uow, self.order_id, NOW)

    def refund(self, number: int) -> None:
        with self.shop.rows.unit() as uow:
            key = f"{self.order_id}-{number % 4}"
            payments.refund(uow, self.order_id, 1 + number * 7, "why", key, NOW)

    def answer_refund(self, number: int) -> None:
        refunds = self._refunds()
        if refunds and self.intents:
            one = refunds[number % len(refunds)]
            self._take(refunded(self.shop, self.intents[0].id, one, NOW, done=number % 3 > 0))

    def again(self, number: int) -> None:
        refunds = self._refunds()
        if refunds:
            with self.shop.rows.unit() as uow:
                payments.try_again(uow, SHELL, NOW, refunds[number % len(refunds)].id)

    def give_parked_back(self, number: int) -> None:
        mine = [one for one in self._charges() if one.standing == "parked"]
        if mine:
            with self.shop.rows.unit() as uow:
                payments.give_parked_back(uow, SHELL, NOW, mine[number % len(mine)].id)

    def _take(self, sent: tuple[dict[str, str], bytes]) -> None:
        with self.shop.rows.unit() as uow:
            taken = payments.take_notice(uow, "sandbox", sent[0], sent[1], NOW)
        self.heard += 1
        self.facts += [taken.fact] if taken.fact else []

    def _refunds(self) -> list[Refund]:
        with self.shop.rows.unit() as uow:
            return sorted(payments.refunds(uow, [self.order_id]), key=lambda one: str(one.id))

    def _charges(self) -> list[Charge]:
        with self.shop.rows.unit() as uow:
            page = payments.charges_page(uow, standing=None, before=None, limit=200)
        return [one for one in page if one.order_id == self.order_id]

    def check(self) -> None:
        with self.shop.rows.unit() as uow:
            money = payments.money(uow, [self.order_id])[self.order_id]
            kept = payments.notices_page(uow, verdict=None, order_id=self.order_id, before=None, limit=200)
        kinds = Counter(fact.kind for fact in self.facts)
        paid = [fact for fact in self.facts if fact.kind == "charged"]
        assert kinds["charged"] <= 1
        assert money.charged_minor == sum(fact.amount_minor for fact in paid)
        told = sum(fact.amount_minor for fact in self.facts if fact.kind == "refunded")
        assert money.refunded_minor == told
        assert money.refunded_minor + money.refunding_minor <= money.charged_minor
        assert len(kept) == self.heard
        check_books(self.shop)


def check_books(shop: Stores) -> None:
    """The ledger says of every account what the charges and refunds beside it say."""
    with shop.rows.unit() as uow:
        held = {account: amount for account, _, _, amount in payments.balances(uow)}
        charges = payments.charges_page(uow, standing=None, before=None, limit=10_000)
    assert sum(held.values()) == 0
    of_orders = [one for one in charges if one.standing == "order"]
    parked = [one for one in charges if one.standing == "parked"]
    assert held.get("orders", 0) == -sum(one.left_minor for one in of_orders)
    assert held.get("suspense", 0) == -sum(one.left_minor for one in parked)
    assert held.get("refunds_due", 0) == -sum(one.refunding_minor for one in charges)
    assert held.get("provider:sandbox", 0) == sum(one.amount_minor - one.refunded_minor for one in charges)


_OFTEN = ("pay", "refund", "answer_refund", "again")
ACTS = st.sampled_from([*_OFTEN, *_OFTEN, "begin", "pay_wrongly", "fail", "cancel", "give_parked_back"])
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 30)), min_size=1, max_size=14)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps=STEPS)
def test_whatever_happens_the_books_agree(shop: Stores, steps: list[tuple[str, int]]) -> None:
    walk = Walk(shop)
    walk.act("begin", 0)
    for what, number in steps:
        walk.act(what, number)
    walk.check()


@pytest.mark.slow
@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps=st.lists(st.tuples(ACTS, st.integers(0, 30)), min_size=5, max_size=40))
def test_whatever_happens_for_long_the_books_agree(shop: Stores, steps: list[tuple[str, int]]) -> None:
    walk = Walk(shop)
    walk.act("begin", 0)
    for what, number in steps:
        walk.act(what, number)
    walk.check()


def _paid(shop: Stores, order_id: str = "o1", amount_minor: int = 12_900) -> Intent:
    with shop.rows.unit() as uow:
        until = NOW + timedelta(minutes=15)
        intent = payments.begin(
            uow, order_id, amount_minor, "CNY", "sandbox", until, "http://shop.example/", NOW
        )
    headers, body = charged(shop, intent, NOW)
    with shop.rows.unit() as uow:
        payments.receive(uow, "sandbox", headers, body, NOW)
    return intent


ROW = "insert into payment_transactions (id, at, cause, about, currency, sides) values "
SIDE = "insert into payment_postings (transaction_id, side, account, amount_minor) values "


@pytest.mark.parametrize(
    "statements",
    [
        (ROW + "(:id, now(), 'x', 'x', 'CNY', 2)",),
        (ROW + "(:id, now(), 'x', 'x', 'CNY', 2)", SIDE + "(:id, 0, 'orders', 5), (:id, 1, 'fees', -4)"),
        (ROW + "(:id, now(), 'x', 'x', 'CNY', 3)", SIDE + "(:id, 0, 'orders', 5), (:id, 1, 'fees', -5)"),
        (SIDE + "(:there, 2, 'orders', 5), (:there, 3, 'fees', -5)",),
        ("update payment_postings set amount_minor = -amount_minor",),
        ("delete from payment_postings",),
        ("truncate payment_transactions cascade",),
        ("update payment_transactions set order_id = 'another'",),
        ("delete from payment_charges",),
        ("update payment_charges set refunded_minor = amount_minor + 1",),
    ],
)
def test_the_database_itself_refuses_what_would_spoil_the_ledger(
    shop: Stores, statements: tuple[str, ...]
) -> None:
    _paid(shop)

    def spoil(uow: UnitOfWork) -> None:
        there = uow.conn.execute(sa.text("select id from payment_transactions")).scalar_one()
        fresh = "00000000-0000-7000-8000-000000000001"
        for statement in statements:
            uow.conn.execute(sa.text(statement), {"id": fresh, "there": there} if ":" in statement else {})

    with pytest.raises(sa.exc.DBAPIError, match=r"ledger|payment_charges"), shop.rows.unit() as uow:
        spoil(uow)
    check_books(shop)


def _at_once(shop: Stores, what: Callable[[UnitOfWork, int], Done], times: int) -> list[Done | ShopError]:
    def run(number: int) -> Done | ShopError:
        try:
            with shop.rows.unit() as uow:
                return what(uow, number)
        except ShopError as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


def test_a_notice_that_comes_many_times_at_once_is_one_fact(shop: Stores) -> None:
    with shop.rows.unit() as uow:
        until = NOW + timedelta(minutes=15)
        intent = payments.begin(uow, "o1", 900, "CNY", "sandbox", until, "http://shop.example/", NOW)
    headers, body = charged(shop, intent, NOW)
    told = _at_once(shop, lambda uow, _: payments.receive(uow, "sandbox", headers, body, NOW), 12)
    assert [one for one in told if isinstance(one, ShopError)] == []
    assert len([one for one in told if isinstance(one, Fact)]) == 1
    check_books(shop)


def test_refunds_at_once_never_exceed_the_charge(shop: Stores) -> None:
    _paid(shop)
    done = _at_once(shop, lambda uow, n: payments.refund(uow, "o1", 2_000, "why", f"k{n}", NOW), 12)
    refused = [one for one in done if isinstance(one, ShopError)]
    assert [one.code for one in refused] == ["refund_too_much"] * 6
    with shop.rows.unit() as uow:
        assert payments.money(uow, ["o1"])["o1"] == Money(12_900, 0, 12_000)
    check_books(shop)


def test_one_key_is_one_refund_also_when_asked_at_once(shop: Stores) -> None:
    _paid(shop)
    done = _at_once(shop, lambda uow, _: payments.refund(uow, "o1", 5_000, "why", "k", NOW).id, 10)
    assert len(set(done)) == 1
    with shop.rows.unit() as uow:
        assert payments.money(uow, ["o1"])["o1"] == Money(12_900, 0, 5_000)
        with pytest.raises(ShopError, match="stands for a refund of 5000"):
            payments.refund(uow, "o1", 4_000, "why", "k", NOW)
    check_books(shop)


def test_wishes_at_once_are_one_payment(shop: Stores) -> None:
    until = NOW + timedelta(minutes=15)

    def begin(uow: UnitOfWork, _: int) -> object:
        return payments.begin(uow, "o1", 900, "CNY", "sandbox", until, "http://shop.example/", NOW).id

    assert len(set(_at_once(shop, begin, 10))) == 1


@pytest.mark.parametrize("amount", [0, -1, 10**12])
def test_an_amount_that_is_none_is_refused(shop: Stores, amount: int) -> None:
    _paid(shop)
    with shop.rows.unit() as uow:
        until = NOW + timedelta(minutes=15)
        with pytest.raises(ShopError, match="whole number from 1"):
            payments.begin(uow, "o2", amount, "CNY", "sandbox", until, "http://shop.example/", NOW)
        with pytest.raises(ShopError, match="whole number from 1"):
            payments.refund(uow, "o1", amount, "why", "k", NOW)
        with pytest.raises(ShopError, match="Nothing was charged for order o2"):
            payments.refund(uow, "o2", 1, "why", "k", NOW)
        with pytest.raises(ShopError, match="Order o1 is paid already"):
            payments.begin(uow, "o1", 5, "CNY", "sandbox", until, "http://shop.example/", NOW)
