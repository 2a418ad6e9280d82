"""The catalogue over HTTP: written whole by operators, read by everybody without what is the shop's own."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import NOON, Door, open_door
from tests.factories.shopfront import Shopfront, open_shopfront

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL, Role
from shengeng.storage.stores import Stores
from shengeng.trade.assortment import routes as assortment
from shengeng.trade.catalogue import api, routes

PRODUCTS = "/v1/trade/products"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'


@pytest.fixture
def door(stores: Stores) -> Door:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOON, name="小店", timezone="Asia/Shanghai", currency="CNY")
    return open_door(stores, [routes.router, assortment.router])


@pytest.fixture
def mei(door: Door) -> TestClient:
    return door.signed_in("mei", Role.OPERATOR)


@pytest.fixture
def shopfront(stores: Stores, door: Door) -> Shopfront:
    return open_shopfront(stores, door.wall)


def body(**more: object) -> dict[str, object]:
    variants = [
        {"sku": "tea-s", "choices": [{"zh": "小", "en": "Small"}], "cost_minor": 900},
        {"sku": "tea-l", "choices": [{"zh": "大", "en": "Large"}], "cost_minor": 1500, "supply": "presale"},
    ]
    told = {
        "version": 0,
        "title": {"zh": "龙井茶", "en": "Longjing tea"},
        "options": [{"zh": "规格", "en": "Size"}],
        "state": "listed",
    }
    return told | {"variants": variants} | more


def test_a_product_that_is_read_can_be_sent_back_unchanged(mei: TestClient) -> None:
    made = mei.put(f"{PRODUCTS}/tea", json=body())
    assert made.status_code == 200, made.text
    read = mei.get(f"{PRODUCTS}/tea").json()
    assert read == made.json()
    own = ("product_id", "imported", "from_minor", "created_at", "changed_at")
    again = mei.put(f"{PRODUCTS}/tea", json={key: value for key, value in read.items() if key not in own})
    assert again.status_code == 200, again.text
    assert again.json() == read | {"version": 2}


def test_two_people_who_edit_one_product_do_not_undo_each_other(mei: TestClient) -> None:
    assert mei.put(f"{PRODUCTS}/tea", json=body()).json()["version"] == 1
    assert mei.put(f"{PRODUCTS}/tea", json=body(version=1)).json()["version"] == 2
    for stale in (0, 1, 3):
        answer = mei.put(f"{PRODUCTS}/tea", json=body(version=stale))
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "product_changed")
    assert mei.put(f"{PRODUCTS}/coffee", json=body(version=4)).status_code == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"title": {"zh": " ", "en": ""}}, 422),
        ({"variants": []}, 422),
        ({"variants": [{"sku": "a b", "choices": [{"zh": "小"}]}]}, 422),
        ({"variants": [{"sku": "s"}]}, 422),
        ({"variants": [{"sku": "s", "choices": [{"zh": "小"}], "cost_minor": -1}]}, 422),
        ({"category_id": "nowhere"}, 404),
        ({"seller_id": "nobody"}, 404),
        ({"media": [{"media_id": "0" * 64}]}, 404),
        ({"price": 1}, 422),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    mei: TestClient, change: dict[str, object], status: int
) -> None:
    answer = mei.put(f"{PRODUCTS}/tea", json=body(**change))
    assert answer.status_code == status, answer.text
    assert mei.get(f"{PRODUCTS}/tea").status_code == 404


def test_lists_come_in_pages_and_by_state(mei: TestClient) -> None:
    for number in range(7):
        one = body(options=[], variants=[{"sku": f"s{number}"}], state="draft" if number % 2 else "listed")
        assert mei.put(f"{PRODUCTS}/p{number}", json=one).status_code == 200
    found: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = mei.get(PRODUCTS, params=params).json()
        found += [row["product_id"] for row in page["rows"]]
        cursor = page["next"]
    assert (sorted(found), cursor, page["total"]) == ([f"p{n}" for n in range(7)], None, 7)
    drafts = mei.get(PRODUCTS, params={"state": "draft"}).json()
    assert [row["product_id"] for row in drafts["rows"]] == ["p5", "p3", "p1"]
    moved = mei.post(f"{PRODUCTS}/state", json={"product_ids": ["p1", "p2", "gone"], "state": "archived"})
    assert moved.json() == {"moved": 2}
    assert mei.get(PRODUCTS).json()["total"] == 5
    assert mei.get(PRODUCTS, params={"state": "archived"}).json()["total"] == 2


def test_pictures_are_kept_by_content_and_can_do_nothing(mei: TestClient, shopfront: Shopfront) -> None:
    made = mei.post("/v1/trade/media", content=SVG, headers={"content-type": "application/octet-stream"})
    assert made.status_code == 201, made.text
    path = f"media/{made.json()['media_id']}"
    for answer in (mei.get(f"/v1/trade/{path}"), shopfront.guest().get(f"/v1/store/{path}")):
        assert (answer.content, answer.headers["content-type"]) == (SVG, "image/svg+xml")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "immutable" in answer.headers["cache-control"]
    for bad in (b"", b"MZ\x90", b"<html>", b"<svg onload=alert(1)></svg>", b"<svg><script>1</script></svg>"):
        answer = mei.post("/v1/trade/media", content=bad, headers={"content-type": "image/svg+xml"})
        assert answer.status_code == 422, bad


def test_shoppers_see_what_is_on_sale_and_never_what_it_cost(
    stores: Stores, mei: TestClient, shopfront: Shopfront
) -> None:
    mei.put(
        "/v1/trade/categories", json={"rows": [{"category_id": "tea", "name": {"zh": "茶", "en": "Tea"}}]}
    )
    mei.put(f"{PRODUCTS}/tea", json=body(category_id="tea"))
    draft = body(state="draft", options=[], variants=[{"sku": "secret"}])
    mei.put(f"{PRODUCTS}/secret", json=draft)
    guest = shopfront.guest()
    assert guest.get("/v1/store/products").json()["total"] == 0
    with stores.rows.unit() as uow:
        api.price_shown(uow, {"tea": 2900, "secret": 1})
    page = guest.get("/v1/store/products", params={"q": "龙井", "filter": "supply:presale"})
    assert [row["product_id"] for row in page.json()["rows"]] == ["tea"]
    assert page.json()["rows"][0]["from_minor"] == 2900
    one = guest.get("/v1/store/products/tea")
    assert [each["sku"] for each in one.json()["variants"]] == ["tea-s", "tea-l"]
    assert "cost" not in page.text + one.text
    assert guest.get("/v1/store/products/secret").status_code == 404
    assert guest.get("/v1/store/products", params={"filter": "supply"}).status_code == 422
    assert guest.get("/v1/store/products", params={"category": "nowhere"}).status_code == 404
    [category] = guest.get("/v1/store/categories").json()["rows"]
    assert category["category_id"] == "tea"


def test_taxes_of_a_channel_are_an_approvers_word(door: Door, mei: TestClient) -> None:
    [online] = mei.get("/v1/trade/channels").json()["rows"]
    assert (online["channel_id"], online["currency"], online["tax_inclusive"]) == ("online", "CNY", True)
    us = online | {"currency": "USD", "country": "US", "tax_inclusive": False, "tax_rates": {"standard": 825}}
    us.pop("channel_id")
    assert mei.put("/v1/trade/channels/us", json=us).status_code == 403
    lead = door.signed_in("lead", Role.APPROVER)
    assert lead.put("/v1/trade/channels/us", json=us).json() == us | {"channel_id": "us"}
    assert lead.put("/v1/trade/channels/us", json=us | {"tax_rates": {"standard": -1}}).status_code == 422
