"""Baselines and measures of a demand backtest, on a matrix of weekly units. Pure."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import Floats, Ints

# Quantiles of the protocol; cov80 is inside the first and third, cov95 at or below the last.
LEVELS = np.array([0.1, 0.5, 0.9, 0.95])
SCORED = 3  # levels that enter WQL of weeks; in days all do
EMPIRICAL_DAYS = 56
YEAR_WEEKS = 52
_TREES: dict[str, object] = {
    "learning_rate": 0.07,
    "num_leaves": 31,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Known:
    """What every model may use at an origin.

    units, paid_minor: (series, period); plan: (kind, series, period + horizon); kin: (series,); weekday: of
    the first day, 0 = Monday. A period is a week, or a day in the daily protocol.
    """

    units: Floats
    paid_minor: Floats
    plan: Floats
    kin: Ints
    weekday: int = 0

    def until(self, period: int, horizon: int) -> Known:
        """What is known when `period` periods have passed, the plan reaching `horizon` further."""
        plan = self.plan[:, :, : period + horizon]
        return Known(self.units[:, :period], self.paid_minor[:, :period], plan, self.kin, self.weekday)


@dataclass(frozen=True, slots=True)
class Told:
    """What a model says: quantiles (series, week ahead, level) and mean (series, week ahead)."""

    quantiles: Floats
    mean: Floats


Model = Callable[[Known, int, int], Told]


def seasonal_naive(known: Known, horizon: int, seed: int) -> Told:
    """The same week a year ago (with less history: four weeks ago), normal errors of that rule's past."""
    from scipy import stats  # noqa: PLC0415  heavy: only who estimates pays for it

    del seed
    weeks = known.units.shape[1]
    lag = YEAR_WEEKS if weeks >= YEAR_WEEKS + 8 else min(4, weeks)
    steps = [weeks - lag + (h % lag) for h in range(horizon)]
    mean = known.units[:, steps]
    errors = known.units[:, lag:] - known.units[:, :-lag] if weeks > lag else known.units[:, :1]
    sigma = np.sqrt((errors**2).mean(axis=1))
    spread = sigma[:, None, None] * stats.norm.ppf(LEVELS)[None, None, :]
    return Told(np.maximum(mean[:, :, None] + spread, 0.0), mean)


