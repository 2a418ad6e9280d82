"""The mean and spread of the weeks to come: a log-linear level that all series teach, bent by small trees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import optimize, special

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.demand.contracts import DEAD_AFTER_WEEKS
from shengeng.understand.demand.methods.features import (
    Seen,
    Shop,
    answer_to_promotion,
    decayed,
    kin_units,
    seen_before,
)

# Weeks of history below which there is nothing to learn from, and targets the model learns from.
_LEAST_WEEKS, TARGET_WEEKS = 12, 26
_LEAST_ROWS = 400
# Weight of a row is 1 / (1 + _SPREAD x mean): the inverse of the variance over the mean at this dispersion.
_SPREAD = 0.3
_PEAK = 0.75
_TEST_WEEKS = 4
_TRUST = (0.5, 1.0)
_LOWEST, _HIGHEST = 0.01, 10_000_000.0
_DISPERSION = (0.02, 3.0)
_LOG_RANGE = (float(np.log(_LOWEST)), float(np.log(_HIGHEST)))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Mean and dispersion (variance = m + a m^2) of the coming weeks, (series, week ahead)."""

    mean: Floats
    dispersion: Floats


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the model learns from: features, what then came, the series' own spread until then; (row, ..)."""

    seen: Seen
    came: Floats
    spread: Floats
    target: Ints  # column of the week that came

    def only(self, chosen: Bools) -> _Rows:
        """Some of the rows."""
        seen = Seen(*(getattr(self.seen, name)[chosen] for name in Seen.__slots__))
        return _Rows(seen, self.came[chosen], self.spread[chosen], self.target[chosen])


@dataclass(frozen=True, slots=True)
class _Level:
    centre: Floats
    scale: Floats
    weights: Floats
    trees: Any  # lightgbm.Booster | None
    trust: float = 1.0  # how far the level is moved of what the model says

    def log_mean(self, seen: Seen) -> Floats:
        """log of the mean, (row,)."""
        found = seen.log_level + self.moved(seen)
        if self.trees is not None:
            found = found + np.asarray(self.trees.predict(_all(seen), raw_score=True), dtype=np.float64)
        trusted = seen.log_level + self.trust * (found - seen.log_level)
        return np.asarray(np.clip(trusted, *_LOG_RANGE))

    def moved(self, seen: Seen) -> Floats:
        """What the log-linear part adds to the log level."""
        return np.asarray(_with_one((seen.straight - self.centre) / self.scale) @ self.weights)


