"""Gamma-Gamma: what a customer spends per purchase day, fitted by maximum likelihood.

Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", brucehardie.com/notes/025.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from shengeng.kernel.units import Floats

# A weak prior on the logarithms of (p, q, v / mean): q near 1 or below would mean an infinite average spend.
PRIOR = ((1.0, 1.5), (1.1, 0.8), (0.5, 2.0))
_BOUND = 12.0


@dataclass(frozen=True, slots=True)
class Spend:
    """A fitted Gamma-Gamma: an order is Gamma(p, nu), and nu is Gamma(q, v) over customers."""

    p: float
    q: float
    v: float
    log_likelihood: float = float("nan")
    converged: bool = True


def fit(count: Floats, mean: Floats, *, prior: bool = True) -> Spend:
    """Maximum (penalised) likelihood from each customer's count of orders and mean spend, both above 0."""
    assert len(count) == len(mean) > 0
    assert bool(np.all((count > 0) & (mean > 0)))
    scale = float(np.mean(mean))
    scaled = mean / scale

    def loss(theta: Floats) -> tuple[float, Floats]:
        value, gradient = _log_likelihood(theta, count, scaled)
        if prior:
            centre, sd = np.array(PRIOR).T
            pull = (theta - centre) / sd
            value, gradient = value - 0.5 * float(pull @ pull), gradient - pull / sd
        return -value / len(count), -gradient / len(count)

    found = minimize(
        loss,
        np.array([1.0, 1.1, 0.5]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_BOUND, _BOUND)] * 3,
        options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-8},
    )
    value, _ = _log_likelihood(found.x, count, scaled)
    p, q, v = (float(number) for number in np.exp(found.x))
    return Spend(p, q, v * scale, value - len(count) * float(np.log(scale)), bool(found.success))


def _log_likelihood(theta: Floats, count: Floats, mean: Floats) -> tuple[float, Floats]:
    """Sum over customers and its gradient in the logarithms of (p, q, v). Equation 1a of the note."""
    p, q, v = np.exp(theta)
    shape, total = p * count, count * mean
    log_sum = np.log(total + v)
    value = np.sum(
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + q * theta[2]
        + (shape - 1) * np.log(mean)
        + shape * np.log(count)
        - (shape + q) * log_sum
    )
    both = digamma(shape + q)
    d_p = np.sum(count * (both - digamma(shape) + np.log(total) - log_sum))
    d_q = np.sum(both - digamma(q) + theta[2] - log_sum)
    d_v = np.sum(q / v - (shape + q) / (total + v))
    return float(value), np.array([d_p, d_q, d_v]) * np.array([p, q, v])


def expected(model: Spend, count: Floats, mean: Floats) -> Floats:
    """(customer,) expected spend of one future order; the mean of all customers where count is 0.

    Equation 5 of the note; count may be 0 only when q > 1.
    """
    weight = np.maximum(model.p * count + model.q - 1, 1e-9)
    return model.p * (model.v + count * mean) / weight
