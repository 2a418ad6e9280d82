"""WeChat Pay and Alipay: what we send holds by their documents, and only what they signed is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from tests.factories.providers import AlipaySide, Pair, Wechat

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Device, Intent, Money, Screen, Send, Taken

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
AMOUNT = 12_900


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, Pair]:
    return Pair(), Pair()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def wechat(stores: Stores, pairs: tuple[Pair, Pair], keys: Path) -> Wechat:
    side = Wechat(NOW, *pairs)
    _switch_on(stores, "wechat_v3", side.settings(keys))
    return side


@pytest.fixture
def alipay(stores: Stores, pairs: tuple[Pair, Pair], keys: Path) -> AlipaySide:
    side = AlipaySide(*pairs)
    _switch_on(stores, "alipay", side.settings(keys))
    return side


def _switch_on(stores: Stores, provider: str, settings: dict[str, str]) -> None:
    with stores.rows.unit() as uow:
        payments.set_up(uow, SHELL, NOW, provider, enabled=True, settings=settings)


def begin(uow: UnitOfWork, provider: str, order_id: str = "o1") -> Intent:
    until, back = NOW + timedelta(minutes=15), "https://shop.example/done"
    return payments.begin(uow, order_id, AMOUNT, "CNY", provider, until, back, NOW)


def begun(stores: Stores, provider: str, order_id: str = "o1") -> Intent:
    with stores.rows.unit() as uow:
        return begin(uow, provider, order_id)


def payments_of(stores: Stores) -> list[Intent]:
    with stores.rows.unit() as uow:
        return payments.intents(uow, ["o1"])


def heard(stores: Stores, provider: str, headers: dict[str, str], body: bytes) -> Taken:
    with stores.rows.unit() as uow:
        return payments.take_notice(uow, provider, headers, body, NOW)


def settled(stores: Stores, ask: Callable[[], tuple[str, object] | None]) -> Money:
    said = ask()
    with stores.rows.unit() as uow:
        if said is not None:
            payments.settle(uow, said[0], said[1], NOW)  # type: ignore[arg-type]  # what ask gave
        assert sum(amount for *_, amount in payments.balances(uow)) == 0
        return payments.money(uow, ["o1"])["o1"]


def refunding(stores: Stores, send: Send, amount_minor: int, key: str = "k") -> Money:
    with stores.rows.unit() as uow:
        made = payments.refund(uow, "o1", amount_minor, "不想要了", key, NOW)
    return settled(stores, lambda: payments.send_refund(stores, made.id, NOW, send=send))


def test_wechat_gives_a_code_and_its_notice_pays_once(stores: Stores, wechat: Wechat) -> None:
    intent = begun(stores, "wechat_v3")
    action = payments.present(stores, intent.id, NOW, send=wechat)
    assert (action.kind, action.url[:25]) == ("qr", "weixin://wxpay/bizpayurl?")
    sent = wechat.pay(intent.id.hex)
    headers = {name.title(): value for name, value in sent.headers.items()}  # as some proxies write them
    first = heard(stores, "wechat_v3", headers, sent.body)
    assert (first.verdict, first.reply.status) == ("accepted", 200)
    assert heard(stores, "wechat_v3", headers, sent.body).verdict == "duplicate"
    assert settled(stores, lambda: None) == Money(AMOUNT, 0, 0)


def on(screen: Screen) -> Device:
    return Device(screen, "203.0.113.9")


def test_a_phone_is_sent_into_wechat_and_comes_back(stores: Stores, wechat: Wechat, keys: Path) -> None:
    intent = begun(stores, "wechat_v3")
    action = payments.present(stores, intent.id, NOW, device=on("phone"), send=wechat)
    assert action.kind == "qr"  # WeChat Pay grants H5 apart
    _switch_on(stores, "wechat_v3", wechat.settings(keys) | {"h5": "on"})
    other = begun(stores, "wechat_v3", "o2")
    action = payments.present(stores, other.id, NOW, device=on("phone"), send=wechat)
    there = dict(parse_qsl(urlsplit(action.url).query))
    assert (action.kind, there["redirect_url"]) == ("redirect", "https://shop.example/done")
    assert wechat.orders[other.id.hex]["scene_info"]["payer_client_ip"] == "203.0.113.9"
    paid = wechat.pay(other.id.hex)
    assert heard(stores, "wechat_v3", dict(paid.headers), paid.body).verdict == "accepted"


@pytest.mark.parametrize(("first", "then"), [("desk", "phone"), ("phone", "desk")])
def test_another_screen_gets_a_number_of_its_own_and_the_old_one_is_closed(
    stores: Stores, wechat: Wechat, keys: Path, first: Screen, then: Screen
) -> None:
    _switch_on(stores, "wechat_v3", wechat.settings(keys) | {"h5": "on"})
    was = begun(stores, "wechat_v3")
    shown = [payments.present(stores, was.id, NOW, device=on(first), send=wechat) for _ in range(2)]
    assert shown[0] == shown[1]
    other = payments.present(stores, was.id, LATER, device=on(then), send=wechat)
    assert {shown[0].kind, other.kind} == {"qr", "redirect"}
    with stores.rows.unit() as uow:
        old, new = payments.intents(uow, ["o1"])
        assert (old.id, old.state, new.state, new.screen) == (was.id, "cancelled", "open", then)
        kept = (new.amount_minor, new.return_url, new.expires_at)
        assert kept == (was.amount_minor, was.return_url, was.expires_at)
        assert begin(uow, "wechat_v3").id == new.id
    payments.close_outside(stores, old.id, NOW, send=wechat)
    assert wechat.orders[old.id.hex]["trade_state"] == "CLOSED"
    paid = wechat.pay(new.id.hex)
    assert heard(stores, "wechat_v3", dict(paid.headers), paid.body).verdict == "accepted"
    assert settled(stores, lambda: None) == Money(AMOUNT, 0, 0)


def test_whoever_paid_on_the_old_screen_has_paid(stores: Stores, wechat: Wechat, keys: Path) -> None:
    _switch_on(stores, "wechat_v3", wechat.settings(keys) | {"h5": "on"})
    was = begun(stores, "wechat_v3")
    payments.present(stores, was.id, NOW, device=on("desk"), send=wechat)
    payments.present(stores, was.id, LATER, device=on("phone"), send=wechat)
    for number, verdict in ((was.id, "late"), (payments_of(stores)[-1].id, "second")):
        paid = wechat.pay(number.hex)
        assert heard(stores, "wechat_v3", dict(paid.headers), paid.body).verdict == verdict
    assert settled(stores, lambda: None).charged_minor == AMOUNT


@pytest.mark.parametrize(
    ("page", "screen", "method"),
    [
        ("", "desk", "page"),
        ("", "phone", "wap"),
        ("auto", "phone", "wap"),
        ("page", "phone", "page"),
        ("wap", "desk", "wap"),
    ],
)
def test_alipay_opens_the_page_of_the_screen_or_the_one_that_was_chosen(  # noqa: PLR0917 (fixtures)
    stores: Stores, alipay: AlipaySide, keys: Path, page: str, screen: Screen, method: str
) -> None:
    _switch_on(stores, "alipay", alipay.settings(keys) | {"page": page})
    intent = begun(stores, "alipay")
    action = payments.present(stores, intent.id, NOW, device=on(screen), send=alipay)
    assert dict(parse_qsl(urlsplit(action.url).query))["method"] == f"alipay.trade.{method}.pay"
    assert [one.id for one in payments_of(stores)] == [intent.id]


@pytest.mark.parametrize("harm", ["body", "serial", "seal", "merchant", "old", "nonce"])
def test_a_notice_that_wechat_did_not_sign_is_refused(stores: Stores, wechat: Wechat, harm: str) -> None:
    intent = begun(stores, "wechat_v3")
    payments.present(stores, intent.id, NOW, send=wechat)
    if harm == "old":
        wechat.now -= timedelta(minutes=6)
    sent = wechat.pay(intent.id.hex, **({"mchid": "1999999999"} if harm == "merchant" else {}))
    if harm == "seal":
        sent = wechat.notice("TRANSACTION.SUCCESS", "transaction", wechat.orders[intent.id.hex], "f" * 32)
    headers, body = dict(sent.headers), sent.body
    if harm == "body":
        body = body.replace(b"EV-", b"EW-")
    if harm in ("serial", "nonce"):
        headers[f"wechatpay-{harm}"] += "1"
    taken = heard(stores, "wechat_v3", headers, body)
    assert (taken.verdict, taken.reply.status) == ("forged", 401)
    assert settled(stores, lambda: None) == Money()


def test_wechat_is_asked_when_its_notice_is_lost(stores: Stores, wechat: Wechat) -> None:
    intent = begun(stores, "wechat_v3")
    payments.present(stores, intent.id, NOW, send=wechat)
    assert payments.ask(stores, intent.id, NOW, send=wechat) is None
    wechat.pay(intent.id.hex)
    assert settled(stores, lambda: payments.ask(stores, intent.id, NOW, send=wechat)).charged_minor == AMOUNT


def test_an_answer_that_wechat_did_not_sign_is_no_answer(stores: Stores, wechat: Wechat) -> None:
    intent = begun(stores, "wechat_v3")
    wechat.own = Pair()
    with pytest.raises(ShopError) as refused:
        payments.present(stores, intent.id, NOW, send=wechat)
    assert refused.value.code == "payment_provider_away"


def test_a_wechat_refund_in_parts_arrives_and_never_exceeds_the_charge(
    stores: Stores, wechat: Wechat
) -> None:
    intent = begun(stores, "wechat_v3")
    payments.present(stores, intent.id, NOW, send=wechat)
    sent = wechat.pay(intent.id.hex)
    heard(stores, "wechat_v3", dict(sent.headers), sent.body)
    assert refunding(stores, wechat, 900, "a") == Money(AMOUNT, 900, 0)
    wechat.refund_state = "PROCESSING"
    assert refunding(stores, wechat, 12_000, "b") == Money(AMOUNT, 900, 12_000)
    with pytest.raises(ShopError, match="0 of what was charged"):
        refunding(stores, wechat, 1, "c")
    [working] = [one for one in wechat.refunds.values() if one["status"] == "PROCESSING"]
    about = working | {"refund_status": "SUCCESS", "out_trade_no": intent.id.hex}
    told = wechat.notice("REFUND.SUCCESS", "refund", about)
    fact = heard(stores, "wechat_v3", dict(told.headers), told.body).fact
    assert fact is not None
    assert (fact.kind, fact.amount_minor) == ("refunded", 12_000)
    assert settled(stores, lambda: None) == Money(AMOUNT, AMOUNT, 0)


def test_a_wechat_order_can_be_closed_and_asked_about_after(stores: Stores, wechat: Wechat) -> None:
    intent = begun(stores, "wechat_v3")
    payments.present(stores, intent.id, NOW, send=wechat)
    with stores.rows.unit() as uow:
        payments.cancel(uow, "o1", NOW)
    payments.close_outside(stores, intent.id, NOW, send=wechat)
    assert wechat.orders[intent.id.hex]["trade_state"] == "CLOSED"
    assert settled(stores, lambda: payments.ask(stores, intent.id, NOW, send=wechat)) == Money()


def test_alipay_gets_a_signed_address_and_its_notice_pays_once(stores: Stores, alipay: AlipaySide) -> None:
    intent = begun(stores, "alipay")
    action = payments.present(stores, intent.id, NOW, send=alipay)
    trade = alipay.visit(action.url)
    assert (trade["total_amount"], trade["out_trade_no"]) == ("129.00", intent.id.hex)
    body = alipay.pay(intent.id.hex)
    first = heard(stores, "alipay", {}, body)
    assert (first.verdict, first.reply.body) == ("accepted", b"success")
    assert heard(stores, "alipay", {}, body).verdict == "duplicate"
    assert settled(stores, lambda: None) == Money(AMOUNT, 0, 0)


@pytest.mark.parametrize("harm", ["amount", "app", "type", "extra", "none"])
def test_a_notice_that_alipay_did_not_sign_is_refused(stores: Stores, alipay: AlipaySide, harm: str) -> None:
    intent = begun(stores, "alipay")
    alipay.visit(payments.present(stores, intent.id, NOW, send=alipay).url)
    body = alipay.pay(intent.id.hex, **({"app_id": "2021000000000009"} if harm == "app" else {}))
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    fields |= {
        "amount": {"total_amount": "0.01"},
        "type": {"sign_type": "RSA"},
        "extra": {"passback_params": "x"},
        "none": {"sign": ""},
    }.get(harm, {})
    assert heard(stores, "alipay", {}, urlencode(fields).encode()).verdict == "forged"
    assert settled(stores, lambda: None) == Money()


def test_alipay_is_asked_when_its_notice_is_lost(stores: Stores, alipay: AlipaySide) -> None:
    intent = begun(stores, "alipay")
    action = payments.present(stores, intent.id, NOW, send=alipay)
    assert payments.ask(stores, intent.id, NOW, send=alipay) is None  # nobody opened it
    alipay.visit(action.url)
    assert payments.ask(stores, intent.id, NOW, send=alipay) is None  # nobody paid it
    alipay.pay(intent.id.hex)
    assert settled(stores, lambda: payments.ask(stores, intent.id, NOW, send=alipay)).charged_minor == AMOUNT


def test_an_alipay_refund_is_certain_when_it_is_found(stores: Stores, alipay: AlipaySide) -> None:
    intent = begun(stores, "alipay")
    alipay.visit(payments.present(stores, intent.id, NOW, send=alipay).url)
    heard(stores, "alipay", {}, alipay.pay(intent.id.hex))
    assert refunding(stores, alipay, 2_900, "a") == Money(AMOUNT, 2_900, 0)
    alipay.hiccup = True
    with pytest.raises(ShopError) as away:
        refunding(stores, alipay, 10_000, "b")
    assert away.value.kind == "unavailable"
    assert settled(stores, lambda: None) == Money(AMOUNT, 2_900, 10_000)
    alipay.hiccup = False
    with stores.rows.unit() as uow:
        [waiting] = [one for one in payments.refunds(uow, ["o1"]) if one.state == "waiting"]
    assert (
        settled(stores, lambda: payments.send_refund(stores, waiting.id, NOW, send=alipay)).refunded_minor
        == AMOUNT
    )


def test_a_full_refund_closes_the_trade_and_is_not_a_failed_payment(
    stores: Stores, alipay: AlipaySide
) -> None:
    intent = begun(stores, "alipay")
    alipay.visit(payments.present(stores, intent.id, NOW, send=alipay).url)
    heard(stores, "alipay", {}, alipay.pay(intent.id.hex))
    closed = {"trade_status": "TRADE_CLOSED", "gmt_refund": "2026-11-20 17:00:00"}
    taken = heard(stores, "alipay", {}, alipay.notice(alipay.trades[intent.id.hex] | closed))
    assert (taken.verdict, taken.fact) == ("ignored", None)


def test_a_provider_is_switched_on_only_with_keys_that_are_keys(stores: Stores, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("not a key")
    settings = {
        "app_id": "1",
        "notify_url": "https://shop.example/n",
        "alipay_key_file": str(tmp_path / "note"),
    }
    with pytest.raises(ShopError, match="private_key_file"):
        _switch_on(stores, "alipay", settings)
    with pytest.raises(ShopError, match="name a file with the key"):
        _switch_on(stores, "alipay", settings | {"private_key_file": str(tmp_path / "note")})
    with pytest.raises(ShopError, match="use auto or page or wap"):
        _switch_on(stores, "alipay", settings | {"page": "app"})
    with stores.rows.unit() as uow:
        assert payments.usable(uow, "CNY") == []


def test_real_ways_to_pay_hide_the_sandbox_and_take_their_currency_only(
    stores: Stores, alipay: AlipaySide
) -> None:
    del alipay
    with stores.rows.unit() as uow:
        payments.set_up_sandbox(uow, stores.settings, NOW)
        assert payments.usable(uow, "CNY") == ["alipay"]
        assert payments.usable(uow, "USD") == ["sandbox"]
        assert not payments.needs_sandbox(uow)
