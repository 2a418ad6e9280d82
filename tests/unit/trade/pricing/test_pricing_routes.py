"""Prices, promotions and coupons over HTTP: who may, what is refused, what pages carry on."""

from __future__ import annotations

import pytest
from tests.factories.door import Door, open_door
from tests.factories.pricing import priced

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.trade.pricing import routes

OFFER = {
    "channel_id": "online",
    "name": {"zh": "满减", "en": "Save"},
    "benefit": {"kind": "threshold", "tiers": [{"at_minor": 5_000, "off_minor": 500}]},
}


@pytest.fixture
def door(stores: Stores) -> Door:
    """A door to the pricing of a shop that sells tea."""
    priced(stores, {"tea": 9_900, "a.b:c": 500})
    return open_door(stores, [routes.router])


def test_a_promotion_is_written_by_one_started_by_another_and_told_in_the_simulator(door: Door) -> None:
    writes, starts = door.signed_in("mei", Role.OPERATOR), door.signed_in("lan", Role.APPROVER)
    made = writes.post("/v1/trade/promotions", json={"draft": OFFER})
    assert made.status_code == 201, made.text
    path = f"/v1/trade/promotions/{made.json()['id']}"
    start = {"version": 1, "state": "live"}
    assert writes.post(f"{path}/state", json=start).status_code == 403
    basket = {"lines": [{"sku": "tea", "quantity": 1}], "also": [made.json()["id"]]}
    tried = writes.post("/v1/trade/pricing/simulate", json=basket).json()
    assert (tried["total_minor"], tried["steps"][0]["applied"]) == (9_400, True)
    assert starts.post(f"{path}/state", json=start).json()["state"] == "live"
    assert starts.post(f"{path}/state", json=start).status_code == 409
    changed = starts.put(path, json={"version": 2, "draft": {**OFFER, "priority": 7}})
    assert changed.json()["draft"]["priority"] == 7
    detail = writes.get(path).json()
    assert [one["version"] for one in detail["versions"]] == [3, 2, 1]
    with door.stores.rows.unit() as uow:
        actions = [row.action for row in audit.newest(uow, limit=10).rows]
    assert {"promotion.created", "promotion.live", "promotion.changed"} <= set(actions)


def test_lists_carry_on_where_the_page_before_ended(door: Door) -> None:
    client = door.signed_in("lan", Role.APPROVER)
    for _ in range(5):
        client.post("/v1/trade/promotions", json={"draft": OFFER})
    seen, cursor = [], None
    for _ in range(3):
        page = client.get(
            "/v1/trade/promotions", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        )
        seen += [row["id"] for row in page.json()["rows"]]
        cursor = page.json()["next"]
    assert len(seen) == len(set(seen)) == 5
    assert cursor is None
    assert client.get("/v1/trade/promotions?q=sav&state=draft").json()["rows"]
    assert client.get("/v1/trade/promotions?q=%25").json()["rows"] == []
    assert client.get("/v1/trade/promotions?cursor=bm8").status_code == 422


def test_coupons_are_issued_by_approvers_and_their_codes_seen_by_operators(door: Door) -> None:
    lan, mei, zhou = (
        door.signed_in(name, role)
        for name, role in (("lan", Role.APPROVER), ("mei", Role.OPERATOR), ("zhou", Role.VIEWER))
    )
    opened = lan.post(
        "/v1/trade/promotions", json={"draft": {**OFFER, "trigger": "coupon"}, "state": "live"}
    ).json()
    wanted = {"promotion_id": opened["id"], "name": {"zh": "券", "en": "Codes"}, "count": 3}
    assert mei.post("/v1/trade/coupon-batches", json=wanted).status_code == 403
    batch = lan.post("/v1/trade/coupon-batches", json=wanted).json()
    assert (batch["coupons"], batch["uses_most"], batch["kind"]) == (3, 3, "single")
    assert zhou.get("/v1/trade/coupon-batches").json()["rows"][0]["id"] == batch["id"]
    assert zhou.get("/v1/trade/coupons").status_code == 403
    first = mei.get("/v1/trade/coupons", params={"batch": batch["id"], "limit": 2}).json()
    rest = mei.get("/v1/trade/coupons", params={"batch": batch["id"], "cursor": first["next"]}).json()
    codes = [row["code"] for row in first["rows"] + rest["rows"]]
    assert len(set(codes)) == 3
    assert {len(code) for code in codes} == {12}
    told = mei.get(f"/v1/trade/coupons/{first['rows'][0]['id']}").json()
    assert [move["state"] for move in told["moves"]] == ["issued"]


