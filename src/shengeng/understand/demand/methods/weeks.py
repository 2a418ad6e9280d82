"""From sparse (series, week, units) to a matrix of trailing weeks."""

from __future__ import annotations

import numpy as np

from shengeng.kernel.units import Floats, Ints


def spread_weekly(series: Ints, weeks_ago: Ints, amounts: Floats, shape: tuple[int, int]) -> Floats:
    """Sum amounts into (series, week), oldest week first; weeks_ago 0 is the last column.

    series, weeks_ago, amounts: (entry,). Entries older than the matrix are left out.
    """
    assert len(series) == len(weeks_ago) == len(amounts)
    n, weeks = shape
    inside = (weeks_ago >= 0) & (weeks_ago < weeks)
    cell = series[inside] * weeks + (weeks - 1 - weeks_ago[inside])
    total = np.bincount(cell, weights=amounts[inside], minlength=n * weeks)
    return total.astype(np.float64).reshape(n, weeks)
