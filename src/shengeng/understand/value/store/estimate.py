"""Purchase days from the order lines, and the published estimate. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.value.contracts import LEARNT, VALUE

DATASET, _LEARNT = "value", "value_learnt"
FEW = 200  # up to here ids stand in the question itself, so that files are skipped


def purchases(lines: ir.Table, last: date | None = None) -> pa.Table:
    """One row a customer and local day with a sale, up to and including last: customer_id, local_date.

    Guests, cancelled orders, returns and adjustments do not make a purchase day.
    """
    sold = lines.filter(lines.customer_id.notnull() & (lines.kind == "sale"))
    if last is not None:
        sold = sold.filter(sold.local_date <= ibis.literal(last))
    days = sold.select("customer_id", "local_date").distinct()
    return days.order_by("customer_id", "local_date").to_pyarrow()


def net_spend(lines: ir.Table, last: date) -> pa.Table:
    """customer_id, net_minor: paid minus refunded, returns and adjustments included, up to last."""
    known = lines.filter(
        lines.customer_id.notnull()
        & lines.paid
        & (lines.kind != "cancelled")
        & (lines.local_date <= ibis.literal(last))
    )
    return (
        known.group_by("customer_id")
        .aggregate(net_minor=(known.total_minor - known.refund_minor).sum().cast("int64"))
        .to_pyarrow()
    )


def write(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table) -> int:
    """Replace the estimate of one day and forget days that are not kept; returns the rows."""
    written = lake.replace(uow, DATASET, rows, partition=as_of.isoformat())
    forget_old(lake, uow, DATASET)
    return written


def write_learnt(lake: Lake, uow: UnitOfWork, as_of: date, row: dict[str, object]) -> None:
    """Replace what was learnt on one day (columns of LEARNT but its own)."""
    table = pa.Table.from_pylist([{"as_of": as_of, **row}], schema=LEARNT)
    lake.replace(uow, _LEARNT, table, partition=as_of.isoformat())
    forget_old(lake, uow, _LEARNT)


def learnt(lake: Lake, as_of: date) -> dict[str, Any] | None:
    """What was learnt on one day; None when that day was not estimated."""
    found = lake.table(_LEARNT, partitions=[as_of.isoformat()], schema=LEARNT).to_pyarrow().to_pylist()
    return found[0] if found else None


def of_some(lines: ir.Table, customer_ids: Collection[str]) -> ir.Table:
    """The lines of these customers."""
    if len(customer_ids) <= FEW:
        return lines.filter(lines.customer_id.isin(sorted(customer_ids)))
    some = ibis.memtable({"customer_id": sorted(customer_ids)}, schema={"customer_id": "string"})
    return lines.semi_join(some, "customer_id")


def replaced(lake: Lake, as_of: date, rows: pa.Table, touched: Collection[str] | None) -> pa.Table | None:
    """The day's estimate with new rows for the touched (None = everybody); None where nothing is new."""
    stands = published(lake, as_of).to_pyarrow().cast(VALUE)
    if touched is None:
        mine, rest = stands, stands.slice(0, 0)
    else:
        hit = pc.is_in(stands["customer_id"], pa.array(sorted(touched), pa.string()))
        mine, rest = stands.filter(hit), stands.filter(pc.invert(hit))
    if mine.sort_by("customer_id").equals(rows.sort_by("customer_id")):
        return None
    return pa.concat_tables([rest, rows]).sort_by("customer_id")


def of_rows(rows: pa.Table) -> ir.Table:
    """An estimate that is not published, to be read like one that is."""
    return ibis.memtable(rows)


def published(lake: Lake, as_of: date) -> ir.Table:
    """The estimate of one day; empty when there is none."""
    return lake.table(DATASET, partitions=[as_of.isoformat()], schema=VALUE)
