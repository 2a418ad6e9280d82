"""The ledger over HTTP: pages, verdicts, edits, rules, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.factories.decisions import Shelf, propose, slate
from tests.factories.door import Door, open_door

from shengeng.console import decisions as editing
from shengeng.decide.ledger import routes
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores

DECISIONS = "/v1/decisions"


@pytest.fixture
def door(stores: Stores) -> Door:
    """A shop with seven decisions in three groups."""
    with stores.rows.unit() as uow:
        propose(uow, slate(list("abcdefg"), groups=3))
        propose(uow, slate(["u"], known=False), Shelf(key="unknown"))
    return open_door(stores, (routes.router, editing.router))


@pytest.fixture
def lin(door: Door) -> TestClient:
    return door.signed_in("lin", Role.APPROVER)


def pages(client: TestClient, path: str, **params: Any) -> list[dict[str, Any]]:
    """Every row, three a page."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        query = {**params, "limit": 3, **({"cursor": cursor} if cursor else {})}
        page = client.get(path, params=query).json()
        rows += page["rows"]
        cursor = page["next"]
        if cursor is None:
            assert page["total"] == len(rows)
            return rows


def test_pages_hold_every_decision_once_richest_first(lin: TestClient) -> None:
    rows = pages(lin, DECISIONS)
    assert len({row["id"] for row in rows}) == len(rows) == 8
    gains = [row["gain_minor"]["mid"] if row["gain_minor"] else float("-inf") for row in rows]
    assert gains == sorted(gains, reverse=True)
    assert rows[-1]["gain_minor"] is None
    assert len(pages(lin, DECISIONS, play="shelf", state="proposed")) == 7
    assert [row["subject"] for row in pages(lin, DECISIONS, subject="a")] == ["a"]


@pytest.mark.parametrize("sort", ["gain", "day"])
def test_pages_hold_every_group_once(lin: TestClient, sort: str) -> None:
    rows = pages(lin, f"{DECISIONS}/groups", sort=sort, play="shelf")
    assert sorted(row["group_key"] for row in rows) == ["g0", "g1", "g2"]
    first = rows[0]
    assert first["gain_minor"]["low"] <= first["gain_minor"]["mid"] <= first["gain_minor"]["high"]
    assert first["title_params"]["count"] == first["count"]
    assert first["reason"] == {"code": "made_up", "params": {}}


def test_a_group_tells_its_assumptions_and_its_rule(lin: TestClient) -> None:
    group = lin.get(f"{DECISIONS}/groups", params={"play": "shelf"}).json()["rows"][0]
    told = lin.get(f"{DECISIONS}/groups/{group['id']}").json()
    assert told["assumptions"] == {"margin_rate": 0.3}
    assert told["rules"]["approve_role"] == "approver"
    members = lin.get(told["decisions_next"]).json()
    assert members["total"] == group["count"]


def test_approve_and_undo_a_group_then_reject_one_of_it(lin: TestClient) -> None:
    group = lin.get(f"{DECISIONS}/groups", params={"play": "shelf"}).json()["rows"][0]
    path = f"{DECISIONS}/groups/{group['id']}"
    approved = lin.post(f"{path}/approve", json={"version_sum": group["version_sum"]}).json()
    assert approved["state"] == "approved"
    stale = lin.post(f"{path}/undo", json={"version_sum": group["version_sum"]})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale_group")
    back = lin.post(f"{path}/undo", json={"version_sum": approved["version_sum"], "why": "too early"}).json()
    assert back["state"] == "proposed"
    one = lin.get(DECISIONS, params={"group": group["id"]}).json()["rows"][0]
    assert one["version"] == 3
    rejected = lin.post(f"{DECISIONS}/{one['id']}/reject", json={"version": 3, "why": "no room"}).json()
    assert (rejected["state"], rejected["version"]) == ("rejected", 4)
    steps = lin.get(f"{DECISIONS}/{one['id']}").json()["transitions"]
    assert [(step["from"], step["to"]) for step in steps] == [
        (None, "proposed"),
        ("proposed", "approved"),
        ("approved", "proposed"),
        ("proposed", "rejected"),
    ]
    assert steps[-1]["why"] == "no room"


