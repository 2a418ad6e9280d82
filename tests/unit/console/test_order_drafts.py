"""Orders that people of the shop write for somebody, over HTTP: written, changed, placed, then paid."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories.door import Door, open_door
from tests.factories.selling import HOME, Sold, open_selling
from tests.factories.shopfront import open_shopfront

from shengeng.console import order_drafts, orders
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores

PATH = "/v1/trade/orders/drafts"
ADDRESS = {
    "recipient": HOME.recipient,
    "phone": HOME.phone,
    "region": HOME.region,
    "city": HOME.city,
    "district": HOME.district,
    "line": HOME.line,
}
WANTED: dict[str, Any] = {"units": {"tea": 2}, "address": ADDRESS, "phone": HOME.phone, "note": "by phone"}


@pytest.fixture
def door(stores: Stores) -> Door:
    """The console of a shop that sells tea."""
    door = open_door(stores, [order_drafts.router, orders.router])
    open_selling(stores, Sold("tea", 1_000, {"store": 5}), now=door.wall.now)
    return door


def test_an_operator_writes_places_and_the_buyer_pays_at_its_page(door: Door, stores: Stores) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    assert door.signed_in("eve", Role.VIEWER).post(PATH, json=WANTED).status_code == 403
    made = mei.post(PATH, json=WANTED)
    assert made.status_code == 201, made.text
    draft = made.json()
    assert (draft["state"], draft["total_minor"], draft["events"]) == ("draft", 2_600, [])
    rows = mei.get("/v1/trade/orders", params={"state": "draft"}).json()["rows"]
    assert [row["number"] for row in rows] == [draft["number"]]
    changed = mei.put(f"{PATH}/{draft['order_id']}", json=WANTED | {"units": {"tea": 3}}).json()
    assert (changed["number"], changed["total_minor"]) == (draft["number"], 3_600)

    place = f"{PATH}/{draft['order_id']}/place"
    stale = mei.post(place, json={"total_minor": 2_600})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "price_changed")
    for _ in range(2):
        placed = mei.post(place, json={"total_minor": 3_600})
        assert placed.status_code == 200, placed.text
        assert (placed.json()["state"], placed.json()["states"]["can_pay"]) == ("placed", True)
    assert placed.json()["page"] == f"{stores.settings.storefront_url}/order/{draft['number']}"

    guest = open_shopfront(stores, door.wall).guest()
    found = guest.post("/v1/store/orders/track", json={"number": draft["number"], "contact": HOME.phone})
    assert (found.status_code, found.json()["states"]["can_pay"]) == (200, True)
    done = mei.delete(f"{PATH}/{draft['order_id']}")
    assert (done.status_code, done.json()["error"]["code"]) == (409, "order_over")
    audit = door.signed_in("ann", Role.APPROVER).get("/v1/audit", params={"action": "order"}).json()["rows"]
    assert [row["action"] for row in audit] == ["order.placed", "order.drafted", "order.drafted"]


def test_a_draft_is_thrown_away_and_is_not_there_any_more(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    draft = mei.post(PATH, json=WANTED).json()
    assert mei.delete(f"{PATH}/{draft['order_id']}").status_code == 204
    assert mei.delete(f"{PATH}/{draft['order_id']}").status_code == 404
    assert mei.post(f"{PATH}/{draft['order_id']}/place", json={"total_minor": 2_600}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"units": {}},
        {"units": {"tea": 0}},
        {"units": {"tea": 1, "": 1}},
        {"address": ADDRESS | {"phone": ""}},
        {"lang": "fr"},
        {"hours": 1},
    ],
)
def test_what_is_no_draft_is_told(door: Door, wrong: dict[str, Any]) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    assert mei.post(PATH, json=WANTED | wrong).status_code == 422
