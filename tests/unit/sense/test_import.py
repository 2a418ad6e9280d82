"""A folder becomes the shop's facts, once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.facts import START, Line, line, lines_table, shop_lines, write_folder

from shengeng.govern.shop import api as shops
from shengeng.kernel.errors import ShopError
from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import LINES, ImportReport
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

NOW = datetime(2025, 6, 1, tzinfo=UTC)


DAY = datetime.combine(START, datetime.min.time())
LATE = DAY + timedelta(days=25, hours=12)  # the last local day of a month


def bring(
    stores: Stores,
    folder: Path,
    until: date | None = None,
    timezone: str | None = None,
    currency: str | None = None,
) -> ImportReport:
    return api.import_source(stores, folder, timezone=timezone, currency=currency, until=until, now=NOW)


def stored(stores: Stores, *drop: str) -> pa.Table:
    """Every stored line in a fixed order, without the import it came by."""
    table = api.lines(stores.lake).drop("import_id", *drop).order_by(["order_id", "line_no"]).to_pyarrow()
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
    assert list(api.lines(stores.lake).columns) == LINES.names
    assert api.products(stores.lake).count().to_pyarrow().as_py() == 24
    assert api.customers(stores.lake).count().to_pyarrow().as_py() == 40


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


def test_only_the_months_of_changed_orders_are_written_anew(stores: Stores, tmp_path: Path) -> None:
    rows = shop_lines()
    bring(stores, write_folder(tmp_path / "before", rows=rows))
    with stores.rows.unit() as uow:
        files_before = {s.dataset: s.files for s in stores.lake.stats(uow)}
    march = next(row.order_id for row in rows if row.local_at.month == 3)
    changed = [replace(row, quantity=99) if row.order_id == march else row for row in rows]
    report = bring(stores, write_folder(tmp_path / "after", rows=changed))
    lines = sum(row.order_id == march for row in rows)
    assert (report.files["orders"].accepted, report.files["orders"].unchanged) == (lines, len(rows) - lines)
    table = stored(stores).to_pylist()
    assert len(table) == len(rows)
    assert {row["quantity"] for row in table if row["order_id"] == march} == {99}
    with stores.rows.unit() as uow:
        files_after = {s.dataset: s.files for s in stores.lake.stats(uow)}
    assert files_after == files_before | {"lines": files_before["lines"] + 1}, "what stays, and what changed"
    imported = api.lines(stores.lake).select("import_id", "local_date").distinct().to_pyarrow().to_pylist()
    assert {row["local_date"].month for row in imported if row["import_id"] == report.id} == {3}


def test_a_changed_order_may_lose_lines_and_move_to_another_month(stores: Stores, tmp_path: Path) -> None:
    pair = [line("c1", LATE, product, order_id="o1") for product in ("p1", "p2")]
    other = line("c2", LATE, "p1", order_id="o2")
    bring(stores, write_folder(tmp_path / "a", rows=[*pair, other]))
    moved = line("c1", LATE + timedelta(days=2), "p1", order_id="o1")
    bring(stores, write_folder(tmp_path / "b", rows=[moved]))
    found = {(r["order_id"], r["product_id"], r["local_date"]) for r in stored(stores).to_pylist()}
    assert found == {("o1", "p1", date(2025, 2, 2)), ("o2", "p1", date(2025, 1, 31))}


def test_equal_lines_of_one_order_are_all_kept(stores: Stores, tmp_path: Path) -> None:
    twins = [line("c1", LATE, order_id="o1", line_no=no) for no in (1, 2, 3)]
    folder = write_folder(tmp_path / "shop", rows=twins)
    bring(stores, folder)
    assert bring(stores, folder).files["orders"].unchanged == 3
    assert stored(stores)["line_no"].to_pylist() == [1, 2, 3]


def test_a_product_that_is_told_anew_replaces_the_old_one_alone(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop")
    bring(stores, folder)
    text = "product_id,title\np0003,改名\np9999,新品\n"
    (folder / "products.csv").write_text(text, encoding="utf-8")
    report = bring(stores, folder)
    assert (report.files["products"].accepted, report.files["products"].unchanged) == (2, 0)
    titles = {r["product_id"]: r["title"] for r in api.products(stores.lake).to_pyarrow().to_pylist()}
    assert (len(titles), titles["p0003"], titles["p9999"], titles["p0004"]) == (25, "改名", "新品", "商品 4")


def test_orders_after_the_cut_wait_and_arrive_by_day(stores: Stores, tmp_path: Path) -> None:
    cut = date(2025, 3, 31)
    folder = write_folder(tmp_path / "shop")
    bring(stores, folder, until=cut)
    known = api.lines(stores.lake).to_pyarrow()
    waiting = api.feed_days(stores.lake)
    assert max(known["local_date"].to_pylist()) <= cut < min(waiting)
    with stores.rows.unit() as uow:
        assert shops.profile(uow).as_of == cut
        first = api.reveal(stores, uow, waiting[0])
        assert api.reveal(stores, uow, waiting[0]).lines == 0
    todays = [row for row in shop_lines() if row.local_at.date() == waiting[0]]
    assert (first.lines, first.orders) == (len(todays), len({row.order_id for row in todays}))
    assert first.customers == tuple(sorted({row.customer_id for row in todays if row.customer_id}))
    assert api.feed_days(stores.lake) == waiting[1:]
    again = bring(stores, folder, until=cut)
    assert again.files["orders"].accepted == 0
    assert api.feed_days(stores.lake) == waiting[1:]
    with stores.rows.unit() as uow:
        api.reveal(stores, uow, waiting[-1])
    assert stored(stores).num_rows == lines_table().num_rows
    assert api.feed_days(stores.lake) == []


def test_a_month_of_arrived_days_becomes_one_sorted_file_with_the_same_lines(
    stores: Stores, tmp_path: Path
) -> None:
    bring(stores, write_folder(tmp_path / "shop"), until=date(2025, 3, 31))
    with stores.rows.unit() as uow:
        for day in api.feed_days(stores.lake)[: api.MOST_FILES + 1]:
            api.reveal(stores, uow, day)
        assert stores.lake.scattered(uow, "lines", most=api.MOST_FILES) == ["shop/2025-04"]
    before = stored(stores)
    assert api.compact(stores, Silent()) == 1
    assert stored(stores).equals(before)
    april = stores.lake.table("lines", partitions=["shop/2025-04"]).to_pyarrow()
    keys = [(r["customer_id"] or "~", r["ordered_at"]) for r in april.to_pylist()]
    assert keys == sorted(keys)
    assert api.compact(stores, Silent()) == 0


def test_an_import_without_a_cut_lets_everything_arrive(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop")
    bring(stores, folder, until=date(2025, 3, 31))
    bring(stores, folder)
    assert api.feed_days(stores.lake) == []
    assert stored(stores).num_rows == lines_table().num_rows


def test_what_is_known_as_of_a_day_holds_nothing_later(stores: Stores, tmp_path: Path) -> None:
    bring(stores, write_folder(tmp_path / "shop"))
    day = date(2025, 2, 14)
    dates = api.lines(stores.lake, day).to_pyarrow()["local_date"].to_pylist()
    assert max(dates) <= day
    assert len(dates) == sum(row.local_at.date() <= day for row in shop_lines())


def test_another_shops_data_is_refused(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop")
    bring(stores, folder)
    with pytest.raises(ShopError, match="Europe/Paris") as zone:
        bring(stores, folder, timezone="Europe/Paris")
    with pytest.raises(ShopError, match="EUR") as money:
        bring(stores, folder, currency="EUR")
    assert zone.value.kind == money.value.kind == "conflict"
    assert stored(stores).num_rows == lines_table().num_rows


def test_two_sources_keep_their_orders_apart(stores: Stores, tmp_path: Path) -> None:
    row = line("c1", LATE, order_id="o1")
    for name in ("tmall", "douyin"):
        folder = write_folder(tmp_path / name, rows=[row])
        with (folder / "shop.toml").open("a", encoding="utf-8") as file:
            file.write(f'source = "{name}"\n')
        bring(stores, folder)
    assert sorted(stored(stores)["source"].to_pylist()) == ["douyin", "tmall"]


LINE = st.builds(
    lambda order, product, units, day: line(
        f"c{order % 3}" if order % 4 else None,
        DAY + timedelta(days=day, hours=order),
        f"p{product}",
        order_id=f"o{order}",
        quantity=units,
        total_minor=units * 250,
    ),
    st.integers(0, 6),
    st.integers(0, 3),
    st.integers(1, 3),
    st.integers(20, 34),
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(LINE, min_size=1, max_size=15), seed=st.integers(0, 9), cut=st.integers(0, 15))
def test_order_of_rows_and_repetition_never_matter(
    stores: Stores, tmp_path_factory: pytest.TempPathFactory, rows: list[Line], seed: int, cut: int
) -> None:
    empty(stores)
    place = tmp_path_factory.mktemp("shops")
    bring(stores, write_folder(place / "once", rows=rows, tables=("orders",)))
    expected = stored(stores)
    shuffled = random.Random(seed).sample(rows, len(rows))
    early = [row for row in shuffled if int(row.order_id[1:]) < cut % 7]
    empty(stores)
    if early:
        bring(stores, write_folder(place / "early", rows=early, tables=("orders",)))
    everything = write_folder(place / "all", rows=shuffled, tables=("orders",))
    bring(stores, everything)
    assert bring(stores, everything).files["orders"].accepted == 0
    assert stored(stores).equals(expected)


def empty(stores: Stores) -> None:
    """The lake without facts; the shop stays."""
    with stores.rows.unit() as uow:
        for dataset in ("lines", "feed", "products", "customers"):
            for partition in stores.lake.partitions(uow, dataset):
                stores.lake.remove(uow, dataset, partition=partition)
