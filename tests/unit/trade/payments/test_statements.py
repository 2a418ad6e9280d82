"""Statement files as providers write them, and what lies beside our books."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.trade.payments.contracts import StatementRow
from shengeng.trade.payments.methods.statements import BadLineError, read

WECHAT = (
    "\ufeff交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,"
    "商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\n"
    "`2026-11-20 10:00:00,`wx1,`190,`0,`,`4200001,`aa11,`o1,`NATIVE,`SUCCESS,`OTHERS,`CNY,`9.90,`0.00,`0,`0,"
    "`0.00,`0.00,`,`,`茶,`,`0.05940,`0.60%,`9.90,`0.00,`\n"
    "`2026-11-20 11:00:00,`wx1,`190,`0,`,`4200001,`aa11,`o1,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`500001,"
    "`bb22,`4.00,`0.00,`ORIGINAL,`SUCCESS,`茶,`,`-0.02400,`0.60%,`9.90,`4.00,`\n"
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n"
    "`2,`9.90,`4.00,`0.00,`0.03540,`19.80,`4.00\n"
)
ALIPAY = (
    "#支付宝业务明细查询\n#账号：[2088000000000000]\n"
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\n"
    "2026112022001\t,cc33\t,交易,茶,2026-11-20 10:00:00,2026-11-20 10:00:30,,,,,b**@x,129.00,"
    "129.00,0,0,0,0,0,,0,0,,-0.77,0.00,\n"
    "2026112022001\t,cc33\t,退款,茶,2026-11-20 12:00:00,2026-11-20 12:00:30,,,,,b**@x,-29.00,"
    "-29.00,0,0,0,0,0,,0,0,dd44\t,0.17,0.00,\n"
    "#合计\n"
)


def test_wechat_pays_trade_bill_is_read_as_it_is() -> None:
    assert read(WECHAT, "CNY") == [
        StatementRow("charge", "4200001", "aa11", 990, "CNY", 6),
        StatementRow("refund", "500001", "bb22", 400, "CNY", -2),
    ]


def test_alipays_business_details_are_read_as_they_are() -> None:
    assert read(ALIPAY, "CNY") == [
        StatementRow("charge", "2026112022001", "cc33", 12_900, "CNY", 77),
        StatementRow("refund", "2026112022001:dd44", "dd44", 2_900, "CNY", -17),
    ]


def test_plain_columns_have_the_digits_of_their_currency() -> None:
    text = 'kind,ref,amount,currency\ncharge,a,"1,234.50",CNY\nrefund,b,1234,JPY\ncharge,c,1.234,KWD\n'
    amounts = [(row.kind, row.amount_minor, row.currency) for row in read(text, "USD")]
    assert amounts == [("charge", 123_450, "CNY"), ("refund", 1_234, "JPY"), ("charge", 1_234, "KWD")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("when,who\n1,2\n", 1),
        ("kind,ref,amount\ncharge,a,NaN\n", 2),
        ("kind,ref,amount\n\ncharge,a,1e30\n", 3),
        ("kind,ref,amount\ncharge,a,1\npayout,b,2\n", 3),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: int) -> None:
    with pytest.raises(BadLineError) as bad:
        read(text, "CNY")
    assert bad.value.number == line


WORDS = st.sampled_from(
    ["charge", "refund", "交易", "SUCCESS", "1", "-2.5", "x", "", '"', "`", ",", ",", "\n", "\t"]
)


@given(
    head=st.sampled_from(["kind,ref,amount", *WECHAT.splitlines()[:1], *ALIPAY.splitlines()[2:3]]),
    words=st.lists(WORDS),
)
def test_any_text_is_read_or_refused(head: str, words: list[str]) -> None:
    with suppress(BadLineError):
        rows = read(head + "\n" + "".join(words), "CNY")
        assert all(type(row.amount_minor) is int for row in rows)