def empirical56(known: Known, horizon: int, seed: int) -> Told:
    """Quantiles and mean of the trailing 56 days, the same for every week ahead."""
    del seed
    past = known.units[:, -(EMPIRICAL_DAYS // 7) :]
    levels = np.quantile(past, LEVELS, axis=1).T
    mean = past.mean(axis=1)
    return Told(np.repeat(levels[:, None, :], horizon, axis=1), np.repeat(mean[:, None], horizon, axis=1))


def auto_ets(known: Known, horizon: int, seed: int) -> Told:
    """statsforecast's AutoETS, one series at a time, with its own intervals cut off at zero."""
    from statsforecast.models import AutoETS  # noqa: PLC0415 (several seconds to load, and only here)

    del seed
    quantiles = np.zeros((len(known.units), horizon, len(LEVELS)))
    mean = np.zeros((len(known.units), horizon))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i, series in enumerate(known.units):
            told = AutoETS(season_length=1).forecast(y=series, h=horizon, level=[80, 90])
            mean[i] = told["mean"]
            quantiles[i] = np.stack([told["lo-80"], told["mean"], told["hi-80"], told["hi-90"]], axis=1)
    return Told(np.maximum(np.nan_to_num(quantiles), 0.0), np.maximum(np.nan_to_num(mean), 0.0))


def lightgbm(known: Known, horizon: int, seed: int) -> Told:
    """LightGBM by quantile on lags, rolling figures, calendar, paid price and the same promotion plan.

    One model a level (pinball loss) and one of the mean, direct for each week ahead.
    """
    weeks = known.units.shape[1]
    features, came = [], []
    least = min(13, max(weeks // 2, 1))
    for target in range(max(least, weeks - 26), weeks):
        for ahead in range(1, horizon + 1):
            if target - ahead + 1 >= least:
                features.append(_features(known, target - ahead + 1, ahead))
                came.append(known.units[:, target])
    asked = [_features(known, weeks, ahead) for ahead in range(1, horizon + 1)]
    return quantile_trees(np.concatenate(features), np.concatenate(came), asked, seed)


def quantile_trees(features: Floats, came: Floats, asked: Sequence[Floats], seed: int) -> Told:
    """LightGBM by level of LEVELS and of the mean; asked: what to answer, one (series, feature) a period."""
    import lightgbm as engine  # noqa: PLC0415 (a second to load, and only here)

    losses: list[dict[str, object]] = [{"objective": "quantile", "alpha": float(level)} for level in LEVELS]
    losses.append({"objective": "regression"})
    told = []
    for loss in losses:
        settings = {**_TREES, **loss, "seed": seed}
        trees = engine.train(settings, engine.Dataset(features, came), num_boost_round=_ROUNDS)
        told.append(np.stack([np.maximum(np.asarray(trees.predict(x)), 0.0) for x in asked], axis=1))
    return Told(np.sort(np.stack(told[:-1], axis=-1), axis=-1), told[-1])


def _features(known: Known, weeks: int, ahead: int) -> Floats:
    """What LightGBM sees of the week `ahead` weeks after the first `weeks` weeks."""
    past, target = known.units[:, :weeks], weeks + ahead - 1
    paid = known.paid_minor[:, :weeks]
    found = [past[:, -k] if k <= weeks else np.zeros(len(past)) for k in range(1, 9)]
    found += [past[:, -n:].mean(axis=1) for n in (4, 8, 13, 26)]
    found += [past[:, -13:].std(axis=1), past[:, -13:].max(axis=1), (past[:, -13:] == 0).mean(axis=1)]
    found += [paid[:, -n:].sum(axis=1) / np.maximum(past[:, -n:].sum(axis=1), 1) for n in (4, 13)]
    year = 2 * np.pi * target / YEAR_WEEKS
    found += [np.full(len(past), value) for value in (ahead, np.sin(year), np.cos(year))]
    for kind in known.plan:
        found += [kind[:, target], kind[:, weeks - 1], kind[:, max(weeks - 13, 0) : weeks].mean(axis=1)]
    return np.stack([*found, known.kin.astype(np.float64)], axis=1)


BASELINES: dict[str, Model] = {
    "seasonal_naive": seasonal_naive,
    "empirical56": empirical56,
    "auto_ets": auto_ets,
    "lightgbm": lightgbm,
}


def timed(model: Model, known: Known, horizon: int, seed: int) -> tuple[Told, float]:
    """What the model says and the CPU seconds it took."""
    started = time.process_time()
    told = model(known, horizon, seed)
    return told, time.process_time() - started


@dataclass(frozen=True, slots=True)
class Scored:
    """Actual units of an origin beside what a model said, with what scales its errors.

    came: (series, period ahead); step: (series,) mean squared change from period to period before the origin;
    worth: (series,) paid in the four weeks before it.
    """

    came: Floats
    told: Told
    step: Floats
    worth: Floats


def demand_metrics(origins: Sequence[Scored], scored: int = SCORED) -> dict[str, float]:
    """wql, rmsse, wrmsse, wape, cov80, cov95 and pinball95 (per series and period) over all origins together.

    WQL: 2 x pinball loss over the actual units, averaged over the first `scored` of LEVELS. RMSSE as in M5
    (errors scaled by the naive step; mean over series and origins), WRMSSE weighted by revenue. cov80: share
    of actuals from the .1 to the .9 quantile; cov95: share at or below the .95 quantile.
    Source: Makridakis, Spiliotis & Assimakopoulos (2022), The M5 competition, IJF 38(4), section 3.
    """
    came = np.concatenate([o.came.ravel() for o in origins])
    levels = np.concatenate([o.told.quantiles.reshape(-1, len(LEVELS)) for o in origins])
    total = max(float(came.sum()), 1e-9)
    misses = came[:, None] - levels
    pinball = np.maximum(LEVELS * misses, (LEVELS - 1) * misses).sum(axis=0)
    scaled, weights = _scaled_errors(origins)
    return {
        "wql": float(2 * pinball[:scored].mean() / total),
        "rmsse": float(scaled.mean()) if len(scaled) else float("nan"),
        "wrmsse": float(np.average(scaled, weights=weights)) if weights.sum() > 0 else float("nan"),
        "wape": float(np.abs(misses[:, 1]).sum() / total),
        "cov80": float(((came >= levels[:, 0]) & (came <= levels[:, 2])).mean()),
        "cov95": float((came <= levels[:, 3]).mean()),
        "pinball95": float(pinball[3] / len(came)),
    }


def _scaled_errors(origins: Sequence[Scored]) -> tuple[Floats, Floats]:
    errors, weights = [], []
    for o in origins:
        moved = o.step > 0
        mean_square = ((o.came - o.told.mean) ** 2).mean(axis=1)
        errors.append(np.sqrt(mean_square[moved] / o.step[moved]))
        weights.append(o.worth[moved])
    return np.concatenate(errors), np.concatenate(weights)


def steady(units: Floats, most: int, seed: int) -> Ints:
    """Places of the series to score, ascending. units: (series, week) before the cut.

    Those that sold in at least three quarters of the weeks; where fewer than 30 did, in half, a quarter or a
    tenth of them. A random part when there are more than `most`.
    """
    sold = (units > 0).mean(axis=1)
    share = next((s for s in (0.75, 0.5, 0.25) if (sold >= s).sum() >= 30), 0.1)
    chosen = np.flatnonzero(sold >= share)
    if len(chosen) > most:
        chosen = np.random.default_rng(seed).choice(chosen, most, replace=False)
    return np.sort(chosen).astype(np.int64)
