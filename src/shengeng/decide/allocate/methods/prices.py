"""Shadow prices: what one more unit of each limit would bring.

The Lagrangian dual of a multiple-choice knapsack has one price a limit, however many customers there are.
Each customer's best option is smoothed to a logit of some temperature, so that the dual has two derivatives;
Newton steps on a falling temperature end at its kink. Source of the smoothing: Nesterov (2005), Smooth
minimization of non-smooth functions, Mathematical Programming 103; the hull of efficient options that prices
walk along: Sinha & Zoltners (1979), The multiple-choice knapsack problem, Operations Research 27(3).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from shengeng.kernel.units import Floats, Ints

# Temperatures as shares of the mean value of an option; the last ones are walked with everybody.
_COOLING = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003)
_LATE = 2
_STEPS = 12
_SAMPLE = 2_000  # customers that the early temperatures are walked with
_ENOUGH = 1e-7  # of the dual's value: a Newton step that promises less ends a temperature


class Options(NamedTuple):
    """(option,) sorted by customer: whose it is (0, 1, ... without a gap), its value, its use of each limit.

    use: (option, limit) share of the limit that the option takes, at least 0. Doing nothing is worth 0 and
    takes nothing; it needs no row.
    """

    customer: Ints
    value: Floats
    use: Floats

    @property
    def starts(self) -> Ints:
        """(customer,) the place of the first option of each."""
        return np.flatnonzero(np.diff(self.customer, prepend=-1))


class Priced(NamedTuple):
    """(limit,) value that a whole limit is worth at the margin, and what no allocation can exceed."""

    price: Floats
    bound: float


def prices(options: Options) -> Priced:
    """The prices at which nobody could gain, and the upper bound that they prove."""
    limits = options.use.shape[1]
    if not len(options.value):
        return Priced(np.zeros(limits), 0.0)
    if not limits:
        return Priced(np.zeros(0), bound(options, np.zeros(0)))
    scale = float(np.maximum(options.value, 0.0).mean()) or 1.0
    sample, share = _sample(options)
    price = np.zeros(limits)
    for heat in _COOLING[:-_LATE]:
        price = _descend(sample, price, heat * scale, share)
    best = Priced(price, bound(options, price))
    for heat in _COOLING[-_LATE:]:
        price = _descend(options, price, heat * scale, 1.0)
        best = min(best, Priced(price, bound(options, price)), key=lambda found: found.bound)
    return best


def bound(options: Options, price: Floats) -> float:
    """The dual's value: no allocation within the limits is worth more, whatever the prices (at least 0)."""
    best = np.maximum.reduceat(options.value - options.use @ price, options.starts)
    return float(np.maximum(best, 0.0).sum() + price.sum())


def _sample(options: Options) -> tuple[Options, float]:
    """Every so-manieth customer, and what share of all they are."""
    customers = len(options.starts)
    every = -(-customers // _SAMPLE)
    if every == 1:
        return options, 1.0
    kept = options.customer % every == 0
    some = Options(options.customer[kept] // every, options.value[kept], options.use[kept])
    return some, len(some.starts) / customers


class _Smooth(NamedTuple):
    value: float
    slope: Floats
    curve: Floats


def _smoothed(options: Options, price: Floats, heat: float, share: float) -> _Smooth:
    """The smoothed dual of a share of the customers with that share of the limits, and its derivatives."""
    starts, owner = options.starts, options.customer
    reduced = options.value - options.use @ price
    top = np.maximum(np.maximum.reduceat(reduced, starts), 0.0)
    weight = np.exp((reduced - top[owner]) / heat)
    total = np.add.reduceat(weight, starts) + np.exp(-top / heat)
    weighted = (weight / total[owner])[:, None] * options.use
    mean = np.add.reduceat(weighted, starts)
    return _Smooth(
        float(np.sum(top + heat * np.log(total)) + share * price.sum()),
        share - mean.sum(axis=0),
        (options.use.T @ weighted - mean.T @ mean) / heat,
    )


def _descend(options: Options, price: Floats, heat: float, share: float) -> Floats:
    """Newton's method over prices of at least 0, from a price, at one temperature."""
    here = _smoothed(options, price, heat, share)
    for _ in range(_STEPS):
        ridge = 1e-8 * float(np.trace(here.curve)) + 1e-12
        root = np.linalg.cholesky(here.curve + ridge * np.eye(len(price)))
        # The quadratic's minimum over prices >= 0 is a least-squares problem over them.
        aim = nnls(root.T, root.T @ price - np.linalg.solve(root, here.slope))[0]
        promise = -float(here.slope @ (aim - price))
        if promise < _ENOUGH * abs(here.value):
            break
        length, there = 1.0, _smoothed(options, aim, heat, share)
        while there.value > here.value - 1e-4 * length * promise and length > 1e-3:
            length /= 2
            there = _smoothed(options, price + length * (aim - price), heat, share)
        if there.value >= here.value:
            break
        price, here = price + length * (aim - price), there
    return price
