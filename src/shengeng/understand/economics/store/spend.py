"""Spend by month."""

from __future__ import annotations

import ibis.expr.types as ir


def by_month(spend: ir.Table) -> list[dict[str, object]]:
    """month, channel, spend_minor, reported."""
    month = spend.spent_on.truncate("M")
    rows: list[dict[str, object]] = (
        spend.group_by(month=month, channel=spend.channel)
        .aggregate(spend_minor=spend.amount_minor.sum(), reported=spend.new_customers.sum())
        .to_pyarrow()
        .to_pylist()
    )
    return rows
