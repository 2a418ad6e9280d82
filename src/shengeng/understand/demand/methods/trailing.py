"""Trailing weeks of named series: which live, which are heavy, and their published rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.demand.contracts import (
    DEAD_AFTER_WEEKS,
    DEMAND,
    LEVELS,
    METHOD,
    QUANTILES,
    RECENT_WEEKS,
)
from shengeng.understand.demand.methods.draws import published_quantiles
from shengeng.understand.demand.methods.features import Shop, decayed
from shengeng.understand.demand.methods.lessons import TARGET_WEEKS
from shengeng.understand.demand.methods.level import first_weeks
from shengeng.understand.demand.methods.weeks import spread_weekly

HEAVY_MOST = 20_000
# The paid price is read from the last quarter, from all weeks when the quarter sold nothing.
_PRICE_WEEKS = 13
# Kinds of promotion told apart, the biggest first; series that the level is learned from.
_KINDS = 3
_SHARE_WEEKS = 13.0
_BIG_TEACHERS, _OTHER_TEACHERS = 1_500, 2_500


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
    sold = sold[sold["weeks_ago"] < weeks]
    keys = sold[by].drop_duplicates().sort_values(by, ignore_index=True)
    place = np.asarray(_names(keys).get_indexer(_names(sold[by])), dtype=np.int64)
    ago = np.asarray(sold["weeks_ago"], dtype=np.int64)
    shape = (len(keys), max(weeks, 1))
    units, paid = (
        spread_weekly(place, ago, np.asarray(sold[name], dtype=np.float64), shape)
        for name in ("units", "paid_minor")
    )
    return Trailing(keys, units, paid)


def _names(keys: pd.DataFrame) -> pd.Index[Any]:
    return pd.Index(keys.iloc[:, 0]) if keys.shape[1] == 1 else pd.MultiIndex.from_frame(keys)


def living(units: Floats) -> Ints:
    """Places of the series that sold something in the last DEAD_AFTER_WEEKS weeks."""
    return np.flatnonzero(units[:, -DEAD_AFTER_WEEKS:].any(axis=1)).astype(np.int64)


def heaviest(series: Trailing) -> Trailing:
    """The HEAVY_MOST series with most units."""
    best = np.argsort(-series.units.sum(axis=1), kind="stable")[:HEAVY_MOST]
    return only(series, np.sort(best))


def only(series: Trailing, chosen: NDArray[np.intp]) -> Trailing:
    """The chosen series, by their places."""
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


def main_kinds(promoted: pd.DataFrame) -> list[str]:
    """The kinds of promotion told apart, the biggest first."""
    order = promoted.groupby("kind")["pressure"].sum().sort_values(ascending=False, kind="stable")
    return [str(kind) for kind in order.index[:_KINDS]]


def plan(
    promoted: pd.DataFrame,
    product_ids: NDArray[np.object_],
    weeks: int,
    kinds: Sequence[str] | None = None,
) -> Floats:
    """Promotion pressure (kind, series, week): log(1 + 3 x stores / many stores), 0 = none.

    promoted: product_id, kind, week, pressure; "many" is the 95th percentile of the kind's promoted weeks;
    kinds: in the order that a model has learned them, the main ones when None.
    """
    kinds = main_kinds(promoted) if kinds is None else kinds
    place = pd.Index(product_ids)
    found = np.zeros((max(len(kinds), 1), len(product_ids), weeks))
    for k, kind in enumerate(kinds):
        rows = promoted[promoted["kind"] == kind]
        if rows.empty:
            continue
        many = max(float(np.quantile(rows["pressure"], 0.95)), 1e-9)
        series, week = (
            place.get_indexer(pd.Index(rows["product_id"])),
            np.asarray(rows["week"], dtype=np.int64),
        )
        inside = (series >= 0) & (week >= 0) & (week < weeks)
        pressure = np.asarray(rows["pressure"], dtype=np.float64)[inside]
        found[k, series[inside], week[inside]] = np.log1p(3 * pressure / many)
    return found


def shop_of(
    series: Trailing,
    promoted: pd.DataFrame,
    kin: pd.DataFrame,
    horizon: int,
    kinds: Sequence[str] | None = None,
) -> Shop:
    """What the level model may look at. promoted, kinds as in `plan`; kin: product_id, kin (a category)."""
    ids = series.product_ids
    names = pd.Series(kin["kin"].to_numpy(), index=pd.Index(kin["product_id"]), dtype=object)
    codes = pd.factorize(names.reindex(pd.Index(ids)).fillna(""), sort=True)[0]
    weeks = series.units.shape[1] + horizon
    planned = plan(promoted, ids, weeks, kinds)
    return Shop(series.units, series.paid_minor, planned, codes.astype(np.int64))


def teachers(units: Floats, rng: np.random.Generator) -> Ints:
    """Places of the series to learn from, ascending: the biggest, and some of all others, dead or alive.

    Biggest before the weeks that are learned: chosen by those weeks themselves they would be the lucky ones.
    """
    before = max(units.shape[1] - TARGET_WEEKS, units.shape[1] // 2)
    order = np.argsort(-units[:, :before].sum(axis=1), kind="stable")
    rest = order[_BIG_TEACHERS:]
    others = rng.choice(rest, min(_OTHER_TEACHERS, len(rest)), replace=False)
    return np.sort(np.concatenate([order[:_BIG_TEACHERS], others])).astype(np.int64)


def shares(pairs: Trailing, whole: Trailing) -> tuple[Ints, Floats]:
    """Place of each pair's product in `whole` and the pair's share of its units, lately (decayed)."""
    place = pd.Index(whole.product_ids).get_indexer(pd.Index(pairs.product_ids)).astype(np.int64)
    part, total = (decayed(units, _SHARE_WEEKS) for units in (pairs.units, whole.units))
    return place, np.clip(part / np.maximum(total[place], 1e-9), 0.0, 1.0)


def recent_lists(units: Floats) -> pa.Array:
    """The last RECENT_WEEKS weeks of each series as a list, short histories filled with zeros."""
    recent = np.zeros((len(units), RECENT_WEEKS), dtype=np.int32)
    last = min(RECENT_WEEKS, units.shape[1])
    recent[:, RECENT_WEEKS - last :] = units[:, -last:]
    return lists(recent)


def lists(rows: NDArray[Any]) -> pa.Array:
    """(row, column) as one list of int32 a row."""
    offsets = np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1]
    return pa.ListArray.from_arrays(offsets, rows.astype(np.int32).ravel())


def published(series: Trailing, mean: Floats, dispersion: Floats, as_of: date) -> pa.Table:
    """Rows of schema DEMAND for these series. mean, dispersion: (series,) of the week after as_of."""
    n = len(series.keys)
    levels = published_quantiles(mean, dispersion, np.array(LEVELS))
    stores = series.keys["store_id"] if "store_id" in series.keys else [None] * n
    columns: dict[str, Any] = {
        "product_id": pa.array(series.product_ids, pa.string()),
        "store_id": pa.array(stores, pa.string()),
        "week_start": pa.array([as_of + timedelta(days=1)] * n, pa.date32()),
        **{name: levels[:, k] for k, name in enumerate(QUANTILES)},
        "mean": mean,
        "last_week": series.units[:, -1].astype(np.int64),
        "weeks": first_weeks(series.units).astype(np.int32),
        "recent": recent_lists(series.units),
        "unit_price_minor": unit_price_minor(series.units, series.paid_minor),
        "method": pa.array([METHOD] * n, pa.string()),
    }
    return pa.table(columns, schema=DEMAND)
