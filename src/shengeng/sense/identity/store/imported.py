"""Identifiers in columns of imported files that have no name of their own in the facts."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from shengeng.sense.connect import api as connect
from shengeng.sense.identity.contracts import Kind
from shengeng.storage.lake import Lake

NAMES: tuple[Kind, ...] = ("customer", "phone_hash", "email_hash", "unionid")
_EXTRA = NAMES[1:]
_NO_TIME = ibis.timestamp("1970-01-01", timezone="UTC")


def together(lake: Lake) -> list[dict[str, Any]]:
    """By source: each set of identifiers that rows have in common, since when, and in how many rows.

    Live orders hand their identifiers over themselves and keep none in the facts.
    """
    lines, customers = connect.lines(lake), connect.customers(lake)
    ordered = _told(lines, lines.ordered_at)
    described = _told(customers, customers.created_at.fill_null(_NO_TIME))
    both = ordered.union(described)
    keys = ["source", *NAMES]
    found = both.group_by(keys).aggregate(at=both.at.min(), rows=both.count()).order_by(keys)
    rows: list[dict[str, Any]] = lake.connection.to_pyarrow(found).to_pylist()
    return rows


def _told(table: ir.Table, at: ir.TimestampValue) -> ir.Table:
    """Rows that have an identifier among their attributes."""
    text = table.attributes
    has = ibis.or_(*(text.contains(f'"{name}":"') for name in _EXTRA))
    some = table.mutate(at=at.cast("timestamp('UTC')")).filter(has)
    extra = some.attributes.cast("json")
    return some.select(
        "source",
        "at",
        customer=some.customer_id,
        **{name: extra[name].unwrap_as("string") for name in _EXTRA},
    )
