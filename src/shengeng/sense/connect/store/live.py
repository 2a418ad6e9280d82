"""Orders that arrive one by one, in the columns of the canonical file: checked, then merged like a file."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from shengeng.sense.connect.contracts import REASONS, LineFault
from shengeng.sense.connect.store import merge, orders, staging
from shengeng.sense.connect.store.columns import FAULTY, VALUE
from shengeng.sense.connect.store.csv import FAULT, FOUND, ROW
from shengeng.sense.connect.store.folder import Shop
from shengeng.sense.connect.store.merge import Merged
from shengeng.sense.connect.store.orders import Terms
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Silent
from shengeng.storage.rows import UnitOfWork

# A month in more files than this is put together before another one is added.
MOST_FILES = 24


def faults(lake: Lake, rows: pa.Table, shop: Shop) -> list[LineFault]:
    """What is wrong with rows of text, by the rules of the `orders` file; row: its place in the table."""
    raw = lake.memtable(rows).mutate(
        **{FAULT: ibis.literal(0, "int8"), FOUND: ibis.null("string"), ROW: ibis.row_number()}
    )
    checked = orders.normalise(raw, Terms(shop.source, shop.timezone, shop.currency, shop.all_paid, ""))
    wrong = checked.filter(checked[FAULT] != 0).select(ROW, FAULT, FAULTY, VALUE)
    found = lake.connection.to_pyarrow(wrong).to_pylist()
    return [LineFault(row[ROW], row[FAULTY] or "", row[VALUE] or "", REASONS[row[FAULT]]) for row in found]


def bring(
    uow: UnitOfWork, lake: Lake, rows: pa.Table, shop: Shop, *, months: Collection[str], import_id: str
) -> Merged:
    """Merge rows of text into `lines`, looking for earlier versions of their orders in some months only."""
    with tempfile.TemporaryDirectory(prefix="shengeng-") as temporary:
        place = Path(temporary)
        file = place / "orders.parquet"
        pq.write_table(rows, file, compression="lz4")
        into = place / "staged"
        into.mkdir()
        staged = staging.stage_file(lake.connection, "orders", file, shop, into, import_id=import_id)
        merged = merge.lines(uow, lake, staged, into, until=None, progress=Silent(), months=months)
    for partition in lake.scattered(uow, "lines", most=MOST_FILES):
        lake.compact(uow, "lines", sort_by=merge.SORTED_BY, partition=partition)
    return merged
