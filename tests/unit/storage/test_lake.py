"""The lake: what a transaction writes is read back exactly, at every snapshot, by every thread."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pytest

from shengeng.kernel.errors import ShopError
from shengeng.storage.retention import forget_old
from shengeng.storage.stores import Stores

SALES = pa.table({"customer_id": ["b", "a", None], "units": [3, 1, 2]})
SCHEMA = pa.schema([("customer_id", pa.string()), ("units", pa.int64()), ("note", pa.string())])


def append(stores: Stores, dataset: str, rows: pa.Table, partition: str = "") -> int:
    with stores.rows.unit() as uow:
        return stores.lake.append(uow, dataset, rows, partition=partition)


def units(stores: Stores, **how: object) -> list[int]:
    return sorted(stores.lake.table("sales", **how).units.to_pyarrow().to_pylist())  # type: ignore[arg-type]


def test_appended_rows_are_read_back_with_their_nulls(stores: Stores) -> None:
    assert append(stores, "sales", SALES) == 3
    assert stores.lake.table("sales").to_pyarrow().to_pydict() == SALES.to_pydict()


def test_a_dataset_that_was_never_written_is_empty_when_its_schema_is_known(stores: Stores) -> None:
    empty = stores.lake.table("sales", schema=SCHEMA)
    assert empty.to_pyarrow().schema.names == SCHEMA.names
    assert empty.count().execute() == 0
    with pytest.raises(ShopError, match="holds no sales yet"):
        stores.lake.table("sales")


def test_an_empty_table_has_the_types_of_a_full_one(stores: Stores) -> None:
    moments = pa.table(
        {
            "at": pa.array([datetime(2017, 1, 1, 5, tzinfo=UTC)], pa.timestamp("us", "UTC")),
            "local_at": pa.array([0], pa.timestamp("us")),
            "day": pa.array([date(2017, 1, 1)]),
            "line_no": pa.array([1], pa.int32()),
        }
    )
    empty = stores.lake.table("sales", schema=moments.schema)
    append(stores, "sales", moments)
    full = stores.lake.table("sales", schema=moments.schema)
    assert full.schema() == empty.schema()
    assert full.to_pyarrow().equals(moments)


def test_rows_of_a_failed_transaction_never_appear_and_their_file_goes(stores: Stores) -> None:
    append(stores, "sales", SALES)
    with pytest.raises(ZeroDivisionError):
        _append_and_fail(stores)
    assert units(stores) == [1, 2, 3]
    assert len(list((stores.settings.home / "lake/sales").iterdir())) == 1


def _append_and_fail(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "sales", SALES)
        raise ZeroDivisionError


def test_a_transaction_reads_what_it_wrote_and_others_do_not(stores: Stores) -> None:
    append(stores, "sales", SALES)
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "sales", SALES)
        assert stores.lake.inside(uow).table("sales").count().execute() == 6
        assert stores.lake.table("sales").count().execute() == 3
    assert stores.lake.table("sales").count().execute() == 6


def test_replacing_a_partition_leaves_the_others_alone(stores: Stores) -> None:
    append(stores, "sales", SALES, "2017-11-25")
    append(stores, "sales", SALES, "2017-11-26")
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "sales", SALES.slice(0, 1), partition="2017-11-26")
        assert stores.lake.partitions(uow, "sales") == ["2017-11-25", "2017-11-26"]
    assert units(stores, partitions=["2017-11-26"]) == [3]
    assert units(stores) == [1, 2, 3, 3]


def test_replacing_by_prefix_takes_exactly_the_partitions_that_start_with_it(stores: Stores) -> None:
    for partition in ("shop/1", "shop/2", "shop_/1", "other"):
        append(stores, "sales", SALES.slice(0, 1), partition)
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "sales", SALES, partition="shop/", prefix=True)
        assert stores.lake.partitions(uow, "sales") == ["other", "shop/", "shop_/1"]


def test_replacing_by_nothing_leaves_an_empty_partition_that_is_there(stores: Stores) -> None:
    append(stores, "sales", SALES, "2017-11-26")
    with stores.rows.unit() as uow:
        assert stores.lake.replace(uow, "sales", SALES.slice(0, 0), partition="2017-11-26") == 0
        assert stores.lake.partitions(uow, "sales") == ["2017-11-26"]
    assert units(stores) == []


def test_a_snapshot_shows_the_lake_as_it_stood(stores: Stores) -> None:
    append(stores, "sales", SALES)
    before = stores.lake.snapshot()
    append(stores, "sales", SALES)
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "sales", SALES.slice(0, 1))
    assert units(stores, snapshot=before) == [1, 2, 3]
    assert units(stores, snapshot=before + 1) == [1, 1, 2, 2, 3, 3]
    assert units(stores) == [3]


def test_one_transaction_is_one_snapshot(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "sales", SALES)
        stores.lake.append(uow, "returns", SALES)
    assert stores.lake.snapshot() == 1


def test_snapshots_become_visible_in_the_order_of_their_numbers(stores: Stores) -> None:
    listed, release = threading.Event(), threading.Event()

    def slow() -> None:
        with stores.rows.unit() as uow:
            stores.lake.append(uow, "sales", SALES.slice(0, 1))
            listed.set()
            release.wait(10)

    first = threading.Thread(target=slow)
    first.start()
    listed.wait(10)
    second = threading.Thread(target=append, args=(stores, "sales", SALES.slice(1, 1)))
    second.start()
    second.join(0.2)
    assert second.is_alive(), "the second writer did not wait for the first"
    release.set()
    first.join()
    second.join()
    assert units(stores, snapshot=1) == [3]
    assert units(stores, snapshot=2) == [1, 3]


def test_compaction_sorts_and_changes_no_row(stores: Stores) -> None:
    for start in range(3):
        append(stores, "sales", SALES.slice(start, 1), "shop")
    append(stores, "sales", SALES, "other")
    with stores.rows.unit() as uow:
        assert stores.lake.compact(uow, "sales", sort_by=["units"], partition="shop") == 3
        assert stores.lake.compact(uow, "sales", sort_by="units", partition="nowhere") == 0
    found = stores.lake.table("sales", partitions=["shop"]).to_pyarrow()
    assert found.to_pydict() == SALES.sort_by("units").to_pydict()
    with stores.rows.unit() as uow:
        assert {stats.dataset: stats.files for stats in stores.lake.stats(uow)} == {"sales": 2}


def test_a_column_that_came_later_is_null_before_and_never_lost(stores: Stores) -> None:
    append(stores, "sales", SALES)
    append(stores, "sales", pa.table({"note": ["late"], "customer_id": ["z"], "units": [9]}))
    found = stores.lake.table("sales").order_by("units").to_pyarrow()
    assert found["note"].to_pylist() == [None, None, None, "late"]
    assert stores.lake.table("sales", schema=SCHEMA).to_pyarrow().schema.names == SCHEMA.names


def test_a_schema_names_columns_that_no_file_has_yet(stores: Stores) -> None:
    append(stores, "sales", SALES)
    found = stores.lake.table("sales", schema=SCHEMA).to_pyarrow()
    assert found["note"].to_pylist() == [None] * 3


def test_a_column_beyond_the_schema_is_kept_at_the_end(stores: Stores) -> None:
    append(stores, "sales", SALES)
    narrow = pa.schema([("units", pa.int64())])
    assert stores.lake.table("sales", schema=narrow).columns == ("units", "customer_id")


def test_whole_numbers_widen_and_text_is_refused_by_name(stores: Stores) -> None:
    append(stores, "sales", pa.table({"units": pa.array([1], pa.int32())}))
    append(stores, "sales", pa.table({"units": pa.array([2**40], pa.int64())}))
    assert units(stores) == [1, 2**40]
    with pytest.raises(ShopError, match="Column units of sales is int64 in the lake and string"):
        append(stores, "sales", pa.table({"units": ["3"]}))


def test_dictionaries_and_pandas_frames_are_written_plainly(stores: Stores) -> None:
    frame = pd.DataFrame({"city": pd.Categorical(["A", "B", "A"]), "n": [1, 2, 3]})
    append(stores, "cities", pa.Table.from_pandas(frame))
    found = stores.lake.table("cities").to_pyarrow()
    assert found.schema == pa.schema([("city", pa.string()), ("n", pa.int64())])
    assert found["city"].to_pylist() == ["A", "B", "A"]


def test_rows_in_memory_join_with_rows_of_the_lake(stores: Stores) -> None:
    append(stores, "sales", SALES)
    names = stores.lake.memtable(pa.table({"customer_id": ["a"], "name": ["Ada"]}))
    joined = stores.lake.table("sales").inner_join(names, "customer_id").to_pyarrow()
    assert joined.to_pydict() == {"customer_id": ["a"], "units": [1], "name": ["Ada"]}


def test_rows_in_memory_are_let_go_with_their_table(stores: Stores) -> None:
    here = stores.lake.connection
    process = psutil.Process()
    for number in range(12):
        wide = pa.table({f"c{number}": np.arange(1_000_000)})
        assert here.execute(stores.lake.memtable(wide).count()) == 1_000_000
        del wide
        if number == 2:
            early = process.memory_info().rss
    assert process.memory_info().rss - early < 4 * 8_000_000


def test_a_stream_is_written_without_holding_it(stores: Stores) -> None:
    text = pa.array([os.urandom(8).hex() for _ in range(100_000)])
    batch = pa.record_batch({"n": pa.array(range(100_000)), "s": text})
    held: list[int] = []

    def stream() -> Iterator[pa.RecordBatch]:
        for _ in range(60):
            held.append(psutil.Process().memory_info().rss)
            yield batch

    with stores.rows.unit() as uow:
        reader = pa.RecordBatchReader.from_batches(batch.schema, stream())
        assert stores.lake.append(uow, "big", reader) == 6_000_000
    assert max(held) - held[10] < 60_000_000
    assert stores.lake.table("big").count().execute() == 6_000_000


def test_a_stream_of_answers_goes_into_the_lake_and_leaves_the_connection_free(stores: Stores) -> None:
    append(stores, "sales", SALES)
    doubled = stores.lake.table("sales").mutate(units=lambda t: t.units * 2).to_pyarrow_batches(chunk_size=1)
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "doubled", doubled)
    assert sorted(stores.lake.table("doubled").units.to_pyarrow().to_pylist()) == [2, 4, 6]
    half_read = stores.lake.table("sales").to_pyarrow_batches(chunk_size=1)
    half_read.read_next_batch()
    assert units(stores) == [1, 2, 3]
    with pytest.raises((OSError, pa.ArrowException)):
        half_read.read_next_batch()


def test_every_thread_may_ask_at_the_same_time(stores: Stores) -> None:
    append(stores, "sales", SALES)
    answers: list[int] = []

    def ask() -> None:
        answers.extend(int(stores.lake.table("sales").units.sum().execute()) for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [6] * 40


def test_the_sweep_removes_only_what_nobody_lists_any_more(stores: Stores) -> None:
    append(stores, "sales", SALES)
    old = stores.lake.snapshot()
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "sales", SALES.slice(0, 1))
    folder = stores.settings.home / "lake/sales"
    (folder / "stray.parquet").write_bytes(b"a crash before the manifest")
    (folder / ".half.parquet.part").write_bytes(b"a crash while writing")
    with stores.rows.unit() as uow:
        assert stores.lake.sweep(uow, older_than=timedelta(hours=1)) == 0
    assert units(stores, snapshot=old) == [1, 2, 3]
    for stray in (folder / "stray.parquet", folder / ".half.parquet.part"):
        os.utime(stray, (time.time() - 7200, time.time() - 7200))
    with stores.rows.unit() as uow:
        assert stores.lake.sweep(uow, older_than=timedelta(hours=1)) == 2
    assert units(stores) == [3]


def test_a_swept_snapshot_is_refused_rather_than_read_in_part(stores: Stores) -> None:
    append(stores, "sales", SALES)
    append(stores, "kept", SALES)
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "sales", SALES.slice(0, 1))
    with stores.rows.unit() as uow:
        assert stores.lake.sweep(uow, older_than=timedelta(0)) == 1
    with pytest.raises(ShopError, match="Snapshot 1 of sales is no longer kept; the oldest kept one is 3"):
        units(stores, snapshot=1)
    assert units(stores, snapshot=3) == [3]
    assert stores.lake.table("kept").count().execute() == 3
    assert len(list((stores.settings.home / "lake/sales").iterdir())) == 1


def test_old_estimates_go_except_the_newest_and_the_last_of_each_month(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        for day in range(40):
            when = date(2017, 11, 1) + timedelta(days=day)
            stores.lake.replace(uow, "people", SALES, partition=when.isoformat())
        forget_old(stores.lake, uow, "people", newest=2)
        assert stores.lake.partitions(uow, "people") == ["2017-11-30", "2017-12-09", "2017-12-10"]


def test_statistics_count_what_is_there_now(stores: Stores) -> None:
    append(stores, "sales", SALES)
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "sales", SALES.slice(0, 2))
        (stats,) = stores.lake.stats(uow)
    size = sum(path.stat().st_size for path in (stores.settings.home / "lake/sales").iterdir())
    assert (stats.dataset, stats.rows, stats.files) == ("sales", 2, 1)
    assert 0 < stats.bytes < size
    assert stats.updated_at.tzinfo is not None


def test_the_same_files_are_asked_for_their_columns_once_and_new_files_anew(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "stock", pa.table({"n": [1]}))
    first = stores.lake.table("stock")
    assert stores.lake.table("stock") is first
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "stock", pa.table({"n": [2], "shelf": ["a"]}))
    second = stores.lake.table("stock")
    assert second.columns == ("n", "shelf")
    assert sorted(second.n.to_pyarrow().to_pylist()) == [1, 2]
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "stock", pa.table({"n": [3]}))
    assert stores.lake.table("stock").n.to_pyarrow().to_pylist() == [3]
    assert first.n.to_pyarrow().to_pylist() == [1], "a question that was asked before keeps its files"
