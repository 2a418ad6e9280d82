"""Acquisition cost, payback curves and repurchase as arithmetic on arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shengeng.kernel.units import Floats, Interval, Ints

Z80 = 1.2815515655446004  # of a normal: 80% lie within so many standard deviations


class Curve(NamedTuple):
    """(period,) mean cumulative margin a customer with its standard error, over n customers old enough."""

    mean: Floats
    error: Floats
    n: Ints


def curve(margin: Floats, known_periods: Ints, *, together: bool) -> Curve:
    """A payback curve as far as it was observed.

    margin: (customer, period) in each period since the first order; known_periods: (customer,) how many of
    them are over. together: stop where the youngest of the cohort stops, so that every point is of the same
    customers. Else each period's mean is of those who are old enough for it and the curve adds the means up,
    so that it does not jump where the young fall out (Lin et al. 1997, Biometrics 53, for censored costs).
    """
    periods = int(known_periods.min() if together else known_periods.max()) if len(known_periods) else 0
    old = np.arange(periods) < known_periods[:, None]
    n = old.sum(axis=0)
    mean = np.where(old, margin[:, :periods], 0).sum(axis=0) / np.maximum(n, 1)
    pull = np.cumsum(np.where(old, margin[:, :periods] - mean, 0) / np.maximum(n, 1), axis=1)
    error = np.sqrt((pull**2).sum(axis=0) * n / np.maximum(n - 1, 1))
    return Curve(np.cumsum(mean), error, n.astype(np.int64))


def interval(mean: float, error: float) -> Interval:
    """A normal 80% interval."""
    return Interval(mean - Z80 * error, mean, mean + Z80 * error)


def crossing(values: Floats, cost: float) -> int | None:
    """The first place at which a curve reaches a cost."""
    reached = np.flatnonzero(values >= cost)
    return int(reached[0]) if len(reached) else None


def share(hits: int, n: int) -> Interval:
    """A share with its 80% interval (Wilson 1927), which stays within 0 and 1 for small n."""
    assert n > 0
    p, z2 = hits / n, Z80**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z80 / (1 + z2 / n) * float(np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)))
    return Interval(max(0.0, min(centre - half, p)), p, min(1.0, max(centre + half, p)))


def summed(low: Floats, mid: Floats, high: Floats) -> Interval:
    """The sum of customers who vary on their own, from their 80% intervals; narrow when there are many."""
    error = float(np.sqrt((((high - low) / (2 * Z80)) ** 2).sum()))
    return interval(float(mid.sum()), error)


def kept(margin: Floats, alive: Floats) -> Floats:
    """(customer,) margin more if somebody who may be gone were sure to stay."""
    return margin / np.maximum(alive, 0.05) - margin
