"""Exports through the whole way: files are looked at, imported, and what came of it is told."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from tests.factories import exports as x
from tests.factories.door import Door, open_door
from tests.factories.facts import write_folder

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Role
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.routes import router as connect_router
from shengeng.sense.exports import api, jobs
from shengeng.sense.exports.routes import router
from shengeng.storage.stores import Stores

NOW = datetime(2026, 3, 2, tzinfo=UTC)
Files = list[tuple[str, bytes]]


@pytest.fixture
def door(stores: Stores) -> Door:
    return open_door(stores, [router, connect_router])


@pytest.fixture
def operator(door: Door) -> Iterator[TestClient]:
    with door.signed_in("olga", Role.OPERATOR) as client:
        yield client


def kept(stores: Stores, files: Files) -> UUID:
    return api.keep_files(stores, [(name, io.BytesIO(data)) for name, data in files], NOW)


def bring(stores: Stores, files: Files, **how: Any) -> Any:
    return api.import_upload(stores, kept(stores, files), now=NOW, **how)


def lines(stores: Stores) -> list[dict[str, Any]]:
    found = connect.lines(stores.lake).to_pyarrow().to_pylist()
    return sorted(found, key=lambda line: (line["order_id"], -line["total_minor"], line["product_id"]))


def work(stores: Stores) -> None:
    if "exports.import" not in stores.queue.names():
        jobs.register(stores.queue, lambda: NOW)
    stores.queue.work(stores, threading.Event(), idle=True)


PENDING: Any = {"Financial Status": "pending", "Paid at": ""}
SHOPIFY: Files = [
    (
        "orders_export.csv",
        x.shopify(
            x.shopify_order(
                "#1001",
                "Ann@shop.example",
                items=[x.shopify_item("Tea", 2, "10.00", "TEA"), x.shopify_item("Nuts", 1, "5.00", "NUT")],
                Subtotal="22.00",
                **{"Discount Code": "SPRING", "Discount Amount": "3.00"},
            ),
            x.shopify_order("#1002", Phone="138****1234", **PENDING),
        ),
    )
]
TMALL: Files = [
    ("ExportOrderList.csv", x.tmall_orders(x.tmall_order("2100000000000000001", "小王", "90.00"))),
    (
        "ExportOrderDetailList.csv",
        x.tmall_items(
            x.tmall_item("2100000000000000001", "龙井茶", "50.00", 1, "TEA"),
            x.tmall_item("2100000000000000001", "坚果礼盒", "25.00", 2),
        ),
    ),
]


def test_a_shopify_order_is_imported_with_its_discount_over_its_lines(stores: Stores) -> None:
    done = bring(stores, SHOPIFY, timezone="Asia/Shanghai")
    tea, nuts, pending = lines(stores)
    assert (tea["total_minor"], nuts["total_minor"]) == (1760, 440)
    assert (tea["discount_seller_minor"], nuts["discount_seller_minor"]) == (240, 60)
    assert tea["customer_id"] == nuts["customer_id"] == "ann@shop.example"
    assert (tea["coupon_id"], tea["channel"]) == ("SPRING", "web")
    assert (tea["paid"], pending["paid"], pending["customer_id"]) == (True, False, None)
    assert str(tea["local_at"]) == "2025-03-01 09:29:00"
    assert done.share_identified == 0.5


def test_tmall_reports_are_joined_and_read_in_the_shops_time(stores: Stores) -> None:
    done = bring(stores, TMALL)
    tea, nuts = lines(stores)
    assert (tea["product_id"], nuts["product_id"]) == ("TEA", "坚果礼盒")
    assert (tea["total_minor"], nuts["total_minor"]) == (4500, 4500)
    assert tea["order_id"] == "2100000000000000001"
    assert (tea["customer_id"], tea["region"], tea["source"]) == ("小王", "浙江省", "tmall")
    assert str(tea["local_at"]) == "2025-03-01 20:15:00"
    assert done.share_identified == 1.0
    titles = {
        row["product_id"]: row["title"] for row in connect.products(stores.lake).to_pyarrow().to_pylist()
    }
    assert titles == {"TEA": "龙井茶", "坚果礼盒": "坚果礼盒"}


def test_the_order_report_alone_imports_totals_and_names_what_stays_empty(stores: Stores) -> None:
    done = bring(stores, TMALL[:1])
    [line] = lines(stores)
    assert (line["kind"], line["quantity"], line["total_minor"]) == ("adjustment", 0, 9000)
    assert connect.totals(stores.lake).net_minor == 9000
    assert done.empty_screens == ("customers", "value", "reminders", "demand", "stock_up")


def test_the_item_report_alone_is_refused_with_what_is_missing(stores: Stores) -> None:
    with pytest.raises(ShopError, match="Add the order report") as refused:
        bring(stores, TMALL[1:])
    assert refused.value.kind == "invalid"


def test_the_same_export_again_changes_nothing(stores: Stores) -> None:
    bring(stores, SHOPIFY, timezone="Asia/Shanghai")
    before = lines(stores)
    again = bring(stores, SHOPIFY)
    with stores.rows.unit() as uow:
        report = connect.report(uow, UUID(again.import_id))
    assert report.files["orders"].unchanged == 3
    assert [line["import_id"] for line in lines(stores)] == [line["import_id"] for line in before]


def test_rejects_name_the_files_that_were_given(stores: Stores) -> None:
    text = x.shopify(
        x.shopify_order("#1", "a@b.example"),
        x.shopify_order("#2", "c@d.example", items=[x.shopify_item("Tea", "two", "10.00")]),
        x.shopify_order("#3", "c@d.example", items=[x.shopify_item("Tea", 1, "1e308")]),
    ).decode()
    broken = text + '#4,"never closed\n'
    done = bring(stores, [("my orders.csv", broken.encode())], timezone="UTC")
    with stores.rows.unit() as uow:
        rejects, _ = connect.rejected(uow, UUID(done.import_id), lang="en")
    assert [(r.file, r.row, r.column) for r in rejects] == [
        ("my orders.csv", 3, "Lineitem quantity"),
        ("my orders.csv", 4, "Lineitem price"),
        ("my orders.csv", 5, ""),
    ]
    assert [r.value for r in rejects] == ["two", "1e308", '#4,"never closed']
    assert len(lines(stores)) == 1


def test_a_preview_over_http_says_what_was_recognised(operator: TestClient) -> None:
    answer = operator.post("/v1/exports/preview", files=[("files", file) for file in TMALL])
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert (seen["system"], seen["ready"], seen["share_identified"]) == ("tmall", True, 1.0)
    assert (seen["timezone"], seen["timezone_from"], seen["currency"]) == ("Asia/Shanghai", "usual", "CNY")
    order, item = seen["files"]
    assert (order["report"], order["encoding"], order["header_line"]) == ("orders", "gb18030", 1)
    number = order["columns"][0]
    assert (number["name"], number["field"], number["how"]) == ("订单编号", "order", "exact")
    assert item["report"] == "items"
    assert item["sample"][0][item["sample_columns"].index("line_total")] == "45.00"
    said = {one["code"]: one["level"] for one in seen["problems"]}
    assert said == {"local_times": "note", "sku_titles": "note"}


def test_an_import_over_http_runs_in_the_background_and_reports(stores: Stores, operator: TestClient) -> None:
    seen = operator.post("/v1/exports/preview", files=[("files", file) for file in SHOPIFY]).json()
    assert [one["code"] for one in seen["problems"] if one["level"] == "stop"] == ["no_timezone"]
    asked = {"upload": seen["upload"], "timezone": "Asia/Shanghai"}
    assert operator.post("/v1/exports/import", json={"upload": seen["upload"]}).status_code == 422
    job = operator.post("/v1/exports/import", json=asked)
    assert job.status_code == 202, job.text
    assert operator.get(f"/v1/exports/uploads/{seen['upload']}").json() is None
    work(stores)
    done = operator.get(f"/v1/exports/uploads/{seen['upload']}").json()
    [found] = operator.get("/v1/imports").json()
    assert (found["id"], found["source"]) == (done["import_id"], "shopify")
    assert done["share_identified"] == found["share_identified"] == 0.5


def test_a_column_chosen_by_hand_is_known_the_next_time(stores: Stores, operator: TestClient) -> None:
    odd = x.shopify(x.shopify_order("#1", "a@b.example"), renamed={"Email": "Wer hat bestellt"})
    seen = operator.post("/v1/exports/preview", files={"files": ("o.csv", odd)}).json()
    assert seen["share_identified"] == 0.0
    by_hand = {"columns": {"Wer hat bestellt": "email"}}
    asked = {"upload": seen["upload"], "timezone": "UTC", "files": {"o.csv": by_hand}}
    assert operator.post("/v1/exports/look", json=asked).json()["share_identified"] == 1.0
    assert operator.post("/v1/exports/import", json=asked).status_code == 202
    work(stores)
    later = operator.post("/v1/exports/preview", files={"files": ("next.csv", odd)}).json()
    column = next(one for one in later["files"][0]["columns"] if one["name"] == "Wer hat bestellt")
    assert (column["field"], column["how"], later["share_identified"]) == ("email", "kept", 1.0)


def test_a_field_that_does_not_exist_is_refused_by_name(operator: TestClient) -> None:
    seen = operator.post("/v1/exports/preview", files=[("files", file) for file in SHOPIFY]).json()
    asked = {"upload": seen["upload"], "files": {"orders_export.csv": {"columns": {"Email": "wings"}}}}
    told = operator.post("/v1/exports/look", json=asked).json()["problems"]
    assert "no field wings" in told[0]["sentence"]


def test_names_of_files_lead_nowhere(stores: Stores, operator: TestClient) -> None:
    for name in (
        "../../etc/orders.csv",
        "..\\..\\orders.csv",
        "/srv/x/orders.csv",
        "a\x00b.csv",
        "..",
        "x" * 3000,
    ):
        answer = operator.post("/v1/exports/preview", files={"files": (name, SHOPIFY[0][1])})
        if answer.status_code == 200:
            shown = answer.json()["files"][0]["name"]
            assert "/" not in shown
            assert "\\" not in shown
            assert len(shown) <= 120
    home = stores.settings.home
    strangers = [p for p in home.rglob("*.csv") if p.is_file()]
    assert strangers == []
    assert all(p.name.endswith((".bin", "names.json")) for p in (home / "exports").rglob("*") if p.is_file())


def test_an_upload_of_yesterday_is_gone_and_says_so(stores: Stores, operator: TestClient) -> None:
    missing = "0195a0c0-0000-7000-8000-000000000000"
    answer = operator.post("/v1/exports/look", json={"upload": missing})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_upload")


def test_viewers_may_not_import(door: Door) -> None:
    with door.signed_in("vera", Role.VIEWER) as client:
        answer = client.post("/v1/exports/preview", files=[("files", file) for file in SHOPIFY])
        assert answer.status_code == 403


def test_a_folder_of_exports_is_imported_from_the_shell(stores: Stores, tmp_path: Path) -> None:
    for name, data in TMALL:
        (tmp_path / name).write_bytes(data)
    assert api.are_exports(str(tmp_path))
    report = api.import_path(stores, str(tmp_path), now=NOW)
    assert (report.source, report.files["orders"].accepted) == ("tmall", 2)
    assert report.share_identified == 1.0


def test_a_canonical_folder_is_not_taken_for_exports(tmp_path: Path) -> None:
    assert not api.are_exports(str(write_folder(tmp_path / "shop")))
    assert not api.are_exports("complete-journey")


def test_a_file_of_something_else_is_refused_from_the_shell(stores: Stores, tmp_path: Path) -> None:
    (tmp_path / "weather.csv").write_text("day,rain\n2025-01-01,3\n")
    with pytest.raises(ShopError, match=r"weather\.csv is not recognised"):
        api.import_path(stores, str(tmp_path / "weather.csv"), now=NOW)
