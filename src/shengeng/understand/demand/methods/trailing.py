"""Trailing weeks of named series: which live, which are heavy, and their published rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.demand.contracts import DEAD_AFTER_WEEKS, DEMAND, LEVELS, METHOD, QUANTILES
from shengeng.understand.demand.methods.draws import quantiles
from shengeng.understand.demand.methods.level import first_weeks
from shengeng.understand.demand.methods.weeks import spread_weekly

# A product and store pair is heavy when it sold in half of its last weeks; the heaviest ones are kept.
_HEAVY_WEEKS, _HEAVY_MOST, _HEAVY_LEAST = 26, 20_000, 4
# The paid price is read from the last quarter, from all weeks when the quarter sold nothing.
_PRICE_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Trailing:
    """Weekly units and paid amounts, (series, week), oldest first; keys name the series."""

    keys: pd.DataFrame
    units: Floats
    paid_minor: Floats

    @property
    def product_ids(self) -> NDArray[np.object_]:
        """(series,) product ids."""
        return self.keys["product_id"].to_numpy(dtype=object)


def trailing(sold: pd.DataFrame, by: list[str], weeks: int) -> Trailing:
    """From sparse weekly sums (by.., weeks_ago, units, paid_minor); series are ordered by key."""
    sold = sold[(sold["weeks_ago"] < weeks) & sold[by].notna().all(axis=1)]
    grouped = sold.groupby(by, sort=True)
    series = np.asarray(grouped.ngroup(), dtype=np.int64)
    keys = sold.loc[~sold.duplicated(by), by].sort_values(by).reset_index(drop=True)
    ago = np.asarray(sold["weeks_ago"], dtype=np.int64)
    units, paid = (
        spread_weekly(series, ago, sold[name].to_numpy(np.float64), (len(keys), max(weeks, 1)))
        for name in ("units", "paid_minor")
    )
    return Trailing(keys, units, paid)


def living(series: Trailing) -> Trailing:
    """Without the series that sold nothing in the last DEAD_AFTER_WEEKS weeks."""
    return _only(series, np.flatnonzero(series.units[:, -DEAD_AFTER_WEEKS:].any(axis=1)))


def heavy(series: Trailing) -> Trailing:
    """The series that sold in half of their last weeks; of these the ones with most units."""
    weeks = min(_HEAVY_WEEKS, series.units.shape[1])
    sold_weeks = (series.units[:, -weeks:] > 0).sum(axis=1)
    enough = np.flatnonzero(sold_weeks >= max(_HEAVY_LEAST, weeks // 2))
    best = np.argsort(-series.units[enough].sum(axis=1), kind="stable")[:_HEAVY_MOST]
    return _only(series, np.sort(enough[best]))


def _only(series: Trailing, chosen: NDArray[np.intp]) -> Trailing:
    return Trailing(series.keys.iloc[chosen], series.units[chosen], series.paid_minor[chosen])


def unit_price_minor(units: Floats, paid_minor: Floats) -> Ints:
    """Average paid per unit over the last quarter, else over all weeks. (series, week) -> (series,)."""
    recent_units, recent_paid = (
        units[:, -_PRICE_WEEKS:].sum(axis=1),
        paid_minor[:, -_PRICE_WEEKS:].sum(axis=1),
    )
    recent = recent_units > 0
    count = np.where(recent, recent_units, units.sum(axis=1))
    paid = np.where(recent, recent_paid, paid_minor.sum(axis=1))
    average = np.rint(np.divide(paid, count, out=np.zeros_like(paid), where=count > 0))
    return np.asarray(average, dtype=np.int64)


def published(series: Trailing, draws: Ints, as_of: date) -> pa.Table:
    """Rows of schema DEMAND for these series. draws: (series, draw) of the week after as_of."""
    n = len(series.keys)
    levels = quantiles(draws, np.array(LEVELS)) if n else np.zeros((0, len(LEVELS)))
    stores = series.keys["store_id"] if "store_id" in series.keys else [None] * n
    columns: dict[str, Any] = {
        "product_id": pa.array(series.product_ids, pa.string()),
        "store_id": pa.array(stores, pa.string()),
        "week_start": pa.array([as_of + timedelta(days=1)] * n, pa.date32()),
        **{name: levels[:, k] for k, name in enumerate(QUANTILES)},
        "mean": draws.mean(axis=1) if n else np.zeros(0),
        "last_week": series.units[:, -1].astype(np.int64),
        "weeks": first_weeks(series.units).astype(np.int32),
        "unit_price_minor": unit_price_minor(series.units, series.paid_minor),
        "method": pa.array([METHOD] * n, pa.string()),
    }
    return pa.table(columns, schema=DEMAND)
