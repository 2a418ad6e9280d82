"""The newsvendor's level and what it earns, on equally likely draws of the demand. Pure."""

from __future__ import annotations

import numpy as np
from scipy import special

from shengeng.kernel.units import HIGH, LOW, Floats, Interval, Ints

# Standard deviations from the middle to the end of an 80% interval.
_HIGH_SIGMAS = float(special.ndtri(HIGH))


def critical_ratio(margin_rate: float, scrap_rate: float) -> float:
    """The share of weeks in which the stock should suffice: margin / (margin + scrap).

    Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2e, section 4.3.2 (p / (p + h)).
    """
    assert margin_rate >= 0
    assert scrap_rate >= 0
    assert margin_rate + scrap_rate > 0
    return margin_rate / (margin_rate + scrap_rate)


def order_up_to(draws: Ints, ratio: float) -> Ints:
    """Newsvendor level of each product: the smallest draw that covers at least `ratio` of the draws.

    draws: (product, draw) units of the period. Returns (product,) units; ratio 0 orders the least draw.
    Source: Snyder & Shen, 2e, section 4.3.2.6 (discrete demand: the smallest S with F(S) >= p / (p + h)).
    """
    assert draws.ndim == 2
    assert 0 <= ratio <= 1
    if not draws.size:
        return np.zeros(len(draws), dtype=np.int64)
    place = max(int(np.ceil(ratio * draws.shape[1] - 1e-9)) - 1, 0)
    return np.partition(draws, place, axis=1)[:, place].astype(np.int64)


def profit_minor(
    units: Ints, wanted: Ints, price_minor: Ints, margin_rate: float, scrap_rate: float
) -> Floats:
    """Margin on what is sold less scrap on what is left, in minor units.

    units, price_minor: (product,); wanted: (product, draw). Returns (product, draw).
    """
    sold = np.minimum(units[:, None], wanted)
    left = units[:, None] - sold
    return np.asarray(price_minor[:, None] * (margin_rate * sold - scrap_rate * left), dtype=np.float64)


def gain_minor(
    units: Ints,
    default_units: Ints,
    wanted: Ints,
    price_minor: Ints,
    *,
    margin_rate: float,
    scrap_rate: float,
) -> Floats:
    """What `units` earn beyond `default_units` at the same demand: expected (draws) or realised (one column).

    Shapes as in profit_minor. Returns (product, draw).
    """
    chosen = profit_minor(units, wanted, price_minor, margin_rate=margin_rate, scrap_rate=scrap_rate)
    return chosen - profit_minor(
        default_units, wanted, price_minor, margin_rate=margin_rate, scrap_rate=scrap_rate
    )


def intervals(outcomes: Floats) -> Floats:
    """(row, 3): the 80% interval's low end, the mean, its high end. outcomes: (row, draw)."""
    if not outcomes.size:
        return np.zeros((len(outcomes), 3))
    low, high = np.quantile(outcomes, [LOW, HIGH], axis=1, method="inverted_cdf")
    return np.stack([low, outcomes.mean(axis=1), high], axis=1)


def sum_interval(outcomes: Floats, common: float = 0.0) -> Interval:
    """The 80% interval of the sum over rows, draw by draw. outcomes: (row, draw).

    common: standard deviation, as a share of the mean, by which all rows miss together beyond the draws; it
    is added in quadrature.
    """
    if not outcomes.size:
        return Interval(0.0, 0.0, 0.0)
    low, mid, high = (float(end) for end in intervals(outcomes.sum(axis=0, keepdims=True))[0])
    missed = common * abs(mid) * _HIGH_SIGMAS
    if not missed:
        return Interval(low, mid, high)
    return Interval(mid - float(np.hypot(mid - low, missed)), mid, mid + float(np.hypot(high - mid, missed)))
