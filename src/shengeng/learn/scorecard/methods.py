"""How often stated intervals held, and how sure that share is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shengeng.kernel.units import Bools, Interval


def coverage(inside: Bools, cluster: Sequence[object]) -> tuple[float, float] | None:
    """Share of intervals that held, and its standard error; None for no interval.

    inside: (interval,); cluster: (interval,) the day of each. One day: sqrt(c (1 - c) / n). More: clustered
    by day, sqrt(D / (D - 1) x sum_d (sum_i in d (x_i - c))^2) / n, as intervals of one day miss together.
    Source: Cameron & Miller, A Practitioner's Guide to Cluster-Robust Inference (2015), eq. 10.
    """
    if not len(inside):
        return None
    held = inside.astype(np.float64)
    share, n = float(held.mean()), len(held)
    codes = _codes(cluster)
    days = int(codes.max()) + 1
    if days == 1:
        return share, float(np.sqrt(share * (1.0 - share) / n))
    sums = np.bincount(codes, held - share)
    return share, float(np.sqrt(days / (days - 1) * (sums**2).sum()) / n)


def pooled(inside: Sequence[int], of: Sequence[int], cluster: Sequence[object]) -> tuple[float, float] | None:
    """`coverage` from counts: inside[i] of of[i] intervals held on the day cluster[i]."""
    held, n = np.asarray(inside, dtype=np.float64), np.asarray(of, dtype=np.float64)
    if not n.sum():
        return None
    share, codes = float(held.sum() / n.sum()), _codes(cluster)
    days = int(codes.max()) + 1
    if days == 1:
        return share, float(np.sqrt(share * (1.0 - share) / n.sum()))
    sums = np.bincount(codes, held - share * n)
    return share, float(np.sqrt(days / (days - 1) * (sums**2).sum()) / n.sum())


def _codes(cluster: Sequence[object]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    order: dict[object, int] = {}
    return np.array([order.setdefault(key, len(order)) for key in cluster], dtype=np.int64)


def sum_over_days(days: Sequence[Interval]) -> Interval:
    """The interval of a sum over days: days are taken as independent, half-widths add in quadrature."""
    mid = sum(day.mid for day in days)
    below = float(np.sqrt(sum((day.mid - day.low) ** 2 for day in days)))
    above = float(np.sqrt(sum((day.high - day.mid) ** 2 for day in days)))
    return Interval(mid - below, mid, mid + above)
