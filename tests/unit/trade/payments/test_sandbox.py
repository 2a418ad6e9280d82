"""Shop and sandbox over real HTTP bodies and signatures: every fault ends where it should."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from tests.factories.payments import sandbox_ready
from tests.factories.sandboxes import START, World

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Money


@pytest.fixture
def world(stores: Stores) -> World:
    sandbox_ready(stores, START)
    return World(stores, START)


def test_a_buyer_pays_and_the_shop_hears_of_it_once(world: World) -> None:
    _, page = world.shown()
    shown = world.sandbox.get(page, headers={"accept-language": "en"}).text
    assert "No money moves" in shown
    assert "¥129.00" in shown
    assert "No. SG-1" in shown
    world.choose(page)
    world.choose(page)
    assert world.pass_time() == 1
    assert world.pass_time(60) == 0
    assert [fact.kind for fact in world.facts] == ["charged"]
    assert world.money() == Money(12_900, 0, 0)


def test_showing_an_intent_twice_is_one_payment(world: World) -> None:
    intent, page = world.shown()
    world.now += timedelta(minutes=5)
    again = payments.present(world.stores, intent.id, world.now, send=world.send)
    assert urlsplit(again.url).path == page
    assert world.book.one("select count(*) as n from payments") == {"n": 1}


@pytest.mark.parametrize(
    "faults",
    [{"copies": 3}, {"forge": True}, {"delay_s": 30}, {"reorder": True}, {"copies": 4, "reorder": True}],
)
def test_no_fault_of_notices_changes_what_was_paid(world: World, faults: dict[str, object]) -> None:
    world.faults(**faults)
    _, page = world.shown()
    world.choose(page)
    world.pass_time()
    world.pass_time(40)
    assert [fact.amount_minor for fact in world.facts] == [12_900]
    assert world.money() == Money(12_900, 0, 0)


def test_a_notice_comes_again_until_the_shop_takes_it(world: World) -> None:
    _, page = world.shown()
    world.shop_away = True
    world.choose(page)
    assert [world.pass_time(), world.pass_time(1), world.pass_time(2)] == [1, 1, 1]
    world.shop_away = False
    world.pass_time(4)
    assert world.money().charged_minor == 12_900
    assert world.pass_time(9_999) == 0


def test_a_lost_notice_is_asked_for(world: World) -> None:
    world.faults(lose=True)
    intent, page = world.shown()
    world.choose(page)
    assert world.pass_time(10) == 0
    with world.stores.rows.unit() as uow:
        assert payments.unheard(uow, world.now) == []
        assert payments.unheard(uow, world.now + timedelta(seconds=30)) == [intent.id]
    world.drive(lambda: payments.ask(world.stores, intent.id, world.now, send=world.send))
    assert [fact.kind for fact in world.facts] == ["charged"]
    with world.stores.rows.unit() as uow:
        assert payments.unheard(uow, world.now + timedelta(days=1)) == []


def test_an_undecided_payment_is_asked_about_ever_more_rarely_and_then_no_more(world: World) -> None:
    intent, _ = world.shown()
    asked = 0
    for _ in range(400):
        world.now += timedelta(minutes=30)
        with world.stores.rows.unit() as uow:
            due = payments.unheard(uow, world.now)
        if due:
            asked += 1
            assert payments.ask(world.stores, intent.id, world.now, send=world.send) is None
    assert asked == 40


def test_another_amount_than_asked_is_not_taken_for_payment(world: World) -> None:
    world.faults(wrong_amount=True)
    _, page = world.shown()
    world.choose(page)
    world.pass_time()
    assert world.facts == []
    assert world.money() == Money()
    with world.stores.rows.unit() as uow:
        [parked] = payments.charges_page(uow, standing="parked", before=None, limit=5)
    assert (parked.why, parked.amount_minor) == ("wrong_amount", 12_901)


def test_a_failed_payment_leaves_the_order_open_for_another(world: World) -> None:
    first, page = world.shown()
    world.choose(page, "fail")
    world.pass_time()
    assert [fact.kind for fact in world.facts] == ["failed"]
    second, page = world.shown()
    assert second.id != first.id
    world.choose(page)
    world.pass_time()
    assert world.money().charged_minor == 12_900


def test_a_closed_payment_takes_no_money(world: World) -> None:
    intent, page = world.shown()
    with world.stores.rows.unit() as uow:
        payments.cancel(uow, "o1", world.now)
    payments.close_outside(world.stores, intent.id, world.now, send=world.send)
    world.choose(page)
    assert world.pass_time() == 0
    assert "已关闭" in world.sandbox.get(page).text
    with pytest.raises(ShopError, match="cannot be paid any more"):
        payments.present(world.stores, intent.id, world.now, send=world.send)


def test_a_provider_that_is_away_charges_nothing_and_can_be_asked_again(world: World) -> None:
    world.faults(away=True)
    with pytest.raises(ShopError) as refused:
        world.shown()
    assert refused.value.kind == "unavailable"
    world.faults()
    _, page = world.shown()
    world.choose(page)
    world.pass_time()
    assert world.money().charged_minor == 12_900


def test_a_refund_arrives_once(world: World) -> None:
    _, page = world.shown()
    world.choose(page)
    world.pass_time()
    world.refund(2_900)
    world.refund(2_900)
    world.pass_time(5)
    assert [(fact.kind, fact.amount_minor) for fact in world.facts][1:] == [("refunded", 2_900)]
    assert world.money() == Money(12_900, 2_900, 0)


def test_a_slow_refund_is_on_its_way_until_it_arrives(world: World) -> None:
    _, page = world.shown()
    world.choose(page)
    world.pass_time()
    world.faults(refund_delay_s=600, lose=True)
    world.refund(12_900)
    assert world.money() == Money(12_900, 0, 12_900)
    world.now += timedelta(minutes=11)
    with world.stores.rows.unit() as uow:
        [due] = payments.due_refunds(uow, world.now)
    world.drive(lambda: payments.send_refund(world.stores, due, world.now, send=world.send))
    assert world.money() == Money(12_900, 12_900, 0)


def test_a_refused_refund_is_owed_again_and_can_be_sent_again(world: World) -> None:
    _, page = world.shown()
    world.choose(page)
    world.pass_time()
    world.faults(refuse_refunds=True)
    world.refund(12_900)
    assert world.money() == Money(12_900, 0, 0)
    world.faults()
    with world.stores.rows.unit() as uow:
        [failed] = payments.refunds(uow, ["o1"])
        assert failed.state == "failed"
        payments.try_again(uow, SHELL, world.now, failed.id)
    world.drive(lambda: payments.send_refund(world.stores, failed.id, world.now, send=world.send))
    world.pass_time(5)
    assert world.money() == Money(12_900, 12_900, 0)


def test_only_who_has_the_secret_can_ask_the_sandbox(world: World) -> None:
    assert world.sandbox.get("/v1/faults").status_code == 401
    assert world.sandbox.post("/v1/payments", json={}).status_code == 401
    assert world.sandbox.get("/pay/" + "0" * 32).status_code == 404
    assert world.sandbox.post("/pay/" + "0" * 32, data={"choice": "pay"}).status_code == 409
