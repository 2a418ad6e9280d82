"""Shops that are odd, and files that are mostly wrong."""

from __future__ import annotations

import csv
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.factories.facts import START, line, shop_lines, write_folder

from shengeng.govern.shop import api as shops
from shengeng.sense.connect import api
from shengeng.storage.stores import Stores

NOW = datetime(2025, 6, 1, tzinfo=UTC)
NOON = datetime.combine(START, datetime.min.time()).replace(hour=12)


def rejects(path: str | None) -> list[dict[str, str]]:
    assert path is not None
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_rejected_row_is_named_with_its_line_value_and_reason(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f")
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("x1,yesterday,,p1,1,5.00,,s1\n")
        file.write('x2,2025-01-01,,p1,1,"5.00,,s1\n')
        file.write("x3,2025-01-01,,p1,1,NaN,,s1\n")
        file.write("x4,2025-01-01,,p1,1\n")
        file.write("x5,2025-01-01,,p1,1,5.00,,s1\n")
    good = len(shop_lines())
    report = api.import_source(stores, folder, now=NOW)
    found = [(int(r["row"]) - good - 1, r["file"], r["column"], r["value"]) for r in rejects(report.rejects)]
    assert sorted(found) == [
        (1, "orders.csv", "ordered_at", "yesterday"),
        (2, "orders.csv", "", 'x2,2025-01-01,,p1,1,"5.00,,s1'),
        (3, "orders.csv", "line_total", "NaN"),
        (4, "orders.csv", "", "x4,2025-01-01,,p1,1"),
    ]
    assert all(row["reason"] and row["reason_zh"] for row in rejects(report.rejects))
    orders = report.files["orders"]
    assert (orders.rows, orders.accepted, orders.rejected) == (good + 5, good + 1, 4)


def test_mixed_encodings_cost_the_minoritys_rows_alone(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f")
    with (folder / "products.csv").open("ab") as file:
        file.write("g1,国标编码,,\n".encode("gb18030"))
    report = api.import_source(stores, folder, now=NOW)
    assert (report.files["products"].accepted, report.files["products"].rejected) == (24, 1)
    assert rejects(report.rejects)[0]["reason_zh"] == "该行编码与文件其余部分不一致"


def test_an_empty_shop_is_a_shop(stores: Stores, tmp_path: Path) -> None:
    report = api.import_source(stores, write_folder(tmp_path / "f", rows=[]), now=NOW)
    assert (report.state, report.files["orders"].rows, report.share_identified) == ("succeeded", 0, None)
    totals = api.totals(stores.lake)
    assert (totals.orders, totals.net_minor, totals.share_identified, totals.last_on) == (0, 0, None, None)
    with stores.rows.unit() as uow:
        assert shops.profile(uow).as_of is None


def test_one_order_is_a_shop(stores: Stores, tmp_path: Path) -> None:
    report = api.import_source(stores, write_folder(tmp_path / "f", rows=[line("c1", NOON)]), now=NOW)
    totals = api.totals(stores.lake)
    assert (totals.orders, totals.customers, totals.placed_minor) == (1, 1, 1000)
    assert report.share_identified == 1.0


def test_a_shop_of_guests_says_that_it_knows_nobody(stores: Stores, tmp_path: Path) -> None:
    rows = [line(None, NOON, order_id="a"), line("王**", NOON, order_id="b")]
    report = api.import_source(stores, write_folder(tmp_path / "f", rows=rows), now=NOW)
    assert report.share_identified == 0.0
    assert api.totals(stores.lake).customers == 0


def bad_shop(path: Path, rows: int) -> Path:
    """A folder with one good row in front of `rows` bad ones, of five kinds."""
    folder = write_folder(path, rows=[line("c1", NOON)], tables=("orders", "products"))
    kinds = ["x,never,c,p,1,1.00,,\n", "x,2025-01-01,c,p,one,1.00,,\n", 'x,2025-01-01,c,p,1,"1.00,,\n']
    kinds += ["x,y\n", ",,,,,,,\n"]
    block = "".join(kinds) * 1000
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        for _ in range(rows // 5000):
            file.write(block)
    return folder


def test_ten_thousand_bad_rows_are_all_named(stores: Stores, tmp_path: Path) -> None:
    report = api.import_source(stores, bad_shop(tmp_path / "f", 10_000), now=NOW)
    assert (report.files["orders"].accepted, report.files["orders"].rejected) == (1, 10_000)
    assert len(rejects(report.rejects)) == 10_000


@pytest.mark.slow
def test_a_million_bad_rows_take_no_more_memory_than_a_hundred_thousand(
    stores: Stores, tmp_path: Path
) -> None:
    api.import_source(stores, bad_shop(tmp_path / "few", 100_000), now=NOW)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = api.import_source(stores, bad_shop(tmp_path / "many", 1_000_000), now=NOW)
    assert report.files["orders"].rejected == 1_000_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300 * 1024  # KiB; the file alone is 26 MB, its rows as Python objects would be a gigabyte
