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
    PLANNED,
    TRAILING_WEEKS,
    Draws,
    ProductRow,
    Search,
)

_DATASET, _DRAWS, _LEARNED, _PLANNED = "demand", "demand_draws", "demand_learned", "demand_planned"
# Estimates are looked back at for five weeks; draws are needed while a decision can still be edited.
_KEPT_DAYS, _KEPT_LESSONS = 36, 3


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


def promotions_known(promotions: ir.Table) -> str:
    """What tells one promotion plan from another: its rows and their days."""
    days = promotions.ends_on.delta(promotions.starts_on, unit="day")
    found = promotions.aggregate(rows=promotions.count(), days=days.sum(), last=promotions.ends_on.max())
    return _told(found)


def facts_known(lines: ir.Table, products: ir.Table, as_of: date) -> str:
    """What tells the facts known by a day from others: counts and sums of the lines, count of products."""
    known = lines.filter(lines.local_date <= ibis.literal(as_of))
    sums = known.aggregate(
        rows=known.count(),
        units=known.quantity.sum(),
        paid=known.total_minor.sum(),
        days=known.local_date.nunique(),
    )
    return f"{_told(sums)} {_told(products.aggregate(rows=products.count()))}"


def _told(one_row: ir.Table) -> str:
    return "-".join(str(value) for value in one_row.to_pyarrow().to_pylist()[0].values())


def planned(promotions: ir.Table) -> ir.Table:
    """The plan without its stores (schema PLANNED); a row without a store means every store.

    kind is the first word of the promotion's kind.
    """
    known = promotions.aggregate(stores=promotions.store_id.nunique()).to_pyarrow()["stores"][0].as_py()
    runs = promotions.mutate(
        kind=promotions.kind.split(" ")[0],
        stores=ibis.ifelse(promotions.store_id.isnull(), max(known, 1), 1),
        starts_on=promotions.starts_on.cast("date"),
        ends_on=promotions.ends_on.cast("date"),
    )
    alike = runs.group_by("product_id", "kind", "starts_on", "ends_on")
    return alike.aggregate(stores=runs.stores.sum().cast("int64"))


def promoted_by_week(planned: ir.Table, as_of: date, weeks: int, horizon: int) -> pd.DataFrame:
    """Columns product_id, kind, week, pressure: stores under a kind of promotion, on average a day.

    planned: schema PLANNED. week 0 is the oldest of `weeks` weeks, week `weeks` the first after as_of: the
    plan of the coming weeks is known in advance.
    """
    first = as_of - timedelta(days=7 * weeks - 1)
    last = as_of + timedelta(days=7 * horizon)
    runs = planned.filter(
        (planned.starts_on <= ibis.literal(last)) & (planned.ends_on >= ibis.literal(first))
    )
    runs = runs.mutate(
        start=ibis.greatest(runs.starts_on.delta(ibis.literal(first), unit="day"), 0),
        end=ibis.least(runs.ends_on.delta(ibis.literal(first), unit="day"), 7 * (weeks + horizon) - 1),
    )
    spread = runs.mutate(week=ibis.range(runs.start // 7, runs.end // 7 + 1).unnest())
    days = ibis.least(spread.end, spread.week * 7 + 6) - ibis.greatest(spread.start, spread.week * 7) + 1
    spread = spread.mutate(pressure=spread.stores * days / 7.0)
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


def kept_plan(lake: Lake, uow: UnitOfWork, key: str) -> ir.Table | None:
    """The plan without its stores as it was put away, if it is of the promotions that `key` tells."""
    if key not in lake.partitions(uow, _PLANNED):
        return None
    return lake.table(_PLANNED, partitions=[key], schema=PLANNED)


def keep_plan(lake: Lake, uow: UnitOfWork, key: str, planned: pa.Table) -> None:
    """Put a plan away in place of any other."""
    for other in lake.partitions(uow, _PLANNED):
        lake.remove(uow, _PLANNED, partition=other)
    lake.replace(uow, _PLANNED, planned, partition=key)


def kept_lesson(lake: Lake, uow: UnitOfWork, day: date) -> dict[str, Any] | None:
    """The row of LEARNED that was put away for a day."""
    if day.isoformat() not in lake.partitions(uow, _LEARNED):
        return None
    rows = lake.table(_LEARNED, partitions=[day.isoformat()]).to_pyarrow().to_pylist()
    row: dict[str, Any] = rows[0]
    return row


def keep_lesson(lake: Lake, uow: UnitOfWork, day: date, row: pa.Table) -> None:
    """Put a row of LEARNED away in place of the day's earlier one."""
    lake.replace(uow, _LEARNED, row, partition=day.isoformat())
    forget_old(lake, uow, _LEARNED, _KEPT_LESSONS)


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
