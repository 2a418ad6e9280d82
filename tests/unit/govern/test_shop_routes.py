"""GET and PATCH /v1/shop."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import NOON, Door, open_door

from shengeng.console import shop
from shengeng.govern.shop import api
from shengeng.kernel.roles import SHELL, Role
from shengeng.storage.stores import Stores


@pytest.fixture
def door(stores: Stores) -> Door:
    """The door with the shop's own routes."""
    return open_door(stores, [shop.router])


def values(client: TestClient) -> dict[str, float]:
    return {found["key"]: found["value"] for found in client.get("/v1/shop").json()["assumptions"]}


def test_an_empty_home_has_no_days_and_the_default_assumptions(door: Door) -> None:
    found = door.signed_in("mei", Role.VIEWER).get("/v1/shop").json()
    assert (found["as_of"], found["today"], found["provenance"]) == (None, None, None)
    assert (found["name"], found["timezone"], found["waiting_days"]) == ("", "", 0)
    assert [each["key"] for each in found["assumptions"]] == list(api.LIMITS)
    for each in found["assumptions"]:
        assert each["low"] <= each["value"] == each["default"] <= each["high"]


def test_the_shop_tells_its_clock_and_where_its_data_come_from(door: Door) -> None:
    card = api.Provenance("Complete Journey", "US", "2017", "CC0", "模拟", "simulated", "https://example.org")
    with door.stores.rows.unit() as uow:
        api.set_profile(
            uow, SHELL, NOON, name="店", timezone="America/New_York", currency="USD", provenance=card
        )
        api.advance(uow, date(2017, 11, 26))
    found = door.signed_in("mei", Role.VIEWER).get("/v1/shop").json()
    assert (found["as_of"], found["today"]) == ("2017-11-26", "2017-11-27")
    assert found["provenance"]["origin_note_zh"] == "模拟"


def test_an_approver_edits_assumptions_and_others_may_not(door: Door) -> None:
    change = {"assumptions": {"margin_rate": 0.4, "horizon_days": 90}}
    assert door.signed_in("mei", Role.OPERATOR).patch("/v1/shop", json=change).status_code == 403
    client = door.signed_in("an", Role.APPROVER)
    edited = client.patch("/v1/shop", json=change).json()["assumptions"]
    assert {each["key"]: each["updated_by"] for each in edited if each["updated_by"]} == {
        "margin_rate": "an",
        "horizon_days": "an",
    }
    assert values(client)["margin_rate"] == 0.4
    assert [row["target"] for row in client.get("/v1/audit?action=shop").json()["rows"]] == [
        "horizon_days",
        "margin_rate",
    ]


WRONG = [
    ('{"assumptions": {"margin_rate": NaN}}', "not_a_value"),
    ('{"assumptions": {"margin_rate": 1e308}}', "not_a_value"),
    ('{"assumptions": {"margin_rate": 1e200}}', "bad_assumption"),
    ('{"assumptions": {"margin_rate": "0.3x"}}', "bad_field"),
    ('{"assumptions": {"margin_rate": null}}', "bad_field"),
    ('{"assumptions": {"luck": 1}}', "no_assumption"),
    ('{"assumptions": {"horizon_days": 30.5}}', "bad_assumption"),
    ('{"assumptions": {"scrap_rate": 0.2, "margin_rate": -1}}', "bad_assumption"),
    ('{"assumptions": []}', "bad_field"),
    ('{"name": "another"}', "bad_field"),
]


def test_a_wrong_assumption_changes_nothing(door: Door) -> None:
    client = door.signed_in("an", Role.APPROVER)
    for body, code in WRONG:
        answer = client.patch("/v1/shop", content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), body
    assert values(client)["scrap_rate"] == 0.1
    assert client.get("/v1/audit?action=shop").json()["rows"] == []
