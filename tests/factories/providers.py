"""WeChat Pay and Alipay as their documents describe them, with keys made for the test: they check what the
shop signs with the shop's public key, and sign what they answer with their own. Written apart from the
adapters, so that a formula that is wrong on one side is wrong against the other."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shengeng.trade.payments.contracts import Request, Response

Json = dict[str, Any]


@dataclass
class Pair:
    """An RSA key and its halves as PEM."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def private_pem(self) -> bytes:
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    def public_pem(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form)

    def public_bare(self) -> bytes:
        """As Alipay's console shows it: base64 without armour."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self.key.public_key().public_bytes(serialization.Encoding.DER, form))

    def sign(self, text: str) -> str:
        return base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()

    def check(self, text: str, signature: str) -> None:
        raw = base64.b64decode(signature)
        self.key.public_key().verify(raw, text.encode(), padding.PKCS1v15(), hashes.SHA256())


@dataclass
class Wechat:
    """WeChat Pay with one merchant."""

    now: datetime
    merchant: Pair
    own: Pair
    apiv3: str = "0123456789abcdef0123456789abcdef"
    orders: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    refund_state: str = "SUCCESS"
    bills: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""

    def settings(self, folder: Path) -> dict[str, str]:
        """The settings of the shop's side, its secrets in files of a folder."""
        folder.mkdir(exist_ok=True)
        (folder / "apiclient_key.pem").write_bytes(self.merchant.private_pem())
        (folder / "pub_key.pem").write_bytes(self.own.public_pem())
        (folder / "apiv3").write_text(self.apiv3 + "\n")
        return {
            "appid": "wxd678efh567hg6787",
            "mchid": "1230000109",
            "serial_no": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
            "platform_serial": "PUB_KEY_ID_0112300001092024",
            "notify_url": "https://shop.example/v1/payments/wechat_v3/notices",
            "private_key_file": str(folder / "apiclient_key.pem"),
            "platform_key_file": str(folder / "pub_key.pem"),
            "apiv3_key_file": str(folder / "apiv3"),
        }

    def __call__(self, request: Request) -> Response:
        """Answer a request whose signature holds."""
        parts = urlsplit(request.url)
        assert parts.netloc == "api.mch.weixin.qq.com"
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        scheme, _, rest = request.headers["authorization"].partition(" ")
        said = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        assert scheme == "WECHATPAY2-SHA256-RSA2048"
        assert said["mchid"] == "1230000109"
        lines = (request.method, target, said["timestamp"], said["nonce_str"], request.body.decode())
        self.merchant.check("".join(f"{line}\n" for line in lines), said["signature"])
        if parts.path == "/v3/billdownload/file":
            return Response(200, {}, self.bills[dict(parse_qsl(parts.query))["token"]])
        if parts.path == "/v3/bill/tradebill":
            return self._bill(dict(parse_qsl(parts.query)))
        status, answer = self._answer(request.method, parts.path, json.loads(request.body or b"{}"))
        return self.signed(status, json.dumps(answer).encode() if answer else b"")

    def _bill(self, asked: Json) -> Response:
        """Where the bill of a day lies, and its digest."""
        day = asked["bill_date"]
        assert asked["bill_type"] == "ALL"
        if day not in self.bills:
            return self.signed(400, b'{"code":"NO_STATEMENT_EXIST","message":"no bill"}')
        place = f"https://api.mch.weixin.qq.com/v3/billdownload/file?token={day}"
        digest = self.digest or hashlib.sha1(self.bills[day]).hexdigest()
        said = {"hash_type": "SHA1", "hash_value": digest, "download_url": place}
        return self.signed(200, json.dumps(said).encode())

    def signed(self, status: int, body: bytes) -> Response:
        """An answer or a notice as WeChat Pay signs it: three lines."""
        second, nonce = str(int(self.now.timestamp())), secrets.token_hex(8)
        headers = {
            "wechatpay-timestamp": second,
            "wechatpay-nonce": nonce,
            "wechatpay-serial": "PUB_KEY_ID_0112300001092024",
            "wechatpay-signature": self.own.sign(f"{second}\n{nonce}\n{body.decode()}\n"),
        }
        return Response(status, headers, body)

    def pay(self, number: str, **other: object) -> Response:
        """The buyer scans and pays; the notice of it."""
        self.orders[number]["trade_state"] = "SUCCESS"
        return self.notice("TRANSACTION.SUCCESS", "transaction", self.orders[number] | other)

    def notice(self, event: str, about: str, plain: Json, apiv3: str = "") -> Response:
        """A notice whose resource is sealed with the API v3 key."""
        nonce = secrets.token_hex(6)
        seal = AESGCM((apiv3 or self.apiv3).encode())
        sealed = seal.encrypt(nonce.encode(), json.dumps(plain).encode(), about.encode())
        resource = {
            "original_type": about,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "associated_data": about,
            "nonce": nonce,
        }
        said = {"id": f"EV-{secrets.token_hex(8)}", "event_type": event, "resource": resource}
        return self.signed(200, json.dumps(said).encode())

    def _ordered(self, said: Json, trade: str) -> tuple[int, Json]:
        """An order by code or for a phone; one number has one kind."""
        number = said["out_trade_no"]
        assert said["amount"]["total"] > 0
        assert re.fullmatch(r"[0-9a-zA-Z_|*-]{6,32}", number)
        order = said | {"trade_state": "NOTPAY", "transaction_id": f"42000{len(self.orders):023d}"}
        order |= {"amount": said["amount"] | {"payer_total": said["amount"]["total"]}, "trade_type": trade}
        if self.orders.setdefault(number, order)["trade_type"] != trade:
            return 400, {"code": "INVALID_REQUEST", "message": "201 商户订单号重复"}
        if trade == "NATIVE":
            return 200, {"code_url": f"weixin://wxpay/bizpayurl?pr={number[:9]}"}
        assert said["scene_info"]["payer_client_ip"]
        assert said["scene_info"]["h5_info"]["type"] in ("iOS", "Android", "Wap")
        page = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb"
        return 200, {"h5_url": f"{page}?prepay_id=wx{number}&package=1037687096"}

    def _answer(self, method: str, path: str, said: Json) -> tuple[int, Json]:
        number = path.rsplit("/", 2)[-2] if path.endswith("/close") else path.rsplit("/", 1)[-1]
        if path in ("/v3/pay/transactions/native", "/v3/pay/transactions/h5"):
            return self._ordered(said, "NATIVE" if path.endswith("native") else "MWEB")
        if path == "/v3/refund/domestic/refunds":
            made = said | {"refund_id": f"50000{len(self.refunds):023d}", "status": self.refund_state}
            return 200, self.refunds.setdefault(said["out_refund_no"], made)
        if path.startswith("/v3/refund/domestic/refunds/"):
            return 200, self.refunds[number]
        if number not in self.orders:
            return 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
        if method == "POST":
            self.orders[number]["trade_state"] = "CLOSED"
            return 204, {}
        return 200, self.orders[number]


