"""Refunds: who may, when they are asked about, what is sent, what stays owed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.factories.payments import charged, refunded, sandbox_ready
from tests.factories.sandboxes import START, World

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import LIMIT_MINOR
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Intent, Money, Refund, Request, Response, StatementRow, Told
from shengeng.trade.payments.contracts.values import REFUND_TASK
from shengeng.trade.payments.store import moved

VIEWER, OPERATOR = Principal("mei", Role.VIEWER), Principal("wang", Role.OPERATOR)


class Ears(World):
    """A world that notes which calls left."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.calls: list[tuple[str, str]] = []

    def send(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        self.calls.append((request.method, path.split("/")[2]))
        return super().send(request)

    def paid(self, order_id: str = "o1") -> Intent:
        intent, page = self.shown(order_id)
        self.choose(page)
        self.pass_time()
        return intent

    def promised(self, amount_minor: int = 12_900, reason: str = "changed mind", key: str = "k") -> Refund:
        with self.stores.rows.unit() as uow:
            return payments.refund(uow, "o1", amount_minor, reason, key, self.now)

    def sent(self, refund: Refund) -> None:
        self.drive(lambda: payments.send_refund(self.stores, refund.id, self.now, send=self.send))

    def due(self) -> bool:
        with self.stores.rows.unit() as uow:
            return bool(payments.due_refunds(uow, self.now))

    def kept(self) -> Refund:
        with self.stores.rows.unit() as uow:
            [one] = payments.refunds(uow, ["o1"])
        return one


@pytest.fixture
def world(stores: Stores) -> Ears:
    sandbox_ready(stores, START)
    return Ears(stores, START)


def jobs(uow: UnitOfWork) -> list[str]:
    wanted = sa.text("select args->>'refund_id' from jobs.procrastinate_jobs where task_name = :task")
    return list(uow.conn.execute(wanted, {"task": REFUND_TASK}).scalars())


def failing(world: Ears) -> Refund:
    """A refund that its provider would not send."""
    world.paid()
    world.faults(refuse_refunds=True)
    world.refund(12_900)
    world.faults()
    return world.kept()


def test_a_refund_that_is_worked_on_is_asked_about_ever_more_rarely_and_sent_once(world: Ears) -> None:
    world.paid()
    world.faults(refund_delay_s=86_400, lose=True)
    refund = world.promised()
    world.calls.clear()
    world.sent(refund)
    assert world.kept().state == "asked"
    for minutes in (1, 2, 4, 8):
        world.now += timedelta(minutes=minutes, seconds=-1)
        assert not world.due()
        world.now += timedelta(seconds=1)
        assert world.due()
        world.sent(refund)
    assert [method for method, _ in world.calls] == ["POST", "GET", "GET", "GET", "GET"]
    for _ in range(9):
        world.sent(refund)
    world.now += timedelta(days=1, seconds=-1)
    assert not world.due()
    for later in (timedelta(seconds=1), timedelta(hours=1)):
        world.now += later
        assert world.due()


def test_a_refund_whose_job_was_lost_is_sent_after_five_minutes(world: Ears) -> None:
    world.paid()
    refund = world.promised()
    world.now += timedelta(minutes=5, seconds=-1)
    assert not world.due()
    with world.stores.rows.unit() as uow:
        assert not payments.any_unheard(uow, world.now)
        assert payments.refund_providers(uow, [refund.id]) == {refund.id: "sandbox"}
    world.now += timedelta(seconds=1)
    assert world.due()
    with world.stores.rows.unit() as uow:
        assert payments.any_unheard(uow, world.now)
        assert payments.any_unheard(uow, world.now + timedelta(days=1))


def test_a_promised_refund_has_a_job_and_so_has_one_that_is_sent_again(world: Ears) -> None:
    failed = failing(world)
    with world.stores.rows.unit() as uow:
        assert jobs(uow) == [str(failed.id)]
        uow.conn.execute(sa.text("update jobs.procrastinate_jobs set status = 'succeeded'"))
        again = payments.try_again(uow, OPERATOR, world.now, failed.id)
        assert (again.state, again.error) == ("waiting", "")
        assert jobs(uow) == [str(failed.id)] * 2
        newest = audit.newest(uow, limit=1).rows[0]
        assert (newest.actor, newest.action) == ("wang", "payments.refund_again")
        assert newest.target == str(failed.id)


def test_of_several_who_send_a_failed_refund_again_at_once_one_does(world: Ears) -> None:
    world.paid()
    world.faults(refuse_refunds=True)
    world.refund(900)
    failed = world.kept()
    asked = failed.asked_times

    def again(_: int) -> str:
        try:
            with world.stores.rows.unit() as uow:
                return payments.try_again(uow, OPERATOR, world.now, failed.id).state
        except ShopError as refused:
            return refused.code

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(again, range(4))) == ["refund_runs"] * 3 + ["waiting"]
    assert world.kept().asked_times == asked + 1
    assert world.money() == Money(12_900, 0, 900)


