"""Reads who is due for what, and what one order of it brings. All Ibis of the capability."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.decide.treat.contracts import CANDIDATES, SPEND_DAYS
from shengeng.sense.connect import api as connect
from shengeng.storage.lake import Lake
from shengeng.understand.affinity import api as affinity


def candidates(lake: Lake, as_of: date, start: date, end: date) -> pa.Table:
    """Customers and products due on a day of [start, end] (schema CANDIDATES), by customer and product.

    Products that brought nothing in the last SPEND_DAYS are left out.
    """
    due = affinity.affinity(lake, as_of)
    due = due.filter(due.due_on.between(start, end))
    joined = due.inner_join(_spend(lake, as_of), "product_id").left_join(_names(lake), "product_id")
    shaped = joined.select(
        "customer_id",
        "product_id",
        title=ibis.coalesce(joined.title, joined.product_id),
        department=joined.department,
        category=ibis.coalesce(joined.category_2, joined.department),
        probability=joined.probability,
        due_on=joined.due_on,
        last_on=joined.last_on,
        rhythm_days=joined.rhythm_days.cast("float64"),
        orders=joined.orders.cast("int64"),
        spend_minor=joined.spend_minor,
    )
    return shaped.order_by("customer_id", "product_id").to_pyarrow().cast(CANDIDATES)


def _spend(lake: Lake, as_of: date) -> ir.Table:
    """By product: what was paid for it in an order that has it, on average, over the last SPEND_DAYS."""
    lines = connect.lines(lake, as_of)
    recent = lines.filter(
        lines.local_date > as_of - timedelta(days=SPEND_DAYS), lines.kind == "sale", lines.paid
    )
    sums = recent.group_by("product_id").aggregate(
        net=(recent.total_minor - recent.refund_minor).sum(), orders=recent.order_id.nunique()
    )
    spend = sums.mutate(spend_minor=sums.net / sums.orders.nullif(0)).select("product_id", "spend_minor")
    return spend.filter(spend.spend_minor > 0)


def _names(lake: Lake) -> ir.Table:
    products = connect.products(lake)
    return products.group_by("product_id").aggregate(
        title=products.title.max(), department=products.department.max(), category_2=products.category_2.max()
    )


def identified(lake: Lake, as_of: date) -> tuple[int, int]:
    """Order lines known on a day: all of them, and those with a customer."""
    lines = connect.lines(lake, as_of)
    counted = lines.aggregate(all=lines.count(), known=lines.customer_id.count()).to_pyarrow()
    return int(counted["all"][0].as_py()), int(counted["known"][0].as_py())
