"""Audiences over HTTP: who may do what, versions that others changed, pages, and why somebody is a member."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories.audiences import LiveShop
from tests.factories.door import Door, open_door

from shengeng.decide.audiences.routes import router
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores

BOUGHT = {
    "version": 1,
    "where": {
        "op": "did",
        "what": {"fact": "order"},
        "measure": "count",
        "of": "orders",
        "compare": "gte",
        "value": 1,
    },
}


@pytest.fixture
def shop(stores: Stores) -> LiveShop:
    found = LiveShop(stores).open()
    for number in range(3):
        found.order(f"c{number}", -number - 1)
    return found


@pytest.fixture
def door(shop: LiveShop) -> Door:
    found = open_door(shop.stores, (router,))
    found.wall.now = shop.now
    return found


def saved(door: Door, name: str = "Bought", definition: dict[str, Any] | None = None) -> dict[str, Any]:
    client = door.signed_in("mei", Role.OPERATOR)
    answer = client.post("/v1/audiences", json={"name": name, "definition": definition or BOUGHT})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_viewer_reads_and_does_not_write(door: Door) -> None:
    row = saved(door)
    viewer = door.signed_in("li", Role.VIEWER)
    assert viewer.post("/v1/audiences", json={"name": "x", "definition": BOUGHT}).status_code == 403
    assert viewer.delete(f"/v1/audiences/{row['id']}").status_code == 403
    assert [one["name"] for one in viewer.get("/v1/audiences").json()["rows"]] == ["Bought"]
    preview = viewer.post("/v1/audiences/preview", json={"definition": BOUGHT}).json()
    assert (preview["count"], preview["of"], preview["per_node"]) == (3, 3, {"where": 3})
    assert preview["words"] == "bought anything: at least 1 orders"


def test_members_follow_and_come_in_pages(door: Door, shop: LiveShop) -> None:
    row = saved(door)
    client = door.signed_in("mei")
    path = f"/v1/audiences/{row['id']}"
    assert client.get(path).json()["state"] == "evaluating"
    shop.follow()
    assert (client.get(path).json()["state"], client.get(path).json()["count"]) == ("current", 3)
    first = client.get(f"{path}/members", params={"limit": 2}).json()
    second = client.get(f"{path}/members", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["person_id"] for one in first["rows"] + second["rows"]] == ["c0", "c1", "c2"]
    assert second["next"] is None
    assert len(client.get(f"{path}/changes").json()["rows"]) == 3
    assert [day["count"] for day in client.get(f"{path}/history").json()["days"]] == [3]
    why = client.get(f"{path}/evidence", params={"person": "c1"}).json()
    assert (why["held"], why["leaves"][0]["figure"], why["leaves"][0]["bound"]) == (True, 1.0, 1.0)
    assert client.get(f"{path}/evidence", params={"person": "nobody"}).status_code == 404


def test_an_edit_of_a_version_that_is_not_the_newest_is_a_conflict(door: Door) -> None:
    row = saved(door)
    client = door.signed_in("mei")
    path, edit = f"/v1/audiences/{row['id']}", {"name": "Twice", "definition": BOUGHT, "version": 1}
    assert client.put(path, json=edit).json()["version"] == 2
    again = client.put(path, json=edit)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "audience_changed")
    assert [one["version"] for one in client.get(f"{path}/versions").json()] == [2, 1]


def test_audiences_that_rest_on_each_other_are_refused_by_name(door: Door) -> None:
    inner = saved(door)
    resting = {"where": {"op": "not", "of": {"op": "audience", "id": inner["id"]}}}
    outer = saved(door, "Not bought", resting)
    client = door.signed_in("mei")
    circle = {"where": {"op": "audience", "id": outer["id"]}}
    edit = {"name": "Bought", "definition": circle, "version": 1}
    answer = client.put(f"/v1/audiences/{inner['id']}", json=edit)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "audience_circle")
    assert "Not bought → Bought" in answer.json()["error"]["message"]
    used = client.delete(f"/v1/audiences/{inner['id']}")
    assert (used.status_code, used.json()["error"]["code"]) == (409, "audience_used")
    assert client.get(f"/v1/audiences/{inner['id']}").json()["used_by"] == [outer["id"]]


def test_a_name_is_nobody_elses_and_not_blank(door: Door) -> None:
    saved(door)
    client = door.signed_in("mei")
    taken = client.post("/v1/audiences", json={"name": " Bought ", "definition": BOUGHT})
    assert taken.json()["error"]["code"] == "audience_name_taken"
    assert client.post("/v1/audiences", json={"name": "  ", "definition": BOUGHT}).status_code == 422
    wrong = client.post("/v1/audiences/preview", json={"definition": {"where": {"op": "and", "of": [1]}}})
    assert wrong.json()["error"]["params"]["path"] == "where.of.0"


def test_what_can_be_named_is_what_arrived(door: Door, shop: LiveShop) -> None:
    shop.event("Product Viewed", -1, customer="c1", product="a")
    shop.event("", -1, customer="c1", kind="identify", properties='{"vip": true}')
    client = door.signed_in("mei")
    found = client.get("/v1/audiences/vocabulary").json()
    assert "Product Viewed" in [one["value"] for one in found["events"]]
    assert [one["value"] for one in found["stores"]] == ["s1"]
    assert found["traits"][0]["name"] == "vip"
    keys = [one["key"] for one in client.get("/v1/audiences/templates").json()["rows"]]
    assert keys == ["fresh_at_risk", "coffee_without_milk", "new_once"]


def test_an_archived_one_is_taken_back_with_its_members(door: Door, shop: LiveShop) -> None:
    address = f"/v1/audiences/{saved(door)['id']}"
    shop.follow()
    client = door.signed_in("mei", Role.OPERATOR)
    assert client.delete(address).json()["state"] == "archived"
    assert client.get("/v1/audiences").json()["rows"] == []
    shop.order("c9", -1)
    assert client.post(f"{address}/restore").json()["state"] == "evaluating"
    shop.follow()
    assert client.get(f"{address}/members").json()["total"] == 4
    assert client.get("/v1/audiences").json()["rows"][0]["state"] == "current"


def test_one_whose_name_was_taken_meanwhile_stays_archived(door: Door) -> None:
    row = saved(door)
    client = door.signed_in("mei", Role.OPERATOR)
    client.delete(f"/v1/audiences/{row['id']}")
    saved(door)
    refused = client.post(f"/v1/audiences/{row['id']}/restore")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "audience_name_taken"