def test_a_refund_is_sent_again_by_an_operator_and_parked_money_goes_back_by_an_approver(world: Ears) -> None:
    failed = failing(world)
    with pytest.raises(ShopError) as refused, world.stores.rows.unit() as uow:
        payments.try_again(uow, VIEWER, world.now, failed.id)
    assert refused.value.kind == "forbidden"
    with pytest.raises(ShopError) as refused, world.stores.rows.unit() as uow:
        payments.give_parked_back(uow, OPERATOR, world.now, uuid4())
    assert refused.value.kind == "forbidden"
    assert world.kept().state == "failed"


def test_money_of_an_order_is_not_given_back_as_parked(world: Ears) -> None:
    world.paid()
    with world.stores.rows.unit() as uow:
        [charge] = payments.charges_page(uow, standing="order", before=None, limit=9)
        for wrong in (charge.id, uuid4()):
            with pytest.raises(ShopError) as refused:
                payments.give_parked_back(uow, SHELL, world.now, wrong)
            assert (refused.value.code, refused.value.params) == ("no_charge", {"id": wrong})


def test_a_refund_that_does_not_exist_is_named(world: Ears) -> None:
    nothing = uuid4()
    with pytest.raises(ShopError) as refused, world.stores.rows.unit() as uow:
        payments.try_again(uow, SHELL, world.now, nothing)
    assert (refused.value.code, refused.value.params) == ("no_refund", {"id": nothing})
    with pytest.raises(ShopError) as refused:
        payments.send_refund(world.stores, nothing, world.now, send=world.send)
    assert refused.value.code == "no_refund"


def test_a_provider_that_is_away_leaves_the_refund_promised_and_one_that_says_no_ends_it(world: Ears) -> None:
    world.paid()
    refund = world.promised(reason="x" * 400)
    assert len(refund.reason) == 300

    def away(_: Request) -> Response:
        return Response(503, {}, b"")

    with pytest.raises(ShopError) as refused:
        payments.send_refund(world.stores, refund.id, world.now, send=away)
    assert refused.value.kind == "unavailable"
    assert (world.kept().state, world.money()) == ("waiting", Money(12_900, 0, 12_900))

    def no(_: Request) -> Response:
        return Response(409, {}, b'{"why": "the account is closed"}')

    assert payments.send_refund(world.stores, refund.id, world.now, send=no) is None
    assert (world.kept().state, world.money()) == ("failed", Money(12_900, 0, 0))
    assert "the account is closed" in world.kept().error
    assert payments.send_refund(world.stores, refund.id, world.now, send=world.send) is None


def test_what_is_left_of_a_charge_is_the_most_and_is_named(world: Ears) -> None:
    world.paid()
    world.promised(12_000)
    with pytest.raises(ShopError) as refused:
        world.promised(901, key="other")
    assert refused.value.params == {"amount_minor": 901, "order_id": "o1", "left_minor": 900}
    world.promised(900, key="rest")
    with pytest.raises(ShopError) as refused:
        world.promised(11, key="k")
    assert refused.value.code == "refund_key_reused"
    with world.stores.rows.unit() as uow, pytest.raises(ShopError) as refused:
        payments.refund(uow, "unpaid", 1, "", "u", world.now)
    assert refused.value.code == "not_charged"
    for none in (0, -1, LIMIT_MINOR):
        with world.stores.rows.unit() as uow, pytest.raises(ShopError) as refused:
            payments.refund(uow, "o1", none, "", "n", world.now)
        assert refused.value.params == {"amount_minor": none, "limit": LIMIT_MINOR - 1}


def test_the_arrival_of_a_refund_told_many_times_at_once_is_one_fact(world: Ears) -> None:
    intent, parts = world.paid(), 12
    refund = world.promised()
    sent = refunded(world.stores, intent.id, refund, world.now)

    def hear(_: int) -> int:
        with world.stores.rows.unit() as uow:
            taken = payments.take_notice(uow, "sandbox", sent[0], sent[1], world.now)
        return int(taken.fact is not None)

    with ThreadPoolExecutor(parts) as crowd:
        assert sum(crowd.map(hear, range(parts))) == 1
    assert world.money() == Money(12_900, 12_900, 0)


def test_a_refund_that_was_given_up_and_arrives_all_the_same_is_booked(world: Ears) -> None:
    failed = failing(world)
    with world.stores.rows.unit() as uow:
        [intent] = payments.intents(uow, ["o1"])
        sent = refunded(world.stores, intent.id, failed, world.now)
        taken = payments.take_notice(uow, "sandbox", sent[0], sent[1], world.now)
    assert taken.fact is not None
    assert (taken.fact.kind, taken.fact.amount_minor) == ("refunded", 12_900)
    assert (world.kept().state, world.money()) == ("done", Money(12_900, 12_900, 0))
    with world.stores.rows.unit() as uow:
        assert {amount for _, _, _, amount in payments.balances(uow)} == {0}  # nothing is held, owed or due


