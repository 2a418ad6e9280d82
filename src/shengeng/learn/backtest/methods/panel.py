"""Points of series on a calendar: how often they come, and the matrices that every model reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shengeng.kernel.units import Bools, Floats, Ints

DAY, WEEK = 1, 7
# A covariate counts as known in advance when the file states it for nearly every period, sold or not: one
# that stands only where something was sold would tell the answer.
STATED = 0.95
_PRICE_DAYS = 91  # the usual price is the highest of this many trailing days
_HUNDREDTHS, _SMALL = 100.0, 1e5


@dataclass(frozen=True, slots=True)
class Grid:
    """Periods of `step` days; first: day of period 0 (days since 1970), `length` periods."""

    first: int
    step: int
    length: int


@dataclass(frozen=True, slots=True)
class Panel:
    """units, paid (series, period); plan (kind, series, period); kin (series,).

    known: covariates that entered the plan; hidden: share of periods for which those that did not are stated.
    """

    units: Floats
    paid: Floats
    plan: Floats
    kin: Ints
    known: tuple[str, ...]
    hidden: dict[str, float]
    scale: float


def step_of(days: Ints) -> int | None:
    """DAY or WEEK for the distinct days of a file, ascending; None when they are neither.

    Weekly: all on one weekday. Daily: at least half of the gaps are one day, so that a closed Sunday or a
    holiday does not matter.
    """
    gaps = np.diff(days)
    if not len(gaps):
        return None
    if (gaps % WEEK == 0).all():
        return WEEK
    return DAY if (gaps == 1).mean() >= 0.5 else None


def usual_gap(days: Ints) -> int:
    """The most frequent number of days between neighbouring dates, 0 when there is one date."""
    gaps = np.diff(days)
    return int(np.bincount(gaps).argmax()) if len(gaps) else 0


def panel(points: pd.DataFrame, grid: Grid, native: int, before: int) -> Panel:
    """Matrices from the points of the chosen series; native: days between points in the file.

    points: place (of the series), day, quantity, price, promo, kin (code by series). A period without a row
    is zero demand. Scales are taken from the first `before` periods only.
    """
    n = int(points["place"].max()) + 1
    place, day = (points[name].to_numpy(np.int64) for name in ("place", "day"))
    cell = place * grid.length + (day - grid.first) // grid.step
    shape = (n, grid.length)
    quantity, price, promo = (points[name].to_numpy(np.float64) for name in ("quantity", "price", "promo"))
    units = _sums(cell, quantity, shape)
    whole = bool((quantity == np.rint(quantity)).all()) or quantity.max() > _SMALL
    scale = 1.0 if whole else _HUNDREDTHS
    paid = _sums(cell, np.where(np.isnan(price), 1.0, price) * quantity, shape)
    lived = _lived(place, day, grid, native, n)
    kinds: dict[str, Floats] = {}
    hidden: dict[str, float] = {}
    for name, values in (("promo", promo), ("price", price)):
        stated = ~np.isnan(values)
        if not stated.any():
            continue
        share = stated.sum() / lived
        if share < STATED:
            hidden[name] = round(float(share), 3)
            continue
        average = _averages(cell[stated], values[stated], shape)
        kinds[name] = np.nan_to_num(average) if name == "promo" else _price_cut(average, grid.step)
    plan = [_pressure(kind, before) for kind in kinds.values()]
    kin = points.groupby("place")["kin"].first().to_numpy(np.int64)
    stacked = np.stack(plan) if plan else np.zeros((1, *shape))
    return Panel(
        np.rint(scale * units) if scale > 1 else units, paid, stacked, kin, tuple(kinds), hidden, scale
    )


def _lived(place: Ints, day: Ints, grid: Grid, native: int, n: int) -> float:
    """Points that the series would have with one a native period from their first row to the end."""
    first = np.full(n, grid.first + grid.length * grid.step, dtype=np.int64)
    np.minimum.at(first, place, day)
    end = grid.first + grid.length * grid.step
    return float(((end - first + native - 1) // native).sum())


def _sums(cell: Ints, values: Floats, shape: tuple[int, int]) -> Floats:
    return np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)


def _averages(cell: Ints, values: Floats, shape: tuple[int, int]) -> Floats:
    """Mean of the values of each cell, NaN where there is none."""
    count = _sums(cell, np.ones(len(cell)), shape)
    found = np.full(shape, np.nan)
    return np.asarray(np.divide(_sums(cell, values, shape), count, out=found, where=count > 0))


def _price_cut(price: Floats, step: int) -> Floats:
    """Log of the highest price of the trailing quarter over the price; gaps keep the last price."""
    filled = pd.DataFrame(price.T).ffill().bfill()
    usual = filled.rolling(_PRICE_DAYS // step, min_periods=1).max()
    now, high = (np.asarray(prices, dtype=np.float64).T + 0.01 for prices in (filled, usual))
    return np.asarray(np.clip(np.nan_to_num(np.log(high / now)), 0.0, 3.0))


def _pressure(values: Floats, before: int) -> Floats:
    """On the scale of the promotion plan: log(1 + 3 x value / many), many = what is high before the cut."""
    past = values[:, :before]
    positive: Bools = past > 0
    many = float(np.quantile(past[positive], 0.95)) if positive.any() else 1.0
    return np.asarray(np.log1p(3 * np.maximum(values, 0.0) / many))
