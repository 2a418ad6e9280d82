"""BG/NBD: how often a customer buys until dropping out, fitted by maximum likelihood.

Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2); the variant in
which a customer may also drop out right after the first purchase is Batislam, Denizel & Filiztekin (2007).
Both are one formula in k, the number of occasions to drop out: k = x, or x + 1 in the variant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln

from shengeng.kernel.units import Floats, Ints

# A weak prior that only speaks where the data does not: logarithms of the four shape parameters, (mean, sd).
# Without it Complete Journey, where hardly anybody leaves, runs off to b = 118.
PRIOR = ((0.0, 2.0), (0.0, 2.0), (-0.7, 1.5), (0.7, 1.5))
_BOUND = 12.0  # of a logarithm: e^12 = 160,000 is beyond any shape a shop can tell from infinity


class Histories(NamedTuple):
    """(customer,) arrays in one time unit: x repeat purchase days, t_x age at the last, T age at the cut."""

    x: Floats
    t_x: Floats
    age: Floats


@dataclass(frozen=True, slots=True)
class Counting:
    """A fitted BG/NBD. Rates are Gamma(r, alpha), drop-out chances Beta(a, b); time unit as in the fit.

    at_first: a customer may drop out right after the first purchase too. log_likelihood: of the data alone.
    """

    r: float
    alpha: float
    a: float
    b: float
    at_first: bool = False
    log_likelihood: float = float("nan")
    converged: bool = True


def fit(histories: Histories, *, at_first: bool = False, prior: bool = True) -> Counting:
    """Maximum (penalised) likelihood with an analytic gradient over distinct histories.

    prior=False is the textbook estimate that reference libraries give. Needs at least one history with T > 0.
    """
    rows, weight = distinct(histories)
    assert len(rows.x)
    assert rows.age.max() > 0
    scale = float(np.average(rows.age, weights=weight))
    scaled = Histories(rows.x, rows.t_x / scale, rows.age / scale)
    size = weight.sum()

    def loss(theta: Floats) -> tuple[float, Floats]:
        value, gradient = _log_likelihood(theta, scaled, weight, at_first)
        if prior:
            value, gradient = _with_prior(theta, value, gradient)
        return -value / size, -gradient / size

    found = minimize(
        loss,
        np.array([-0.5, -0.5, -0.5, 0.5]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_BOUND, _BOUND)] * 4,
        options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-8},
    )
    value, _ = _log_likelihood(found.x, scaled, weight, at_first)
    r, alpha, a, b = (float(p) for p in np.exp(found.x))
    # The density of a purchase time carries one 1/scale per repeat purchase.
    plain = value - float(np.sum(weight * rows.x)) * np.log(scale)
    return Counting(r, alpha * scale, a, b, at_first, float(plain), bool(found.success))


def distinct(histories: Histories) -> tuple[Histories, Floats]:
    """Equal histories once, with how many customers share them: fewer terms in every likelihood."""
    order = np.lexsort((histories.t_x, histories.age, histories.x))
    x, t_x, age = (np.asarray(column, dtype=np.float64)[order] for column in histories)
    if not len(x):
        return Histories(x, t_x, age), np.zeros(0)
    new = np.ones(len(x), dtype=bool)
    new[1:] = (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(age) != 0)
    starts = np.flatnonzero(new)
    weight = np.diff(np.append(starts, len(x))).astype(np.float64)
    return Histories(x[starts], t_x[starts], age[starts]), weight


def log_likelihood(model: Counting, histories: Histories) -> float:
    """Log-likelihood of the histories under a model, in the model's time unit."""
    theta = np.log([model.r, model.alpha, model.a, model.b])
    rows, weight = distinct(histories)
    return _log_likelihood(theta, rows, weight, model.at_first)[0]