def test_a_decision_tells_what_was_behind_it(lin: TestClient) -> None:
    one = lin.get(DECISIONS, params={"subject": "a"}).json()["rows"][0]
    told = lin.get(f"{DECISIONS}/{one['id']}").json()
    assert told["evidence"] == {"last_week": 10}
    assert told["assumptions"] == {"margin_rate": 0.3}
    assert (told["propensity"], told["holdout"], told["settlements"]) == (1.0, False, [])


def test_rules_are_changed_by_approvers_and_hold_at_once(door: Door, lin: TestClient) -> None:
    group = lin.get(f"{DECISIONS}/groups", params={"play": "shelf"}).json()["rows"][0]
    changed = lin.patch("/v1/plays/shelf", json={"budget_minor": 50}).json()
    assert changed["budget_minor"] == 50
    assert changed["default_action"] == "empty_shelf"
    refused = lin.post(f"{DECISIONS}/groups/{group['id']}/approve", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "over_budget")
    assert lin.patch("/v1/plays/shelf", json={"budget_minor": None}).json()["budget_minor"] is None
    assert lin.post(f"{DECISIONS}/groups/{group['id']}/approve", json={}).status_code == 200
    operator = door.signed_in("mei", Role.OPERATOR)
    assert operator.patch("/v1/plays/shelf", json={"budget_minor": 1}).status_code == 403
    assert {row["play"] for row in operator.get("/v1/plays").json()} == {"shelf", "unknown"}


def test_what_is_not_known_cannot_be_approved(lin: TestClient) -> None:
    one = lin.get(DECISIONS, params={"subject": "u"}).json()["rows"][0]
    refused = lin.post(f"{DECISIONS}/{one['id']}/approve", json={"version": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "worth_unknown")


def test_a_viewer_looks_and_a_stranger_does_not(door: Door) -> None:
    viewer = door.signed_in("guest", Role.VIEWER)
    one = viewer.get(DECISIONS).json()["rows"][0]
    assert viewer.post(f"{DECISIONS}/{one['id']}/approve", json={"version": 1}).status_code == 403
    for path in (DECISIONS, f"{DECISIONS}/groups", f"{DECISIONS}/{one['id']}", "/v1/plays"):
        assert door.stranger().get(path).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{DECISIONS}/not-an-id", None, 422),
        ("GET", f"{DECISIONS}/00000000-0000-7000-8000-000000000000", None, 404),
        ("GET", f"{DECISIONS}/groups/00000000-0000-7000-8000-000000000000", None, 404),
        ("GET", f"{DECISIONS}?cursor=eA", None, 422),
        ("GET", f"{DECISIONS}?state=nonsense", None, 422),
        ("GET", f"{DECISIONS}/groups?sort=price", None, 422),
        ("GET", f"{DECISIONS}/groups?cursor=WzEsIngiXQ", None, 422),
        ("POST", f"{DECISIONS}/groups/00000000-0000-7000-8000-000000000000/approve", {}, 404),
        ("POST", f"{DECISIONS}/00000000-0000-7000-8000-000000000000/execute", {"version": 1}, 422),
        ("PATCH", "/v1/plays/no_such_play", {"enabled": False}, 404),
        ("PATCH", "/v1/plays/shelf", {"budget_minor": -1}, 422),
        ("PATCH", "/v1/plays/shelf", {"basis": "measured"}, 422),
        ("PATCH", "/v1/plays/shelf", {"team": "nobody"}, 404),
        ("PATCH", "/v1/plays/shelf", {"approve_role": None}, 422),
    ],
)
def test_wrong_requests_are_refused_in_the_one_shape(
    lin: TestClient, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    answer = lin.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()["error"]) == {"code", "kind", "message", "params"}
