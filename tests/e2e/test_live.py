"""A customer of a live shop: seen, known, bought, placed in an audience, forgotten, not restored."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from segment.analytics.client import Client
from tests.e2e.conftest import serve_home, wait_until_up
from tests.factories.servers import free_port

from shengeng.app import open_shop
from shengeng.govern.access import api as access
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import Settings
from shengeng.sense.connect import api as connect

# A minute and a half of waiting for what comes every few seconds: its parts have tests of their own.
pytestmark = pytest.mark.slow
PATIENCE_S = 240.0  # on a machine that does other things; how soon it is, a benchmark says
TEA = {"version": 1, "where": {"op": "sequence", "steps": [
    {"what": {"fact": "event", "name": "Product Viewed", "products": ["tea"]}},
    {"what": {"fact": "order", "products": ["tea"]}, "within": {"days": 2}},
]}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Live:
    """A served shop that began empty, its admin, and the keys of its senders."""

    url: str
    home: Path
    admin: httpx2.Client
    events: str
    orders: str


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    home = tmp_path_factory.mktemp("live") / "home"
    chosen = replace(Settings(), home=home, port=free_port(), memory_limit="512MB")
    with open_shop(chosen) as stores, stores.rows.unit() as uow:
        login = access.first_operator(uow, wall_now())
    assert login is not None
    process = serve_home(chosen)
    url = f"http://127.0.0.1:{chosen.port}"
    try:
        wait_until_up(f"{url}/v1/health", process)
        with httpx2.Client(base_url=url, headers={"accept-language": "en"}, timeout=60) as admin:
            given = {"name": login.operator.name, "password": login.password}
            admin.headers["x-csrf-token"] = said(admin.post("/v1/session", json=given))["csrf"]
            said(admin.post("/v1/shop", json={"name": "店", "timezone": "Asia/Shanghai", "currency": "CNY"}))
            yield Live(url, home, admin, key(admin, "events"), key(admin, "orders"))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def said(answer: httpx2.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def key(admin: httpx2.Client, scope: str) -> str:
    made = said(admin.post("/v1/keys", json={"name": scope, "scopes": [scope]}))
    return str(made["secret"])


def soon(ask: Callable[[], Any], true: Callable[[Any], bool]) -> Any:
    """The first answer that is true, or a failure that shows the last one."""
    until = time.monotonic() + PATIENCE_S
    while not true(found := ask()):
        assert time.monotonic() < until, found
        time.sleep(0.5)
    return found


def order(number: int, days_ago: float, **other: Any) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return {
        "order_id": f"A{number}",
        "version": 1,
        "ordered_at": at.isoformat(),
        "paid_at": at.isoformat(),
        "customer_id": "mei",
        "lines": [{"product_id": "tea", "quantity": 1, "line_total": "36.00"}],
    } | other


def send(live: Live, *orders: dict[str, Any]) -> Any:
    return said(httpx2.post(f"{live.url}/v1/orders", json={"orders": list(orders)}, auth=(live.orders, "")))


def customer(live: Live) -> Any:
    answer = live.admin.get("/v1/customers/mei")
    return said(answer) if answer.status_code != 404 else None


def test_what_a_device_did_before_its_owner_signed_in_belongs_to_her_and_places_her(live: Live) -> None:
    made = said(live.admin.post("/v1/audiences", json={"name": "Saw tea, bought tea", "definition": TEA}))
    shopper = Client(live.events, host=live.url, sync_mode=True, max_retries=2)
    seen = {"product_id": "tea", "price": 36}
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    shopper.track(anonymous_id="device-1", event="Product Viewed", properties=seen, timestamp=hour_ago)
    shopper.track(anonymous_id="device-2", event="Product Viewed", properties=seen, timestamp=hour_ago)
    shopper.identify(user_id="mei", anonymous_id="device-1")
    counts = send(live, order(1, 0), order(2, 9), order(3, 20), order(4, 30))["counts"]
    assert counts == {"created": 4}

    who = soon(lambda: said(live.admin.get(f"/v1/audiences/{made['id']}")), lambda one: one["count"] == 1)
    members = said(live.admin.get(f"/v1/audiences/{who['id']}/members"))
    assert [row["person_id"] for row in members["rows"]] == ["mei"]
    found = soon(lambda: customer(live), lambda one: one is not None and one["row"]["orders"] == 4)
    assert found["row"]["spend_minor"] == 4 * 3600


def test_an_order_that_comes_late_or_is_cancelled_changes_her_figures(live: Live) -> None:
    late = order(5, 12)
    assert send(live, late)["counts"] == {"created": 1}
    soon(lambda: customer(live), lambda one: one["row"]["orders"] == 5)
    cancelled = late | {"version": 2, "cancelled_at": datetime.now(UTC).isoformat()}
    assert send(live, cancelled)["counts"] == {"updated": 1}
    assert send(live, late)["counts"] == {"older": 1}
    soon(lambda: customer(live), lambda one: one["row"]["orders"] == 4)


def test_she_is_forgotten_everywhere_and_not_brought_back_by_an_older_backup(
    live: Live, tmp_path: Path
) -> None:
    backup = tmp_path / "before.sgb"
    command(live.home, "backup", str(backup))
    sold = said(live.admin.get("/v1/data"))["totals"]["paid_minor"]
    asked = {"kind": "erasure", "person_id": "mei", "asked_on": "2026-01-05", "proof": "called back"}
    request = said(live.admin.post("/v1/privacy/requests", json=asked))["id"]
    with approver(live) as second:
        said(second.post(f"/v1/privacy/requests/{request}/approve"))
    path = f"/v1/privacy/requests/{request}"
    done = soon(lambda: said(live.admin.get(path)), lambda one: one["state"] in ("done", "failed"))
    assert done["found"] == []
    assert done["state"] == "done"
    assert live.admin.get("/v1/customers/mei").status_code == 404
    assert said(live.admin.get("/v1/events", params={"person": "mei"}))["rows"] == []
    soon(lambda: said(live.admin.get("/v1/audiences")), lambda one: one["rows"][0]["count"] == 0)
    assert said(live.admin.get("/v1/data"))["totals"]["paid_minor"] == sold

    again = tmp_path / "again"
    assert command(live.home, "restore", str(backup), "--home", str(again), "--json")["erased"] > 0
    with open_shop(replace(Settings(), home=again, memory_limit="512MB")) as stores:
        lines = stores.lake.connection.to_pyarrow(connect.lines(stores.lake))
    assert lines.num_rows == 5
    assert lines["customer_id"].null_count == 5


def command(home: Path, *words: str) -> Any:
    program = str(Path(sys.executable).parent / "shengeng")
    env = os.environ | {"SHENGENG_HOME": str(home), "SHENGENG_MEMORY_LIMIT": "512MB"}
    ran = subprocess.run([program, *words], check=False, env=env, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1]) if "--json" in words else ran.stdout


@contextmanager
def approver(live: Live) -> Iterator[httpx2.Client]:
    """Another pair of eyes, signed in."""
    hired = {"name": "second", "role": "approver", "teams": []}
    password = said(live.admin.post("/v1/operators", json=hired))["password"]
    with httpx2.Client(base_url=live.url, headers={"accept-language": "en"}, timeout=60) as client:
        entered = said(client.post("/v1/session", json={"name": "second", "password": password}))
        client.headers["x-csrf-token"] = entered["csrf"]
        yield client
