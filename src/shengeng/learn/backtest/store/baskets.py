"""Baskets of identified customers, and the departments in them."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import pandas as pd


def baskets(lines: ir.Table, products: ir.Table, left_out: Collection[str]) -> pd.DataFrame:
    """Columns customer_id, order_id, day (since 1970), minor; in time, one row a basket with a sale."""
    sale = _sales(lines, products, left_out)
    orders = sale.group_by("customer_id", "order_id").aggregate(
        at=sale.local_at.min(), local_date=sale.local_date.min(), minor=sale.total_minor.sum()
    )
    day = orders.local_date.delta(ibis.date("1970-01-01"), unit="day")
    orders = orders.mutate(day=day).order_by("at", "order_id")
    found: pd.DataFrame = orders.select("customer_id", "order_id", "day", "minor").to_pandas()
    return found


def departments(lines: ir.Table, products: ir.Table, left_out: Collection[str]) -> pd.DataFrame:
    """Columns order_id, department: one row a department in a basket."""
    sale = _sales(lines, products, left_out)
    held = sale.select("order_id", "department").distinct()
    found: pd.DataFrame = held.order_by("order_id", "department").to_pandas()
    return found


def described(products: ir.Table) -> int:
    """Products that name a department."""
    return int(products.aggregate(n=products.department.count()).to_pyarrow()["n"][0].as_py())


def _sales(lines: ir.Table, products: ir.Table, left_out: Collection[str]) -> ir.Table:
    known = products.group_by("product_id").aggregate(department=products.department.max())
    known = known.filter(known.department.notnull() & ~known.department.isin(sorted(left_out)))
    sale = lines.filter((lines.kind == "sale") & (lines.quantity > 0) & lines.customer_id.notnull())
    return sale.inner_join(known, "product_id")
