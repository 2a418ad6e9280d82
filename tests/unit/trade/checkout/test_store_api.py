"""The public API: from an empty basket to a paid order, by a guest and by a member."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import NOON
from tests.factories.payments import charged
from tests.factories.selling import HOME, Sold, open_selling
from tests.factories.shopfront import Shopfront, open_shopfront

from shengeng.storage.stores import Stores
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments

ADDRESS = {
    name: getattr(HOME, name)
    for name in ("recipient", "phone", "country", "region", "city", "district", "line", "postcode")
}


@pytest.fixture
def front(stores: Stores) -> Shopfront:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}), now=NOON)
    return open_shopfront(stores)


def place(client: TestClient, key: str = "key-00000001", **more: object) -> dict[str, Any]:
    """A buyer puts two into the basket and places the order."""
    added = client.post("/v1/store/basket/lines", json={"sku": "tea", "quantity": 2})
    assert added.status_code == 201, added.text
    return send(client, key, **more).json()  # type: ignore[no-any-return]


def send(client: TestClient, key: str, **more: object) -> Any:
    quoted = client.post("/v1/store/checkout/quote", json={"address": ADDRESS}).json()
    assert quoted["ready"]
    assert quoted["quote"]["total_minor"] == 2_600
    body = {
        "key": key,
        "quote_id": quoted["quote"]["quote_id"],
        "address": ADDRESS,
        "option_id": quoted["option_id"],
        "provider": quoted["providers"][0],
        "email": "li@example.cn",
        "return_url": "http://shop.example/order/{number}",
    }
    return client.post("/v1/store/checkout", json=body | more)


def test_a_guest_buys_and_alone_sees_the_order(front: Shopfront, stores: Stores) -> None:
    guest = front.guest()
    assert guest.get("/v1/store/basket").json()["lines"] == []
    placed = place(guest)
    assert placed["total_minor"] == 2_600
    assert not placed["again"]
    number, proof = placed["number"], {"x-order-secret": placed["secret"]}
    assert guest.get("/v1/store/basket").json()["lines"] == []

    with stores.rows.unit() as uow:
        [intent] = payments.intents_page(uow, state=None, provider=None, before=None, limit=9)
    assert str(intent.id) == placed["payment_id"]
    headers, body = charged(stores, intent, NOON)
    for _ in range(2):
        told = front.guest().post("/v1/payments/sandbox/notices", content=body, headers=headers)
        assert told.status_code == 204, told.text
    forged = front.guest().post(
        "/v1/payments/sandbox/notices", content=body.replace(b"2600", b"1"), headers=headers
    )
    assert forged.status_code == 401

    seen = guest.get(f"/v1/store/orders/{number}", headers=proof).json()
    assert (seen["state"], seen["states"]["charge"], seen["charged_minor"]) == ("placed", "charged", 2_600)
    assert front.guest().get(f"/v1/store/orders/{number}").status_code == 404
    assert front.member().get(f"/v1/store/orders/{number}").status_code == 404
    known = {"number": number, "contact": "LI@example.cn"}
    assert front.guest().post("/v1/store/orders/track", json=known).json()["number"] == number
    known["contact"] = "lx@example.cn"
    assert front.guest().post("/v1/store/orders/track", json=known).status_code == 404
    ended = guest.post(f"/v1/store/orders/{number}/cancel", json={"why": "too much"}, headers=proof)
    assert (ended.json()["state"], ended.json()["refunding_minor"]) == ("cancelled", 2_600)


def test_the_same_key_is_the_same_order_and_with_other_details_none(front: Shopfront) -> None:
    guest = front.guest()
    guest.post("/v1/store/basket/lines", json={"sku": "tea", "quantity": 2})
    quoted = guest.post("/v1/store/checkout/quote", json={"address": ADDRESS}).json()
    body = {
        "key": "key-00000001",
        "quote_id": quoted["quote"]["quote_id"],
        "address": ADDRESS,
        "option_id": "standard",
        "provider": "sandbox",
        "phone": "13800138000",
        "return_url": "http://shop.example/",
    }
    first, second = (guest.post("/v1/store/checkout", json=body).json() for _ in range(2))
    assert second == first | {"again": True}
    other = guest.post("/v1/store/checkout", json=body | {"phone": "13800138001"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "checkout_key_used")
    empty = guest.post("/v1/store/checkout", json=body | {"key": "key-00000002"})
    assert empty.json()["error"]["code"] == "no_basket"


def test_a_member_brings_the_guests_basket_and_has_an_order_history(front: Shopfront) -> None:
    client = front.guest()
    client.post("/v1/store/basket/lines", json={"sku": "tea", "quantity": 1})
    made = client.post(
        "/v1/store/members",
        json={"email": "li@example.cn", "name": "Li", "password": "autumn leaves 7"},
    )
    client.headers["x-csrf-token"] = made.json()["csrf"]
    both = client.post("/v1/store/basket/lines", json={"sku": "tea", "quantity": 1}).json()
    assert [line["quantity"] for line in both["lines"]] == [2]
    placed = send(client, "key-00000001").json()
    assert placed["secret"] is None
    mine = client.get("/v1/store/orders").json()
    assert [row["number"] for row in mine["rows"]] == [placed["number"]]
    assert client.get(f"/v1/store/orders/{placed['number']}").status_code == 200
    assert front.guest().get("/v1/store/orders").status_code == 401
    assert front.member("wang@example.cn").get("/v1/store/orders").json()["rows"] == []


def test_a_basket_says_what_cannot_be_bought_and_a_changed_price_is_told(
    front: Shopfront, stores: Stores
) -> None:
    guest = front.guest()
    more = guest.post("/v1/store/basket/lines", json={"sku": "tea", "quantity": 6}).json()
    assert more["lines"][0]["why"] == {"zh": "仅剩 5 件", "en": "Only 5 left"}
    line = more["lines"][0]["line_no"]
    assert (
        guest.patch(f"/v1/store/basket/lines/{line}", json={"quantity": 2}).json()["lines"][0]["why"] is None
    )
    refused = send(guest, "key-00000001", quote_id="another")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "price_changed")
    codes = guest.post("/v1/store/basket/codes", json={"code": "none such"}).json()
    assert [one["code"] for one in codes["quote"]["refused_codes"]] == ["NONESUCH"]
    assert guest.delete("/v1/store/basket/codes/nonesuch").json()["codes"] == []
    assert guest.post("/v1/store/basket/lines", json={"sku": "no such"}).status_code == 404
    gone = guest.patch(f"/v1/store/basket/lines/{line}", json={"quantity": 0}).json()
    assert gone["lines"] == []


def test_a_failed_payment_can_be_begun_again_until_the_order_expires(
    front: Shopfront, stores: Stores
) -> None:
    guest = front.guest()
    placed = place(guest)
    asked = {"provider": "sandbox", "return_url": "http://shop.example/"}
    proof, path = {"x-order-secret": placed["secret"]}, f"/v1/store/orders/{placed['number']}/payment"
    assert front.guest().post(path, json=asked).status_code == 404
    answer = guest.post(path, json=asked, headers=proof)
    assert answer.status_code == 503, "no sandbox process runs in this test"
    front.wall.wait(minutes=31)
    orders.expire_due(stores, front.wall.now + timedelta(minutes=1))
    over = guest.post(path, json=asked, headers=proof)
    assert (over.status_code, over.json()["error"]["code"]) == (409, "nothing_to_pay")
