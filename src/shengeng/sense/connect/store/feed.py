"""Order lines that wait to arrive, and their arrival."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa
import pyarrow.compute as pc

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
    weeks = [p for p in inside.partitions(uow, "feed") if p.rsplit("/", 1)[1] <= day.isoformat()]
    arrived = [_reveal(uow, inside, week, day) for week in weeks]
    buyers = {buyer for rows in arrived for buyer in rows["customer_id"].to_pylist() if buyer is not None}
    orders = sum(len(set(rows["order_id"].to_pylist())) for rows in arrived)
    return Arrived(day, sum(rows.num_rows for rows in arrived), orders, tuple(sorted(buyers)))


def _reveal(uow: UnitOfWork, lake: Lake, partition: str, day: date) -> pa.Table:
    """What of one waiting week has arrived by a day, whole orders at a time; the rest waits on."""
    week = lake.table("feed", partitions=[partition], schema=LINES)
    ordered_on = week.local_date.min().over(ibis.window(group_by="order_id"))
    week = week.mutate(ordered_on=ordered_on).order_by(*SORTED_BY)
    due = lake.connection.to_pyarrow(week.filter(week.ordered_on <= day))
    rest = lake.connection.to_pyarrow(week.filter(week.ordered_on > day).select(*LINES.names))
    source = partition.rsplit("/", 1)[0]
    months = pc.strftime(due["ordered_on"], "%Y-%m")
    for month in months.unique().to_pylist():
        rows = due.filter(pc.equal(months, month)).select(LINES.names)
        lake.append(uow, "lines", rows, partition=f"{source}/{month}")
    if due.num_rows and rest.num_rows:
        lake.replace(uow, "feed", rest, partition=partition)
    elif due.num_rows:
        lake.remove(uow, "feed", partition=partition)
    return due
