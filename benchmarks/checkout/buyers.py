"""Buyers of three shops: from an empty basket to a paid order in five calls, over one connection."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from shengeng.trade.payments.contracts import signing

CALLS = 5
PERSON = itertools.count(time.time_ns())
_PATIENCE_S = 120
_BROKEN = (http.client.HTTPException, OSError)


class RefusedError(Exception):
    """The shop does not sell: there is nothing left."""


class BrokenError(Exception):
    """The shop answered with a fault, or not at all."""


class Buyer(Protocol):
    """Somebody at a shop; buys again and again, each time as a new guest."""

    def buy(self, sku: str) -> None:
        """One unit, paid. Raises RefusedError or BrokenError."""
        ...


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Status, headers and body; opens the connection again where the server has closed it."""
        try:
            return self._ask(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._link.close()
        except _BROKEN as error:
            self._link.close()
            raise BrokenError(repr(error)) from error
        try:
            return self._ask(method, path, body, headers)
        except _BROKEN as error:
            self._link.close()
            raise BrokenError(repr(error)) from error

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        self._link.request(method, path, body, dict(headers))
        answer = self._link.getresponse()
        return answer.status, answer.headers, answer.read()


@dataclass
class Guest:
    """What a browser keeps: cookies."""

    line: Line
    cookies: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, body: bytes | None, kind: str, **more: str
    ) -> tuple[int, str, bytes]:
        """Status, the place it points to, and body."""
        headers = {
            "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "content-type": kind,
            **more,
        }
        status, told, said = self.line.ask(method, path, body, headers)
        for cookie in told.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if status >= 500:
            raise BrokenError(f"{path}: {status} {said[:200]!r}")
        return status, told.get("location", ""), said


ADDRESS = {
    "recipient": "李雷",
    "phone": "13800138000",
    "country": "CN",
    "region": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "line": "文三路 1 号",
    "postcode": "310012",
}


class OurBuyer:
    """Basket, quote for the address, order, its payment, and the provider's word that it was paid."""

    def __init__(self, port: int, secret: bytes) -> None:
        self._line, self._secret = Line(port), secret

    def buy(self, sku: str) -> None:
        guest = Guest(self._line)
        self._say(guest, "/v1/store/basket/lines", {"sku": sku, "quantity": 1})
        seen = self._say(guest, "/v1/store/checkout/quote", {"address": ADDRESS})
        if not seen["ready"]:
            raise RefusedError
        back = "http://shop.example/order/{number}"
        placed = self._say(
            guest,
            "/v1/store/checkout",
            {
                "key": "of-one-order",
                "quote_id": seen["quote"]["quote_id"],
                "address": ADDRESS,
                "option_id": seen["option_id"],
                "provider": "sandbox",
                "email": f"li{next(PERSON)}@example.cn",
                "return_url": back,
            },
        )
        start = {"provider": "sandbox", "return_url": back.format(number=placed["number"])}
        path = f"/v1/store/orders/{placed['number']}/payment"
        self._say(guest, path, start, **{"x-order-secret": placed["secret"]})
        self._pay(placed)

    def _pay(self, placed: Mapping[str, Any]) -> None:
        payment = placed["payment_id"].replace("-", "")
        told = {"id": f"n-{payment}", "kind": "charged", "payment": payment, "ref": f"ref-{payment}"}
        body = json.dumps(
            told | {"amount_minor": placed["total_minor"], "currency": placed["currency"]}
        ).encode()
        signed = signing.sign(self._secret, "notice", body, datetime.now(UTC))
        status, _, said = Guest(self._line).send(
            "POST", "/v1/payments/sandbox/notices", body, "application/json", **{signing.SIGNATURE: signed}
        )
        if status != 204:
            raise BrokenError(f"notice: {status} {said[:200]!r}")

    @staticmethod
    def _say(guest: Guest, path: str, told: Mapping[str, Any], **more: str) -> Any:
        status, _, said = guest.send("POST", path, json.dumps(told).encode(), "application/json", **more)
        answer = json.loads(said)
        if status == 409 and answer["error"]["code"] == "sold_out":
            raise RefusedError
        if status >= 400:
            raise BrokenError(f"{path}: {said[:200]!r}")
        return answer


_ADD = """mutation($v:ID!){addItemToOrder(productVariantId:$v,quantity:1){__typename
  ...on Order{code totalWithTax lines{quantity unitPriceWithTax}} ...on ErrorResult{errorCode message}}}"""
_WHO = """mutation($c:CreateCustomerInput!,$a:CreateAddressInput!){
  setCustomerForOrder(input:$c){__typename ...on ErrorResult{errorCode message}}
  setOrderShippingAddress(input:$a){__typename ...on Order{totalWithTax}
    ...on ErrorResult{errorCode message}}}"""
_WAYS = "{eligibleShippingMethods{id priceWithTax name} eligiblePaymentMethods{code isEligible}}"
_HOW = """mutation($m:[ID!]!){
  setOrderShippingMethod(shippingMethodId:$m){__typename ...on Order{totalWithTax}
    ...on ErrorResult{errorCode message}}
  transitionOrderToState(state:"ArrangingPayment"){__typename ...on Order{state totalWithTax}
    ...on ErrorResult{errorCode message}}}"""
_PAY = """mutation($p:PaymentInput!){addPaymentToOrder(input:$p){__typename
  ...on Order{code state totalWithTax} ...on ErrorResult{errorCode message}}}"""
