"""How far sums of chances miss: weeks and groups have shocks of their own, beside the luck of the draw.

The purchases of n pairs with chances p vary by sum p (1 - p) if they are independent. They are not: a holiday
or an advertisement moves all of a week, or one group of it. With E = sum p, a group's count varies by
sum p (1 - p) + (week^2 + group^2) E^2; a day's count over groups g by the sum of the first terms
+ week^2 (sum E_g)^2 + group^2 sum E_g^2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Relative standard deviation of week shocks and of group-within-week shocks; weeks it was seen on.

    widen: factor on both for having seen so few weeks (Student's t against the normal, at 80%).
    """

    week: float
    group: float
    weeks: int
    widen: float

    def variance(self, expected: Floats, independent: Floats) -> float:
        """Variance of the purchases of several groups together.

        expected, independent: (groups,) sum of p and of p (1 - p).
        """
        return float(independent.sum() + (self.shock(expected) * expected.sum()) ** 2)

    def shock(self, expected: Floats) -> float:
        """Relative standard deviation of what moves several groups together; one group: both shocks in full.

        expected: (groups,) sum of p.
        """
        total = float(expected.sum())
        if total <= 0.0:
            return 0.0
        parts = self.week**2 + self.group**2 * float((expected**2).sum()) / total**2
        return float(self.widen * parts**0.5)


# A few quiet weeks say little of the holidays ahead: week shocks are shrunk to a shop's usual one.
USUAL_WEEK, USUAL_COUNTS = 0.12, 4
ASSUMED = Dispersion(week=0.15, group=0.15, weeks=0, widen=1.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One week's pairs: group code, chance, and whether they were bought."""

    week: int
    group: Ints
    chance: Floats
    bought: Bools


def dispersion(weeks: list[Cell], least: float) -> Dispersion:
    """Shocks by the method of moments: what the sums of chances >= least miss, beyond independent draws."""
    groups = max(int(w.group.max(initial=0)) for w in weeks) + 1
    sums = np.stack(
        [_sums(w, groups, least) for w in weeks]
    )  # (weeks, groups, expected | independent | bought)
    expected, independent, bought = sums[..., 0], sums[..., 1], sums[..., 2]
    n = len(weeks)
    total, luck, seen = expected.sum(1), independent.sum(1), bought.sum(1)
    shock = seen / np.maximum(total, 1e-9) - 1.0
    centred = (shock - shock.mean()) ** 2 * n / max(n - 1, 1) + shock.mean() ** 2
    week = max(float(np.mean(centred - luck / np.maximum(total, 1e-9) ** 2)), 0.0)
    week = (n * week + USUAL_COUNTS * USUAL_WEEK**2) / (n + USUAL_COUNTS)
    miss = (bought - expected * (1.0 + shock[:, None])) ** 2 - independent * (1.0 + shock[:, None])
    group = max(float(miss.sum() / max(float((expected**2).sum()), 1e-9)), 0.0)
    return Dispersion(week**0.5, group**0.5, n, _widen(n))


def _sums(week: Cell, groups: int, least: float) -> Floats:
    keep = week.chance >= least
    p, g = week.chance[keep], week.group[keep]
    columns = (p, p * (1.0 - p), week.bought[keep].astype(np.float64))
    return np.column_stack([np.bincount(g, column, groups) for column in columns])


def _widen(weeks: int) -> float:
    """A shock known from n weeks is wider than a normal one of the same standard deviation."""
    from scipy.stats import norm, t  # noqa: PLC0415  heavy: only who estimates pays for it

    degrees = max(weeks - 1, 1)
    return float(t.ppf(0.9, degrees) / norm.ppf(0.9) * (1.0 + 1.0 / weeks) ** 0.5)


def count_interval(expected: float, variance: float, coverage: float = 0.8) -> tuple[float, float]:
    """Central interval of a count with this mean and variance (negative binomial, else normal)."""
    from scipy.stats import nbinom, norm  # noqa: PLC0415  heavy: only who estimates pays for it

    tail = (1.0 - coverage) / 2.0
    if expected <= 0.0:
        return 0.0, 0.0
    if variance <= expected * (1.0 + 1e-9):
        half = float(norm.ppf(1.0 - tail)) * max(variance, 0.0) ** 0.5
        return max(expected - half, 0.0), expected + half
    size = expected**2 / (variance - expected)
    share = size / (size + expected)
    return float(nbinom.ppf(tail, size, share)), float(nbinom.ppf(1.0 - tail, size, share))