@dataclass
class AlipaySide:
    """Alipay with one application."""

    app: Pair
    own: Pair
    trades: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    hiccup: bool = False
    bills: dict[str, bytes] = field(default_factory=dict)

    def settings(self, folder: Path) -> dict[str, str]:
        """The settings of the shop's side, its secrets in files of a folder."""
        folder.mkdir(exist_ok=True)
        (folder / "app.pem").write_bytes(self.app.private_pem())
        (folder / "alipay.txt").write_bytes(self.own.public_bare())
        return {
            "app_id": "2021000000000001",
            "notify_url": "https://shop.example/v1/payments/alipay/notices",
            "private_key_file": str(folder / "app.pem"),
            "alipay_key_file": str(folder / "alipay.txt"),
        }

    def visit(self, url: str) -> Json:
        """The buyer's browser brings the signed address; Alipay opens the trade."""
        params = dict(parse_qsl(urlsplit(url).query))
        self._check(params)
        assert params["method"] == "alipay.trade.page.pay"
        said: Json = json.loads(params["biz_content"])
        number = f"2026112022001{len(self.trades):015d}"
        trade = {"trade_no": number, "trade_status": "WAIT_BUYER_PAY"}
        return self.trades.setdefault(said["out_trade_no"], said | trade)

    def pay(self, number: str, **other: str) -> bytes:
        """The buyer pays; the notice of it."""
        self.trades[number] |= {"trade_status": "TRADE_SUCCESS", "send_pay_date": "2026-11-20 16:05:00"}
        return self.notice(self.trades[number] | {"gmt_payment": "2026-11-20 16:05:00"} | other)

    def notice(self, trade: Json) -> bytes:
        """A notice: form fields, signed but for `sign` and `sign_type`."""
        names = (
            "out_trade_no",
            "trade_no",
            "trade_status",
            "total_amount",
            "subject",
            "gmt_payment",
            "gmt_refund",
        )
        fields = {name: str(trade[name]) for name in names if name in trade}
        fields |= {"app_id": trade.get("app_id", "2021000000000001"), "charset": "utf-8", "body": ""}
        fields |= {"notify_id": secrets.token_hex(16), "notify_type": "trade_status_sync"}
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])
        return urlencode(fields | {"sign_type": "RSA2", "sign": self.own.sign(text)}).encode()

    def __call__(self, request: Request) -> Response:
        """Answer a request whose signature holds."""
        if request.method == "GET":
            return Response(200, {}, self.bills[request.url.rpartition("=")[2]])
        params = dict(parse_qsl(request.body.decode()))
        self._check(params)
        said = {"code": "20000", "sub_code": "isp.unknow-error"} if self.hiccup else self._answer(params)
        node = json.dumps(said, ensure_ascii=False)
        name = params["method"].replace(".", "_") + "_response"
        return Response(200, {}, f'{{"{name}":{node},"sign":"{self.own.sign(node)}"}}'.encode())

    def _answer(self, params: Json) -> Json:
        said: Json = json.loads(params["biz_content"])
        if params["method"] == "alipay.data.dataservice.bill.downloadurl.query":
            assert said["bill_type"] == "trade"
            if said["bill_date"] not in self.bills:
                return {"code": "40004", "sub_code": "isp.bill_not_exist", "sub_msg": "账单不存在"}
            place = f"https://dwbillcenter.alipay.com/downloadBillFile.resource?bill={said['bill_date']}"
            return {"code": "10000", "msg": "Success", "bill_download_url": place}
        by_ref = {trade["trade_no"]: trade for trade in self.trades.values()}
        trade = self.trades.get(said.get("out_trade_no", "")) or by_ref.get(said.get("trade_no", ""))
        if trade is None:
            return {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST", "sub_msg": "交易不存在"}
        fine: Json = {"code": "10000", "msg": "Success"}
        if params["method"] == "alipay.trade.query":
            return fine | {name: value for name, value in trade.items() if name != "product_code"}
        if params["method"] == "alipay.trade.close":
            trade["trade_status"] = "TRADE_CLOSED"
            return fine
        return self._refunding(params["method"], trade, said, fine)

    def _refunding(self, method: str, trade: Json, said: Json, fine: Json) -> Json:
        number = said["out_request_no"]
        if method == "alipay.trade.refund":
            gone = sum((Decimal(one["refund_amount"]) for one in self.refunds.values()), Decimal(0))
            fresh = number not in self.refunds
            if fresh and gone + Decimal(said["refund_amount"]) > Decimal(trade["total_amount"]):
                return {
                    "code": "40004",
                    "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
                    "sub_msg": "退款金额超限",
                }
            self.refunds.setdefault(number, said)
            return fine | {"fund_change": "Y" if fresh else "N", "refund_fee": said["refund_amount"]}
        found = self.refunds.get(number)
        if found is None:
            return fine
        return fine | {
            "out_request_no": number,
            "refund_amount": found["refund_amount"],
            "refund_status": "REFUND_SUCCESS",
        }

    def _check(self, params: Json) -> None:
        signed = {name: value for name, value in params.items() if name != "sign"}
        assert signed["sign_type"] == "RSA2"
        self.app.check("&".join(f"{name}={signed[name]}" for name in sorted(signed)), params["sign"])
