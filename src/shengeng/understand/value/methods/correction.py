"""What earlier cuts of the same shop teach about the counting model's errors.

BG/NBD lets a customer buy at a steady rate until a silent end. In shops some of the silent come back, and a
quick or slow last month tells more than the model allows. Here dropping out means slumber, buying on at a
share of the old rate; that share and the weight of recent days are measured on two cuts before the real one,
as simply as forecasts the second of them well. How good a season was says little about the next: the level of
the two cuts is thrown away. It is the model's own, halfway to what the course of the cohorts says (`course`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.value.methods import counting
from shengeng.understand.value.methods.counting import Counting, Histories
from shengeng.understand.value.methods.purchases import Known, PurchaseDays, between, known_at

# Cuts to learn from, as shares of the known span: outcomes of the first end where the second begins.
FOLDS = (0.4, 0.7)
# What may be added to slumber: the model's own rate (0), then purchase days in recent windows (days).
CANDIDATES: tuple[tuple[int, ...], ...] = ((), (0,), (0, 28), (0, 28, 84))
WORTH_IT = 0.0025  # a longer candidate must cut the validation error by this share
LEAST = 50  # customers and later purchases that a fold must have
LEAST_DAYS = 7
MOST = 50_000  # customers of a fold; five numbers need no more
_RIDGE = 10.0


class View(NamedTuple):
    """What is known and believed of customers at a cut, for a horizon of days."""

    model: Counting
    who: Ints
    rows: Histories
    horizon: int
    pace: Floats  # expected purchase days at the present rate, without an end
    if_alive: Floats  # expected purchase days given alive
    alive: Floats
    recent: dict[int, Floats]  # window in days -> purchase days in it


class Fold(NamedTuple):
    """An earlier cut: the view then, and the purchase days that followed within the horizon."""

    view: View
    actual: Floats


class Norm(NamedTuple):
    """What everybody together fixes: the mean log rate, and the factor that keeps the shop's pace.

    Kept, it lets a forecast speak of some customers as it would among all.
    """

    centre: float
    factor: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What to change: slumber is the share of the old rate at which those who dropped out buy on.

    weights: exponent of each recent window in days, 0 standing for the model's own rate. level: of all.
    """

    slumber: float = 0.0
    weights: tuple[tuple[int, float], ...] = ()
    level: float = 1.0

    @property
    def windows(self) -> tuple[int, ...]:
        """Which recent windows, in days, the correction reads."""
        return tuple(window for window, _ in self.weights if window)


def view_at(days: PurchaseDays, known: Known, cut: int, horizon: int, model: Counting) -> View:
    """What a fitted model says at a cut of the customers known then."""
    return View(
        model,
        known.who,
        known.histories,
        horizon,
        (model.r + known.histories.x) / (model.alpha + known.histories.age) * horizon,
        counting.expected_if_alive(model, known.histories, horizon),
        counting.p_alive(model, known.histories),
        {window: between(days, known.who, cut - window, cut) for window in CANDIDATES[-1] if window},
    )


