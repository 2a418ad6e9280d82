"""Weekly sums of the order lines, and the published estimate. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.demand.contracts import (
    DEMAND,
    DRAWS,
    MEASURE_UNITS_A_LINE,
    TRAILING_WEEKS,
    Draws,
)

_DATASET, _DRAWS = "demand", "demand_draws"
_KEPT_DAYS, _KEPT_WEEKS = 8, 26


def sales(lines: ir.Table) -> ir.Table:
    """The lines that say what was wanted: sales of whole units, guests included.

    Returns are not subtracted (what comes back was wanted when it was sold); cancelled orders and
    adjustments are left out.
    """
    return lines.filter((lines.kind == "sale") & (lines.quantity > 0))


def sold_by_week(lines: ir.Table, as_of: date) -> pd.DataFrame:
    """Columns product_id, weeks_ago, units, paid_minor: weeks of seven local days, 0 ends on as_of."""
    found: pd.DataFrame = _weekly(lines, as_of, ["product_id"]).to_pandas()
    return found


def sold_by_week_in_stores(lines: ir.Table, as_of: date, last_weeks: int, least_weeks: int) -> pd.DataFrame:
    """As sold_by_week with store_id, of the pairs that sold in least_weeks of last_weeks."""
    weekly = _weekly(lines, as_of, ["product_id", "store_id"])
    weekly = weekly.filter(weekly.store_id.notnull())
    recent = weekly.filter(weekly.weeks_ago < last_weeks)
    often = recent.group_by("product_id", "store_id").aggregate(weeks=recent.count())
    often = often.filter(often.weeks >= least_weeks)
    found: pd.DataFrame = weekly.semi_join(often, ["product_id", "store_id"]).to_pandas()
    return found


def _weekly(lines: ir.Table, as_of: date, by: Sequence[str]) -> ir.Table:
    """Without the products sold by measure: many units a line, each paid less than one minor unit."""
    sold = sales(lines)
    sold = sold.filter(sold.local_date <= ibis.literal(as_of))
    days = ibis.literal(as_of).delta(sold.local_date, unit="day")
    sold = sold.mutate(weeks_ago=(days // 7).cast("int64"))
    sold = sold.filter(sold.weeks_ago < TRAILING_WEEKS)
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
    _forget(lake, uow, _DATASET, _KEPT_WEEKS)
    _forget(lake, uow, _DRAWS, 0)


def _forget(lake: Lake, uow: UnitOfWork, dataset: str, sundays: int) -> None:
    """Keep the newest days, the last Sundays and each month's last estimate."""
    days = sorted((date.fromisoformat(p) for p in lake.partitions(uow, dataset)), reverse=True)
    kept = set(days[:_KEPT_DAYS])
    if sundays:
        kept |= {d for d in days if d.weekday() == 6 and days[0] - d <= timedelta(weeks=sundays)}
        kept |= {
            max(d for d in days if (d.year, d.month) == month) for month in {(d.year, d.month) for d in days}
        }
    for day in days:
        if day not in kept:
            lake.remove(uow, dataset, partition=day.isoformat())


def estimated(lake: Lake, as_of: date) -> ir.Table:
    """The published estimate of one day; empty when there is none."""
    return lake.table(_DATASET, partitions=[as_of.isoformat()], schema=DEMAND)


def estimated_days(lake: Lake, uow: UnitOfWork) -> list[date]:
    """The days that have an estimate, oldest first."""
    return sorted(date.fromisoformat(day) for day in lake.partitions(uow, _DATASET))


def estimated_for(lake: Lake, days: Sequence[date], product_id: str) -> pa.Table:
    """One product's all-store estimates of several days, oldest first."""
    found = lake.table(_DATASET, partitions=[d.isoformat() for d in days], schema=DEMAND)
    found = found.filter((found.product_id == product_id) & found.store_id.isnull())
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
