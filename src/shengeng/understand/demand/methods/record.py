"""How forecasts of weeks that no model had seen came true, and what follows for the week to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import optimize, special

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.demand.methods.lessons import (
    DISPERSION_RANGE,
    LEAST_ROWS,
    TARGET_WEEKS,
    Lessons,
    Level,
    joined,
    learn,
    log_linear,
)

# The record is made in blocks: each is forecast by a model learned from the weeks before it.
_BLOCK_WEEKS, _BLOCKS = 4, 3
RECORD_WEEKS = _BLOCK_WEEKS * _BLOCKS
_TRUST = (0.5, 1.0)
# Weeks are alike when their mean stands alike against last week (log ratio) and is alike in size.
_RATIOS = np.array([-1.0, -0.4, 0.4, 1.0])
_SIZES = np.array([1.0, 3.0, 10.0, 30.0])
_THIN = 0.2  # means below it teach nothing about where weeks end
_AS_SAID = 100  # rows by which a class is drawn towards its own word
_INSIDE = 1e-4


@dataclass(frozen=True, slots=True)
class Reading:
    """At which levels of their own distribution weeks really ended, by class of like weeks.

    reached: (class,) of (week,) levels, equally likely; empty where there is no record: all is as said.
    """

    reached: Sequence[Floats] = field(default=())

    def classes(self, mean: Floats, last: Floats) -> Ints:
        """(series,) class of a week of this mean after a last week of so many units."""
        if not self.reached:
            return np.zeros(len(mean), dtype=np.int64)
        return _class_of(mean, last)

    def levels(self, of: int, levels: Floats) -> Floats:
        """What `levels` of a class really are as levels of the distribution that is said."""
        return np.asarray(np.quantile(self.reached[of], levels)) if self.reached else levels


@dataclass(frozen=True, slots=True)
class Learned:
    """A level, its spread (see `dispersion`) and how it is to be read, as far as its record goes."""

    level: Level
    shape: Floats
    reading: Reading


def learn_honestly(rows: Lessons, seed: int) -> Learned:
    """The level of the newest weeks; its trust, spread and reading from weeks that no model had seen.

    What a model moves too far there is drawn back, what it leaves over is the spread, and where weeks ended
    within it is how a week like them is read: the choice of stock looks for the highest promises and would
    else choose errors. Without enough weeks the level is judged on its own lessons.
    """
    end = int(rows.target.max()) + 1
    level = learn(rows.between(end - TARGET_WEEKS, end), seed)
    tests = list(unseen_weeks(rows, seed))
    if not tests:
        return Learned(level, learn_dispersion(np.exp(level.log_mean(rows.seen)), rows, seed), Reading())
    test, found = joined([week for week, _ in tests]), np.concatenate([said for _, said in tests])
    trust = _trust(found - test.seen.log_level, test)
    mean = np.minimum(np.exp(test.seen.log_level + trust * (found - test.seen.log_level)), test.most)
    shape = learn_dispersion(mean, test, seed)
    reading = _reading(mean, dispersion(mean, test.spread, shape), test, seed)
    return Learned(replace(level, trust=trust), shape, reading)


def unseen_weeks(rows: Lessons, seed: int) -> Iterator[tuple[Lessons, Floats]]:
    """Blocks of weeks, oldest first, with the log means that the weeks before them teach."""
    end = int(rows.target.max()) + 1
    for first in range(end - RECORD_WEEKS, end, _BLOCK_WEEKS):
        before, test = rows.between(first - TARGET_WEEKS, first), rows.between(first, first + _BLOCK_WEEKS)
        if len(before.came) >= LEAST_ROWS and len(test.came) >= LEAST_ROWS // 4:
            yield test, learn(before, seed).log_mean(test.seen)


def _trust(moved: Floats, test: Lessons) -> float:
    """The slope of what came on what was promised, both as moves of the log level; between 0.5 and 1."""
    features = np.stack([moved, np.ones_like(moved)], axis=1)
    return float(np.clip(log_linear(features, test.came, test.seen.log_level)[0], *_TRUST))


def dispersion(mean: Floats, spread: Floats, shape: Floats) -> Floats:
    """log a = shape . (1, log spread, log mean): the spread that is left once the mean is known."""
    found = shape[0] + shape[1] * np.log(spread) + shape[2] * np.log(mean)
    return np.asarray(np.clip(np.exp(found), *DISPERSION_RANGE))


def learn_dispersion(mean: Floats, rows: Lessons, seed: int) -> Floats:
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


def _reading(mean: Floats, spread: Floats, test: Lessons, seed: int) -> Reading:
    """Where the weeks of the record ended, by class; a class of few weeks stays close to what is said."""
    thick = mean > _THIN
    ended = level_reached(mean[thick], spread[thick], test.came[thick], np.random.default_rng(seed))
    of = _class_of(mean[thick], test.last[thick])
    said = (np.arange(_AS_SAID) + 0.5) / _AS_SAID
    classes = range((len(_RATIOS) + 1) * (len(_SIZES) + 1))
    return Reading(
        tuple(np.sort(np.clip(np.append(ended[of == c], said), _INSIDE, 1 - _INSIDE)) for c in classes)
    )


def level_reached(mean: Floats, spread: Floats, came: Floats, rng: np.random.Generator) -> Floats:
    """(row,) level of the negative binomial at which each week ended; even within the step of its count.

    Source: Dunn & Smyth (1996), Randomized quantile residuals, J. Comp. Graph. Statistics 5(3).
    """
    size = 1.0 / spread
    chance = size / (size + mean)
    high = special.betainc(size, came + 1, chance)
    low = np.where(came > 0, special.betainc(size, np.maximum(came, 1), chance), 0.0)
    return np.asarray(low + (high - low) * rng.random(len(mean)))


def _class_of(mean: Floats, last: Floats) -> Ints:
    ratio = np.log((mean + 0.3) / (last + 0.3))
    return np.asarray(np.digitize(ratio, _RATIOS) * (len(_SIZES) + 1) + np.digitize(mean, _SIZES))
