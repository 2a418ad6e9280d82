"""A folder becomes the shop's facts, once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from shengeng.govern.shop import api as shops
from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import LINES, ImportReport
from shengeng.storage.stores import Stores
from tests.factories.facts import lines_table, shop_lines, write_folder

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def bring(stores: Stores, folder: Path, until: date | None = None) -> ImportReport:
    return api.import_source(stores, folder, until=until, now=NOW)


def stored(stores: Stores) -> pa.Table:
    """Every stored line in a fixed order, without the import it came by."""
    table = api.lines(stores.lake).drop("import_id").order_by(["order_id", "line_no"]).to_pyarrow()
    assert isinstance(table, pa.Table)
    return table


def test_what_the_folder_says_is_what_the_lake_holds(stores: Stores, tmp_path: Path) -> None:
    report = bring(stores, write_folder(tmp_path / "shop"))
    expected = lines_table().drop_columns(["line_no", "import_id"])
    by = [("order_id", "ascending"), ("product_id", "ascending")]
    got = stored(stores).drop_columns(["line_no"]).sort_by(by).select(expected.column_names)
    assert got.equals(expected.sort_by(by).cast(got.schema))
    assert report.state == "succeeded"
    assert report.files["orders"].accepted == expected.num_rows
    assert report.rejects is None


def test_the_first_import_sets_the_shop_and_its_clock(stores: Stores, tmp_path: Path) -> None:
    bring(stores, write_folder(tmp_path / "corner shop"))
    with stores.rows.unit() as uow:
        profile = shops.profile(uow)
    last = max(line.local_at.date() for line in shop_lines())
    assert (profile.name, profile.timezone, profile.currency) == ("corner shop", "Asia/Shanghai", "CNY")
    assert profile.as_of == last


def test_the_same_folder_again_changes_nothing(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop")
    bring(stores, folder)
    before = stores.lake.snapshot()
    report = bring(stores, folder)
    assert {n.accepted for n in report.files.values()} == {0}
    assert all(n.unchanged == n.rows for n in report.files.values())
    assert stores.lake.snapshot() == before


def test_published_columns_are_exactly_the_schema(stores: Stores, tmp_path: Path) -> None:
    bring(stores, write_folder(tmp_path / "shop"))
    assert list(api.lines(stores.lake).columns) == LINES.names


def test_orders_after_the_cut_wait_and_arrive_by_day(stores: Stores, tmp_path: Path) -> None:
    cut = date(2025, 3, 31)
    bring(stores, write_folder(tmp_path / "shop"), until=cut)
    known = api.lines(stores.lake).to_pyarrow()
    waiting = api.feed_days(stores.lake)
    assert max(known["local_date"].to_pylist()) <= cut < min(waiting)
    while waiting:
        with stores.rows.unit() as uow:
            arrived = api.reveal(stores, uow, waiting[0])
            again = api.reveal(stores, uow, waiting[0])
        assert arrived.lines > 0
        assert again.lines == 0
        waiting = api.feed_days(stores.lake)
    assert stored(stores).num_rows == lines_table().num_rows
