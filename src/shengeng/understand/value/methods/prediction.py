"""The whole distribution of a customer's future purchase days and margin, not only its mean.

Given alive, purchases come at a Gamma rate and each may be the last with a Beta chance; the two are
independent a posteriori, so P(N >= k | alive) = P(NegBin >= k) E[(1-p)^(k-1)] in closed form. Those in
slumber buy on at a share of their rate. A shop's customers also change their pace: `spread` is the variance
of that change over the horizon, measured on an earlier cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betainc, betaln

from shengeng.kernel.units import HIGH, LOW, Floats
from shengeng.understand.value.methods.correction import Correction, Fold, Norm, View, rate_factor
from shengeng.understand.value.methods.spend import Spend

LEAST_SPREAD = 0.01
DRAWS = 256
CHUNK = 4_096  # customers whose draws are held at once: 8 MB
_MOST_ORDERS = 2**14


class Outlook(NamedTuple):
    """(customer,) parameters of the future: P(alive), Gamma shape, mean purchases, Beta chances of an end."""

    alive: Floats
    shape: Floats
    pace: Floats  # without an end
    slow: Floats  # the same for those in slumber
    a: float
    b: Floats


def outlook(view: View, fix: Correction, spread: float, norm: Norm | None = None) -> Outlook:
    """The model's posterior, corrected, its relative variance widened by spread; norm as in `rate_factor`.

    Slumber after an end within the horizon is added to the pace, so that the means agree.
    """
    shape = view.model.r + view.rows.x
    rate = rate_factor(fix, view, norm)
    wider = (1 + 1 / shape) * (1 + spread) - 1
    after = 1 + fix.slumber * np.maximum(view.pace / np.maximum(view.if_alive, 1e-12) - 1, 0.0)
    ends = view.model.b + view.rows.x + view.model.at_first
    return Outlook(
        view.alive, 1 / wider, view.pace * rate * after, view.pace * rate * fix.slumber, view.model.a, ends
    )


def at_least(future: Outlook, k: Floats) -> Floats:
    """(customer,) probability of k or more purchase days within the horizon, k >= 1."""
    stays = np.exp(betaln(future.a, future.b + k - 1) - betaln(future.a, future.b))
    awake = betainc(k, future.shape, future.pace / (future.pace + future.shape)) * stays
    asleep = betainc(k, future.shape, future.slow / (future.slow + future.shape))
    return np.asarray(future.alive * awake + (1 - future.alive) * asleep, dtype=np.float64)


def quantile(future: Outlook, level: float) -> Floats:
    """(customer,) smallest n with P(N <= n) >= level, by bisection."""
    low, high = np.zeros(len(future.alive)), np.full(len(future.alive), float(_MOST_ORDERS))
    while np.any(low < high):
        middle = np.floor((low + high) / 2)
        enough = at_least(future, middle + 1) <= 1 - level
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle + 1)
    return low


def log_score(future: Outlook, actual: Floats) -> float:
    """Mean log-probability of the purchase days that came."""
    above = np.where(actual > 0, at_least(future, np.maximum(actual, 1)), 1.0)
    return float(np.mean(np.log(np.maximum(above - at_least(future, actual + 1), 1e-12))))


def fit_spread(fold: Fold, fix: Correction) -> float:
    """The spread, from LEAST_SPREAD to 4, under which what followed an earlier cut was most probable."""

    def loss(log_spread: float) -> float:
        return -log_score(outlook(fold.view, fix, float(np.exp(log_spread))), fold.actual)

    bounds = (np.log(LEAST_SPREAD), np.log(4.0))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 0.05})
    return float(np.exp(found.x))


def spend_quantiles(
    future: Outlook, spend: Spend, count: Floats, mean: Floats, *, seeds: Sequence[int]
) -> tuple[Floats, Floats]:
    """(customer,) 10% and 90% points of total spend over the horizon, by DRAWS draws of the whole story.

    count, mean: each customer's orders so far and their mean spend; count may be 0. seeds: (customer,) of the
    draws, so that what is said of one rests on nobody else.
    """
    if not len(future.alive):
        return np.zeros(0), np.zeros(0)
    shape, rate = spend.q + spend.p * count, spend.v + count * mean
    columns = (future.alive, future.shape, future.pace, future.slow, future.b, shape, rate)
    each = zip(seeds, *(column.tolist() for column in columns), strict=True)
    parts = []
    while some := list(islice(each, CHUNK)):
        draws = [_spend_draws(one, future.a, spend.p, np.random.default_rng(seed)) for seed, *one in some]
        parts.append(np.quantile(np.stack(draws), (LOW, HIGH), axis=1))
    low, high = np.concatenate(parts, axis=1)
    return low, high


def _spend_draws(one: Sequence[float], a: float, p: float, rng: np.random.Generator) -> Floats:
    """(draw,) total spend of one customer: alive, shape, pace, slow, b, and the Gamma of their spend."""
    alive, shape, pace, slow, b, spend_shape, spend_rate = one
    awake = rng.random(DRAWS) < alive
    tempo = np.where(awake, pace, slow)
    orders = rng.poisson(tempo * rng.standard_gamma(shape, DRAWS) / shape)
    leaving = np.clip(rng.beta(a, b, DRAWS), 1e-12, 1 - 1e-12)
    last = np.maximum(np.ceil(np.log1p(-rng.random(DRAWS)) / np.log1p(-leaving)), 1)
    orders = np.where(awake, np.minimum(orders, last), orders)
    nu = rng.standard_gamma(spend_shape, DRAWS) / spend_rate
    return np.where(orders > 0, rng.standard_gamma(np.maximum(p * orders, 1e-9)), 0.0) / nu