_SOLD_OUT = ("INSUFFICIENT_STOCK_ERROR", "ORDER_STATE_TRANSITION_ERROR", "ORDER_PAYMENT_STATE_ERROR")


class VendureBuyer:
    """Basket, person and address, ways of delivery and payment, the choice, payment: by the shop API."""

    def __init__(self, port: int, ids: Mapping[str, str]) -> None:
        self._line, self._ids = Line(port), ids

    def buy(self, sku: str) -> None:
        self._token = ""
        self._say(_ADD, v=self._ids[sku])
        who = {
            "firstName": "Lei",
            "lastName": "Li",
            "emailAddress": f"li{next(PERSON)}@example.cn",
            "phoneNumber": "13800138000",
        }
        where = {
            "fullName": "Li Lei",
            "streetLine1": "1 Wensan Road",
            "city": "Hangzhou",
            "province": "Zhejiang",
            "postalCode": "310012",
            "countryCode": "CN",
            "phoneNumber": "13800138000",
        }
        self._say(_WHO, c=who, a=where)
        ways = self._say(_WAYS)
        self._say(_HOW, m=[ways["eligibleShippingMethods"][0]["id"]])
        paid = {"method": ways["eligiblePaymentMethods"][0]["code"], "metadata": {}}
        done = self._say(_PAY, p=paid)["addPaymentToOrder"]
        if done["state"] != "PaymentSettled":
            raise BrokenError(str(done))

    def _say(self, query: str, **variables: object) -> Any:
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        status, told, said = self._line.ask("POST", "/shop-api", body, headers)
        self._token = told.get("vendure-auth-token") or self._token
        answer = json.loads(said)
        if status != 200 or "errors" in answer:
            raise BrokenError(said[:300].decode("utf-8", "replace"))
        for one in answer["data"].values():
            if isinstance(one, dict) and "errorCode" in one:
                if one["errorCode"] in _SOLD_OUT:
                    raise RefusedError(one["message"])
                raise BrokenError(str(one))
        return answer["data"]


class OscarBuyer:
    """Basket, e-mail address, delivery address, way of delivery, order: oscar's own forms, as a browser
    sends them, without fetching the pages between them or those that the answers point to."""

    def __init__(self, port: int, ids: Mapping[str, int]) -> None:
        self._line, self._ids = Line(port), ids

    def buy(self, sku: str) -> None:
        guest = Guest(self._line, {"csrftoken": "a" * 32})
        self._send(guest, f"/basket/add/{self._ids[sku]}/", "/basket/", quantity="1")
        mail = f"li{next(PERSON)}@example.cn"
        self._send(guest, "/checkout/", "/checkout/shipping-address/", username=mail, options="anonymous")
        where = {"first_name": "Lei", "last_name": "Li", "line1": "1 Wensan Road", "line4": "Hangzhou"}
        where |= {"state": "Zhejiang", "postcode": "310012", "phone_number": "+86 13800138000"}
        self._send(guest, "/checkout/shipping-address/", "/checkout/shipping-method/", **where)
        self._send(guest, "/checkout/shipping-method/", "/checkout/payment-method/")
        self._send(guest, "/checkout/preview/", "/checkout/thank-you/", action="place_order")

    @staticmethod
    def _send(guest: Guest, path: str, onward: str, **fields: str) -> None:
        body = (
            urlencode(fields | {"csrfmiddlewaretoken": guest.cookies["csrftoken"]}).encode()
            if fields
            else None
        )
        kind = "application/x-www-form-urlencoded"
        status, where, said = guest.send("POST" if fields else "GET", path, body, kind)
        if status == 302 and where == onward:
            return
        if (status, where) in {(302, "/basket/"), (302, "/checkout/"), (200, "")}:
            raise RefusedError(said[:200])
        raise BrokenError(f"{path}: {status} to {where}: {said[:200]!r}")


@dataclass
class Tally:
    """What a crowd of buyers met."""

    sold: int = 0
    refused: int = 0
    broken: int = 0
    ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def try_one(self, buyer: Buyer, sku: str) -> None:
        """One buyer's attempt."""
        began = time.perf_counter()
        try:
            buyer.buy(sku)
        except RefusedError:
            with self._lock:
                self.refused += 1
        except BrokenError as error:
            with self._lock:
                self.broken += 1
                self.faults.append(str(error)[:300])
        else:
            took = (time.perf_counter() - began) * 1000
            with self._lock:
                self.sold += 1
                self.ms.append(took)


def keep_buying(
    make: Callable[[], Buyer], skus: Sequence[str], crowd: int, seconds: float
) -> tuple[Tally, float]:
    """So many buyers at once, one order after another; what they met, and the seconds it took."""
    tally, order = Tally(), itertools.count()
    began = time.perf_counter()
    until = began + seconds

    def one(_: int) -> None:
        buyer = make()
        while time.perf_counter() < until:
            tally.try_one(buyer, skus[next(order) * 7919 % len(skus)])

    with ThreadPoolExecutor(crowd) as pool:
        list(pool.map(one, range(crowd)))
    return tally, time.perf_counter() - began


def rush(make: Callable[[], Buyer], sku: str, buyers: int, crowd: int) -> Tally:
    """So many buyers want one unit of the same goods each, so many of them at a time."""
    tally, own = Tally(), threading.local()

    def one(_: int) -> None:
        if not hasattr(own, "buyer"):
            own.buyer = make()
        tally.try_one(own.buyer, sku)

    with ThreadPoolExecutor(crowd) as pool:
        list(pool.map(one, range(buyers)))
    return tally
