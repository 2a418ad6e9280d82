"""Arithmetic on intervals of sums. Independent parts: middles add, half-widths add in quadrature."""

from __future__ import annotations

import math
from collections.abc import Iterable

from shengeng.kernel.units import Interval

NOTHING = Interval(0.0, 0.0, 0.0)


def plus(one: Interval, other: Interval) -> Interval:
    """The interval of the sum of two independent quantities, each half-width on its own side."""
    mid = one.mid + other.mid
    below = math.hypot(one.mid - one.low, other.mid - other.low)
    above = math.hypot(one.high - one.mid, other.high - other.mid)
    return Interval(mid - below, mid, mid + above)


def minus(whole: Interval, part: Interval) -> Interval:
    """The interval of a sum without one of its independent parts; `plus` undone."""
    mid = whole.mid - part.mid
    below = _leg(whole.mid - whole.low, part.mid - part.low)
    above = _leg(whole.high - whole.mid, part.high - part.mid)
    return Interval(mid - below, mid, mid + above)


def _leg(hypotenuse: float, other: float) -> float:
    return math.sqrt(max(hypotenuse**2 - other**2, 0.0))


def total(parts: Iterable[Interval]) -> Interval:
    """The interval of the sum of independent quantities; of none: zero."""
    whole = NOTHING
    for part in parts:
        whole = plus(whole, part)
    return whole


def share(whole: Interval, live: float) -> Interval:
    """The interval of a part of a sum, told by the part's middle: half-widths shrink with its square root."""
    part = min(max(live / whole.mid, 0.0), 1.0) if whole.mid else 0.0
    width = math.sqrt(part)
    return Interval(live - width * (whole.mid - whole.low), live, live + width * (whole.high - whole.mid))