def _log_likelihood(theta: Floats, rows: Histories, weight: Floats, at_first: bool) -> tuple[float, Floats]:
    """Weighted sum and its gradient in the logarithms of (r, alpha, a, b)."""
    r, alpha, a, b = np.exp(theta)
    x, t_x, age = rows
    k = x + at_first
    log_age, log_last = np.log(alpha + age), np.log(alpha + t_x)
    # odds of having dropped out at the last purchase against being alive (A4 over A3 of the paper)
    fallen = b + np.maximum(k, 1) - 1
    odds = np.where(k > 0, np.log(a) - np.log(fallen) + (r + x) * (log_age - log_last), -np.inf)
    gone = expit(odds)
    head = gammaln(r + x) - gammaln(r) + r * theta[1] + betaln(a, b + k) - betaln(a, b)
    value = np.sum(weight * (head - (r + x) * log_age + np.logaddexp(0, odds)))
    d_r = digamma(r + x) - digamma(r) + theta[1] - log_age + gone * (log_age - log_last)
    d_alpha = r / alpha - (r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + t_x))
    shared = digamma(a + b) - digamma(a + b + k)
    d_a = shared + gone / a
    d_b = shared + digamma(b + k) - digamma(b) - gone / fallen
    gradient = np.array([np.sum(weight * d) for d in (d_r, d_alpha, d_a, d_b)])
    return float(value), gradient * np.exp(theta)


def _with_prior(theta: Floats, value: float, gradient: Floats) -> tuple[float, Floats]:
    mean, sd = np.array(PRIOR).T
    pull = (theta - mean) / sd
    return value - 0.5 * float(pull @ pull), gradient - pull / sd


def p_alive(model: Counting, histories: Histories) -> Floats:
    """(customer,) probability that the customer has not dropped out at the cut.

    Fader & Hardie (2008), "Computing P(alive) using the BG/NBD model"; 1 where nothing was repeated, unless
    the model lets a customer drop out at the first purchase.
    """
    x, t_x, age = histories
    k = x + model.at_first
    log_odds = (
        np.log(model.a)
        - np.log(model.b + np.maximum(k, 1) - 1)
        + (model.r + x) * (np.log(model.alpha + age) - np.log(model.alpha + t_x))
    )
    return np.where(k > 0, expit(-log_odds), 1.0)


def expected_if_alive(model: Counting, histories: Histories, horizon: float) -> Floats:
    """(customer,) expected purchases within the horizon, given alive at the cut. Equation 10 of the paper.

    Euler's transformation turns its 2F1(r+x, b+x; a+b+x-1; z), which overflows for frequent buyers, into
    (1-z)^(1-a) times a series whose terms fall; the factor a-1 is taken out so that a = 1 is no special case.
    """
    x, _, age = histories
    eps = model.a - 1
    top = eps + model.b - model.r + model.at_first
    low = eps + model.b + x + model.at_first
    low = np.where(np.abs(low) < 1e-9, 1e-9, low)
    z = horizon / (model.alpha + age + horizon)
    log_rest = np.log1p(-z)
    power = np.expm1(eps * log_rest) / eps if eps else log_rest
    return np.maximum(-low * (power + np.exp(eps * log_rest) * _tail(eps, top, low, z)), 0.0)


def _tail(eps: float, top: float, low: Floats, z: Floats) -> Floats:
    """(customer,) (2F1(eps, top; low; z) - 1) / eps, by its power series."""
    term = top / low * z
    total = term.copy()
    for n in range(1, 100_000):
        term = term * ((eps + n) * (top + n) / ((low + n) * (n + 1)) * z)
        more = total + term
        if np.array_equal(more, total):  # nobody's sum moves any more, whoever else was waited for
            break
        total = more
    return total


def expected(model: Counting, histories: Histories, horizon: float) -> Floats:
    """(customer,) expected purchases within the horizon after the cut."""
    return p_alive(model, histories) * expected_if_alive(model, histories, horizon)


def histories(x: Ints | Floats, t_x: Ints | Floats, age: Ints | Floats) -> Histories:
    """Checked histories: 0 <= t_x <= T, t_x = 0 exactly where nothing was repeated."""
    rows = Histories(*(np.asarray(column, dtype=np.float64) for column in (x, t_x, age)))
    assert len(rows.x) == len(rows.t_x) == len(rows.age)
    assert bool(np.all((rows.t_x >= 0) & (rows.t_x <= rows.age) & (rows.x >= 0)))
    assert bool(np.all((rows.x > 0) | (rows.t_x == 0)))
    return rows
