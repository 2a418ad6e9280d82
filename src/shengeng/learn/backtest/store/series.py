"""Questions to the points of a demand file, and to order lines by day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from shengeng.kernel.units import Ints

_EPOCH = ibis.date("1970-01-01")


def days_of(points: ir.Table) -> Ints:
    """Distinct days (since 1970) that a demand file has rows for, ascending."""
    days = points.select(day=points.date.delta(_EPOCH, unit="day")).distinct().order_by("day")
    return np.asarray(days.to_pyarrow()["day"].to_numpy(), dtype=np.int64)


def wanted_between(points: ir.Table, first: date, last: date) -> list[str]:
    """Series with a quantity above 0 on the days first..last, in order of their names."""
    known = points.filter(
        points.date.between(ibis.literal(first), ibis.literal(last)) & (points.quantity > 0)
    )
    found: list[str] = known.select("series_id").distinct().order_by("series_id").to_pyarrow()[0].to_pylist()
    return found


def points_of(
    points: ir.Table, ids: Collection[str], first: int, end: int, groups: Sequence[str]
) -> pd.DataFrame:
    """Columns series_id, day, quantity, price, promo and the groups, days first..end - 1."""
    day = points.date.delta(_EPOCH, unit="day")
    some = points.mutate(day=day).filter(points.series_id.isin(list(ids)) & day.between(first, end - 1))
    names = ["series_id", "day", "quantity", "price", "promo", *groups]
    found: pd.DataFrame = some.select(*names).order_by("series_id", "day").to_pandas()
    return found


def sold_by_day(lines: ir.Table, ids: Collection[str], first: date, last: date) -> pd.DataFrame:
    """Columns product_id, day (0 = first), units, paid_minor: sales of some products by local day."""
    sold = lines.filter((lines.kind == "sale") & (lines.quantity > 0) & lines.product_id.isin(list(ids)))
    sold = sold.filter(sold.local_date.between(ibis.literal(first), ibis.literal(last)))
    sold = sold.mutate(day=sold.local_date.delta(ibis.literal(first), unit="day"))
    found: pd.DataFrame = (
        sold.group_by("product_id", "day")
        .aggregate(
            units=sold.quantity.sum().cast("float64"), paid_minor=sold.total_minor.sum().cast("float64")
        )
        .to_pandas()
    )
    return found


def promoted_by_day(promotions: ir.Table, ids: Collection[str], first: date, days: int) -> pd.DataFrame:
    """Columns product_id, kind, week (the day, 0 = first), pressure: stores under a kind of promotion.

    kind is the first word of the promotion's kind; a row without a store means every store.
    """
    runs = promotions.filter(promotions.product_id.isin(list(ids)))
    start = ibis.greatest(runs.starts_on.delta(ibis.literal(first), unit="day"), 0)
    end = ibis.least(runs.ends_on.delta(ibis.literal(first), unit="day"), days - 1)
    runs = runs.select(runs.product_id, runs.store_id, kind=runs.kind.split(" ")[0], start=start, end=end)
    alike = runs.filter(runs.start <= runs.end).group_by("product_id", "kind", "start", "end")
    alike = alike.aggregate(stores=runs.store_id.count(), everywhere=runs.store_id.isnull().sum())
    known = promotions.aggregate(stores=promotions.store_id.nunique()).to_pyarrow()["stores"][0].as_py()
    spread = alike.mutate(
        week=ibis.range(alike.start, alike.end + 1).unnest(),
        pressure=(alike.stores + alike.everywhere * max(known, 1)).cast("float64"),
    )
    by = spread.group_by("product_id", "kind", "week")
    found: pd.DataFrame = by.aggregate(pressure=spread.pressure.sum()).to_pandas()
    return found
