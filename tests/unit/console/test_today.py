"""The first page and the buttons that let days arrive."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.factories.decisions import NOW
from tests.factories.door import Door, open_door
from tests.factories.facts import START, write_folder

from shengeng.console import decisions, replay, today
from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger import routes as ledger_routes
from shengeng.kernel.roles import Role
from shengeng.learn.scorecard import routes as scorecard_routes
from shengeng.plays.day import BY_KEY, run_day
from shengeng.plays.replay import register
from shengeng.sense.connect import api as connect
from shengeng.storage.progress import Silent
from shengeng.storage.queue import Pace
from shengeng.storage.stores import Stores

ROUTERS = (
    today.router,
    replay.router,
    decisions.router,
    ledger_routes.router,
    scorecard_routes.router,
)
LAST = START + timedelta(days=119)
KNOWN = LAST - timedelta(days=2)


def test_an_empty_shop_has_a_first_page(stores: Stores) -> None:
    page = open_door(stores, ROUTERS).signed_in("lin", Role.VIEWER).get("/v1/today").json()
    assert (page["as_of"], page["today"], page["groups"], page["change"]) == (None, None, [], None)
    assert page["waiting"] == {"groups": 0, "decisions": 0}
    assert page["scorecard"] == {"plays": [], "points": [], "since": None, "until": None}
    assert {check["key"]: check["done"] for check in page["checklist"]} == {
        "import": False,
        "cycle": False,
        "assumptions": False,
        "decide": False,
        "settled": False,
    }


@pytest.fixture
def door(stores: Stores, tmp_path: Path) -> Door:
    """A shop of 60 customers after last week's cycle and this week's; two days wait."""
    folder = write_folder(tmp_path / "folder", customers=60, days=120, seed=11)
    connect.import_source(stores, folder, until=KNOWN, now=NOW)
    for day in (KNOWN - timedelta(days=7), KNOWN):
        run_day(stores, day, Silent(), NOW)
    register(stores.queue, lambda: NOW)
    return open_door(stores, ROUTERS)


def test_the_first_page_and_what_its_buttons_do(door: Door) -> None:
    lin = door.signed_in("lin", Role.APPROVER)
    page = lin.get("/v1/today").json()
    assert page["as_of"] == KNOWN.isoformat()
    assert page["today"] == (KNOWN + timedelta(days=1)).isoformat()
    assert 0 < len(page["groups"]) <= 8
    gains = [group["gain_minor"]["mid"] for group in page["groups"]]
    assert gains == sorted(gains, reverse=True)
    assert {group["state"] for group in page["groups"]} == {"proposed"}
    assert page["waiting"]["decisions"] >= sum(group["count"] for group in page["groups"])
    assert page["expected"]["policy"]["mid"] > 0
    assert page["expected"]["measured"] == {"low": 0, "mid": 0, "high": 0}
    change = page["change"]
    moved = sum(part["change_minor"] for part in change["parts"])
    assert moved == change["revenue_minor"] - change["previous_minor"]
    scored = {score["play"] for score in page["scorecard"]["plays"]}
    assert {"repeat_reminder", "stock_up"} <= scored <= set(BY_KEY)
    assert page["scorecard"] == lin.get("/v1/scorecard").json()

    group = page["groups"][0]
    approved = lin.post(f"/v1/decisions/groups/{group['id']}/approve", json={}).json()
    assert approved["state"] == "approved"
    one = lin.get("/v1/decisions", params={"play": "stock_up", "state": "proposed"}).json()["rows"][0]
    edited = lin.patch(f"/v1/decisions/{one['id']}", json={"version": 1, "action": {"units": 0}}).json()
    assert (edited["action"], edited["version"]) == ({"units": 0}, 2)
    for action in ({"units": -1}, {"units": 2.5}, {"units": "many"}, {}, {"units": 1, "x": 2}):
        refused = lin.patch(f"/v1/decisions/{one['id']}", json={"version": 2, "action": action})
        assert refused.status_code == 422, refused.text

    started = lin.post("/v1/replay", json={"days": 2})
    assert started.status_code == 200, started.text
    assert (started.json()["kind"], started.json()["state"]) == ("replay", "waiting")
    for path, body in (("/v1/replay", {"days": 1}), ("/v1/cycle", {})):
        second = lin.post(path, json=body)
        assert (second.status_code, second.json()["error"]["code"]) == (409, "replay_runs")
    work(door)
    page = lin.get("/v1/today").json()
    assert page["as_of"] == LAST.isoformat()
    assert {check["key"] for check in page["checklist"] if check["done"]} >= {"cycle", "decide", "settled"}
    nothing = lin.post("/v1/replay", json={"days": 1})
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (409, "nothing_waits")
    with door.stores.rows.unit() as uow:
        assert {slate.play for slate in ledger.slates_of(uow, day=LAST)} == set(BY_KEY)


def work(door: Door) -> None:
    # A busy machine may hold the heartbeat up; the job is not dead for that.
    pace = Pace(dead_after=600)
    door.stores.queue.work(door.stores, threading.Event(), idle=True, pace=pace)


def test_who_only_looks_lets_no_day_arrive(stores: Stores) -> None:
    door = open_door(stores, ROUTERS)
    viewer: TestClient = door.signed_in("guest", Role.VIEWER)
    for path, body in (("/v1/replay", {"days": 1}), ("/v1/cycle", {})):
        assert viewer.post(path, json=body).status_code == 403
    operator = door.signed_in("mei", Role.OPERATOR)
    for days in (0, -3, 10**9, 1.5, "seven"):
        assert operator.post("/v1/replay", json={"days": days}).status_code == 422
    unknown = operator.post("/v1/cycle", json={})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (409, "nothing_known")
