"""The chance that a customer buys a product again within the horizon, unasked; learnt on earlier days only.

Every earlier cut (as_of - 7, - 14, ... days) shows what was known then and what the week after it brought.
Trees learn the chance from the signals of half of the cuts and are judged on the other half, so slope and
level of the calibration, and the spread of group sums between weeks, come from weeks that no tree has seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from shengeng.kernel.units import Bools, Floats
from shengeng.understand.affinity.methods.dispersion import ASSUMED, Cell, Dispersion, dispersion
from shengeng.understand.affinity.methods.history import History
from shengeng.understand.affinity.methods.pairs import (
    SIGNALS,
    Pairs,
    Rates,
    bought_within,
    pairs_at,
    rates_at,
)

CUTS = 6  # earlier weeks to learn from
LEAST_BOUGHT = 300  # purchases below which trees are not asked
LEARN_CUSTOMERS = 800  # customers a cut: enough for the trees, and the time stays the same in a big shop
MOST_NOT_BOUGHT = 45_000  # pairs not bought that the trees of a fold see; each stands for those left out
TREES: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.15,
    "min_data_in_leaf": 60,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "num_threads": 1,  # waiting threads burn a shared core
    "deterministic": True,
    "verbose": -1,
}
ROUNDS = 40
# What the chance is learnt from; the others of SIGNALS add nothing to it out of sample.
SPEAK = tuple(
    name
    for name in SIGNALS
    if not name.startswith(("recent", "baskets", "share", "decay_10", "customer_baskets"))
)
BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7)


@dataclass(frozen=True, slots=True)
class Chances:
    """A learnt chance: one model a fold, the line that calibrates it, and how group sums spread.

    boosters: empty where the history is too thin; then the shrunk rate alone speaks (method "rate-1").
    reliability: (bins, 4) lower edge, pairs, expected and seen purchases on weeks that no tree has seen.
    """

    boosters: tuple[Any, ...]
    level: float
    slope: float
    spread: Dispersion
    reliability: Floats
    horizon_days: int
    method: str

    def of(self, pairs: Pairs) -> Floats:
        """The calibrated chance of each pair."""
        if not self.boosters:
            return by_rate(pairs, self.horizon_days)
        matrix = pairs.matrix(SPEAK)
        raw = np.mean([booster.predict(matrix, raw_score=True) for booster in self.boosters], axis=0)
        return np.asarray(expit(self.level + self.slope * raw))


def by_rate(pairs: Pairs, horizon_days: int) -> Floats:
    """The chance of at least one purchase in the horizon at the pair's shrunk rate (a Poisson process)."""
    return np.asarray(-np.expm1(-pairs.own_rate * horizon_days))


@dataclass(frozen=True, slots=True)
class _Week:
    pairs: Pairs
    bought: Bools


def learn(past: History, as_of: int, *, horizon_days: int, least: float, seed: int) -> Chances:
    """Learn the chance from the weeks before as_of; nothing after as_of is read.

    least: chances below it are of no interest (their pairs are left out on both sides, by their rate).
    """
    weeks = _weeks(past.until(as_of), as_of, horizon_days, least, np.random.default_rng(seed))
    if sum(int(week.bought.sum()) for week in weeks) < LEAST_BOUGHT or len(weeks) < 2:
        return Chances((), 0.0, 1.0, ASSUMED, np.zeros((0, 4)), horizon_days, "rate-1")
    folds = [weeks[0::2], weeks[1::2]]
    boosters = tuple(_grow(fold, seed) for fold in folds)
    unseen = [(week, b) for fold, b in zip(folds, reversed(boosters), strict=True) for week in fold]
    scores = [booster.predict(week.pairs.matrix(SPEAK), raw_score=True) for week, booster in unseen]
    level, slope = _line(np.concatenate(scores), np.concatenate([week.bought for week, _ in unseen]))
    cells = [
        Cell(week.pairs.as_of, past.group[week.pairs.product], expit(level + slope * raw), week.bought)
        for (week, _), raw in zip(unseen, scores, strict=True)
    ]
    table = reliability(
        np.concatenate([cell.chance for cell in cells]), np.concatenate([cell.bought for cell in cells])
    )
    return Chances(boosters, level, slope, dispersion(cells, least), table, horizon_days, "hazard-trees-1")


def _weeks(
    past: History, as_of: int, horizon_days: int, least: float, rng: np.random.Generator
) -> list[_Week]:
    """Earlier cuts, newest first: what was known and what came; not every customer in a big shop."""
    first = int(past.day.min(initial=as_of))
    chosen = rng.permutation(past.customers)[:LEARN_CUSTOMERS]
    some = past.only(np.isin(past.customer, chosen))
    found = []
    for k in range(1, CUTS + 1):
        cut = as_of - k * horizon_days
        if cut - first < 2 * horizon_days:
            break
        pairs = candidates(some.until(cut), cut, rates_at(past.until(cut), cut), horizon_days, least)
        found.append(_Week(pairs, bought_within(some, pairs, horizon_days)))
    return found


def candidates(past: History, as_of: int, rates: Rates, horizon_days: int, least: float) -> Pairs:
    """The pairs that may reach a chance of least: half of it at the shrunk rate alone.

    On Complete Journey this drops 53% of the pairs and 0.3% of those that would have reached .02.
    """
    return pairs_at(past, as_of, rates, least_rate=least / 2.0 / horizon_days)


def _grow(weeks: list[_Week], seed: int) -> Any:
    import lightgbm as lgb  # noqa: PLC0415  heavy: only who learns pays for it

    rng = np.random.default_rng(seed)
    thin = min(1.0, MOST_NOT_BOUGHT / max(sum(int((~week.bought).sum()) for week in weeks), 1))
    seen = [np.flatnonzero(week.bought | (rng.random(len(week.bought)) < thin)) for week in weeks]
    matrix = np.vstack([week.pairs.matrix(SPEAK, rows) for week, rows in zip(weeks, seen, strict=True)])
    bought = np.concatenate([week.bought[rows] for week, rows in zip(weeks, seen, strict=True)])
    data = lgb.Dataset(matrix, bought, weight=np.where(bought, 1.0, 1.0 / thin))
    return lgb.train({**TREES, "seed": seed}, data, num_boost_round=ROUNDS)


def _line(score: Floats, bought: Bools) -> tuple[float, float]:
    """Level and slope of the logistic line from score to chance (Platt 1999), by maximum likelihood."""

    def loss(theta: Floats) -> tuple[float, Floats]:
        z = theta[0] + theta[1] * score
        off = expit(z) - bought
        return float(np.logaddexp(0.0, z).sum() - z[bought].sum()), np.array([off.sum(), off @ score])

    best = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B")
    return float(best.x[0]), float(best.x[1])


def reliability(chance: Floats, bought: Bools) -> Floats:
    """(bins, 4) lower edge, pairs, expected purchases, purchases by bin of the chance."""
    index = np.digitize(chance, BINS) - 1
    sums = [np.bincount(index, weights, len(BINS)) for weights in (None, chance, bought.astype(np.float64))]
    return np.column_stack([BINS, *sums])
