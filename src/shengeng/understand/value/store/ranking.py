"""Customers in an order, a page at a time: features and value of one day joined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from shengeng.kernel.units import Interval
from shengeng.understand.value.contracts import (
    ONCE_DAYS,
    SILENT_DAYS,
    SILENT_RHYTHMS,
    CustomerRow,
    Outlook,
    Search,
)

_KEYS = {
    "value": "margin_minor_mid",
    "orders": "orders",
    "p_alive": "p_alive",
    "last_on": "last_on",
    "customer_id": "customer_id",
}
_SHOWN = (
    "customer_id",
    "orders",
    "spend_minor",
    "last_on",
    "first_on",
    "gap_median_days",
    "months",
    "p_alive",
    "margin_minor_low",
    "margin_minor_mid",
    "margin_minor_high",
    "stage",
    "tier",
    "persona",
)

_MARGINS = ("margin_minor_low", "margin_minor_mid", "margin_minor_high")
_UNKNOWN: dict[str, Any] = dict.fromkeys(_MARGINS, 0) | {"p_alive": None}

SortValue = str | int | float | None


def page(
    customers: ir.Table, search: Search, after: tuple[SortValue, str] | None, limit: int
) -> tuple[list[CustomerRow], int]:
    """A page of `joined` customers and how many there are. after: sort value and id of the last one seen."""
    found = _matching(customers, search)
    key = found[_KEYS[search.sort]]
    rest = found if after is None else found.filter(_beyond(found, key, search, after))
    order = ibis.desc(key) if search.descending else ibis.asc(key)
    orders = [order] if search.sort == "customer_id" else [order, rest.customer_id]
    rows = rest.order_by(orders).limit(limit).select(*_SHOWN)
    total = int(found.count().to_pyarrow().as_py())
    return [_row(row) for row in rows.to_pyarrow().to_pylist()], total


def one(person: Mapping[str, Any], value: ir.Table) -> tuple[CustomerRow, Outlook | None]:
    """A customer's features with their value on the same day; no outlook where it was not estimated."""
    found = value.filter(value.customer_id == person["customer_id"]).to_pyarrow().to_pylist()
    if not found:
        return _row({**_UNKNOWN, **person}), None
    row = found[0]
    expected = Interval(row["orders_low"], row["orders_mid"], row["orders_high"])
    return _row({**person, **row}), Outlook(expected, row["horizon_days"], row["method"])


def joined(
    people: ir.Table, value: ir.Table, standing: ir.Table | None = None, scenes: ir.Table | None = None
) -> ir.Table:
    """Everybody with features; a value of 0 and an unknown P(alive) where it was not estimated.

    standing: customer_id, stage, tier; scenes: customer_id, persona; without them nobody has one.
    """
    worth = value.select("customer_id", "p_alive", *_MARGINS)
    table = people.left_join(worth, "customer_id").drop("customer_id_right")
    table = table.mutate(**{name: table[name].fill_null(0) for name in _MARGINS})
    table = _with(table, standing, ("stage", "tier"))
    return _with(table, scenes, ("persona",))


def _with(table: ir.Table, more: ir.Table | None, names: tuple[str, ...]) -> ir.Table:
    """The table with columns of another one, by customer; null where that knows nothing of them."""
    if more is None:
        return table.mutate(**{name: ibis.null("string") for name in names})
    return table.left_join(more.select("customer_id", *names), "customer_id").drop("customer_id_right")


def _matching(table: ir.Table, search: Search) -> ir.Table:
    if search.text:
        table = table.filter(table.customer_id.lower().contains(search.text.lower()))
    for name in ("stage", "tier", "persona"):
        if wanted := getattr(search, name):
            table = table.filter(table[name] == wanted)
    if search.state == "all":
        return table
    rhythm = ibis.greatest(table.gap_median_days * SILENT_RHYTHMS, float(SILENT_DAYS))
    silent = table.silent_days > rhythm.fill_null(float(ONCE_DAYS))
    return table.filter(silent if search.state == "silent" else ~silent)


def _beyond(table: ir.Table, key: ir.Column, search: Search, after: tuple[SortValue, str]) -> ir.BooleanValue:
    last, last_id = after
    if last is None:  # unknown values stand last
        return key.isnull() & (table.customer_id > last_id)
    value: Any = ibis.literal(last).cast(key.type())
    further = key < value if search.descending else key > value
    return further | ((key == value) & (table.customer_id > last_id)) | key.isnull()


def _row(row: dict[str, Any]) -> CustomerRow:
    margin = Interval(row["margin_minor_low"], row["margin_minor_mid"], row["margin_minor_high"])
    return CustomerRow(
        customer_id=row["customer_id"],
        orders=row["orders"],
        spend_minor=row["spend_minor"],
        value_minor=margin,
        p_alive=row["p_alive"],
        last_on=row["last_on"],
        first_on=row["first_on"],
        rhythm_days=row["gap_median_days"],
        months=tuple(row["months"]),
        stage=row.get("stage"),
        tier=row.get("tier"),
        persona=row.get("persona"),
    )
