"""What past weeks teach: a log-linear level that all series share, bent by small trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.demand.contracts import DEAD_AFTER_WEEKS
from shengeng.understand.demand.methods.features import (
    Seen,
    Shop,
    answer_to_promotion,
    decayed,
    seen_before,
)

# Past weeks that one model learns from.
TARGET_WEEKS = 26
LEAST_ROWS = 400
# Weight of a row is 1 / (1 + _SPREAD x mean): the inverse of the variance over the mean at this dispersion.
_SPREAD = 0.3
_PEAK = 0.75
LOWEST, HIGHEST = 0.01, 10_000_000.0
DISPERSION_RANGE = (0.02, 3.0)
_LOG_RANGE = (float(np.log(LOWEST)), float(np.log(HIGHEST)))


@dataclass(frozen=True, slots=True)
class Lessons:
    """Past weeks as seen before they came, and what then came; (row, ..).

    spread: the series' own until then; most: the highest mean it was believed; last: its last known week;
    target: column of the week that came.
    """

    seen: Seen
    came: Floats
    spread: Floats
    most: Floats
    last: Floats
    target: Ints

    def only(self, chosen: Bools) -> Lessons:
        """Some of the rows."""
        seen = Seen(*(getattr(self.seen, name)[chosen] for name in Seen.__slots__))
        parts = (getattr(self, name)[chosen] for name in Lessons.__slots__ if name != "seen")
        return Lessons(seen, *parts)

    def between(self, first: int, end: int) -> Lessons:
        """The rows whose week came in first..end - 1."""
        return self.only((self.target >= first) & (self.target < end))


def joined(parts: Sequence[Lessons]) -> Lessons:
    """All rows, in the order given."""
    seen = Seen(*(np.concatenate([getattr(p.seen, name) for p in parts]) for name in Seen.__slots__))
    rest = (np.concatenate([getattr(p, n) for p in parts]) for n in Lessons.__slots__ if n != "seen")
    return Lessons(seen, *rest)


@dataclass(frozen=True, slots=True)
class Level:
    """A log mean for any week to come, from what is seen of it."""

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


def most_believed(units: Floats) -> Floats:
    """The highest mean that a series is believed: most of its best week ever, or its level if that is more.

    A log-linear level promises wonders for promotions larger than any before; uncapped, predicted peaks came
    true to a half on rolling origins, and the gains chosen by them to two thirds.
    """
    best = _PEAK * units.max(axis=1)
    return np.asarray(np.clip(np.maximum(best, decayed(units, 6.0)), LOWEST, HIGHEST))


def own_spread(units: Floats) -> Floats:
    """Dispersion (variance - mean) / mean^2 of each series' last half year, shrunk to what is usual."""
    half = units[:, -26:]
    mean = half.mean(axis=1)
    trusted = mean * half.shape[1]
    excess = half.var(axis=1) - mean
    own = np.divide(excess, mean**2, out=np.full_like(mean, 0.5), where=mean > 0)
    usual = float(np.median(own[trusted > 20])) if (trusted > 20).any() else 0.5
    weight = trusted / (trusted + 20.0)
    return np.asarray(np.clip(weight * own + (1 - weight) * usual, *DISPERSION_RANGE))


def lessons_of(shop: Shop, kin: Floats, horizon: int, starts: int, targets: int) -> Lessons:
    """The last `targets` weeks, each seen from 1..horizon weeks before (in turn) with what was known then.

    Only series that lived then: who chooses by what came later learns that everything sells.
    """
    weeks = shop.units.shape[1]
    least = min(13, weeks // 2)
    found = []
    for target in range(max(least, weeks - targets), weeks):
        for k in range(min(starts, horizon)):
            known = target - (target + k * max(horizon // starts, 1)) % horizon
            lived = np.flatnonzero(shop.units[:, max(known - DEAD_AFTER_WEEKS, 0) : known].any(axis=1))
            if known >= least and len(lived):
                found.append(_lesson(shop.only(lived), kin, known, target))
    return joined(found)


def _lesson(then: Shop, kin: Floats, known: int, target: int) -> Lessons:
    """One week to come, `target`, as it was seen after the first `known` weeks."""
    past = then.units[:, :known]
    return Lessons(
        seen=seen_before(then, kin, known, target - known + 1, answer_to_promotion(then, known)),
        came=then.units[:, target],
        spread=own_spread(past),
        most=most_believed(past),
        last=past[:, -1],
        target=np.full(len(past), target),
    )


def learn(rows: Lessons, seed: int) -> Level:
    """The level that these rows teach."""
    centre, scale = rows.seen.straight.mean(axis=0), rows.seen.straight.std(axis=0) + 1e-9
    features = _with_one((rows.seen.straight - centre) / scale)
    weights = log_linear(features, rows.came, rows.seen.log_level)
    plain = Level(centre, scale, weights, None)
    return Level(centre, scale, weights, _trees(rows, plain.log_mean(rows.seen), seed))


def log_linear(features: Floats, came: Floats, offset: Floats, ridge: float = 1.0) -> Floats:
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


def _trees(rows: Lessons, log_mean: Floats, seed: int) -> Any:
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
