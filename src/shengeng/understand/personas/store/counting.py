"""Baskets by customer, category and slot of local time: small tables, however many lines there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from shengeng.kernel.units import Ints
from shengeng.understand.personas.contracts import PARTS, SLOTS, WINDOW_DAYS, Counts

_EPOCH = date(1970, 1, 1)


def counted(lines: ir.Table, products: ir.Table, as_of: date, not_merchandise: Collection[str]) -> Counts:
    """Baskets of identified customers in the year to as_of, over products with a category.

    Nothing of a customer but what and when they bought is read.
    """
    inside, orders = _baskets(lines, products, as_of, not_merchandise)
    # One row a basket and category: counting rows counts baskets, and distinct ids need not be kept.
    category = _of(inside.group_by("customer_id", "category").aggregate(n=inside.count()))
    each = inside.select("customer_id", "order_id", "slot", "department").distinct()
    slot = _of(each.group_by("customer_id", "slot", "department").aggregate(n=each.count()))
    who = _of(
        orders.group_by("customer_id", "slot").aggregate(
            n=orders.count(), minor=orders.minor.sum(), first=orders.local_date.min()
        )
    )
    return _coded(category, slot, who, (as_of - _EPOCH).days)


def _baskets(
    lines: ir.Table, products: ir.Table, as_of: date, not_merchandise: Collection[str]
) -> tuple[ir.Table, ir.Table]:
    """One row a basket and category, with slot and department; and one row a basket."""
    first = as_of - timedelta(days=WINDOW_DAYS - 1)
    sale = lines.filter(
        (lines.kind == "sale")
        & (lines.quantity > 0)
        & lines.customer_id.notnull()
        & lines.local_date.between(ibis.literal(first), ibis.literal(as_of))
    )
    known = products.group_by("product_id").aggregate(
        department=products.department.max(), category=products.category_2.max()
    )
    known = known.filter(known.department.notnull() & ~known.department.isin(sorted(not_merchandise)))
    # A second level stands under its department: MISCELLANEOUS of the deli is not that of the pantry.
    category = ibis.coalesce(known.department + " > " + known.category, known.department)
    sale = sale.inner_join(known.mutate(category=category), "product_id")
    orders = sale.group_by("customer_id", "order_id").aggregate(
        local_at=sale.local_at.min(), local_date=sale.local_date.min(), minor=sale.total_minor.sum()
    )
    orders = orders.mutate(slot=_slot(orders.local_at))
    held = sale.select("customer_id", "order_id", "category", "department").distinct()
    inside = held.inner_join(orders.select("order_id", "customer_id", "slot"), ["order_id", "customer_id"])
    return inside.select("customer_id", "order_id", "category", "department", "slot"), orders


def _slot(at: Any) -> Any:
    hour = at.hour()
    part: Any = ibis.literal(len(PARTS) - 1)  # the night goes over midnight
    for place, (_, start, end) in enumerate(PARTS[:-1]):
        part = ((hour >= start) & (hour < end)).ifelse(place, part)
    return (part + (at.day_of_week.index() >= 5).ifelse(len(PARTS), 0)).cast("int64")


def baskets_of(
    mine: ir.Table, products: ir.Table, as_of: date, not_merchandise: Collection[str]
) -> list[dict[str, Any]]:
    """One customer's baskets in the window: order_id, category, department, slot. mine: their lines."""
    inside, _ = _baskets(mine, products, as_of, not_merchandise)
    rows: list[dict[str, Any]] = inside.order_by("order_id", "category").to_pyarrow().to_pylist()
    return rows


def _of(table: ir.Table) -> pa.Table:
    return table.to_pyarrow()


def _coded(category: pa.Table, slot: pa.Table, who: pa.Table, end: int) -> Counts:
    """Dense codes in the order of the names, so that the same facts give the same numbers."""
    customers = pc.unique(who["customer_id"]).sort()
    categories, departments = (
        pc.unique(table[name]).sort() for table, name in ((category, "category"), (slot, "department"))
    )
    shape, width = len(customers), len(departments)
    row, place = _at(who["customer_id"], customers), who["slot"].to_numpy()
    baskets, minor = np.zeros((shape, len(SLOTS))), np.zeros((shape, len(SLOTS)))
    baskets[row, place] = who["n"].to_numpy()
    minor[row, place] = who["minor"].to_numpy().astype(np.float64)
    first = np.full(shape, end, dtype=np.int64)
    np.minimum.at(first, row, who["first"].cast(pa.int32()).to_numpy().astype(np.int64))
    column = slot["slot"].to_numpy() * width + _at(slot["department"], departments)
    return Counts(
        customer_ids=customers.to_pylist(),
        categories=categories.to_pylist(),
        departments=departments.to_pylist(),
        by_category=_matrix(category, customers, _at(category["category"], categories), len(categories)),
        by_slot=_matrix(slot, customers, column, len(SLOTS) * width),
        baskets=baskets,
        minor=minor,
        first=first,
        end=end,
    )


def _at(values: pa.ChunkedArray, names: pa.Array) -> Ints:
    return np.asarray(pc.index_in(values, names).to_numpy(), dtype=np.int64)


def _matrix(table: pa.Table, customers: pa.Array, column: Ints, width: int) -> sp.csr_array:
    row, data = _at(table["customer_id"], customers), table["n"].to_numpy().astype(np.float64)
    found = sp.csr_array((data, (row, column)), shape=(len(customers), width))
    found.sort_indices()
    return found
