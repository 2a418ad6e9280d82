"""The published stages in the lake, and what they are made of."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.lifecycle.contracts import STAGES

DATASET = "stages"
_LISTED = ("customer_id", "stage", "tier", "value_minor", "p_alive", "silent_days", "rhythm_days")
_PEOPLE = (
    "purchase_days",
    "gap_mean_days",
    "gap_spread_days",
    "silent_days",
    "age_days",
    "orders",
    "orders_28",
    "orders_90",
)


def known(people: ir.Table, value: ir.Table) -> pa.Table:
    """What people and value say of each customer, sorted by customer."""
    worth = value.select("customer_id", "p_alive", value_minor=value.margin_minor_mid)
    joined = people.select("customer_id", *_PEOPLE).inner_join(worth, "customer_id")
    return joined.order_by("customer_id").to_pyarrow()


def published(lake: Lake, as_of: date) -> ir.Table:
    """The stages of one day; empty when there are none."""
    return lake.table(DATASET, partitions=[as_of.isoformat()], schema=STAGES)


def days(lake: Lake, uow: UnitOfWork) -> list[date]:
    """Days whose stages are kept, in order."""
    return sorted(date.fromisoformat(name) for name in lake.partitions(uow, DATASET))


def write(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table) -> int:
    """Replace the stages of one day and forget days that are not kept; returns the rows."""
    written = lake.replace(uow, DATASET, rows, partition=as_of.isoformat())
    forget_old(lake, uow, DATASET)
    return written


def matrix(stages: ir.Table) -> list[tuple[str, str, int, int]]:
    """(stage, tier, customers, expected margin), where anybody stands."""
    counted = stages.group_by("stage", "tier").aggregate(
        customers=stages.count(), value_minor=stages.value_minor.sum()
    )
    rows = counted.to_pyarrow().to_pylist()
    return [(r["stage"], r["tier"], int(r["customers"]), int(r["value_minor"])) for r in rows]


def among(
    stages: ir.Table, customers: ir.Table, after: tuple[int, str] | None, limit: int
) -> tuple[list[dict[str, object]], int]:
    """Rows (_LISTED) of some customers, the most valuable first, after a value and id; how many there are."""
    found = stages.semi_join(customers, "customer_id").select(*_LISTED)
    rest = found
    if after is not None:
        value, customer = ibis.literal(after[0]), ibis.literal(after[1])
        tied = (found.value_minor == value) & (found.customer_id > customer)
        rest = found.filter((found.value_minor < value) | tied)
    rows = rest.order_by(ibis.desc("value_minor"), "customer_id").limit(limit).to_pyarrow().to_pylist()
    return rows, int(found.count().to_pyarrow().as_py())


def one(stages: ir.Table, customer_id: str) -> dict[str, object] | None:
    """One customer's row, None where nobody of that id was known."""
    rows = stages.filter(stages.customer_id == ibis.literal(customer_id)).to_pyarrow().to_pylist()
    return rows[0] if rows else None
