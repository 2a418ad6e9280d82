"""Which reminders are worth sending, and how many of the reminded would have bought anyway. Pure."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, ndtr, ndtri

from shengeng.kernel.units import HIGH, LOW, Floats, Interval, Ints

_Z = float(ndtri(HIGH))
# Above so many chances the sum's distribution is taken from its first three moments.
_EXACT_UP_TO = 400
_NODES = 15
_HERMITE = np.polynomial.hermite_e.hermegauss(_NODES)
# The line of complements before any purchase is seen: log-odds of what is in one of ten baskets and was never
# bought before, by a customer who comes every week; then per log of likelihood, of times bought and of the
# share of weeks. Rounded from Complete Journey before 2017-10-29; worth as little as its deviations say.
_LINE = np.array([-5.5, 0.7, 1.4, 0.4])
_LINE_SD = np.array([1.5, 0.5, 0.5, 0.5])
_MOST_STEPS = 25
# Purchases that the level of complements is drawn to 1 by, and the least relative spread of its weeks.
_DRAWN = 5.0
_LEAST_SHOCK = 0.1


def expected_gain(
    probability: Floats,
    margin_minor: Floats,
    *,
    response: float,
    cost_minor: float | Floats,
    fit: float | Floats = 1.0,
) -> Floats:
    """Margin that a reminder adds on average, less its cost: response x fit x (1 - p) x margin - cost.

    probability: chance of buying in the window unasked; margin_minor: margin of one such purchase; fit: how
    many times the stated response each has. (pair,)
    """
    moved = np.minimum(response * np.asarray(fit), 1.0) * (1.0 - probability)
    return np.asarray(moved * margin_minor - cost_minor, dtype=np.float64)


def unasked(p_alive: Floats, orders: Floats, horizon_days: Floats, days: int) -> Floats:
    """Chance of a purchase within some days: still a customer, and a first one at the expected rate.

    orders: expected purchase days within the horizon, of those alive and gone together. (customer,)
    """
    rate = orders / np.maximum(p_alive * horizon_days, 1e-9)
    return np.asarray(p_alive * -np.expm1(-rate * days), dtype=np.float64)


def habits(likelihood: Floats, times: Ints, share_of_weeks: Floats) -> Floats:
    """(pair, 4) what the line of complements speaks of: 1, and logs of three things."""
    return np.stack(
        [np.ones(len(times)), np.log(likelihood / 0.1), np.log1p(times), np.log(share_of_weeks)], axis=1
    )


def learn_line(signals: Floats, bought: Floats) -> Floats:
    """(4,) log-odds of a purchase in a week by each signal, drawn to _LINE where few purchases are seen.

    Logistic regression under a normal prior, by Newton's method. Source: Bishop, Pattern Recognition and
    Machine Learning, section 4.3.3.
    """
    line, precision = _LINE.copy(), np.diag(_LINE_SD**-2.0)
    for _ in range(_MOST_STEPS):
        chance = expit(signals @ line)
        slope = signals.T @ (bought - chance) - precision @ (line - _LINE)
        step = np.linalg.solve((signals.T * (chance * (1.0 - chance))) @ signals + precision, slope)
        line = line + step
        if np.abs(step).max() < 1e-6:
            break
    return line


def on_line(signals: Floats, line: Floats) -> Floats:
    """(pair,) the chance that the line gives."""
    return np.asarray(expit(signals @ line), dtype=np.float64)


def observed_scale(likely: Floats, bought: Floats, week: Ints) -> tuple[float, float]:
    """Purchases against what was likely, drawn to 1 by a few; and the spread of weeks around it, relative.

    likely, bought: (pair,); week: (pair,) which of the weeks. The spread holds the doubt of the scale
    too, and is never below _LEAST_SHOCK: a handful of quiet weeks says little of the next.
    """
    if not len(likely):
        return 1.0, _LEAST_SHOCK
    codes = np.unique(week, return_inverse=True)[1]
    expected, came = np.bincount(codes, likely), np.bincount(codes, bought)
    scale = float((came.sum() + _DRAWN) / (expected.sum() + _DRAWN))
    chance = np.maximum(scale * expected, 1e-9)
    excess = float(np.mean(((came - chance) ** 2 - chance) / chance**2))
    unsure = 1.0 / (came.sum() + _DRAWN)
    return scale, float(np.sqrt(max(excess, _LEAST_SHOCK**2) + unsure))


def choose(customer: Ints, gain: Floats, room: Ints, *, least: float = 0.0) -> Ints:
    """Positions of the reminders to send: gain above `least`, the best `room` of each customer.

    customer: (pair,) codes; room: (customer,) reminders that each may still get. Best gain first;
    equal gains keep their order.
    """
    order = np.lexsort((-gain, customer))
    sorted_customer = customer[order]
    start = np.r_[True, sorted_customer[1:] != sorted_customer[:-1]] if len(order) else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(start, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - first
    kept = order[(rank < room[sorted_customer]) & (gain[order] > least)]
    return np.asarray(kept[np.argsort(-gain[kept], kind="stable")], dtype=np.int64)


def gain_of_each(
    probability: Floats,
    margin_minor: Floats,
    *,
    response: tuple[float, float, float],
    cost_minor: float | Floats,
    fit: float | Floats = 1.0,
) -> Floats:
    """(pair, 3) expected gain at the low, middle and high response: luck of the single draw left out.

    One reminder either sells or does not; an interval of that would always read "costs a contact".
    """
    low, mid, high = (
        expected_gain(probability, margin_minor, response=r, cost_minor=cost_minor, fit=fit) for r in response
    )
    return np.stack([low, mid, high], axis=1)


def gain_of_sum(
    probability: Floats,
    margin_minor: Floats,
    *,
    response: tuple[float, float, float],
    cost_minor: float,
    fit: float | Floats = 1.0,
) -> Interval:
    """The 80% interval of what reminders gain together: luck of every draw, and the response's own range.

    The response is lognormal with its 80% between the outer two; given it, purchases are independent and
    their sum is normal (a Poisson-binomial weighted by margins).
    """
    low, mid, high = response
    each = expected_gain(probability, margin_minor, response=mid, cost_minor=cost_minor, fit=fit)
    mean = float(each.sum())
    if not len(probability) or mid <= 0.0:
        return Interval(mean, mean, mean)
    rates, weights = _lognormal(mid, np.log(high / low) / (2.0 * _Z))
    chance = np.minimum(rates[:, None] * fit, 1.0) * (1.0 - probability)
    means = chance @ margin_minor - cost_minor * len(probability)
    spreads = np.sqrt((chance * (1.0 - chance)) @ margin_minor**2)
    ends = [_mixed_quantile(q, means, spreads, weights) for q in (LOW, HIGH)]
    return Interval(min(ends[0], mean), mean, max(ends[1], mean))


def _lognormal(median: float, sigma: float) -> tuple[Floats, Floats]:
    """Nodes and weights of a lognormal distribution (Gauss-Hermite)."""
    nodes, weights = _HERMITE
    return median * np.exp(sigma * nodes), weights / weights.sum()


def _mixed_quantile(q: float, means: Floats, spreads: Floats, weights: Floats) -> float:
    """The quantile of a mixture of normals, by bisection."""
    reach = 8.0 * spreads + 1e-9
    low, high = float((means - reach).min()), float((means + reach).max())
    for _ in range(60):
        middle = (low + high) / 2.0
        below = float(weights @ ndtr((middle - means) / np.maximum(spreads, 1e-12)))
        low, high = (middle, high) if below < q else (low, middle)
    return high


def buyers(probability: Floats, shock: float = 0.0) -> Interval:
    """How many of these will buy unasked: sum of p, with its 80% interval.

    Poisson-binomial: exact by convolution up to 400 chances, by three moments above. shock: relative
    standard deviation of what moves all of them together (a lognormal factor on every chance).
    The ends stand between the counts: on whole buyers, groups of a few would hold 88% where 80% is said.
    Source: Ma, Genton & Parzen, Asymptotic properties of sample quantiles of discrete distributions,
    Annals of the Institute of Statistical Mathematics 63 (2011), mid-distribution quantiles.
    """
    mean = float(probability.sum())
    if not len(probability):
        return Interval(0.0, 0.0, 0.0)
    sigma = float(np.sqrt(np.log1p(shock**2)))
    factors, weights = _lognormal(float(np.exp(-(sigma**2) / 2.0)), sigma) if shock > 0 else _certain()
    chances = np.minimum(factors[:, None] * probability, 1.0)
    below = weights @ (_exact_cdf(chances) if len(probability) <= _EXACT_UP_TO else _moment_cdf(chances))
    middle = (below + np.r_[0.0, below[:-1]]) / 2.0
    low, high = np.interp([LOW, HIGH], middle, np.arange(len(below)))
    return Interval(min(float(low), mean), mean, max(float(high), mean))


def _certain() -> tuple[Floats, Floats]:
    return np.ones(1), np.ones(1)


def _exact_cdf(chances: Floats) -> Floats:
    """(node, k) P(at most k buy), by convolving one chance after the other. chances: (node, pair)."""
    nodes, count = chances.shape
    mass = np.zeros((nodes, count + 1))
    mass[:, 0] = 1.0
    for i in range(count):
        p = chances[:, i : i + 1]
        mass[:, 1 : i + 2] = mass[:, 1 : i + 2] * (1.0 - p) + mass[:, : i + 1] * p
        mass[:, :1] *= 1.0 - p
    return np.asarray(np.minimum(np.cumsum(mass, axis=1), 1.0))


def _moment_cdf(chances: Floats) -> Floats:
    """(node, k) P(at most k buy) by the refined normal approximation.

    Source: Hong, On computing the distribution function for the Poisson binomial distribution,
    Computational Statistics & Data Analysis 59 (2013), eq. 14.
    """
    mean = chances.sum(axis=1, keepdims=True)
    variance = (chances * (1.0 - chances)).sum(axis=1, keepdims=True)
    third = (chances * (1.0 - chances) * (1.0 - 2.0 * chances)).sum(axis=1, keepdims=True)
    spread = np.sqrt(np.maximum(variance, 1e-12))
    x = (np.arange(chances.shape[1] + 1) + 0.5 - mean) / spread
    density = np.exp(-(x**2) / 2.0) / np.sqrt(2.0 * np.pi)
    skewed = ndtr(x) + third / spread**3 * (1.0 - x**2) * density / 6.0
    return np.asarray(np.clip(skewed, 0.0, 1.0))


def fold_small(fine: list[str], coarse: list[str], *, least: int, rest: str) -> list[str]:
    """Group keys: the fine one where at least `least` share it, else the coarse one, else the rest."""
    once = _folded(fine, coarse, least)
    return _folded(once, [rest] * len(once), least)


def _folded(keys: list[str], instead: list[str], least: int) -> list[str]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return [key if counts[key] >= least else other for key, other in zip(keys, instead, strict=True)]
