"""Order lines that wait to arrive, and their arrival."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from shengeng.sense.connect.contracts import LINES, Arrived
from shengeng.sense.connect.store.merge import SORTED_BY
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork


def days(lake: Lake) -> list[date]:
    """Local days on which an order waits, earliest first."""
    feed = lake.table("feed", schema=LINES)
    found = lake.connection.to_pyarrow(feed.select("local_date").distinct().order_by("local_date"))
    return list(found.column(0).to_pylist())


def reveal(uow: UnitOfWork, lake: Lake, day: date) -> Arrived:
    """Move what waits up to and including a local day into `lines`; a second time nothing is left to move."""
    inside = lake.inside(uow)
    due = [p for p in inside.partitions(uow, "feed") if p.rsplit("/", 1)[1] <= day.isoformat()]
    lines = orders = 0
    buyers: set[str] = set()
    for partition in due:
        source, on = partition.rsplit("/", 1)
        waiting = inside.table("feed", partitions=[partition], schema=LINES)
        rows: pa.Table = inside.connection.to_pyarrow(waiting.order_by(*SORTED_BY))
        inside.append(uow, "lines", rows, partition=f"{source}/{on[:7]}")
        inside.remove(uow, "feed", partition=partition)
        lines += rows.num_rows
        orders += len(set(rows["order_id"].to_pylist()))
        buyers.update(found for found in rows["customer_id"].to_pylist() if found is not None)
    return Arrived(day, lines, orders, tuple(sorted(buyers)))
