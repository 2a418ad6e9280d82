"""What providers tell: kept always, believed when signed, acted on once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.payments import Signed, charged, failed, notice, refunded, sandbox_ready

from shengeng.kernel.errors import ShopError
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Intent, Money, Taken

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
AMOUNT = 12_900


@pytest.fixture
def shop(stores: Stores) -> Stores:
    sandbox_ready(stores, NOW)
    return stores


def asked_for(shop: Stores, order_id: str = "o1", amount_minor: int = AMOUNT) -> Intent:
    with shop.rows.unit() as uow:
        until = NOW + timedelta(minutes=15)
        return payments.begin(
            uow, order_id, amount_minor, "CNY", "sandbox", until, "http://shop.example/done", NOW
        )


def heard(shop: Stores, sent: Signed, now: datetime = NOW) -> Taken:
    with shop.rows.unit() as uow:
        return payments.take_notice(uow, "sandbox", sent[0], sent[1], now)


def money(shop: Stores, order_id: str = "o1") -> Money:
    with shop.rows.unit() as uow:
        return payments.money(uow, [order_id])[order_id]


def verdicts(shop: Stores) -> Sequence[str]:
    with shop.rows.unit() as uow:
        page = payments.notices_page(uow, verdict=None, order_id=None, before=None, limit=50)
    return sorted(one.verdict for one in page)


def balanced(shop: Stores) -> dict[str, int]:
    """What every account holds; the sum of all of them is nothing."""
    with shop.rows.unit() as uow:
        found = payments.balances(uow)
    assert sum(amount for *_, amount in found) == 0
    return {account: amount for account, _, _, amount in found if amount}


def test_a_payment_is_told_once_however_often_its_notice_comes(shop: Stores) -> None:
    intent = asked_for(shop)
    sent = charged(shop, intent, NOW)
    first = heard(shop, sent)
    assert first.verdict == "accepted"
    assert first.fact is not None
    assert (first.fact.order_id, first.fact.kind, first.fact.amount_minor) == ("o1", "charged", AMOUNT)
    again = [heard(shop, sent) for _ in range(3)]
    assert [(one.verdict, one.fact, one.reply.status) for one in again] == [("duplicate", None, 204)] * 3
    assert money(shop) == Money(AMOUNT, 0, 0)
    assert balanced(shop) == {"provider:sandbox": AMOUNT, "orders": -AMOUNT}
    assert verdicts(shop) == ["accepted", "duplicate", "duplicate", "duplicate"]


@pytest.mark.parametrize("harm", ["body", "signature", "none", "old"])
def test_a_forged_notice_is_kept_refused_and_changes_nothing(shop: Stores, harm: str) -> None:
    headers, body = charged(shop, asked_for(shop), NOW)
    sent: Signed = {
        "body": (headers, body.replace(b"12900", b"12901")),
        "signature": ({name: value[:-1] + "z" for name, value in headers.items()}, body),
        "none": ({}, body),
        "old": (headers, body),
    }[harm]
    taken = heard(shop, sent, NOW + timedelta(hours=1) if harm == "old" else NOW)
    assert (taken.verdict, taken.fact, taken.reply.status) == ("forged", None, 401)
    assert money(shop) == Money()
    assert balanced(shop) == {}
    assert verdicts(shop) == ["forged"]


def test_another_amount_is_parked_and_pays_for_nothing(shop: Stores) -> None:
    taken = heard(shop, charged(shop, asked_for(shop), NOW, amount_minor=1))
    assert (taken.verdict, taken.fact, taken.reply.status) == ("wrong_amount", None, 204)
    assert money(shop) == Money()
    assert balanced(shop) == {"provider:sandbox": 1, "suspense": -1}


def test_money_for_nothing_known_is_parked(shop: Stores) -> None:
    intent = asked_for(shop)
    sent = notice(
        shop,
        NOW,
        {"id": "n", "kind": "charged", "payment": "0" * 32, "ref": "x", "amount_minor": 5, "currency": "CNY"},
    )
    assert heard(shop, sent).verdict == "unknown"
    assert heard(shop, sent).verdict == "duplicate"
    assert heard(shop, charged(shop, intent, NOW)).verdict == "accepted"
    assert balanced(shop) == {"provider:sandbox": AMOUNT + 5, "orders": -AMOUNT, "suspense": -5}


def test_a_late_payment_is_told_as_late(shop: Stores) -> None:
    intent = asked_for(shop)
    with shop.rows.unit() as uow:
        assert payments.cancel(uow, "o1", NOW)
        assert not payments.cancel(uow, "o1", NOW)
    taken = heard(shop, charged(shop, intent, NOW))
    assert taken.verdict == "late"
    assert taken.fact is not None
    assert taken.fact.late
    assert money(shop).charged_minor == AMOUNT


def test_a_failure_that_is_overtaken_by_the_payment_changes_nothing(shop: Stores) -> None:
    intent = asked_for(shop)
    assert heard(shop, charged(shop, intent, NOW)).verdict == "accepted"
    assert heard(shop, failed(shop, intent, NOW)).verdict == "ignored"
    assert money(shop).charged_minor == AMOUNT


def test_a_payment_after_its_failure_counts_all_the_same(shop: Stores) -> None:
    intent = asked_for(shop)
    told = heard(shop, failed(shop, intent, NOW)).fact
    assert told is not None
    assert told.kind == "failed"
    fact = heard(shop, charged(shop, intent, NOW)).fact
    assert fact is not None
    assert fact.late
    assert money(shop).charged_minor == AMOUNT


def test_a_second_payment_of_one_order_goes_back_by_itself(shop: Stores) -> None:
    first = asked_for(shop)
    with shop.rows.unit() as uow:
        payments.cancel(uow, "o1", NOW)
    second = asked_for(shop)
    assert first.id != second.id
    assert heard(shop, charged(shop, second, NOW)).fact is not None
    taken = heard(shop, charged(shop, first, NOW))
    assert (taken.verdict, taken.fact) == ("second", None)
    assert money(shop) == Money(AMOUNT, 0, 0)
    assert balanced(shop) == {"provider:sandbox": 2 * AMOUNT, "orders": -AMOUNT, "refunds_due": -AMOUNT}
    with shop.rows.unit() as uow:
        [back] = payments.refunds(uow, ["o1"])
    assert (back.amount_minor, back.state) == (AMOUNT, "waiting")
    assert heard(shop, refunded(shop, first.id, back, NOW)).fact is None
    assert balanced(shop) == {"provider:sandbox": AMOUNT, "orders": -AMOUNT}


def test_the_order_can_be_held_before_its_payments(shop: Stores) -> None:
    held: list[str] = []
    headers, body = charged(shop, asked_for(shop), NOW)
    with shop.rows.unit() as uow:
        payments.take_notice(uow, "sandbox", headers, body, NOW, claim=lambda _, order: held.append(order))
    assert held == ["o1"]


def test_forged_notices_by_the_thousand_fill_no_disk(shop: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shengeng.trade.payments.api.hearing.FORGED_MOST", 3)
    intent = asked_for(shop)
    assert {heard(shop, ({}, b"x")).reply.status for _ in range(8)} == {401}
    assert verdicts(shop) == ["forged"] * 3
    assert heard(shop, charged(shop, intent, NOW)).verdict == "accepted"
    later = NOW + timedelta(hours=2)
    assert heard(shop, ({}, b"x"), later).verdict == "forged"
    assert len(verdicts(shop)) == 5


def test_what_cannot_be_read_is_kept_and_refused(shop: Stores) -> None:
    taken = heard(shop, notice(shop, NOW, {"kind": "charged", "amount_minor": "all of it"}))
    assert (taken.verdict, taken.reply.status) == ("unreadable", 422)
    with shop.rows.unit() as uow, pytest.raises(ShopError, match="no way to pay called paypal"):
        payments.take_notice(uow, "paypal", {}, b"", NOW)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_of_nothing_is_told_and_kept_nowhere(shop: Stores, amount: int) -> None:
    intent = asked_for(shop)
    assert heard(shop, charged(shop, intent, NOW, amount_minor=amount)).verdict == "wrong_amount"
    with shop.rows.unit() as uow:
        assert payments.charges_page(uow, standing=None, before=None, limit=9) == []
    assert money(shop) == Money()


def test_the_books_say_what_each_transaction_is_about(shop: Stores) -> None:
    intent = asked_for(shop)
    heard(shop, charged(shop, intent, NOW, amount_minor=AMOUNT - 1, ref="less"))
    heard(shop, charged(shop, intent, NOW))
    with shop.rows.unit() as uow:
        first = payments.refund(uow, "o1", 100, "", "a", NOW)
        heard_back = refunded(shop, intent.id, first, NOW)
    heard(shop, heard_back)
    with shop.rows.unit() as uow:
        second = payments.refund(uow, "o1", 200, "", "b", NOW)
        page = payments.transactions_page(uow, account=None, order_id="o1", before=None, limit=50)
        about = sorted(one.about for one in page)
        assert about == ["charged", "refund_promised", "refund_promised", "refunded", "wrong_amount"]
        for state, wanted in (("done", [first.id]), ("waiting", [second.id]), ("failed", [])):
            found = payments.refunds_page(uow, state=state, before=None, limit=9)
            assert [one.id for one in found] == wanted
        every = payments.refunds_page(uow, state=None, before=None, limit=9)
        assert {one.id for one in every} == {first.id, second.id}
        charges = payments.charges_page(uow, standing="parked", before=None, limit=9)
        assert [one.amount_minor for one in charges] == [AMOUNT - 1]
