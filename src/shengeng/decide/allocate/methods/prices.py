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

# Temperatures as shares of the mean value of an option: those that a sample of customers cools through, then
# those that everybody does.
_WARM = (1.0, 0.2, 0.05)
_COLD = (0.01, 0.003)
_STEPS = 12
_SAMPLE = 2_000  # customers in the sample
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
    everybody, sample, price = _Slots.of(options), _Slots.of(_sample(options)), np.zeros(limits)
    for heat in _WARM:
        price = _descend(sample, price, heat * scale, sample.customers / everybody.customers)
    found = []
    for heat in _COLD:
        price = _descend(everybody, price, heat * scale, 1.0)
        found.append(Priced(price, everybody.bound(price)))
    return min(found, key=lambda priced: priced.bound)


def bound(options: Options, price: Floats) -> float:
    """The dual's value: no allocation within the limits is worth more, whatever the prices (at least 0)."""
    return _Slots.of(options).bound(price)


def _sample(options: Options) -> Options:
    """Every so-manieth customer."""
    every = -(-len(options.starts) // _SAMPLE)
    if every == 1:
        return options
    kept = np.flatnonzero(options.customer % every == 0)
    return Options(options.customer[kept] // every, options.value[kept], options.use.take(kept, axis=0))


class _Smooth(NamedTuple):
    value: float
    slope: Floats
    curve: Floats


class _Slots(NamedTuple):
    """Everybody's first options, then all second ones, and so on; whoever has the most options comes first.

    So a slot lies side by side and belongs to the first so many customers: sums and maxima over a customer's
    options add up whole slots, without looking anything up. Source: jagged diagonals, Saad, Iterative
    Methods for Sparse Linear Systems, 2e, section 3.4. value: (option,), use: (limit, option).
    """

    customers: int
    ends: list[tuple[int, int]]
    value: Floats
    use: Floats

    @classmethod
    def of(cls, options: Options) -> _Slots:
        """The same options in this order."""
        starts = options.starts
        count = np.diff(starts, append=len(options.value))
        first = starts[np.argsort(-count, kind="stable")]
        sizes = len(first) - np.cumsum(np.bincount(count))[:-1]
        rows = np.concatenate([first[:size] + slot for slot, size in enumerate(sizes)])
        edges = np.cumsum(sizes).tolist()
        use = np.ascontiguousarray(options.use.take(rows, axis=0).T)
        return cls(len(first), list(zip([0, *edges], edges, strict=False)), options.value[rows], use)

    def gains(self, price: Floats) -> tuple[Floats, Floats]:
        """(option,) what each is worth at the prices, and (customer,) the best of them, at least 0."""
        reduced, top = self.value - price @ self.use, np.zeros(self.customers)
        for start, end in self.ends:
            np.maximum(top[: end - start], reduced[start:end], out=top[: end - start])
        return reduced, top

    def bound(self, price: Floats) -> float:
        """The dual's value at the prices."""
        return float(self.gains(price)[1].sum() + price.sum())

    def smoothed(self, price: Floats, heat: float, share: float) -> _Smooth:
        """The smoothed dual with that share of the limits, and its derivatives."""
        weight, top = self.gains(price)
        for start, end in self.ends:
            weight[start:end] -= top[: end - start]
        np.exp(weight / heat, out=weight)
        total = np.exp(-top / heat)
        for start, end in self.ends:
            total[: end - start] += weight[start:end]
        limits = len(price)
        mean, square = np.zeros((limits, self.customers)), np.zeros((limits, limits))
        for start, end in self.ends:
            use = self.use[:, start:end]
            weighted = weight[start:end] / total[: end - start] * use
            mean[:, : end - start] += weighted
            square += use @ weighted.T
        return _Smooth(
            float(np.sum(top + heat * np.log(total)) + share * price.sum()),
            share - mean.sum(axis=1),
            (square - mean @ mean.T) / heat,
        )


def _descend(slots: _Slots, price: Floats, heat: float, share: float) -> Floats:
    """Newton's method over prices of at least 0, from a price, at one temperature."""
    here = slots.smoothed(price, heat, share)
    for _ in range(_STEPS):
        ridge = 1e-8 * float(np.trace(here.curve)) + 1e-12
        root = np.linalg.cholesky(here.curve + ridge * np.eye(len(price)))
        # The quadratic's minimum over prices >= 0 is a least-squares problem over them.
        aim = nnls(root.T, root.T @ price - np.linalg.solve(root, here.slope))[0]
        promise = -float(here.slope @ (aim - price))
        if promise < _ENOUGH * abs(here.value):
            break
        length, there = 1.0, slots.smoothed(aim, heat, share)
        while there.value > here.value - 1e-4 * length * promise and length > 1e-3:
            length /= 2
            there = slots.smoothed(price + length * (aim - price), heat, share)
        if there.value >= here.value:
            break
        price, here = price + length * (aim - price), there
    return price