def test_prices_are_set_listed_and_removed(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    assert (
        mei.put("/v1/trade/prices", json={"prices": [{"sku": "tea", "unit_minor": 8_800}]}).status_code == 204
    )
    assert mei.get("/v1/trade/prices?sku=tea").json()["rows"] == [
        {"sku": "tea", "unit_minor": 8_800, "compare_at_minor": None}
    ]
    (base,) = mei.get("/v1/trade/price-lists").json()["rows"]
    assert (base["base"], base["prices"]) == (True, 2)
    path = f"/v1/trade/price-lists/{base['id']}/prices"
    assert [row["sku"] for row in mei.get(path, params={"q": "a."}).json()["rows"]] == ["a.b:c"]
    (tea,) = mei.get(path, params={"q": "tea"}).json()["rows"]
    assert tea["product_id"], "a price says what it is the price of"
    assert tea["title"]["en"]
    assert mei.delete(path, params={"sku": "a.b:c"}).status_code == 204
    assert mei.delete(path, params={"sku": "a.b:c"}).status_code == 404
    assert mei.get(path, params={"limit": 1}).json()["next"] is None


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("prices", {"prices": [{"sku": "tea", "unit_minor": 0}]}, 422),
        ("prices", {"prices": [{"sku": "tea", "unit_minor": 5, "compare_at_minor": 5}]}, 422),
        ("prices", {"prices": [{"sku": "ghost", "unit_minor": 5}]}, 404),
        ("prices", {"channel_id": "moon", "prices": [{"sku": "tea", "unit_minor": 5}]}, 404),
        ("pricing/policy/online", {"most_bp": 10_000, "coupons": 1}, 422),
        ("pricing/policy/moon", {"most_bp": 9_000, "coupons": 1}, 404),
    ],
)
def test_what_cannot_be_a_price_or_a_policy_is_refused(
    door: Door, path: str, body: dict[str, object], code: int
) -> None:
    assert door.signed_in("lan", Role.APPROVER).put(f"/v1/trade/{path}", json=body).status_code == code


def test_the_policy_is_the_approvers(door: Door) -> None:
    wanted = {"most_bp": 5_000, "coupons": 2}
    path = "/v1/trade/pricing/policy/online"
    assert door.signed_in("mei", Role.OPERATOR).put(path, json=wanted).status_code == 403
    lan = door.signed_in("lan", Role.APPROVER)
    assert lan.get(path).json() == {"most_bp": 8_000, "coupons": 1}
    assert lan.put(path, json=wanted).json() == wanted == lan.get(path).json()


def test_a_price_list_is_for_somebody_or_for_some_time(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    named = {"name": {"zh": "金", "en": "Gold"}}
    assert mei.post("/v1/trade/price-lists", json=named).status_code == 422
    made = mei.post("/v1/trade/price-lists", json={**named, "tier": "gold"}).json()
    priced_there = {"list_id": made["id"], "prices": [{"sku": "tea", "unit_minor": 7_000}]}
    assert mei.put("/v1/trade/prices", json=priced_there).status_code == 204
    assert mei.get("/v1/trade/prices?sku=tea&tier=gold").json()["rows"][0]["unit_minor"] == 7_000
    assert mei.get("/v1/trade/prices?sku=tea").json()["rows"][0]["unit_minor"] == 9_900
