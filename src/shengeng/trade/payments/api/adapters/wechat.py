"""WeChat Pay, API v3: on a computer the buyer scans a code (Native), in a phone's browser the app opens (H5).
Amounts are fen, times RFC 3339."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from shengeng.kernel.errors import ShopError
from shengeng.trade.payments.api.adapters.common import id_of, key_of, object_of, unreadable
from shengeng.trade.payments.contracts import (
    ANSWER_LONGEST,
    BILL_LONGEST,
    Action,
    Charge,
    Device,
    Intent,
    Refund,
    Reply,
    Request,
    Response,
    Send,
    Told,
)
from shengeng.trade.payments.contracts.refusals import FORGED, PROVIDER_AWAY, PROVIDER_SAYS_NO
from shengeng.trade.payments.methods import bills, rsa, wechat

NAME = "wechat_v3"
HOST = "https://api.mch.weixin.qq.com"
_BEIJING = timezone(timedelta(hours=8))
_PAID, _OVER = ("SUCCESS", "REFUND"), ("CLOSED", "REVOKED", "PAYERROR")
# Not yet there for WeChat Pay is not certain for us.
_NOT_THERE = ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
_NO_BILL = "NO_STATEMENT_EXIST"
Kind = Literal["charged", "failed", "refunded", "refund_failed", "other"]


class WechatPay:
    """One merchant. Its private key, its API v3 key and WeChat Pay's public key stand in files."""

    name = NAME

    def __init__(self, settings: Mapping[str, str], send: Send) -> None:
        self.one_screen = settings.get("h5") == "on"
        self._appid, self._mchid = settings["appid"], settings["mchid"]
        self._serial = settings["serial_no"]
        self._platform_serial = settings["platform_serial"]
        self._notify = settings["notify_url"]
        self._host = settings.get("base_url", HOST).rstrip("/")
        host = urlsplit(self._host)
        self._origin = f"{host.scheme}://{host.netloc}"
        self._private = key_of(NAME, settings, "private_key_file", rsa.private_key)
        self._public = key_of(NAME, settings, "platform_key_file", rsa.public_key)
        self._secret = key_of(NAME, settings, "apiv3_key_file", _apiv3_key)
        self._send = send

    def present(self, intent: Intent, device: Device, now: datetime) -> Action:
        """Order by Native, whose code lives two hours, or by H5, whose address lives five minutes; the order
        lives until the intent's end. A number that was ordered one way is refused the other."""
        wanted: dict[str, object] = {
            "appid": self._appid,
            "mchid": self._mchid,
            "description": f"订单 {intent.label}"[:100],
            "out_trade_no": intent.id.hex,
            "time_expire": intent.expires_at.astimezone(_BEIJING).isoformat(timespec="seconds"),
            "notify_url": self._notify,
            "amount": {"total": intent.amount_minor, "currency": intent.currency},
        }
        if not self.one_screen or device.screen == "desk":
            code = self._call("POST", "/v3/pay/transactions/native", wanted, now)["code_url"]
            return Action("qr", str(code))
        wanted["scene_info"] = {"payer_client_ip": device.address or "127.0.0.1", "h5_info": {"type": "Wap"}}
        url = str(self._call("POST", "/v3/pay/transactions/h5", wanted, now)["h5_url"])
        back = f"&redirect_url={quote(intent.return_url, safe='')}" if intent.return_url else ""
        return Action("redirect", url + back)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Told:
        """A notice: first the signature, then the seal, then whether it is about this merchant."""
        flaw = self._flaw(headers, body, now)
        if flaw:
            raise FORGED.error(provider=NAME, why=flaw)
        said = object_of(NAME, body)
        resource = said.get("resource")
        if not isinstance(resource, dict):
            raise unreadable(NAME, "there is no resource")
        try:
            about = object_of(NAME, wechat.opened(self._secret, resource))
        except ValueError as error:
            raise FORGED.error(provider=NAME, why=str(error)) from None
        if about.get("mchid", self._mchid) != self._mchid or about.get("appid", self._appid) != self._appid:
            raise FORGED.error(provider=NAME, why="it is about another merchant")
        notice_id = str(said.get("id", ""))[:100]
        if str(said.get("event_type", "")).startswith("REFUND."):
            return _refund_told(notice_id, about, about.get("refund_status"))
        return _payment_told(notice_id, about)

    def ask(self, intent: Intent, now: datetime) -> Told | None:
        """Look an order up by our own number."""
        path = f"/v3/pay/transactions/out-trade-no/{intent.id.hex}?mchid={self._mchid}"
        said = self._maybe("GET", path, None, now)
        told = _payment_told(f"asked-{intent.id.hex}", said) if said else None
        return told if told and told.kind != "other" else None

    def close(self, intent: Intent, now: datetime) -> None:
        """Close an order that nobody paid."""
        self._maybe(
            "POST", f"/v3/pay/transactions/out-trade-no/{intent.id.hex}/close", {"mchid": self._mchid}, now
        )

    def refund(self, charge: Charge, refund: Refund, now: datetime) -> Told | None:
        """Ask for a refund; WeChat Pay refunds a number once however often it is asked."""
        wanted = {
            "transaction_id": charge.provider_ref,
            "out_refund_no": refund.id.hex,
            "reason": refund.reason[:80],
            "notify_url": self._notify,
            "amount": {
                "refund": refund.amount_minor,
                "total": charge.amount_minor,
                "currency": refund.currency,
            },
        }
        return _certain(refund, self._call("POST", "/v3/refund/domestic/refunds", wanted, now))

    def ask_refund(self, _: Charge, refund: Refund, now: datetime) -> Told | None:
        """Look a refund up by our own number."""
        said = self._maybe("GET", f"/v3/refund/domestic/refunds/{refund.id.hex}", None, now)
        return _certain(refund, said) if said else None

    def bill(self, day: date, now: datetime) -> str:
        """The trade bill of a day: the signed answer names the file and its digest, which must fit."""
        target = f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL"
        try:
            said = self._call("GET", target, None, now)
        except ShopError as error:
            if error.code == PROVIDER_SAYS_NO.code and error.params.get("code") == _NO_BILL:
                return ""
            raise
        parts = urlsplit(str(said.get("download_url", "")))
        if f"{parts.scheme}://{parts.netloc}" != self._origin:
            raise unreadable(NAME, "the bill lies at a strange address")
        answer = self._send(self._request("GET", f"{parts.path}?{parts.query}", b"", now, BILL_LONGEST))
        if answer.status != 200:
            raise PROVIDER_AWAY.error(provider=NAME, why=f"HTTP {answer.status}")
        digest = hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()
        if said.get("hash_type") != "SHA1" or not hmac.compare_digest(
            digest.encode(), str(said.get("hash_value", "")).lower().encode()
        ):
            raise PROVIDER_AWAY.error(provider=NAME, why="the bill does not fit its digest")
        return bills.text_of(answer.body)

    def reply(self, *, taken: bool) -> Reply:
        """200 for taken; anything else is sent again."""
        said = {"code": "SUCCESS" if taken else "FAIL", "message": "" if taken else "again later"}
        return Reply(200 if taken else 500, "application/json", json.dumps(said).encode())

    def _maybe(
        self, method: Literal["GET", "POST"], target: str, wanted: Mapping[str, Any] | None, now: datetime
    ) -> dict[str, Any] | None:
        try:
            return self._call(method, target, wanted, now)
        except ShopError as error:
            if error.code == PROVIDER_SAYS_NO.code and error.params.get("code") in _NOT_THERE:
                return None
            raise

    def _call(
        self, method: Literal["GET", "POST"], target: str, wanted: Mapping[str, Any] | None, now: datetime
    ) -> dict[str, Any]:
        body = b"" if wanted is None else json.dumps(wanted, ensure_ascii=False).encode()
        parts = urlsplit(self._host + target)
        signed = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._answer(self._send(self._request(method, signed, body, now)), now)

    def _request(
        self,
        method: Literal["GET", "POST"],
        signed: str,
        body: bytes,
        now: datetime,
        longest: int = ANSWER_LONGEST,
    ) -> Request:
        """A signed request. signed: path and query from the host on."""
        second, nonce = int(now.timestamp()), secrets.token_hex(16)
        signature = rsa.sign(self._private, wechat.request_message(method, signed, second, nonce, body))
        headers = {
            "accept": "application/json",
            "content-type": "application/json",
            "user-agent": "shengeng",
            "wechatpay-serial": self._platform_serial,
            "authorization": wechat.authorization(self._mchid, self._serial, second, nonce, signature),
        }
        return Request(method, self._origin + signed, headers, body, longest)

    def _answer(self, answer: Response, now: datetime) -> dict[str, Any]:
        if answer.status >= 500 or answer.status == 429:
            raise PROVIDER_AWAY.error(provider=NAME, why=f"HTTP {answer.status}")
        if answer.status >= 400:
            said = object_of(NAME, answer.body)
            code, why = str(said.get("code", answer.status)), str(said.get("message", ""))[:200]
            raise PROVIDER_SAYS_NO.error(provider=NAME, code=code, why=why)
        if answer.status == 204:
            return {}
        flaw = self._flaw(answer.headers, answer.body, now)
        if flaw:  # what cannot be trusted is as good as no answer
            raise PROVIDER_AWAY.error(provider=NAME, why=flaw)
        return object_of(NAME, answer.body)

    def _flaw(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        second, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
        if headers.get("wechatpay-serial", "") != self._platform_serial:
            return "it is signed with a key that is not set up here"
        message = wechat.answer_message(second, nonce, body)
        if not rsa.holds(self._public, message, headers.get("wechatpay-signature", "")):
            return "the signature does not fit the body"
        if not second.isdecimal() or abs(now.timestamp() - int(second)) > wechat.TOLERANCE_S:
            return f"signed more than {wechat.TOLERANCE_S} seconds away from now"
        return ""


def _payment_told(notice_id: str, about: Mapping[str, Any]) -> Told:
    state = about.get("trade_state")
    kind: Kind = "charged" if state in _PAID else "failed" if state in _OVER else "other"
    amount = about.get("amount") or {}
    total = amount.get("total", 0) if isinstance(amount, dict) else None
    if type(total) is not int:
        raise unreadable(NAME, "there is no whole amount.total")
    ref = str(about.get("transaction_id", ""))[:100]
    if kind == "charged" and not ref:
        raise unreadable(NAME, "there is no transaction_id")
    return Told(
        notice_id,
        kind,
        id_of(about.get("out_trade_no")),
        None,
        ref,
        total,
        str(amount.get("currency", "CNY"))[:3],
    )


def _refund_told(notice_id: str, about: Mapping[str, Any], status: object) -> Told:
    kinds: dict[object, Kind] = {
        "SUCCESS": "refunded",
        "CLOSED": "refund_failed",
        "ABNORMAL": "refund_failed",
    }
    amount = about.get("amount") or {}
    back = amount.get("refund") if isinstance(amount, dict) else None
    if type(back) is not int:
        raise unreadable(NAME, "there is no whole amount.refund")
    return Told(
        notice_id,
        kinds.get(status, "other"),
        id_of(about.get("out_trade_no")),
        id_of(about.get("out_refund_no")),
        str(about.get("refund_id", ""))[:100],
        back,
        str(amount.get("currency", "CNY"))[:3],
    )


def _certain(refund: Refund, said: Mapping[str, Any]) -> Told | None:
    told = _refund_told(f"asked-{refund.id.hex}", said, said.get("status"))
    return told if told.kind != "other" else None


def _apiv3_key(text: bytes) -> bytes:
    key = text.strip()
    if len(key) != wechat.KEY_BYTES:
        raise ValueError(f"an API v3 key has {wechat.KEY_BYTES} characters")
    return key
