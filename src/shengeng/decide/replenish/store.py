"""Reads the estimate and the products together. All Ibis of the capability."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa

from shengeng.sense.connect import api as connect
from shengeng.storage.lake import Lake
from shengeng.understand.demand import api as demand


def candidates(lake: Lake, as_of: date) -> pa.Table:
    """All-store estimates of one day with the product's title, department and category, by product id."""
    estimate = demand.demand(lake, as_of)
    estimate = estimate.filter(estimate.store_id.isnull()).drop("store_id")
    products = connect.products(lake)
    names = products.group_by("product_id").aggregate(
        title=products.title.max(), department=products.department.max(), category=products.category.max()
    )
    joined = estimate.left_join(names, "product_id")
    titled = joined.mutate(title=ibis.coalesce(joined.title, joined.product_id))
    return titled.drop("product_id_right").order_by("product_id").to_pyarrow()
