"""Weekly sums of the order lines, and the published estimate. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from shengeng.sense.connect import api as connect
from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.demand.contracts import (
    DEMAND,
    DRAWS,
    MEASURE_UNITS_A_LINE,
    TRAILING_WEEKS,
    Draws,
    ProductRow,
    Search,
)

_DATASET, _DRAWS = "demand", "demand_draws"
# Estimates are looked back at for five weeks; draws are needed while a decision can still be edited.
_KEPT_DAYS, _KEPT_DRAWS = 36, 8


def sales(lines: ir.Table) -> ir.Table:
    """The lines that say what was wanted: sales of whole units, guests included.

    Returns are not subtracted (what comes back was wanted when it was sold); cancelled orders and
    adjustments are left out.
    """
    return lines.filter((lines.kind == "sale") & (lines.quantity > 0))


def sold_by_week(lines: ir.Table, as_of: date, weeks: int = TRAILING_WEEKS) -> pd.DataFrame:
    """Columns product_id, weeks_ago, units, paid_minor: weeks of seven local days, 0 ends on as_of."""
    found: pd.DataFrame = _weekly(lines, as_of, ["product_id"], weeks).to_pandas()
    return found


def sold_by_week_in_stores(lines: ir.Table, as_of: date, last_weeks: int, least_weeks: int) -> pd.DataFrame:
    """As sold_by_week with store_id, of the pairs that sold in least_weeks of last_weeks."""
    weekly = _weekly(lines, as_of, ["product_id", "store_id"], TRAILING_WEEKS)
    weekly = weekly.filter(weekly.store_id.notnull())
    recent = weekly.filter(weekly.weeks_ago < last_weeks)
    often = recent.group_by("product_id", "store_id").aggregate(weeks=recent.count())
    often = often.filter(often.weeks >= least_weeks)
    found: pd.DataFrame = weekly.semi_join(often, ["product_id", "store_id"]).to_pandas()
    return found


def _weekly(lines: ir.Table, as_of: date, by: Sequence[str], weeks: int) -> ir.Table:
    """Without the products sold by measure: many units a line, each paid less than one minor unit."""
    sold = sales(lines)
    sold = sold.filter(sold.local_date <= ibis.literal(as_of))
    days = ibis.literal(as_of).delta(sold.local_date, unit="day")
    sold = sold.mutate(weeks_ago=(days // 7).cast("int64"))
    sold = sold.filter(sold.weeks_ago < weeks)
    whole = sold.group_by("product_id").aggregate(
        units=sold.quantity.sum(), paid_minor=sold.total_minor.sum(), lines=sold.count()
    )
    measured = whole.filter(
        (whole.paid_minor < whole.units) & (whole.units >= MEASURE_UNITS_A_LINE * whole.lines)
    )
    weekly = sold.group_by([*by, "weeks_ago"]).aggregate(
        units=sold.quantity.sum().cast("float64"), paid_minor=sold.total_minor.sum().cast("float64")
    )
    return weekly.anti_join(measured, "product_id")


def full_weeks(lines: ir.Table, as_of: date) -> int:
    """Whole weeks from the shop's first sale to as_of, at most TRAILING_WEEKS; 0 for an empty shop."""
    sold = sales(lines)
    known = sold.filter(sold.local_date <= ibis.literal(as_of))
    first: date | None = known.aggregate(first=known.local_date.min()).to_pyarrow()["first"][0].as_py()
    if first is None:
        return 0
    return min(max((as_of - first).days + 1, 7) // 7, TRAILING_WEEKS)


def promoted_by_week(promotions: ir.Table, as_of: date, weeks: int, horizon: int) -> pd.DataFrame:
    """Columns product_id, kind, week, pressure: stores under a kind of promotion, on average a day.

    week 0 is the oldest of `weeks` weeks, week `weeks` the first after as_of: the plan of the coming weeks is
    known in advance. kind is the first word of the promotion's kind; a row without a store means every store.
    """
    first = as_of - timedelta(days=7 * weeks - 1)
    last = as_of + timedelta(days=7 * horizon)
    runs = promotions.filter(
        (promotions.starts_on <= ibis.literal(last)) & (promotions.ends_on >= ibis.literal(first))
    )
    start = ibis.greatest(runs.starts_on.delta(ibis.literal(first), unit="day"), 0)
    end = ibis.least(runs.ends_on.delta(ibis.literal(first), unit="day"), 7 * (weeks + horizon) - 1)
    runs = runs.select(runs.product_id, runs.store_id, kind=runs.kind.split(" ")[0], start=start, end=end)
    alike = runs.group_by("product_id", "kind", "start", "end").aggregate(
        stores=runs.store_id.count(), everywhere=runs.store_id.isnull().sum()
    )
    spread = alike.mutate(week=ibis.range(alike.start // 7, alike.end // 7 + 1).unnest())
    days = ibis.least(spread.end, spread.week * 7 + 6) - ibis.greatest(spread.start, spread.week * 7) + 1
    known = promotions.aggregate(stores=promotions.store_id.nunique()).to_pyarrow()["stores"][0].as_py()
    in_stores = spread.stores + spread.everywhere * max(known, 1)
    spread = spread.mutate(pressure=in_stores * days / 7.0)
    found: pd.DataFrame = (
        spread.group_by("product_id", "kind", "week").aggregate(pressure=spread.pressure.sum()).to_pandas()
    )
    return found


def of_products(promotions: ir.Table, product_ids: Collection[str]) -> ir.Table:
    """The promotions of some products."""
    return promotions.filter(promotions.product_id.isin(sorted(product_ids)))


def kin(products: ir.Table) -> pd.DataFrame:
    """Columns product_id, kin: the category (else the department) whose products move together."""
    named = products.mutate(kin=ibis.coalesce(products.category_2, products.department, ""))
    found: pd.DataFrame = named.group_by("product_id").aggregate(kin=named.kin.max()).to_pandas()
    return found


def write(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table, joint: pa.Table) -> None:
    """Replace the estimate of one day; older days are kept as the lake's estimates are."""
    day = as_of.isoformat()
    lake.replace(uow, _DATASET, rows, partition=day)
    lake.replace(uow, _DRAWS, joint, partition=day)
    forget_old(lake, uow, _DATASET, _KEPT_DAYS)
    forget_old(lake, uow, _DRAWS)


def estimated(lake: Lake, as_of: date) -> ir.Table:
    """The published estimate of one day; empty when there is none."""
    return lake.table(_DATASET, partitions=[as_of.isoformat()], schema=DEMAND)


def estimated_days(lake: Lake, uow: UnitOfWork) -> list[date]:
    """The days that have an estimate, oldest first."""
    return sorted(date.fromisoformat(day) for day in lake.partitions(uow, _DATASET))


def estimated_for(lake: Lake, days: Sequence[date], product_id: str, store_id: str | None) -> pa.Table:
    """One product's estimates of several days (all stores together or one), oldest first."""
    found = lake.table(_DATASET, partitions=[d.isoformat() for d in days], schema=DEMAND)
    found = found.filter((found.product_id == product_id) & found.store_id.identical_to(store_id))
    return found.order_by("week_start").to_pyarrow()


def read_draws(lake: Lake, as_of: date, product_ids: Collection[str] | None) -> Draws:
    """The joint draws of one day, of all or some products, by product id."""
    found = lake.table(_DRAWS, partitions=[as_of.isoformat()], schema=DRAWS)
    if product_ids is not None:
        found = found.filter(found.product_id.isin(sorted(product_ids)))
    table = found.order_by("product_id").to_pyarrow()
    ids = np.array(table["product_id"].to_pylist(), dtype=object)
    flat = table["units"].combine_chunks().flatten().to_numpy(zero_copy_only=False).astype(np.int64)
    return Draws(ids, flat.reshape(len(ids), -1) if len(ids) else flat.reshape(0, 0))


def sold_between(lines: ir.Table, first: date, last: date) -> pa.Table:
    """Units sold by product on the local days first..last, both included."""
    sold = sales(lines)
    sold = sold.filter((sold.local_date >= ibis.literal(first)) & (sold.local_date <= ibis.literal(last)))
    return sold.group_by("product_id").aggregate(units=sold.quantity.sum().cast("int64")).to_pyarrow()


def sold_weekly(lines: ir.Table, as_of: date, weeks: int, product_ids: Collection[str]) -> pd.DataFrame:
    """Columns product_id, weeks_ago, units of some products, for sparks and histories."""
    sold = sales(lines)
    sold = sold.filter(
        (sold.local_date <= ibis.literal(as_of))
        & (sold.local_date > ibis.literal(as_of - timedelta(days=7 * weeks)))
        & sold.product_id.isin(sorted(product_ids))
    )
    days = ibis.literal(as_of).delta(sold.local_date, unit="day")
    sold = sold.mutate(weeks_ago=(days // 7).cast("int64"))
    by = sold.group_by(["product_id", "weeks_ago"])
    found: pd.DataFrame = by.aggregate(units=sold.quantity.sum()).to_pandas()
    return found


def page(
    lake: Lake, as_of: date, search: Search, after: tuple[object, str] | None, limit: int
) -> tuple[list[ProductRow], int]:
    """Rows after the last one seen, in the asked order, and how many match in all."""
    found = _searched(_named(lake, as_of), search)
    total = int(found.count().to_pyarrow().as_py())
    value, key = found[search.sort], found.product_id
    if after is not None:
        passed = value < after[0] if search.desc else value > after[0]
        found = found.filter(passed | ((value == after[0]) & (key > after[1])))
    order = [ibis.desc(search.sort) if search.desc else ibis.asc(search.sort)]
    if search.sort != "product_id":
        order.append(ibis.asc("product_id"))
    rows = found.order_by(order).limit(limit).to_pyarrow().to_pylist()
    return [ProductRow(**row) for row in rows], total


def one(lake: Lake, as_of: date, product_id: str) -> ProductRow | None:
    """One product of the estimate of a day."""
    found = _named(lake, as_of, product_id).to_pyarrow().to_pylist()
    return ProductRow(**found[0]) if found else None


def estimates_of(lake: Lake, as_of: date, product_id: str) -> list[dict[str, Any]]:
    """All rows of one product: all stores together first, then by mean."""
    found = estimated(lake, as_of)
    found = found.filter(found.product_id == product_id)
    rows: list[dict[str, Any]] = found.to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: (row["store_id"] is not None, -row["mean"]))


def _named(lake: Lake, as_of: date, product_id: str | None = None) -> ir.Table:
    """The columns of ProductRow, all stores together."""
    rows, names = estimated(lake, as_of), connect.products(lake)
    if product_id is not None:
        rows, names = rows.filter(rows.product_id == product_id), names.filter(names.product_id == product_id)
    rows = rows.filter(rows.store_id.isnull())
    names = names.group_by("product_id").aggregate(
        title=names.title.max(), department=names.department.max(), category=names.category.max()
    )
    both = rows.left_join(names, "product_id")
    both = both.mutate(title=ibis.coalesce(both.title, both.product_id))
    return both.select(*(field.name for field in fields(ProductRow)))


def _searched(found: ir.Table, search: Search) -> ir.Table:
    if search.department:
        found = found.filter(found.department == search.department)
    if text := search.text.strip().lower():
        places = (found.product_id, found.title, found.category)
        found = found.filter(reduce(or_, (place.lower().contains(text) for place in places)))
    return found
