"""Spend in the lake: one small table, replaced whole."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.economics.contracts import SPEND

DATASET = "spend"


def spend(lake: Lake, as_of: date | None = None) -> ir.Table:
    """Spend of days up to and including as_of; all of it without."""
    table = lake.table(DATASET, schema=SPEND)
    return table if as_of is None else table.filter(table.spent_on <= ibis.literal(as_of))


def write(lake: Lake, uow: UnitOfWork, rows: pa.Table) -> None:
    """Put rows in the place of all spend."""
    lake.replace(uow, DATASET, rows)


def by_month(lake: Lake, as_of: date) -> list[dict[str, object]]:
    """month, channel, spend_minor, reported."""
    table = spend(lake, as_of)
    month = table.spent_on.truncate("M")
    rows: list[dict[str, object]] = (
        table.group_by(month=month, channel=table.channel)
        .aggregate(spend_minor=table.amount_minor.sum(), reported=table.new_customers.sum())
        .to_pyarrow()
        .to_pylist()
    )
    return rows
