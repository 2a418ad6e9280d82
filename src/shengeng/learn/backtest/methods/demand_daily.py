"""Baselines of the daily demand backtest, on a matrix of daily units. Pure."""

from __future__ import annotations

import warnings

import numpy as np

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.methods.demand import (
    EMPIRICAL_DAYS,
    LEVELS,
    Known,
    Model,
    Told,
    quantile_trees,
)

WEEK = 7
# LightGBM learns from half a year, from one weekly origin after the other, on at most this many rows.
_LESSON_DAYS, _MOST_ROWS = 182, 150_000


def seasonal_naive(known: Known, horizon: int, seed: int) -> Told:
    """The last week again, normal errors of that rule's past."""
    from scipy import stats  # noqa: PLC0415  heavy: only who estimates pays for it

    del seed
    days = known.units.shape[1]
    mean = known.units[:, [days - WEEK + (h % WEEK) for h in range(horizon)]]
    sigma = np.sqrt(((known.units[:, WEEK:] - known.units[:, :-WEEK]) ** 2).mean(axis=1))
    spread = sigma[:, None, None] * stats.norm.ppf(LEVELS)[None, None, :]
    return Told(np.maximum(mean[:, :, None] + spread, 0.0), mean)


def empirical56(known: Known, horizon: int, seed: int) -> Told:
    """Quantiles and mean of the trailing 56 days, the same for every day ahead."""
    del seed
    past = known.units[:, -EMPIRICAL_DAYS:]
    levels, mean = np.quantile(past, LEVELS, axis=1).T, past.mean(axis=1)
    return Told(np.repeat(levels[:, None, :], horizon, axis=1), np.repeat(mean[:, None], horizon, axis=1))


def auto_ets(known: Known, horizon: int, seed: int) -> Told:
    """statsforecast's AutoETS with a weekly season and no trend, its own intervals cut off at zero.

    Without a trend it takes a sixth of the time; on days of groceries it scored the same (WQL .593 both).
    """
    from statsforecast.models import AutoETS  # noqa: PLC0415 (several seconds to load, and only here)

    del seed
    quantiles = np.zeros((len(known.units), horizon, len(LEVELS)))
    mean = np.zeros((len(known.units), horizon))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i, series in enumerate(known.units):
            model = AutoETS(season_length=WEEK, model="ZNZ")
            told = model.forecast(y=series, h=horizon, level=[80, 90])
            mean[i] = told["mean"]
            quantiles[i] = np.stack([told["lo-80"], told["mean"], told["hi-80"], told["hi-90"]], axis=1)
    return Told(np.maximum(np.nan_to_num(quantiles), 0.0), np.maximum(np.nan_to_num(mean), 0.0))


def lightgbm(known: Known, horizon: int, seed: int) -> Told:
    """LightGBM by quantile on lags, rolling figures, the calendar and the same known-in-advance plan.

    One model a level (pinball loss) and one of the mean, direct for each day ahead; quantiles in whole units.
    """
    days = known.units.shape[1]
    features, came = [], []
    for origin in range(days - WEEK, max(days - _LESSON_DAYS, 4 * WEEK) - 1, -WEEK):
        for ahead in range(1, min(horizon, days - origin) + 1):
            features.append((origin, ahead))
            came.append(known.units[:, origin + ahead - 1])
    rng = np.random.default_rng(seed)
    most = max(_MOST_ROWS // len(known.units), 1)
    some = np.sort(rng.permutation(len(features))[:most])
    x = np.concatenate([_features(known, *features[i]) for i in some])
    asked = [_features(known, days, ahead) for ahead in range(1, horizon + 1)]
    told = quantile_trees(x, np.concatenate([came[i] for i in some]), asked, seed)
    return Told(np.rint(told.quantiles), told.mean)


def _features(known: Known, days: int, ahead: int) -> Floats:
    """What LightGBM sees of the day `ahead` days after the first `days` days."""
    past, target = known.units[:, :days], days + ahead - 1
    same = past[:, (target - days) % WEEK + days - WEEK :: -WEEK]
    found = [past[:, -k] for k in (*range(1, WEEK + 1), 14, 21, 28)]
    found += [past[:, -n:].mean(axis=1) for n in (7, 14, 28, 56, 91)]
    found += [same[:, :n].mean(axis=1) for n in (4, 8)]
    found += [past[:, -91:].std(axis=1), past[:, -28:].max(axis=1), (past[:, -28:] == 0).mean(axis=1)]
    found += [np.full(len(past), float(value)) for value in (ahead, (known.weekday + target) % WEEK)]
    for kind in known.plan:
        found += [kind[:, target], kind[:, days - 1], kind[:, max(days - 91, 0) : days].mean(axis=1)]
    return np.stack([*found, known.kin.astype(np.float64)], axis=1)


BASELINES: dict[str, Model] = {
    "seasonal_naive": seasonal_naive,
    "empirical56": empirical56,
    "auto_ets": auto_ets,
    "lightgbm": lightgbm,
}
