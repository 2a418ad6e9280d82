"""A cohort's course: purchases per customer and day of age, without a word about single customers.

BG/NBD lets every shop fade to nothing; real cohorts fall quickly and then hold a floor. A curve by age
says so, and errs the other way: it lets nobody leave after the fall. Their geometric mean is the level of the
forecast. Combining forecasts of opposite bias with equal weights: Bates & Granger (1969), Operational
Research Quarterly 20(4); Clemen (1989), International Journal of Forecasting 5(4).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.value.methods.purchases import PurchaseDays

COHORT_DAYS = 28
# Repeat purchases that a cohort needs before its own level speaks louder than everybody's.
COHORT_WEIGHT = 50.0
LEAST = 200  # repeat purchases
_BOUNDS = ((-12.0, 2.0), (0.0, 9.0), (-4.0, 2.5), (-6.0, 3.0))
_STARTS = ((-4.0, 3.0, -1.0, -2.0), (-4.0, 5.0, 1.0, -1.0))


class Seen(NamedTuple):
    """Of everybody known at a cut: first day by customer, repeats and customer-days by age in days."""

    first: Ints
    cohort_repeats: Floats  # by COHORT_DAYS since the first day
    repeats: Floats
    exposed: Floats


def seen(days: PurchaseDays, first: int, cut: int) -> Seen:
    """What the purchase days in [first, cut) say by age and cohort; first: a day no purchase lies before."""
    before = days.day < cut
    customer, day = days.customer[before], days.day[before]
    opening = np.diff(customer, prepend=-1) != 0
    began = day[opening]
    since = began[np.cumsum(opening) - 1]
    span = cut - first
    cohorts = span // COHORT_DAYS + 1
    ages = np.bincount(cut - 1 - began, minlength=span)
    return Seen(
        began,
        np.bincount((since - first)[~opening] // COHORT_DAYS, minlength=cohorts).astype(np.float64),
        np.bincount((day - since)[~opening], minlength=span).astype(np.float64),
        np.cumsum(ages[::-1])[::-1].astype(np.float64),
    )


def rate(theta: Floats, age: Floats) -> Floats:
    """(age,) purchases a day: exp(t0) ((1 + age / exp(t1)) ** -exp(t2) + exp(t3))."""
    return np.asarray(np.exp(theta[0]) * (_fall(theta, age) + np.exp(theta[3])), dtype=np.float64)


def _fall(theta: Floats, age: Floats) -> Floats:
    return np.asarray(np.exp(-np.exp(theta[2]) * np.log1p(age / np.exp(theta[1]))), dtype=np.float64)


def fit(found: Seen) -> Floats:
    """Poisson maximum likelihood of the four parameters of `rate`, the better of two starts."""
    size = len(found.repeats)
    age = np.arange(1, size, dtype=np.float64)
    repeats, exposed = found.repeats[1:], found.exposed[1:size]

    def loss(theta: Floats) -> tuple[float, Floats]:
        fall, power, reach = _fall(theta, age), np.exp(theta[2]), np.exp(theta[1])
        mean = np.maximum(rate(theta, age), 1e-300)
        miss = (exposed - repeats / mean) * np.exp(theta[0])
        slopes = (
            mean / np.exp(theta[0]),
            fall * power * age / (reach + age),
            -fall * power * np.log1p(age / reach),
            np.full(len(age), np.exp(theta[3])),
        )
        value = float(exposed @ mean - repeats @ np.log(mean))
        return value / total, np.array([float(miss @ slope) for slope in slopes]) / total

    total = max(float(repeats.sum()), 1.0)
    tries = [minimize(loss, start, jac=True, method="L-BFGS-B", bounds=_BOUNDS) for start in _STARTS]
    return np.asarray(min(tries, key=lambda found: float(found.fun)).x, dtype=np.float64)


def total_ahead(days: PurchaseDays, first: int, cut: int, horizon: int) -> float | None:
    """Purchase days that everybody known at the cut makes within the horizon, as cohorts go on.

    None where fewer than LEAST repeat purchases are known. Nothing at or after the cut is read.
    """
    found = seen(days, first, cut)
    if found.repeats[1:].sum() < LEAST:
        return None
    by_age = rate(fit(found), np.arange(cut - first + horizon, dtype=np.float64))
    so_far = np.concatenate(([0.0], np.cumsum(by_age[1:])))
    age = cut - 1 - found.first
    cohort = (found.first - first) // COHORT_DAYS
    believed = np.bincount(cohort, so_far[age], minlength=len(found.cohort_repeats))
    level = (found.cohort_repeats + COHORT_WEIGHT) / (believed + COHORT_WEIGHT)
    return float(np.sum((so_far[age + horizon] - so_far[age]) * level[cohort]))
