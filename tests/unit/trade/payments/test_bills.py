"""The statement of a day, fetched from whoever keeps it: believed as far as it is signed, then matched."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.payments import sandbox_ready
from tests.factories.providers import AlipaySide, Pair, Wechat

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Intent, Request, Response, Send, StatementRow
from shengeng.trade.payments.methods import bills

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
DAY = date(2026, 11, 20)
WECHAT = "交易时间,微信订单号,商户订单号,交易状态,货币种类,手续费,订单金额,申请退款金额\n"
ALIPAY = "#说明\n支付宝交易号,商户订单号,业务类型,订单金额（元）,退款批次号/请求号,服务费（元）\n"


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, Pair]:
    return Pair(), Pair()


def intent_of(stores: Stores, provider: str, settings: dict[str, str]) -> Intent:
    with stores.rows.unit() as uow:
        payments.set_up(uow, SHELL, NOW, provider, enabled=True, settings=settings)
        until = NOW + timedelta(minutes=15)
        return payments.begin(uow, "o1", 12_900, "CNY", provider, until, "https://shop.example/done", NOW)


def packed(**files: str) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"20881_{name}.csv", text.encode("gbk"))
    return into.getvalue()


def agrees(stores: Stores, provider: str, send: Send) -> tuple[int, list[str]]:
    rows = payments.fetch_statement(stores, provider, DAY, LATER, send=send)
    since, until = payments.day_of(DAY, LATER)
    with stores.rows.unit() as uow:
        made = payments.reconcile(uow, SHELL, LATER, provider, rows, since=since, until=until)
    return made.matched, [one.what for one in made.mismatches]


def test_wechats_bill_of_a_day_agrees_with_the_books(
    stores: Stores, pairs: tuple[Pair, Pair], tmp_path: Path
) -> None:
    side = Wechat(NOW, *pairs)
    intent = intent_of(stores, "wechat_v3", side.settings(tmp_path / "keys"))
    payments.present(stores, intent.id, NOW, send=side)
    sent = side.pay(intent.id.hex)
    with stores.rows.unit() as uow:
        payments.take_notice(uow, "wechat_v3", dict(sent.headers), sent.body, NOW)
    side.now = LATER
    assert agrees(stores, "wechat_v3", side) == (0, ["missing_there"])  # they say that nothing moved
    ref = side.orders[intent.id.hex]["transaction_id"]
    line = f"`2026-11-20 16:00:00,`{ref},`{intent.id.hex},`SUCCESS,`CNY,`0.77,`129.00,`0.00\n"
    side.bills["2026-11-20"] = (WECHAT + line).encode()
    assert agrees(stores, "wechat_v3", side) == (1, [])
    side.digest = "0" * 40
    with pytest.raises(ShopError, match="does not fit its digest"):
        payments.fetch_statement(stores, "wechat_v3", DAY, LATER, send=side)


def test_a_bill_at_a_strange_address_is_not_fetched(
    stores: Stores, pairs: tuple[Pair, Pair], tmp_path: Path
) -> None:
    side = Wechat(LATER, *pairs)
    intent_of(stores, "wechat_v3", side.settings(tmp_path / "keys"))
    asked = []

    def elsewhere(request: Request) -> Response:
        asked.append(request.url)
        body = b'{"hash_type":"SHA1","hash_value":"","download_url":"http://169.254.169.254/x"}'
        return side.signed(200, body)

    with pytest.raises(ShopError, match="strange address"):
        payments.fetch_statement(stores, "wechat_v3", DAY, LATER, send=elsewhere)
    assert len(asked) == 1


def test_alipays_packed_details_of_a_day_agree_with_the_books(
    stores: Stores, pairs: tuple[Pair, Pair], tmp_path: Path
) -> None:
    side = AlipaySide(*pairs)
    intent = intent_of(stores, "alipay", side.settings(tmp_path / "keys"))
    side.visit(payments.present(stores, intent.id, NOW, send=side).url)
    with stores.rows.unit() as uow:
        payments.take_notice(uow, "alipay", {}, side.pay(intent.id.hex), NOW)
    assert agrees(stores, "alipay", side) == (0, ["missing_there"])
    trade = side.trades[intent.id.hex]["trade_no"]
    line = f"{trade}\t,{intent.id.hex}\t,交易,129.00,,-0.77\n"
    side.bills["2026-11-20"] = packed(**{"业务明细": ALIPAY + line, "业务明细(汇总)": "#合计\n"})
    assert agrees(stores, "alipay", side) == (1, [])
    side.bills["2026-11-20"] = packed(别的="x")
    with pytest.raises(ShopError, match="0 files of details"):
        payments.fetch_statement(stores, "alipay", DAY, LATER, send=side)


def test_a_day_that_is_not_over_and_a_way_without_statements_are_refused(stores: Stores) -> None:
    sandbox_ready(stores, NOW)
    with pytest.raises(ShopError, match="not over"):
        payments.fetch_statement(stores, "sandbox", DAY, NOW)
    with pytest.raises(ShopError, match="keeps no statements"):
        payments.fetch_statement(stores, "sandbox", DAY, LATER)


def test_names_in_the_old_encoding_are_known_and_too_much_inside_is_refused() -> None:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ABCDEFGH", "支付宝".encode("gbk") * 1000)
    raw = into.getvalue().replace(b"ABCDEFGH", "业务明细".encode("gbk"))  # as Alipay writes it, unmarked
    assert bills.unpacked(raw, 6_000) == "支付宝" * 1000
    with pytest.raises(ValueError, match="too long"):
        bills.unpacked(raw, 5_999)


@given(cut=st.integers(0, 200), flip=st.integers(0, 255))
def test_a_broken_archive_is_refused_or_read(cut: int, flip: int) -> None:
    whole = bytearray(packed(业务明细="支付宝交易号"))
    whole[cut % len(whole)] ^= flip
    with suppress(ValueError):
        assert isinstance(bills.unpacked(bytes(whole), 10_000), str)


def test_rows_are_those_of_the_file_reader() -> None:
    line = "`t,`42,`aa,`SUCCESS,`CNY,`0.06,`9.90,`0.00\n"
    assert payments.read_statement(bills.text_of((WECHAT + line).encode()), "CNY") == [
        StatementRow("charge", "42", "aa", 990, "CNY", 6)
    ]
