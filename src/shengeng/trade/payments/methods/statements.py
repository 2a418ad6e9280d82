"""Reading a statement file: our own plain columns, WeChat Pay's trade bill, Alipay's business details.

Sources: WeChat Pay "download trade bill" (every value begins with a back quote, totals at the end) and
Alipay "query bill download address" (comment lines begin with #, amounts of refunds are negative).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Literal

from shengeng.kernel.money import digits
from shengeng.trade.payments.contracts.values import StatementRow

Line = Mapping[str, str]
LINES_MOST = 200_000


class BadLineError(ValueError):
    """A line that cannot be read: its number and why."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number, self.why = number, why


def read(text: str, currency: str) -> list[StatementRow]:
    """The movements of a statement file; its form is known by its columns. currency: where none is written.

    BadLineError names the first line that cannot be read.
    """
    try:
        return [row for number, line in _lines(text) if (row := _row(number, line, currency)) is not None]
    except csv.Error as error:
        raise BadLineError(0, str(error)) from None


def _lines(text: str) -> Iterator[tuple[int, Line]]:
    header: list[str] | None = None
    for number, cells in enumerate(csv.reader(text.lstrip("\ufeff").splitlines()), 1):
        clean = [cell.strip().lstrip("`").strip() for cell in cells]
        if not any(clean) or clean[0].startswith("#"):
            continue
        if clean[0] == "总交易单数":  # WeChat Pay's totals follow
            return
        if header is None:
            header = clean
            _check(number, header)
            continue
        if number > LINES_MOST:
            raise BadLineError(number, f"more than {LINES_MOST} lines")
        yield number, dict(zip_longest(header, clean[: len(header)], fillvalue=""))


def _check(number: int, header: list[str]) -> None:
    forms = ({"kind", "ref", "amount"}, {"微信订单号", "交易状态"}, {"支付宝交易号", "业务类型"})
    if not any(form <= set(header) for form in forms):
        raise BadLineError(number, "the columns are those of no statement: give at least kind, ref, amount")


def _row(number: int, line: Line, currency: str) -> StatementRow | None:
    if "微信订单号" in line:
        return _wechat(number, line)
    if "支付宝交易号" in line:
        return _alipay(number, line)
    if line["kind"] not in ("charge", "refund"):
        raise BadLineError(number, f"kind is {line['kind']!r}: write charge or refund")
    kind: Literal["charge", "refund"] = "charge" if line["kind"] == "charge" else "refund"
    money = line.get("currency") or currency
    amount, fee = _minor(number, line["amount"], money), _minor(number, line.get("fee") or "0", money)
    return StatementRow(kind, line["ref"], line.get("ours", ""), amount, money, fee)


def _wechat(number: int, line: Line) -> StatementRow | None:
    money, fee = line.get("货币种类") or "CNY", _minor(number, line.get("手续费") or "0", "CNY")
    if line["交易状态"] == "SUCCESS":
        amount = _minor(number, line.get("订单金额") or line.get("应结订单金额") or "", money)
        return StatementRow("charge", line["微信订单号"], line.get("商户订单号", ""), amount, money, fee)
    if line["交易状态"] == "REFUND":
        amount = _minor(number, line.get("申请退款金额") or line.get("退款金额") or "", money)
        ref, ours = line.get("微信退款单号", ""), line.get("商户退款单号", "")
        return StatementRow("refund", ref, ours, amount, money, fee)
    return None  # revoked before it was paid


def _alipay(number: int, line: Line) -> StatementRow | None:
    plain = {name.replace("（元）", "").replace("(元)", ""): value for name, value in line.items()}
    amount = _minor(number, plain.get("订单金额") or "", "CNY")
    fee = -_minor(number, plain.get("服务费") or "0", "CNY")
    if plain["业务类型"] == "交易":
        return StatementRow("charge", plain["支付宝交易号"], plain.get("商户订单号", ""), amount, "CNY", fee)
    if plain["业务类型"] == "退款":
        ours = plain.get("退款批次号/请求号", "")
        return StatementRow("refund", f"{plain['支付宝交易号']}:{ours}", ours, -amount, "CNY", fee)
    return None


def _minor(number: int, text: str, currency: str) -> int:
    """Written amounts to minor units; fees with more digits are rounded half to even."""
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise BadLineError(number, f"{text!r} is no amount") from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise BadLineError(number, f"{text!r} is no amount")
    return round(value.scaleb(digits(currency)))
