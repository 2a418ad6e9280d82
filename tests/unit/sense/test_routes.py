"""The data screens' questions, over a shop that was imported."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import Door, open_door
from tests.factories.facts import shop_lines, write_folder

from shengeng.kernel.roles import Role
from shengeng.sense.connect import api, jobs
from shengeng.sense.connect.routes import router
from shengeng.storage.stores import Stores

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def door(stores: Stores) -> Door:
    return open_door(stores, [router])


@pytest.fixture
def operator(door: Door) -> Iterator[TestClient]:
    with door.signed_in("olga", Role.OPERATOR) as client:
        yield client


def folder_with_rejects(path: Path, bad: int) -> Path:
    folder = write_folder(path)
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"x{i},never,,p1,1,5.00,,s1\n" for i in range(bad))
    return folder


def work(stores: Stores) -> None:
    """Run what waits in the background, until nothing does."""
    if "import" not in stores.queue.names():
        jobs.register(stores.queue, lambda: NOW)
    stores.queue.work(stores, threading.Event(), idle=True)


def test_the_list_says_what_became_of_every_file(
    stores: Stores, tmp_path: Path, operator: TestClient
) -> None:
    api.import_source(stores, folder_with_rejects(tmp_path / "f", 3), now=NOW)
    [found] = operator.get("/v1/imports").json()
    assert found["state"] == "succeeded"
    lines = len(shop_lines())
    assert found["files"]["orders"] == {
        "rows": lines + 3,
        "accepted": lines,
        "rejected": 3,
        "unchanged": 0,
    }
    assert 0.8 < found["share_identified"] < 1.0


def test_rejects_come_in_pages_and_in_both_languages(
    stores: Stores, tmp_path: Path, operator: TestClient
) -> None:
    report = api.import_source(stores, folder_with_rejects(tmp_path / "f", 5), now=NOW)
    seen, cursor = [], None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = operator.get(f"/v1/imports/{report.id}/rejects", params=params).json()
        seen += page["rows"]
        cursor = page["next"]
        if cursor is None:
            break
    first = len(shop_lines()) + 2
    assert [row["row"] for row in seen] == list(range(first, first + 5))
    assert seen[0] == {
        "file": "orders.csv",
        "row": first,
        "column": "ordered_at",
        "value": "never",
        "reason": "not a date and time such as 2025-01-31 18:30:00",
    }
    chinese = operator.get(f"/v1/imports/{report.id}/rejects", headers={"accept-language": "zh"}).json()
    assert chinese["rows"][0]["reason"].startswith("不是日期时间")
    text = operator.get(f"/v1/imports/{report.id}/rejects.csv").text
    assert len(text.splitlines()) == 6


def test_an_import_that_nobody_made_is_not_found(operator: TestClient) -> None:
    nobody = "01890000-0000-7000-8000-000000000000"
    assert operator.get(f"/v1/imports/{nobody}/rejects").status_code == 404
    assert operator.get(f"/v1/imports/{nobody}/rejects.csv").status_code == 404


def test_data_adds_up_to_what_the_files_say(stores: Stores, tmp_path: Path, operator: TestClient) -> None:
    rows = shop_lines()
    api.import_source(stores, write_folder(tmp_path / "f"), now=NOW)
    data = operator.get("/v1/data").json()
    assert data["totals"]["orders"] == len({row.order_id for row in rows})
    assert data["totals"]["lines"] == len(rows)
    assert data["totals"]["net_minor"] == sum(row.total_minor for row in rows)
    sets = {found["name"]: found for found in data["datasets"]}
    assert sets["lines"]["first_on"] == str(min(row.local_at.date() for row in rows))
    assert sets["lines"]["source"] == "shop"
    assert sets["products"]["rows"] == 24


def test_data_says_how_many_rows_lie_ahead_of_the_shops_day(
    stores: Stores, tmp_path: Path, operator: TestClient
) -> None:
    rows = shop_lines()
    middle = sorted(row.local_at.date() for row in rows)[len(rows) // 2]
    api.import_source(stores, write_folder(tmp_path / "shop", rows=rows), until=middle, now=NOW)
    sets = {found["name"]: found for found in operator.get("/v1/data").json()["datasets"]}
    assert sets["lines"]["ahead"] == sets["products"]["ahead"] == 0
    assert sets["feed"]["ahead"] == sets["feed"]["rows"] > 0


def test_an_empty_shop_has_data_to_show(operator: TestClient) -> None:
    data = operator.get("/v1/data").json()
    assert data["datasets"] == []
    assert data["totals"]["net_minor"] == 0


def test_products_are_found_by_title_number_and_category(
    stores: Stores, tmp_path: Path, operator: TestClient
) -> None:
    api.import_source(stores, write_folder(tmp_path / "f"), now=NOW)

    def hits(text: str) -> list[str]:
        return [hit["product_id"] for hit in operator.get("/v1/products", params={"q": text}).json()]

    assert hits("商品 7") == ["p0007"]
    assert hits("P0007") == ["p0007"]
    assert len(hits("生鲜")) == 8
    assert hits("nothing like it") == []


def test_uploaded_files_become_facts(stores: Stores, tmp_path: Path, operator: TestClient) -> None:
    folder = write_folder(tmp_path / "f", timezone=None, currency=None)
    files = [("files", (name, (folder / name).read_bytes())) for name in ("orders.csv", "products.csv")]
    form = {"timezone": "Asia/Shanghai", "currency": "CNY"}
    started = operator.post("/v1/imports", files=files, data=form)
    assert started.status_code == 202, started.text
    work(stores)
    [done] = operator.get("/v1/imports").json()
    assert (done["state"], done["files"]["orders"]["accepted"]) == ("succeeded", len(shop_lines()))


@pytest.mark.parametrize(
    ("name", "form", "code"),
    [
        ("../../orders.csv", {}, "not_a_canonical_file"),
        ("orders.csv.exe", {}, "not_a_canonical_file"),
        ("/etc/passwd", {}, "not_a_canonical_file"),
        ("orders.csv", {"timezone": "Asia/Peking"}, "not_a_zone"),
        ("orders.csv", {"currency": "rmb"}, "not_currency"),
    ],
)
def test_an_upload_that_cannot_be_meant_is_refused(
    stores: Stores, operator: TestClient, name: str, form: dict[str, str], code: str
) -> None:
    given = {"timezone": "Asia/Shanghai", "currency": "CNY", **form}
    answer = operator.post("/v1/imports", files=[("files", (name, b"x"))], data=given)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == code
    assert not list(stores.settings.home.glob("uploads/*"))


def test_a_file_sent_twice_is_refused(operator: TestClient) -> None:
    files = [("files", ("orders.csv", b"x")), ("files", ("Orders.CSV", b"y"))]
    form = {"timezone": "Asia/Shanghai", "currency": "CNY"}
    answer = operator.post("/v1/imports", files=files, data=form)
    assert answer.json()["error"]["code"] == "sent_twice"


def test_a_viewer_may_look_and_not_import(door: Door) -> None:
    viewer = door.signed_in("vera", Role.VIEWER)
    assert viewer.get("/v1/data").status_code == 200
    form = {"timezone": "Asia/Shanghai", "currency": "CNY"}
    assert viewer.post("/v1/imports", files=[("files", ("orders.csv", b"x"))], data=form).status_code == 403