def forecast(
    shop: Shop, horizon: int, *, learn_from: Ints, seed: int, starts: int = 1, of: Ints | None = None
) -> Forecast:
    """Mean and dispersion of the `horizon` weeks after the last one, learned from what came before.

    shop: plan must reach `horizon` weeks ahead; learn_from: places of the series to learn from; of: places
    to forecast, all when None; starts: from how many distances each past week is learned. Short histories
    fall back on the decayed level alone.
    """
    weeks = shop.units.shape[1]
    assert shop.plan.shape[2] >= weeks + horizon
    asked = shop if of is None else shop.only(of)
    spread = own_spread(asked.units)
    if weeks < _LEAST_WEEKS or len(learn_from) * min(weeks // 2, TARGET_WEEKS) < _LEAST_ROWS:
        return _from_level(asked.units, spread, horizon)
    kin = kin_units(shop)
    rows = _lessons(shop.only(learn_from), kin, horizon, starts)
    level, shape = _learn_and_test(rows, seed)
    answer = answer_to_promotion(asked, weeks)
    seen = [seen_before(asked, kin, weeks, h, answer) for h in range(1, horizon + 1)]
    mean = np.exp(np.stack([level.log_mean(s) for s in seen], axis=1))
    mean = np.minimum(mean, _most(asked.units)[:, None])
    return Forecast(mean, dispersion(mean, spread[:, None], shape))


def _most(units: Floats) -> Floats:
    """The highest mean that a series is believed: most of its best week ever, or its level if that is more.

    A log-linear level promises wonders for promotions larger than any before; uncapped, predicted peaks came
    true to a half on rolling origins, and the gains chosen by them to two thirds.
    """
    best = _PEAK * units.max(axis=1)
    return np.asarray(np.clip(np.maximum(best, decayed(units, 6.0)), _LOWEST, _HIGHEST))


def _from_level(units: Floats, spread: Floats, horizon: int) -> Forecast:
    """Decayed level over the weeks since the first sale, its own spread."""
    weeks = units.shape[1]
    lived = 0.5 ** (1 / 6.0)
    share = (1 - lived ** first_weeks(units)) / (1 - lived**weeks)
    mean = np.clip(decayed(units, 6.0) / np.maximum(share, 0.05), _LOWEST, _HIGHEST)
    both = (np.repeat(values[:, None], horizon, axis=1) for values in (mean, spread))
    return Forecast(*both)


def first_weeks(units: Floats) -> Floats:
    """Weeks since the first sale (1 = sold first in the last week; 0 = never)."""
    sold = units > 0
    return np.where(sold.any(axis=1), units.shape[1] - sold.argmax(axis=1), 0).astype(np.float64)


def own_spread(units: Floats) -> Floats:
    """Dispersion (variance - mean) / mean^2 of each series' last half year, shrunk to what is usual."""
    half = units[:, -26:]
    mean = half.mean(axis=1)
    trusted = mean * half.shape[1]
    excess = half.var(axis=1) - mean
    own = np.divide(excess, mean**2, out=np.full_like(mean, 0.5), where=mean > 0)
    usual = float(np.median(own[trusted > 20])) if (trusted > 20).any() else 0.5
    weight = trusted / (trusted + 20.0)
    return np.asarray(np.clip(weight * own + (1 - weight) * usual, *_DISPERSION))


def _lessons(shop: Shop, kin: Floats, horizon: int, starts: int) -> _Rows:
    """Past weeks as targets, each seen from 1..horizon weeks before (in turn) with what was known then.

    Only series that lived then: who chooses by what came later learns that everything sells.
    """
    weeks = shop.units.shape[1]
    least = min(13, weeks // 2)
    seen, came, spread, targets = [], [], [], []
    for target in range(max(least, weeks - TARGET_WEEKS), weeks):
        for k in range(min(starts, horizon)):
            known = target - (target + k * max(horizon // starts, 1)) % horizon
            lived = np.flatnonzero(shop.units[:, max(known - DEAD_AFTER_WEEKS, 0) : known].any(axis=1))
            if known < least or not len(lived):
                continue
            then = shop.only(lived)
            answer = answer_to_promotion(then, known)
            seen.append(seen_before(then, kin, known, target - known + 1, answer))
            came.append(then.units[:, target])
            targets.append(np.full(len(lived), target))
            spread.append(own_spread(then.units[:, :known]))
    joined = Seen(*(np.concatenate([getattr(s, name) for s in seen]) for name in Seen.__slots__))
    return _Rows(joined, *(np.concatenate(part) for part in (came, spread, targets)))


def _learn_and_test(rows: _Rows, seed: int) -> tuple[_Level, Floats]:
    """The level learned from all weeks; how far to trust it and its spread.

    A model that never saw the last _TEST_WEEKS weeks forecasts them: what it moves too far there is drawn
    back (the choice of stock looks for the highest promises and would else choose errors). What it leaves
    over there is more than the model of all weeks will, what that leaves over on its own lessons is less:
    the spread is halfway (on the log scale).
    """
    last = rows.target > rows.target.max() - _TEST_WEEKS
    before, test = rows.only(~last), rows.only(last)
    if len(before.came) < _LEAST_ROWS or len(test.came) < _LEAST_ROWS // 4:
        level = _learn(rows, seed)
        return level, _learn_dispersion(np.exp(level.log_mean(rows.seen)), rows, seed)
    judged = _learn(before, seed)
    judged = replace(judged, trust=_trust(judged.log_mean(test.seen) - test.seen.log_level, test))
    level = replace(_learn(rows, seed), trust=judged.trust)
    more = _learn_dispersion(np.exp(judged.log_mean(test.seen)), test, seed)
    less = _learn_dispersion(np.exp(level.log_mean(rows.seen)), rows, seed)
    return level, (more + less) / 2


def _trust(moved: Floats, test: _Rows) -> float:
    """The slope of what came on what was promised, both as moves of the log level; between 0.5 and 1."""
    features = np.stack([moved, np.ones_like(moved)], axis=1)
    slope = _log_linear(features, test.came, test.seen.log_level)[0]
    return float(np.clip(slope, *_TRUST))


def _learn(rows: _Rows, seed: int) -> _Level:
    centre, scale = rows.seen.straight.mean(axis=0), rows.seen.straight.std(axis=0) + 1e-9
    features = _with_one((rows.seen.straight - centre) / scale)
    weights = _log_linear(features, rows.came, rows.seen.log_level)
    plain = _Level(centre, scale, weights, None)
    return _Level(centre, scale, weights, _trees(rows, plain.log_mean(rows.seen), seed))


def _log_linear(features: Floats, came: Floats, offset: Floats, ridge: float = 1.0) -> Floats:
    """Quasi-Poisson regression with a log link by iteratively reweighted least squares.

    Source: McCullagh & Nelder, Generalized Linear Models, 2e, section 2.5.
    """
    weights: Floats = np.zeros(features.shape[1])
    penalty = ridge * np.eye(features.shape[1])
    for _ in range(8):
        moved = features @ weights
        mean = np.exp(np.clip(offset + moved, *_LOG_RANGE))
        heavy = features * (mean / (1 + _SPREAD * mean))[:, None]
        aim = moved + (came - mean) / mean
        weights = np.asarray(np.linalg.solve(heavy.T @ features + penalty, heavy.T @ aim), dtype=np.float64)
    return weights


def _trees(rows: _Rows, log_mean: Floats, seed: int) -> Any:
    """Small boosted trees on what the log-linear level leaves over (Poisson deviance)."""
    import lightgbm  # noqa: PLC0415 (a second to load, and only here)

    settings = {
        "objective": "poisson",
        "learning_rate": 0.1,
        "num_leaves": 31,
        "min_data_in_leaf": min(300, max(20, len(log_mean) // 50)),
        "feature_fraction": 0.7,
        "bagging_fraction": 0.5,
        "bagging_freq": 1,
        "max_bin": 63,
        "lambda_l2": 10.0,
        "seed": seed,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    weight = 1 / (1 + _SPREAD * np.exp(log_mean))
    lessons = lightgbm.Dataset(_all(rows.seen), rows.came, init_score=log_mean, weight=weight)
    return lightgbm.train(settings, lessons, num_boost_round=80)


def _all(seen: Seen) -> Floats:
    return np.concatenate([seen.straight, seen.bent], axis=1)


def _with_one(features: Floats) -> Floats:
    return np.concatenate([np.ones((len(features), 1)), features], axis=1)


def dispersion(mean: Floats, spread: Floats, shape: Floats) -> Floats:
    """log a = shape . (1, log spread, log mean): the spread that is left once the mean is known."""
    found = shape[0] + shape[1] * np.log(spread) + shape[2] * np.log(mean)
    return np.asarray(np.clip(np.exp(found), *_DISPERSION))


def _learn_dispersion(mean: Floats, rows: _Rows, seed: int) -> Floats:
    """The shape of `dispersion` that makes what came most likely (negative binomial), on 20,000 rows."""
    some = np.random.default_rng(seed).permutation(len(mean))[:20_000]
    m, y, spread = mean[some], rows.came[some], rows.spread[some]

    def surprise(shape: Floats) -> float:
        size = 1.0 / dispersion(m, spread, shape)
        found = special.gammaln(y + size) - special.gammaln(size) + size * np.log(size / (size + m))
        return -float((found + y * np.log(m / (size + m))).mean())

    best = optimize.minimize(
        surprise, np.array([0.0, 1.0, 0.0]), method="Nelder-Mead", options={"maxiter": 120}
    )
    return np.asarray(best.x)