@pytest.mark.parametrize("other", ["alipay", "wechat_v3"])
def test_one_provider_says_nothing_about_anothers_payment_or_refund(world: Ears, other: str) -> None:
    intent, _ = world.shown()
    told = Told("n1", "failed", intent.id, None, "", intent.amount_minor, "CNY")
    paid = replace(told, kind="charged", provider_ref="x1")
    with world.stores.rows.unit() as uow:
        assert payments.settle(uow, other, told, world.now) is None
        assert payments.settle(uow, other, paid, world.now) is None
        assert payments.money(uow, ["o1"]).get("o1", Money(0, 0, 0)) == Money(0, 0, 0)
        assert payments.intents(uow, ["o1"])[0].state == "open"
        fact = payments.settle(uow, "sandbox", told, world.now)
        assert fact is not None
        assert (fact.kind, fact.order_id) == ("failed", "o1")
    world.paid("o2")
    with world.stores.rows.unit() as uow:
        refund = payments.refund(uow, "o2", 900, "", "k2", world.now)
        back = Told("n2", "refunded", None, refund.id, "b", 900, "CNY")
        assert payments.settle(uow, other, back, world.now) is None
        more = replace(back, notice_id="n3", amount_minor=901)
        assert payments.settle(uow, "sandbox", more, world.now) is None
        assert payments.money(uow, ["o2"])["o2"] == Money(12_900, 0, 900)
        assert payments.settle(uow, "sandbox", back, world.now) is not None


def test_an_accounts_transactions_are_those_that_touch_it(world: Ears) -> None:
    world.paid()
    world.promised(900)
    with world.stores.rows.unit() as uow:
        for account in ("orders", "refunds_due", "provider:sandbox"):
            found = payments.transactions_page(uow, account=account, order_id=None, before=None, limit=50)
            assert found
            assert all(account in {side.account for side in one.postings} for one in found)
        both = payments.transactions_page(uow, account="orders", order_id="o1", before=None, limit=50)
        assert len(both) == 2
        assert payments.transactions_page(uow, account=None, order_id="o2", before=None, limit=50) == []


def test_a_day_of_a_statement_holds_its_first_moment_and_not_the_next_days(world: Ears) -> None:
    intent = world.paid()
    refund = world.promised(900)
    arrived = START + timedelta(hours=2)
    sent = refunded(world.stores, intent.id, refund, arrived)
    with world.stores.rows.unit() as uow:
        payments.take_notice(uow, "sandbox", sent[0], sent[1], arrived)
        second = timedelta(seconds=1)

        def counted(since: timedelta, until: timedelta) -> tuple[int, int]:
            paid, back = moved.between(uow, "sandbox", arrived + since, arrived + until)
            return len(paid), len(back)

        assert counted(timedelta(), second) == (0, 1)
        assert counted(-second, timedelta()) == (0, 0)
        assert counted(second, 2 * second) == (0, 0)
        came = START - arrived
        assert counted(came, came + second) == (1, 0)
        assert counted(came - second, came) == (0, 0)
        assert moved.between(uow, "wechat", START, arrived + second) == ([], [])


def test_a_statement_finds_what_it_names_by_their_reference_or_ours(world: Ears) -> None:
    intent = world.paid()
    other = world.paid("o2")
    done, going = world.promised(900), world.promised(800, key="second")
    sent = refunded(world.stores, intent.id, done, world.now)
    with world.stores.rows.unit() as uow:
        payments.take_notice(uow, "sandbox", sent[0], sent[1], world.now)
        [charge] = moved.charges_of(uow, ["o1"])

        def found(ref: str, ours: str) -> tuple[list[str], list[str]]:
            row = StatementRow("charge", ref, ours, 1, "CNY")
            paid, back = moved.named(uow, "sandbox", [row])
            return [one.order_id or "" for one in paid], [one.key for one in back]

        assert found(charge.provider_ref, "") == (["o1"], [])
        assert found("?", other.id.hex) == (["o2"], [])
        assert found(f"back-{done.id.hex}", "") == ([], ["k"])
        assert found("?", done.id.hex) == ([], ["k"])
        assert found("?", going.id.hex) == ([], [])  # it has not arrived
        assert found("?", "") == ([], [])


def test_a_late_and_a_double_charge_keep_their_own_money(world: Ears) -> None:
    intent = world.paid()
    twice = charged(world.stores, intent, world.now, ref="another")
    with world.stores.rows.unit() as uow:
        payments.take_notice(uow, "sandbox", twice[0], twice[1], world.now)
        standings = sorted(
            one.standing for one in payments.charges_page(uow, standing=None, before=None, limit=9)
        )
        assert standings == ["order", "parked"]
        assert len(jobs(uow)) == 1
    assert world.money() == Money(12_900, 0, 0)
