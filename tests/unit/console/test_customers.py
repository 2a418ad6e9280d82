"""The customers' screens over a shop that was estimated once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from tests.factories.door import NOON, open_door
from tests.factories.facts import customers_table, line, lines_table, products_table, shop_lines

from shengeng.console import exports
from shengeng.console.customers import router
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL, Role
from shengeng.sense.connect.contracts import REDEMPTIONS, TOUCHES
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api as affinity
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

START = date(2025, 1, 6)
AS_OF = date(2025, 4, 27)


def at(days: int, hour: int = 9) -> datetime:
    return datetime.combine(START + timedelta(days=days), time(hour))


def shop_rows(*others: str) -> pa.Table:
    rows = shop_lines(customers=30, days=112)
    rows += [line("gone", at(day), "p0001", total_minor=500) for day in (0, 5, 10)]
    rows += [line("once", at(111), "p0002", total_minor=700)]
    rows += [line("late", at(112), "p0002")]
    rows += [line(other, at(100), "p0001", order_id=f"by {other}") for other in others]
    return lines_table(rows=rows)


def fill(stores: Stores, *others: str) -> None:
    """The shop's facts and one day's estimates."""
    touch = {
        "source": "shop",
        "customer_id": "gone",
        "campaign_id": "spring",
        "touched_on": START + timedelta(20),
    }
    redeemed = {
        "source": "shop",
        "customer_id": "gone",
        "coupon_id": "ten-off",
        "campaign_id": "spring",
        "redeemed_on": START + timedelta(10),
    }
    tables = {
        "lines": shop_rows(*others),
        "products": products_table(),
        "customers": customers_table(),
        "touches": pa.Table.from_pylist([touch], schema=TOUCHES),
        "redemptions": pa.Table.from_pylist([redeemed], schema=REDEMPTIONS),
    }
    with stores.rows.unit() as uow:
        for name, table in tables.items():
            stores.lake.append(uow, name, table, partition="shop")
        shop.set_profile(uow, SHELL, NOON, name="Shop", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, AS_OF)
    for estimate in (people.estimate, value.estimate, affinity.estimate):
        with stores.rows.unit() as uow:
            estimate(stores, uow, AS_OF, Silent())


@pytest.fixture
def viewer(stores: Stores) -> TestClient:
    """A viewer of a filled shop."""
    fill(stores)
    return open_door(stores, [router, exports.router]).signed_in("wu", Role.VIEWER)


def get(client: TestClient, path: str, status: int = 200, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


def everybody(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get(client, "/v1/customers", limit=20, cursor=cursor, **params)
        rows += page["rows"]
        if page["next"] is None:
            assert page["total"] == len(rows)
            return rows
        cursor = page["next"]


def test_every_order_shows_every_customer_once(viewer: TestClient) -> None:
    keys: dict[str, Callable[[dict[str, Any]], Any]] = {
        "value": lambda row: row["value_minor"]["mid"],
        "orders": lambda row: row["orders"],
        "p_alive": lambda row: row["p_alive"],
        "last_on": lambda row: row["last_on"],
        "customer_id": lambda row: row["customer_id"],
    }
    for sort, key in keys.items():
        for desc in (True, False):
            rows = everybody(viewer, sort=sort, desc=desc)
            assert len({row["customer_id"] for row in rows}) == len(rows) == 32
            shown = [key(row) for row in rows]
            assert shown == sorted(shown, reverse=desc)


def test_who_comes_only_after_the_shops_day_is_not_there_yet(viewer: TestClient) -> None:
    assert get(viewer, "/v1/customers", q="late")["rows"] == []
    assert get(viewer, "/v1/customers/late", 404)["error"]["code"] == "no_customer"


def test_search_finds_a_part_of_the_number(viewer: TestClient) -> None:
    found = get(viewer, "/v1/customers", q="C000", sort="customer_id", desc=False)
    assert [row["customer_id"] for row in found["rows"]] == [f"c{n:04d}" for n in range(10)]
    assert found["total"] == 10


def test_the_silent_and_the_active_are_all(viewer: TestClient) -> None:
    silent, active = (everybody(viewer, state=state) for state in ("silent", "active"))
    assert "gone" in {row["customer_id"] for row in silent}
    assert "once" in {row["customer_id"] for row in active}
    assert len(silent) + len(active) == 32


def test_one_customer_all_round(viewer: TestClient) -> None:
    found = get(viewer, "/v1/customers/c0003")
    row = found["row"]
    assert found["as_of"] == "2025-04-27"
    assert sum(found["hours"]) == sum(found["weekdays"]) == sum(row["months"]) == row["orders"]
    assert sum(part["share"] for part in found["departments"]) == pytest.approx(1)
    assert found["attributes"] == {"city": "杭州", "age": "23"}
    assert 0 < row["p_alive"] < 1
    assert (
        found["expected_orders"]["low"] <= found["expected_orders"]["mid"] <= found["expected_orders"]["high"]
    )
    assert found["horizon_days"] == 365
    assert found["decisions"] == []
    assert found["next_purchases"]
    for bought in found["next_purchases"]:
        assert bought["title"] != bought["product_id"]
        assert " > " in bought["category"]
        assert bought["why"]["code"]


def test_the_timeline_tells_orders_touches_and_redemptions_newest_first(viewer: TestClient) -> None:
    rows = get(viewer, "/v1/timelines/gone")["rows"]
    assert [row["kind"] for row in rows] == ["touch", "order", "redemption", "order", "order"]
    assert rows[0]["title"] == "spring"
    newest = rows[1]
    assert (newest["total_minor"], newest["lines"], newest["local_at"]) == (500, 1, "2025-01-16T09:00:00")
    assert newest["at"] == "2025-01-16T01:00:00Z"
    assert newest["items"][0]["product_id"] == "p0001"
    assert newest["items"][0]["title"] != "p0001"


def test_the_timeline_goes_on_where_the_page_before_ended(viewer: TestClient) -> None:
    whole = get(viewer, "/v1/timelines/c0005", limit=100)["rows"]
    rows: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        page = get(viewer, "/v1/timelines/c0005", limit=3, cursor=page["next"])
        rows += page["rows"]
    assert rows == whole
    assert len(whole) > 3


def test_a_cursor_of_another_list_is_refused(viewer: TestClient) -> None:
    cursor = get(viewer, "/v1/customers", limit=1)["next"]
    for path, sort in (("/v1/timelines/c0005", ""), ("/v1/customers", "last_on")):
        found = get(viewer, path, 422, cursor=cursor, **({"sort": sort} if sort else {}))
        assert found["error"]["code"] == "bad_cursor"


def test_a_shop_without_estimates_shows_nobody(stores: Stores) -> None:
    client = open_door(stores, [router]).signed_in("wu", Role.VIEWER)
    assert get(client, "/v1/customers") == {"rows": [], "total": 0, "next": None}
    assert get(client, "/v1/customers/a", 404)["error"]["code"] == "no_customer"
    assert get(client, "/v1/timelines/a", 404)["error"]["code"] == "no_customer"


def test_strangers_see_nobody(stores: Stores) -> None:
    assert open_door(stores, [router]).stranger().get("/v1/customers").status_code == 401


def test_a_file_holds_every_customer_of_the_filter_in_the_order_of_the_list(viewer: TestClient) -> None:
    listed = everybody(viewer, state="active", sort="orders")
    wanted = {"state": "active", "sort": "orders", "format": "csv"}
    answer = viewer.get("/v1/files/customers", params=wanted, headers={"accept-language": "en"})
    assert answer.headers["content-disposition"] == f'attachment; filename="customers-{AS_OF}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Customer"] for row in rows] == [row["customer_id"] for row in listed]
    assert rows[0]["Spend"] == f"{listed[0]['spend_minor'] / 100:.2f}"
    assert {row["Currency"] for row in rows} == {"CNY"}


def test_next_purchases_come_as_a_file(viewer: TestClient) -> None:
    listed = get(viewer, "/v1/customers/c0005")["next_purchases"]
    asked = {"customer": "c0005", "format": "csv"}
    answer = viewer.get("/v1/files/next-purchases", params=asked, headers={"accept-language": "en"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Product number"] for row in rows] == [row["product_id"] for row in listed]
    assert viewer.get("/v1/files/next-purchases", params={"customer": "nobody"}).status_code == 404


def test_jobs_operators_and_tokens_come_as_files_to_who_may_see_them(stores: Stores) -> None:
    door = open_door(stores, [exports.router])
    admin, viewer = door.signed_in("ada", Role.ADMIN), door.signed_in("vi", Role.VIEWER)
    made = {"name": "nightly", "role": "viewer", "days": 30}
    assert viewer.post("/v1/tokens", json=made).status_code == 201
    with stores.rows.unit() as uow:
        uow.enqueue("storage.nothing")
    assert viewer.get("/v1/files/operators").status_code == 403
    english = {"accept-language": "en"}
    people = admin.get("/v1/files/operators", headers=english).content.decode("utf-8-sig")
    roles = {row["Name"]: row["Role"] for row in csv.DictReader(io.StringIO(people))}
    assert (roles["ada"], roles["vi"]) == ("admin", "viewer")
    tokens = viewer.get("/v1/files/tokens", headers=english).content.decode("utf-8-sig")
    assert [(row["Name"], row["Owner"]) for row in csv.DictReader(io.StringIO(tokens))] == [("nightly", "vi")]
    jobs = viewer.get("/v1/files/jobs", headers=english).content.decode("utf-8-sig")
    assert [row["State"] for row in csv.DictReader(io.StringIO(jobs))] == ["waiting"]


def test_a_file_that_would_be_too_long_is_refused_with_its_limit(
    viewer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 31)
    answer = viewer.get("/v1/files/customers", headers={"accept-language": "en"})
    assert answer.status_code == 409
    assert answer.json()["error"]["params"] == {"rows": 32, "limit": 31}


def test_any_sign_may_stand_in_a_customers_id(stores: Stores) -> None:
    """The whole id is quoted, as encodeURIComponent does it."""
    names = ("a/b", "50% off?", "王 小明", "#1&2=3", "x/timeline", "timeline", "a/recommendations")
    fill(stores, *names)
    viewer = open_door(stores, [router]).signed_in("wu", Role.VIEWER)
    for name in names:
        path = f"/v1/customers/{quote(name, safe='')}"
        assert get(viewer, path)["row"]["customer_id"] == name
        assert len(get(viewer, f"/v1/timelines/{quote(name, safe='')}")["rows"]) == 1
