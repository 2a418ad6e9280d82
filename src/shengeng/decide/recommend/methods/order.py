"""Which candidates the next basket holds: trees, the line to log-odds, what each score is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from shengeng.kernel.units import Bools, Floats, Ints

Matrix = NDArray[np.float32]
LEAST_BOUGHT = 500  # bought candidates below which trees are not asked
ROUNDS = 150
TREES: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.09,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "max_bin": 127,
    "num_threads": 1,  # waiting threads burn a shared core
    "deterministic": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True)
class Example:
    """Candidates at an earlier day, whether the next basket held them, the chance that a row was kept."""

    signals: Matrix
    bought: Bools
    weight: Floats


@dataclass(frozen=True, slots=True)
class Order:
    """A learnt order: log-odds of standing in the next basket = level + slope x the trees' raw score."""

    booster: Any
    level: float
    slope: float

    def score(self, signals: Matrix) -> Floats:
        """Calibrated log-odds of each candidate."""
        raw = self.booster.predict(signals, raw_score=True, num_threads=1)
        return np.asarray(self.level + self.slope * raw)

    def parts(self, signals: Matrix, groups: Ints, count: int) -> Floats:
        """(candidates, count + 1) what each group of signals adds to the score, and the base in the last.

        groups: (signals,) group of each signal. Shapley values of the trees (Lundberg et al., From Local
        Explanations to Global Understanding with Explainable AI for Trees, 2020), which sum to the score.
        """
        each = np.asarray(self.booster.predict(signals, pred_contrib=True, num_threads=1)).reshape(
            len(signals), -1
        )
        told = np.zeros((len(signals), count + 1))
        for signal, group in enumerate(groups):
            told[:, group] += self.slope * each[:, signal]
        told[:, count] = self.level + self.slope * each[:, -1]
        return told


def learn(examples: Sequence[Example], seed: int) -> Order | None:
    """Trees of all examples but the first (the newest) set the line on that one; then all are learnt from.

    The newest week says most of the next one (a season, a new product), so the order must know it, and the
    line must come from a week that its trees have not seen. None where too little was bought to learn from.
    """
    if len(examples) < 2 or sum(int(e.bought.sum()) for e in examples[1:]) < LEAST_BOUGHT:
        return None
    newest, seen = examples[0], examples[1:]
    raw = np.asarray(_grow(seen, seed).predict(newest.signals, raw_score=True, num_threads=1))
    level, slope = line(raw, newest.bought, newest.weight)
    return Order(_grow(examples, seed), level, slope)


def _grow(examples: Sequence[Example], seed: int) -> Any:
    import lightgbm as lgb  # noqa: PLC0415  heavy: only who learns pays for it

    data = lgb.Dataset(np.vstack([e.signals for e in examples]), np.concatenate([e.bought for e in examples]))
    return lgb.train({**TREES, "seed": seed}, data, num_boost_round=ROUNDS)


def from_text(text: str, level: float, slope: float) -> Order:
    """A stored order."""
    import lightgbm as lgb  # noqa: PLC0415  as above

    return Order(lgb.Booster(model_str=text), level, slope)


def line(score: Floats, bought: Bools, weight: Floats) -> tuple[float, float]:
    """Level and slope of the logistic line from score to chance (Platt 1999), by maximum likelihood."""

    def loss(theta: Floats) -> tuple[float, Floats]:
        z = theta[0] + theta[1] * score
        off = weight * (expit(z) - bought)
        total = float(weight @ np.logaddexp(0.0, z) - weight[bought] @ z[bought])
        return total / len(score), np.array([off.sum(), off @ score]) / len(score)

    best = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B")
    return float(best.x[0]), float(max(best.x[1], 1e-6))


def first(customer: Ints, score: Floats, keep: Bools, most: int) -> Ints:
    """Rows with the `most` highest scores of each customer among those kept; by customer, best first."""
    rows = np.flatnonzero(keep)
    rows = rows[np.lexsort((-score[rows], customer[rows]))]
    who = customer[rows]
    place = np.arange(len(rows)) - np.searchsorted(who, who, side="left")
    return rows[place < most].astype(np.int64)
