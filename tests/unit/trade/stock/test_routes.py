"""Stock, delivery and shipments over HTTP: booked once, told in pages, each role no further than it may."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import Door, open_door
from tests.factories.shelves import NOW, SOON, want

from shengeng.kernel.roles import SHELL, Role
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ProductDraft, VariantDraft
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment import routes as delivery
from shengeng.trade.fulfilment.contracts import ShipmentPiece
from shengeng.trade.stock import api, routes

STOCK = "/v1/trade/stock"
SHOP = {"name": {"zh": "门店", "en": "Shop"}, "kind": "store", "position": 1}
RATE = {
    "rate_id": "standard",
    "zone_id": "mainland",
    "kind": "standard",
    "name": {"zh": "标准快递", "en": "Standard"},
    "currency": "CNY",
    "base_minor": 1000,
    "per_kg_minor": 300,
    "free_from_minor": 9900,
    "days_min": 2,
    "days_max": 4,
}
ZONE = {"zone_id": "mainland", "name": {"zh": "全国", "en": "Mainland"}, "country": "CN", "regions": []}


@pytest.fixture
def door(stores: Stores) -> Door:
    return open_door(stores, [routes.router, delivery.router])


@pytest.fixture
def mei(door: Door) -> TestClient:
    client = door.signed_in("mei", Role.OPERATOR)
    for key in ("store", "central"):
        assert client.put(f"{STOCK}/locations/{key}", json=SHOP).status_code == 200
    return client


def line(quantity: int, place: str = "store") -> dict[str, object]:
    return {"sku": "tea", "location_id": place, "quantity": quantity}


def test_goods_are_booked_and_read_back(door: Door, mei: TestClient) -> None:
    receipt = {"lines": [line(10)], "note": "truck", "entry_id": "019cae6b-6600-7000-8000-000000000000"}
    first = mei.post(f"{STOCK}/receipts", json=receipt)
    assert first.status_code == 200, first.text
    assert mei.post(f"{STOCK}/receipts", json=receipt).json() == first.json()
    assert mei.post(f"{STOCK}/adjustments", json={"lines": [line(-1)]}).status_code == 200
    moved = mei.post(f"{STOCK}/transfers", json={"lines": [line(4)], "to_location_id": "central"})
    assert [row["change"] for row in moved.json()["rows"]] == [4, -4]
    assert mei.post(f"{STOCK}/counts", json={"lines": [line(5, "central")]}).json()["rows"][0]["change"] == 1
    with door.stores.rows.unit() as uow:
        api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
    levels = mei.get(f"{STOCK}/levels").json()
    assert [(row["location_id"], row["on_hand"], row["held"], row["free"]) for row in levels["rows"]] == [
        ("central", 5, 2, 3),
        ("store", 5, 0, 5),
    ]
    [held] = mei.get(f"{STOCK}/reservations", params={"sku": "tea"}).json()["rows"]
    assert (held["order_id"], held["state"], held["pieces"][0]["still_open"]) == ("o1", "held", 2)
    assert mei.get(f"{STOCK}/faults").json() == {"rows": []}


def test_lists_come_in_pages_that_follow_each_other(mei: TestClient) -> None:
    lines = [{"sku": f"s{n}", "location_id": "store", "quantity": n + 1} for n in range(7)]
    mei.post(f"{STOCK}/receipts", json={"lines": lines})
    for path, key in (("levels", "sku"), ("movements", "sku")):
        found: list[str] = []
        cursor: str | None = None
        for _ in range(3):
            params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
            page = mei.get(f"{STOCK}/{path}", params=params).json()
            found += [row[key] for row in page["rows"]]
            cursor = page["next"]
        assert cursor is None
        assert sorted(found) == [f"s{n}" for n in range(7)]
    assert mei.get(f"{STOCK}/levels", params={"cursor": "x"}).status_code == 422


def test_a_quota_is_set_and_paged(mei: TestClient) -> None:
    for sku in ("coat", "hat"):
        put = mei.put(f"{STOCK}/quotas", json={"sku": sku, "supply": "presale", "quota": 5})
        assert put.json()["left"] == 5
    page = mei.get(f"{STOCK}/quotas", params={"limit": 1}).json()
    rest = mei.get(f"{STOCK}/quotas", params={"limit": 1, "cursor": page["next"]}).json()
    assert [row["sku"] for row in (*page["rows"], *rest["rows"])] == ["coat", "hat"]
    assert rest["next"] is None
    stock = {"sku": "coat", "supply": "stock", "quota": 5}
    assert mei.put(f"{STOCK}/quotas", json=stock).status_code == 422


def test_goods_are_found_and_told_by_what_they_are_called(door: Door, mei: TestClient) -> None:
    with door.stores.rows.unit() as uow:
        sizes = (Words("大", "Large"),)
        coat = ProductDraft(
            "coat",
            Words("羽绒服", "Down coat"),
            (VariantDraft("coat-L", sizes, supply="presale"),),
            options=(Words("尺码", "Size"),),
        )
        catalogue.put_product(uow, SHELL, coat, NOW)
    mei.put(f"{STOCK}/quotas", json={"sku": "coat-L", "supply": "presale", "quota": 5})
    mei.post(f"{STOCK}/receipts", json={"lines": [line(1) | {"sku": "coat-L"}, line(2)]})
    by_name = mei.get(f"{STOCK}/levels", params={"search": "羽绒"}).json()["rows"]
    assert [(row["sku"], row["title"]["en"], row["choices"][0]["zh"]) for row in by_name] == [
        ("coat-L", "Down coat", "大")
    ]
    [unknown] = mei.get(f"{STOCK}/levels", params={"sku": "tea"}).json()["rows"]
    assert (unknown["title"], unknown["choices"]) == (None, [])
    assert mei.get(f"{STOCK}/quotas").json()["rows"][0]["title"]["zh"] == "羽绒服"
    for search in ("coat-L", "Down coat"):
        [found] = mei.get(f"{STOCK}/variants", params={"search": search}).json()["rows"]
        assert (found["sku"], found["supply"]) == ("coat-L", "presale")
    assert mei.get(f"{STOCK}/variants", params={"search": "nothing"}).json() == {"rows": []}


def test_a_refusal_says_what_stands_in_the_way(door: Door, mei: TestClient) -> None:
    mei.post(f"{STOCK}/receipts", json={"lines": [line(3)]})
    with door.stores.rows.unit() as uow:
        api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
    refused = mei.post(f"{STOCK}/adjustments", json={"lines": [line(-2)]})
    assert refused.status_code == 409
    assert refused.json()["error"]["message"].startswith("tea in store: 1 of 3 units are free")
    assert mei.post(f"{STOCK}/receipts", json={"lines": [line(1, "moon")]}).status_code == 404
    assert mei.post(f"{STOCK}/receipts", json={"lines": []}).status_code == 422


def test_rates_are_kept_and_tried(mei: TestClient) -> None:
    assert mei.put("/v1/trade/delivery/zones", json={"rows": [ZONE]}).json()["rows"] == [ZONE]
    [kept] = mei.put("/v1/trade/delivery/rates", json={"rows": [RATE]}).json()["rows"]
    assert kept["first_g"] == 1000
    assert mei.get("/v1/trade/delivery/rates").json()["rows"] == [kept]
    question = {
        "region": "上海市",
        "parcels": [{"quantity": 2, "weight_g": 800}],
        "goods_minor": 5000,
        "currency": "CNY",
        "ready_on": "2026-03-03",
    }
    [way] = mei.post("/v1/trade/delivery/quotes", json=question).json()["rows"]
    assert (way["price_minor"], way["earliest"], way["co2e_g"]) == (1300, "2026-03-05", None)
    unsourced = RATE | {"co2e_g": 100}
    assert mei.put("/v1/trade/delivery/rates", json={"rows": [unsourced]}).status_code == 422


def test_a_parcel_is_followed(door: Door, mei: TestClient) -> None:
    with door.stores.rows.unit() as uow:
        pieces = [ShipmentPiece(1, "tea", "store", 1)]
        mine = fulfilment.create(uow, SHELL, "o1", pieces, carrier="sf", tracking_number="SF1", now=NOW)
    path = f"/v1/trade/shipments/{mine.shipment_id}/events"
    assert mei.post(path, json={"kind": "in_transit", "where": "杭州"}).json()["state"] == "in_transit"
    assert mei.post(path, json={"kind": "delivered"}).json()["delivered_at"] is not None
    assert mei.post(path, json={"kind": "failed"}).status_code == 409
    [listed] = mei.get("/v1/trade/shipments", params={"order": "o1"}).json()["rows"]
    assert [one["kind"] for one in listed["tracking"]] == ["shipped", "in_transit", "delivered"]
    names = {row["carrier"] for row in mei.get("/v1/trade/delivery/carriers").json()["rows"]}
    assert {"sf", "other"} <= names


def test_who_only_looks_changes_nothing(door: Door, mei: TestClient) -> None:
    del mei
    li = door.signed_in("li", Role.VIEWER)
    writes = [
        ("PUT", f"{STOCK}/locations/store", SHOP),
        ("POST", f"{STOCK}/receipts", {"lines": [line(1)]}),
        ("POST", f"{STOCK}/adjustments", {"lines": [line(1)]}),
        ("POST", f"{STOCK}/counts", {"lines": [line(1)]}),
        ("POST", f"{STOCK}/transfers", {"lines": [line(1)], "to_location_id": "central"}),
        ("PUT", f"{STOCK}/quotas", {"sku": "coat", "supply": "presale", "quota": 1}),
        ("PUT", "/v1/trade/delivery/zones", {"rows": [ZONE]}),
        ("PUT", "/v1/trade/delivery/rates", {"rows": [RATE]}),
    ]
    reads = [
        "levels",
        "variants?search=x",
        "movements",
        "locations",
        "quotas",
        "faults",
        "reservations?sku=tea",
    ]
    for method, path, body in writes:
        assert li.request(method, path, json=body).status_code == 403, path
        assert door.stranger().request(method, path, json=body).status_code == 401, path
    for path in reads:
        assert li.get(f"{STOCK}/{path}").status_code == 200
        assert door.stranger().get(f"{STOCK}/{path}").status_code == 401
