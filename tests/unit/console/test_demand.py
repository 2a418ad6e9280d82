"""The demand screens over a shop with two weeks' estimates."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import NOON, open_door
from tests.factories.facts import START, line, lines_table, products_table, shop_lines

from shengeng.console import exports
from shengeng.console.demand import router
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL, Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.demand import api as demand

AS_OF = START + timedelta(days=7 * 16 - 1)
WEEK_BEFORE = AS_OF - timedelta(days=7)


@pytest.fixture
def empty(stores: Stores) -> TestClient:
    """A viewer of a shop that was never estimated."""
    return open_door(stores, [router]).signed_in("wu", Role.VIEWER)


@pytest.fixture
def viewer(stores: Stores) -> TestClient:
    """A viewer of a shop that was estimated last week and today; p0001 is heavy in store s1."""
    rows = shop_lines(days=112)
    days = [datetime.combine(START + timedelta(days=7 * week), time(9)) for week in range(16)]
    rows += [line("c0001", day, "p0001", quantity=5 + i % 3) for i, day in enumerate(days)]
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=rows))
        stores.lake.append(uow, "products", products_table())
        shop.set_profile(uow, SHELL, NOON, name="Shop", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, AS_OF)
    for day in (WEEK_BEFORE, AS_OF):
        with stores.rows.unit() as uow:
            demand.estimate(stores, uow, day, Silent())
    return open_door(stores, [router]).signed_in("wu", Role.VIEWER)


def get(client: TestClient, path: str, status: int = 200, **params: Any) -> Any:
    answer = client.get(f"/v1/demand{path}", params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize("desc", [True, False])
@pytest.mark.parametrize("sort", ["mean", "last_week", "p50", "p90", "title", "product_id"])
def test_pages_show_every_product_once_in_the_asked_order(viewer: TestClient, sort: str, desc: bool) -> None:
    rows: list[dict[str, Any]] = []
    page = get(viewer, "", sort=sort, desc=desc, limit=7)
    while True:
        rows += page["rows"]
        assert page["total"] == 24
        if not page["next"]:
            break
        page = get(viewer, "", sort=sort, desc=desc, limit=7, cursor=page["next"])
    assert len({row["product_id"] for row in rows}) == len(rows) == 24
    values = [row[sort] for row in rows]
    assert values == sorted(values, reverse=desc)


def test_a_row_has_its_last_thirteen_weeks_and_they_end_with_last_week(viewer: TestClient) -> None:
    for row in get(viewer, "")["rows"]:
        assert len(row["spark"]) == 13
        assert row["spark"][-1] == row["last_week"]
        assert row["p10"] <= row["p50"] <= row["p90"]


def test_a_search_finds_ids_titles_and_departments(viewer: TestClient) -> None:
    every = get(viewer, "", limit=200)["rows"]
    assert [row["product_id"] for row in get(viewer, "", q="P0007")["rows"]] == ["p0007"]
    department = every[0]["department"]
    inside = get(viewer, "", department=department, limit=200)
    assert {row["department"] for row in inside["rows"]} == {department}
    assert inside["total"] == sum(row["department"] == department for row in every)
    assert get(viewer, "", q="%' or 1=1")["total"] == 0


def test_a_product_shows_its_weeks_the_fan_and_what_was_said_before(viewer: TestClient) -> None:
    found = get(viewer, "/p0001")
    assert found["as_of"] == AS_OF.isoformat()
    assert len(found["weeks"]) == 16
    assert found["weeks"][-1]["units"] == found["row"]["last_week"]
    assert found["weeks"][-1]["week_start"] == (AS_OF - timedelta(days=6)).isoformat()
    assert found["fan"][0]["week_start"] == (AS_OF + timedelta(days=1)).isoformat()
    said = found["past_fans"]
    assert [fan["week_start"] for fan in said] == [found["weeks"][-1]["week_start"]]
    assert found["policy"]["critical_ratio"] == pytest.approx(0.25 / 0.35)


def test_a_heavy_store_has_a_week_of_its_own_and_others_are_refused_by_name(viewer: TestClient) -> None:
    whole, one = get(viewer, "/p0001"), get(viewer, "/p0001", store="s1")
    assert "s1" in [row["store_id"] for row in whole["stores"]]
    assert one["fan"][0]["p50"] <= whole["fan"][0]["p50"]
    assert sum(week["units"] for week in one["weeks"]) < sum(week["units"] for week in whole["weeks"])
    assert get(viewer, "/p0001", 404, store="s9")["error"]["params"]["store_id"] == "s9"


def test_an_unknown_product_is_not_found_by_its_id(viewer: TestClient) -> None:
    assert "p9999" in get(viewer, "/p9999", 404)["error"]["message"]


@pytest.mark.parametrize("cursor", ["nonsense", "WyJ4Il0", "W251bGwsbnVsbF0x"])
def test_a_cursor_that_is_not_ours_is_refused(viewer: TestClient, cursor: str) -> None:
    assert get(viewer, "", 422, cursor=cursor)["error"]["code"] == "bad_cursor"


def test_before_the_first_estimate_the_list_is_empty_and_a_product_is_not_found(empty: TestClient) -> None:
    assert get(empty, "") == {"rows": [], "total": 0, "next": None}
    assert get(empty, "/p0001", 404)["error"]["code"] == "no_demand"


def test_weeks_and_stores_of_a_product_come_as_files(stores: Stores, viewer: TestClient) -> None:
    files = open_door(stores, [router, exports.router]).signed_in("xu", Role.VIEWER)
    seen = get(viewer, "/p0001")
    english = {"accept-language": "en"}
    weeks = files.get("/v1/files/weeks", params={"product": "p0001"}, headers=english)
    rows = list(csv.DictReader(io.StringIO(weeks.content.decode("utf-8-sig"))))
    assert [(row["Week from"], row["Units"]) for row in rows] == [
        (week["week_start"], str(week["units"])) for week in seen["weeks"]
    ]
    heavy = files.get("/v1/files/stores", params={"product": "p0001"}, headers=english)
    rows = list(csv.DictReader(io.StringIO(heavy.content.decode("utf-8-sig"))))
    assert [row["Store"] for row in rows] == [store["store_id"] for store in seen["stores"]]
    assert rows
    one = files.get("/v1/files/weeks", params={"product": "p0001", "store": "s1", "format": "xlsx"})
    assert one.content.startswith(b"PK")
    assert files.get("/v1/files/weeks", params={"product": "nothing"}).status_code == 404