def fold_at(days: PurchaseDays, cut: int, end: int) -> Fold | None:
    """The counting model fitted at an earlier cut and what came up to end; None where that is too little."""
    known = known_at(days, cut)
    if end - cut < LEAST_DAYS or len(known.who) < LEAST or known.histories.age.max() <= 0:
        return None
    model = counting.fit(known.histories, at_first=True)
    some = slice(None, None, -(-len(known.who) // MOST))
    known = Known(known.who[some], Histories(*(column[some] for column in known.histories)))
    actual = between(days, known.who, cut, end)
    if actual.sum() < LEAST:
        return None
    return Fold(view_at(days, known, cut, end - cut, model), actual)


def learn(days: PurchaseDays, first: int, cut: int, horizon: int) -> tuple[Correction, list[Fold]]:
    """The simplest correction whose error on the later fold is within WORTH_IT of the best, refitted on both.

    first, cut: the known span [first, cut). Nothing at or after the cut is read.
    """
    marks = [first + int((cut - first) * share) for share in FOLDS] + [cut]
    found = [fold_at(days, a, min(b, a + horizon)) for a, b in pairwise(marks)]
    folds = [fold for fold in found if fold is not None]
    if len(folds) < len(FOLDS):
        return Correction(), folds
    errors = [_error(folds[1], _fit(folds[:1], candidate)) for candidate in CANDIDATES]
    bar = min(errors) * (1 + WORTH_IT)
    chosen = next(c for c, error in zip(CANDIDATES, errors, strict=True) if error <= bar)
    return _fit(folds, chosen), folds


def levelled(correction: Correction, view: View, total: float) -> Correction:
    """The correction with the level at which the total is the geometric mean of its own and another one."""
    own = float(np.sum(expected(correction, view)))
    return replace(correction, level=float(np.sqrt(total / own))) if own > 0 and total > 0 else correction


def norm_of(correction: Correction, view: View) -> Norm:
    """The norm of everybody in a view; at level 1 the shop's pace at the cut stays as the model has it."""
    centre = _centre(view)
    rate = _tempo(correction, view, centre)
    waking = view.alive + correction.slumber * (1 - view.alive)
    before = float(np.sum(_mean(view, correction.slumber)))
    level = float(np.sum(view.pace * view.alive)) / max(float(np.sum(view.pace * waking)), 1e-12)
    now = max(float(np.sum(_mean(view, correction.slumber) * rate)), 1e-12)
    return Norm(centre, correction.level * level * before / now)


def rate_factor(correction: Correction, view: View, norm: Norm | None = None) -> Floats:
    """(customer,) factor on the rate. norm: of everybody, where the view holds some of them."""
    norm = norm or norm_of(correction, view)
    return _tempo(correction, view, norm.centre) * norm.factor


def _tempo(correction: Correction, view: View, centre: float) -> Floats:
    weights = np.array([weight for _, weight in correction.weights])
    windows = tuple(window for window, _ in correction.weights)
    # Not a product of matrices: its sums are taken in an order that depends on how many customers there are.
    tempo: Floats = np.exp(np.sum(_features(view, windows, centre) * weights, axis=1))
    return tempo


def expected(correction: Correction, view: View, norm: Norm | None = None) -> Floats:
    """(customer,) corrected expected purchase days within the view's horizon."""
    return _mean(view, correction.slumber) * rate_factor(correction, view, norm)


def _mean(view: View, slumber: float) -> Floats:
    """At full rate while alive, at a share of it from the end on."""
    return (1 - slumber) * view.alive * view.if_alive + slumber * view.pace


def _centre(view: View) -> float:
    """The customers' mean log rate, by their purchase days."""
    return float(np.average(_log_rate(view), weights=view.rows.x + 0.5))


def _log_rate(view: View) -> Floats:
    return np.log(np.maximum(view.if_alive, 1e-12))


def _features(view: View, windows: Sequence[int], centre: float) -> Floats:
    """(customer, window): the model's own log rate, or recent purchase days against what it expected then."""
    columns = []
    for window in windows:
        if window:
            wanted = view.if_alive / view.horizon * np.minimum(window, view.rows.age + 1)
            columns.append(np.log((view.recent[window] + 1) / (wanted + 1)))
        else:
            columns.append(_log_rate(view) - centre)
    return np.stack(columns, axis=1) if columns else np.zeros((len(view.alive), 0))


def _error(fold: Fold, correction: Correction) -> float:
    """Root mean squared error at the fold's actual total: who buys, not how good the season was."""
    guess = expected(correction, fold.view)
    guess = guess * (fold.actual.sum() / guess.sum())
    return float(np.sqrt(np.mean((guess - fold.actual) ** 2)))


def _fit(folds: Sequence[Fold], windows: Sequence[int]) -> Correction:
    """Ridge Poisson regression with a free level per fold."""
    size = len(windows)
    features = [_features(fold.view, windows, _centre(fold.view)) for fold in folds]

    def loss(theta: Floats) -> tuple[float, Floats]:
        slumber, weights, levels = theta[0], theta[1 : 1 + size], theta[1 + size :]
        value = 0.5 * _RIDGE * float(weights @ weights)
        slope = np.concatenate(([0.0], _RIDGE * weights, np.zeros(len(folds))))
        for i, ((view, actual), x) in enumerate(zip(folds, features, strict=True)):
            plain = np.maximum(_mean(view, slumber), 1e-9)
            mean = np.maximum(plain * np.exp(np.clip(levels[i] + x @ weights, -20, 20)), 1e-12)
            miss = mean - actual
            value += float(np.sum(mean - actual * np.log(mean)))
            slope[0] += np.sum(miss * (view.pace - view.alive * view.if_alive) / plain)
            slope[1 : 1 + size] += x.T @ miss
            slope[1 + size + i] = miss.sum()
        return value, slope

    start = np.concatenate(([0.05], np.zeros(size + len(folds))))
    bounds = [(0.0, 1.0)] + [(-3.0, 3.0)] * (size + len(folds))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Correction(float(found[0]), tuple(zip(windows, found[1 : 1 + size].tolist(), strict=True)))
