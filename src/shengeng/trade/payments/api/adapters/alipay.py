"""Alipay's open platform (RSA2), its web and mobile web pages. Amounts are yuan, times Beijing's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import from_minor, to_minor
from shengeng.trade.payments.api.adapters.common import id_of, key_of, unreadable
from shengeng.trade.payments.contracts import (
    BILL_LONGEST,
    Action,
    Charge,
    Device,
    Intent,
    Refund,
    Reply,
    Request,
    Send,
    Told,
)
from shengeng.trade.payments.contracts.refusals import FORGED, PROVIDER_AWAY, PROVIDER_SAYS_NO
from shengeng.trade.payments.methods import alipay, bills, rsa

NAME = "alipay"
GATEWAY = "https://openapi.alipay.com/gateway.do"
_BEIJING = timezone(timedelta(hours=8))
_PAGES = {
    "page": ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    "wap": ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
}
_PAGE_OF = {"desk": "page", "phone": "wap"}
_PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
_FINE = "10000"
# Their side has a hiccup: nothing is known, ask again.
_AWAY = ("20000",)
_HICCUPS = ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error")
_NOT_THERE = "ACQ.TRADE_NOT_EXIST"
_BILL = "alipay.data.dataservice.bill.downloadurl.query"
Kind = Literal["charged", "failed", "other"]


class Alipay:
    """One application. Secrets stand in files: the application's private key, Alipay's public key."""

    name, one_screen = NAME, False

    def __init__(self, settings: Mapping[str, str], send: Send) -> None:
        self._app_id = settings["app_id"]
        self._notify = settings["notify_url"]
        self._gateway = settings.get("gateway_url", GATEWAY)
        self._page = settings.get("page", "auto")
        self._private = key_of(NAME, settings, "private_key_file", rsa.private_key)
        self._public = key_of(NAME, settings, "alipay_key_file", rsa.public_key)
        self._send = send

    def present(self, intent: Intent, device: Device, now: datetime) -> Action:
        """The signed address of Alipay's page; nothing is called, the buyer's browser brings the order."""
        chosen = _PAGE_OF[device.screen] if self._page == "auto" else self._page
        method, product = _PAGES[chosen]
        wanted = {
            "out_trade_no": intent.id.hex,
            "product_code": product,
            "total_amount": _yuan(intent.amount_minor),
            "subject": f"订单 {intent.label}"[:200],
            "time_expire": intent.expires_at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
        }
        params = self._signed(method, wanted, now, notify_url=self._notify, return_url=intent.return_url)
        return Action("redirect", f"{self._gateway}?{urlencode(params)}")

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Told:
        """A notice: form fields signed together, and about this application."""
        del headers, now  # the signature covers everything that counts, and a notice twice is a duplicate
        try:
            params = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        except (ValueError, UnicodeDecodeError):
            raise unreadable(NAME, "it is no form") from None
        if params.get("sign_type") != "RSA2":
            raise FORGED.error(provider=NAME, why="the signature is not RSA2")
        if not rsa.holds(self._public, alipay.notice_message(params), params.get("sign", "")):
            raise FORGED.error(provider=NAME, why="the signature does not fit the fields")
        if params.get("app_id") != self._app_id:
            raise FORGED.error(provider=NAME, why="it is about another application")
        return _told(params.get("notify_id", "")[:100], params, closed=not params.get("gmt_refund"))

    def ask(self, intent: Intent, now: datetime) -> Told | None:
        """Look a trade up by our own number; one that nobody opened is not there yet."""
        said = self._maybe("alipay.trade.query", {"out_trade_no": intent.id.hex}, now)
        if said is None:
            return None
        # A trade that was paid and refunded in full is closed as well: then it has a day of payment.
        told = _told(f"asked-{intent.id.hex}", said, closed=not said.get("send_pay_date"))
        return told if told.kind != "other" else None

    def close(self, intent: Intent, now: datetime) -> None:
        """Close a trade that nobody paid."""
        self._maybe("alipay.trade.close", {"out_trade_no": intent.id.hex}, now)

    def refund(self, charge: Charge, refund: Refund, now: datetime) -> Told | None:
        """Ask for a refund, then whether it happened: the answer itself does not tell this one's amount."""
        wanted = {
            "trade_no": charge.provider_ref,
            "out_request_no": refund.id.hex,
            "refund_amount": _yuan(refund.amount_minor),
            "refund_reason": refund.reason[:80],
        }
        self._call("alipay.trade.refund", wanted, now)
        return self._refunded(charge, refund, now)

    def ask_refund(self, charge: Charge, refund: Refund, now: datetime) -> Told | None:
        """Whether a refund happened; one that is not found is asked for again, under the same number."""
        return self._refunded(charge, refund, now) or self.refund(charge, refund, now)

    def bill(self, day: date, now: datetime) -> str:
        """The business details of a day, from the file whose address the signed answer names."""
        try:
            said = self._call(_BILL, {"bill_type": "trade", "bill_date": day.isoformat()}, now)
        except ShopError as error:
            code = str(error.params.get("code", "")).lower()
            if error.code == PROVIDER_SAYS_NO.code and code.endswith("bill_not_exist"):
                return ""
            raise
        url = str(said.get("bill_download_url", ""))
        if not url.startswith("https://"):
            raise unreadable(NAME, "the bill lies at a strange address")
        answer = self._send(Request("GET", url, {}, longest=BILL_LONGEST))
        if answer.status != 200:
            raise PROVIDER_AWAY.error(provider=NAME, why=f"HTTP {answer.status}")
        try:
            return bills.unpacked(answer.body, BILL_LONGEST)
        except ValueError as error:
            raise unreadable(NAME, str(error)) from None

    def reply(self, *, taken: bool) -> Reply:
        """The word `success`; anything else is sent again for a day."""
        return Reply(200, "text/plain", b"success" if taken else b"fail")

    def _refunded(self, charge: Charge, refund: Refund, now: datetime) -> Told | None:
        wanted = {"trade_no": charge.provider_ref, "out_request_no": refund.id.hex}
        said = self._call("alipay.trade.fastpay.refund.query", wanted, now)
        if said.get("refund_status") != "REFUND_SUCCESS" or said.get("out_request_no") != refund.id.hex:
            return None
        amount = _fen(said.get("refund_amount"))
        ref = f"{charge.provider_ref}:{refund.id.hex}"[:100]
        return Told(f"asked-{refund.id.hex}", "refunded", charge.intent_id, refund.id, ref, amount, "CNY")

    def _maybe(self, method: str, wanted: Mapping[str, str], now: datetime) -> dict[str, Any] | None:
        try:
            return self._call(method, wanted, now)
        except ShopError as error:
            if error.code == PROVIDER_SAYS_NO.code and error.params.get("code") == _NOT_THERE:
                return None
            raise

    def _call(self, method: str, wanted: Mapping[str, str], now: datetime) -> dict[str, Any]:
        params = self._signed(method, wanted, now)
        kind = {"content-type": "application/x-www-form-urlencoded;charset=utf-8"}
        answer = self._send(Request("POST", self._gateway, kind, urlencode(params).encode()))
        if answer.status != 200:
            raise PROVIDER_AWAY.error(provider=NAME, why=f"HTTP {answer.status}")
        said = self._trusted(answer.body, method.replace(".", "_") + "_response")
        code, sub = str(said.get("code", "")), str(said.get("sub_code", ""))
        if code in _AWAY or sub in _HICCUPS:
            raise PROVIDER_AWAY.error(provider=NAME, why=sub or code)
        if code != _FINE:
            raise PROVIDER_SAYS_NO.error(
                provider=NAME, code=sub or code, why=str(said.get("sub_msg", ""))[:200]
            )
        return said

    def _trusted(self, body: bytes, node: str) -> dict[str, Any]:
        try:
            said, signed, signature = alipay.answered(body.decode(), node)
        except ValueError as error:
            raise PROVIDER_AWAY.error(provider=NAME, why=f"its answer cannot be read: {error}") from None
        if not rsa.holds(self._public, signed.encode(), signature):
            raise PROVIDER_AWAY.error(provider=NAME, why="its answer is not signed by its key")
        return said

    def _signed(self, method: str, wanted: Mapping[str, str], now: datetime, **more: str) -> dict[str, str]:
        params = {
            "app_id": self._app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": now.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": json.dumps(wanted, ensure_ascii=False, separators=(",", ":")),
            **{name: value for name, value in more.items() if value},
        }
        return params | {"sign": rsa.sign(self._private, alipay.request_message(params))}


def _told(notice_id: str, said: Mapping[str, Any], *, closed: bool) -> Told:
    """closed: a closed trade is one that was never paid, not one that was refunded in full."""
    state = said.get("trade_status")
    kind: Kind = "charged" if state in _PAID else "other"
    if state == "TRADE_CLOSED" and closed:
        kind = "failed"
    amount = _fen(said.get("total_amount", "0"))
    ref = str(said.get("trade_no", ""))[:100]
    if kind == "charged" and not ref:
        raise unreadable(NAME, "there is no trade_no")
    return Told(notice_id, kind, id_of(said.get("out_trade_no")), None, ref, amount, "CNY")


def _yuan(minor: int) -> str:
    return f"{from_minor(minor, 'CNY'):.2f}"


def _fen(text: object) -> int:
    try:
        return to_minor(str(text), "CNY")
    except ShopError:
        raise unreadable(NAME, f"{text!r} is no amount") from None
