"""The published estimate in the lake, and a week in five figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.people.contracts import PEOPLE, Week

DATASET, RUNNING = "people", "people_running"


def write(lake: Lake, uow: UnitOfWork, as_of: date, rows: ir.Table) -> int:
    """Replace the estimate of one day and forget days that are not kept; returns the rows."""
    table = rows.order_by("customer_id").to_pyarrow().cast(PEOPLE)
    written = lake.replace(uow, DATASET, table, partition=as_of.isoformat())
    forget_old(lake, uow, DATASET)
    return written


def published(lake: Lake, as_of: date) -> ir.Table:
    """The estimate of one day; empty when there is none."""
    return lake.table(DATASET, partitions=[as_of.isoformat()], schema=PEOPLE)


def has(lake: Lake, uow: UnitOfWork, as_of: date) -> bool:
    """Whether a day has an estimate."""
    return as_of.isoformat() in lake.partitions(uow, DATASET)


def newest(lake: Lake, uow: UnitOfWork, as_of: date) -> date | None:
    """The newest day with an estimate, on or before as_of."""
    days = [date.fromisoformat(name) for name in lake.partitions(uow, DATASET)]
    return max((day for day in days if day <= as_of), default=None)


def one(lake: Lake, as_of: date, customer_id: str) -> dict[str, Any] | None:
    """One customer's row by column name, None where nobody of that id had ordered."""
    return one_of(published(lake, as_of), customer_id)


def one_of(table: ir.Table, customer_id: str) -> dict[str, Any] | None:
    """One customer's row of an estimate by column name, None where nobody of that id had ordered."""
    rows: list[dict[str, Any]] = table.filter(table.customer_id == customer_id).to_pyarrow().to_pylist()
    return rows[0] if rows else None


def write_running(lake: Lake, uow: UnitOfWork, day: date, rows: ir.Table) -> None:
    """Replace the running day, whichever it was."""
    table = rows.order_by("customer_id").to_pyarrow().cast(PEOPLE)
    for other in lake.partitions(uow, RUNNING):
        lake.remove(uow, RUNNING, partition=other)
    lake.replace(uow, RUNNING, table, partition=day.isoformat())


def running(lake: Lake, day: date) -> ir.Table:
    """The estimate of the running day; empty when it is another day's."""
    return lake.table(RUNNING, partitions=[day.isoformat()], schema=PEOPLE)


def running_day(lake: Lake, uow: UnitOfWork) -> date | None:
    """The day that the running estimate is of."""
    return max((date.fromisoformat(name) for name in lake.partitions(uow, RUNNING)), default=None)


def period(lines: ir.Table, first: date, last: date) -> Week:
    """The local days from first up to and including last."""
    here = lines.filter(
        lines.local_date.between(ibis.literal(first), ibis.literal(last)) & (lines.kind != "cancelled")
    )
    sale = here.kind == "sale"
    buyer = here.customer_id.fill_null(ibis.literal("\x1f") + here.order_id)  # a guest's order is one buyer
    other = here.total_minor.sum(where=~sale).fill_null(0) - here.refund_minor.sum().fill_null(0)
    row = here.aggregate(
        customers=buyer.nunique(where=sale),
        orders=here.order_id.nunique(where=sale),
        lines=here.count(where=sale),
        sales_minor=here.total_minor.sum(where=sale).fill_null(0),
        other_minor=other,
    )
    found: pa.Table = row.to_pyarrow()
    return Week(*(int(found[name][0].as_py()) for name in Week._fields))
