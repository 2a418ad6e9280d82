"""Amounts of orders over their lines, for all orders at once; an order's parts sum to its amount exactly."""

from __future__ import annotations

import numpy as np

from shengeng.kernel import money

_SAFE = 2**62  # amount x weight below this fits 64 bits


def per_order(orders: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """(order,) sums of (line,) whole numbers; orders: (line,) number of each line's order."""
    total = np.zeros(count, np.int64)
    np.add.at(total, orders, values)
    return total


def split(orders: np.ndarray, amounts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Each order's amount over its lines by largest remainder, as kernel.money.split does for one order.

    orders: (line,) 0.., amounts: (order,) minor units, weights: (line,) non-negative. Returns (line,).
    """
    assert weights.min(initial=0) >= 0
    count = len(amounts)
    whole = per_order(orders, weights, count)
    even = whole[orders] == 0
    weights = np.where(even, 1, weights)
    whole = per_order(orders, weights, count)
    size = np.abs(amounts)
    if len(weights) and int(size.max(initial=0)) * int(weights.max(initial=0)) >= _SAFE:
        return _one_by_one(orders, amounts, weights)
    product = size[orders] * weights
    parts = product // whole[orders]
    rest = product - parts * whole[orders]
    left = size - per_order(orders, parts, count)
    by_rest = np.lexsort((np.arange(len(orders)), -rest, orders))
    starts = np.zeros(count, np.int64)
    np.add.at(starts, orders, 1)
    starts = np.concatenate([[0], np.cumsum(starts)[:-1]])
    place = np.empty(len(orders), np.int64)
    place[by_rest] = np.arange(len(orders)) - starts[orders[by_rest]]
    parts = parts + (place < left[orders])
    return np.asarray(np.sign(amounts)[orders] * parts)


def _one_by_one(orders: np.ndarray, amounts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Amounts so large that their products need Python's integers."""
    parts = np.zeros(len(orders), np.int64)
    by_order = np.argsort(orders, kind="stable")
    bounds = np.flatnonzero(np.diff(orders[by_order])) + 1
    for lines in np.split(by_order, bounds):
        if len(lines):
            parts[lines] = money.split(int(amounts[orders[lines[0]]]), weights[lines].tolist())
    return parts
