"""Purchase days from the order lines, and the published estimate. All Ibis of the capability."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.value.contracts import VALUE

DATASET = "value"


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


def published(lake: Lake, as_of: date) -> ir.Table:
    """The estimate of one day; empty when there is none."""
    return lake.table(DATASET, partitions=[as_of.isoformat()], schema=VALUE)
