"""Pareto/NBD: customers buy at a steady rate and may leave at any moment, fitted by maximum likelihood.

Schmittlein, Morrison & Colombo (1987), Management Science 33(1); the likelihood as an integral over the
moment of leaving: Fader & Hardie (2005), "A note on deriving the Pareto/NBD model". Quadrature is finite
where the usual difference of two hypergeometric functions is not (x above 100).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln

from shengeng.kernel.units import Floats
from shengeng.understand.value.methods.counting import Histories, distinct

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_BOUND = 12.0
_POWER = 3.0  # w = z**3 takes the end at w = 0 out of the integrand


@dataclass(frozen=True, slots=True)
class Pareto:
    """A fitted Pareto/NBD. Purchase rates are Gamma(r, alpha), rates of leaving Gamma(s, beta)."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = float("nan")


def fit(histories: Histories) -> Pareto:
    """Maximum likelihood with an analytic gradient over distinct histories. Needs one with T > 0."""
    rows, weight = distinct(histories)
    assert len(rows.x)
    assert rows.age.max() > 0
    scale = float(np.average(rows.age, weights=weight))
    scaled = Histories(rows.x, rows.t_x / scale, rows.age / scale)
    size = weight.sum()

    def loss(theta: Floats) -> tuple[float, Floats]:
        value, gradient = _log_likelihood(theta, scaled, weight)
        return -value / size, -gradient / size

    found = minimize(
        loss,
        np.array([-0.5, -0.5, -0.5, 0.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_BOUND, _BOUND)] * 4,
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
    )
    value, _ = _log_likelihood(found.x, scaled, weight)
    r, alpha, s, beta = (float(p) for p in np.exp(found.x))
    plain = value - float(np.sum(weight * rows.x)) * np.log(scale)
    return Pareto(r, alpha * scale, s, beta * scale, float(plain))


def p_alive(model: Pareto, histories: Histories) -> Floats:
    """(customer,) probability of not having left at the cut."""
    return np.asarray(expit(-_log_odds(np.log(_parameters(model)), histories)[0]), dtype=np.float64)


def expected(model: Pareto, histories: Histories, horizon: float) -> Floats:
    """(customer,) expected purchases within the horizon after the cut."""
    x, _, age = histories
    rest = np.log1p(horizon / (model.beta + age))
    eps = model.s - 1
    # (1 - (1 + h / (beta + T)) ** (1 - s)) / (s - 1), which is a logarithm at s = 1
    stay = -np.expm1(-eps * rest) / eps if eps else rest
    return p_alive(model, histories) * (model.r + x) * (model.beta + age) / (model.alpha + age) * stay


def log_likelihood(model: Pareto, histories: Histories) -> float:
    """Log-likelihood of the histories under a model, in the model's time unit."""
    rows, weight = distinct(histories)
    return _log_likelihood(np.log(_parameters(model)), rows, weight)[0]


def _parameters(model: Pareto) -> Floats:
    return np.array([model.r, model.alpha, model.s, model.beta])


def _log_odds(theta: Floats, rows: Histories) -> tuple[Floats, Floats]:
    """(customer,) log odds of having left against being there, and (4, customer) slopes in theta's logs.

    The odds are s (alpha + T)^(r + x) (beta + T)^s times the integral over the moment of leaving y of
    (alpha + y)^-(r + x) (beta + y)^-(s + 1) from t_x to T; w = ((alpha + t_x) / (alpha + y))^(r + x) makes
    the integrand flat for frequent buyers.
    """
    r, alpha, s, beta = np.exp(theta)
    x, t_x, age = (column[:, None] for column in rows)
    k = r + x
    log_span = np.log(alpha + age) - np.log(alpha + t_x)
    low = np.exp(-k * log_span / _POWER)
    z = low + (1 - low) * (_NODES + 1) / 2
    reach = (alpha + t_x) * z ** (-_POWER / k)  # alpha + y
    left = reach - alpha + beta
    with np.errstate(divide="ignore"):
        log_term = (
            np.log((1 - low) * _WEIGHTS / 2 * _POWER)
            + (_POWER - 1) * np.log(z)
            + np.log(reach)
            - (s + 1) * np.log(left)
        )
    top = np.max(log_term, axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    term = np.exp(log_term - top)
    whole = term.sum(axis=1)
    with np.errstate(divide="ignore"):
        odds = np.log(whole) + top[:, 0] - np.log(k[:, 0])
    odds = odds + theta[2] + (k * log_span)[:, 0] + s * np.log(beta + rows.age)
    share = term / np.where(whole > 0, whole, 1.0)[:, None]
    slopes = np.stack(
        [
            r * (np.log(alpha + rows.age) - np.sum(share * np.log(reach), axis=1)),
            alpha * (k[:, 0] / (alpha + rows.age) - np.sum(share * k / reach, axis=1)),
            1 + s * (np.log(beta + rows.age) - np.sum(share * np.log(left), axis=1)),
            beta * (s / (beta + rows.age) - (s + 1) * np.sum(share / left, axis=1)),
        ]
    )
    return odds, slopes


def _log_likelihood(theta: Floats, rows: Histories, weight: Floats) -> tuple[float, Floats]:
    """Weighted sum and its gradient in the logarithms of (r, alpha, s, beta)."""
    r, alpha, s, beta = np.exp(theta)
    x, _, age = rows
    odds, odds_slopes = _log_odds(theta, rows)
    staying = (
        gammaln(r + x)
        - gammaln(r)
        + r * theta[1]
        - (r + x) * np.log(alpha + age)
        + s * (theta[3] - np.log(beta + age))
    )
    slopes = np.stack(
        [
            r * (digamma(r + x) - digamma(r) + theta[1] - np.log(alpha + age)),
            r - alpha * (r + x) / (alpha + age),
            s * (theta[3] - np.log(beta + age)),
            s - beta * s / (beta + age),
        ]
    )
    gone = expit(odds)
    gradient = (slopes + gone * odds_slopes) @ weight
    return float(weight @ (staying + np.logaddexp(0, odds))), gradient
