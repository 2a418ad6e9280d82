"""Exact decomposition of a change of revenue into the causes that multiply to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shengeng.understand.people.contracts import ChangeKey, Week


def decompose(before: Week, after: Week) -> dict[ChangeKey, int]:
    """Parts of the change in minor units that sum to it exactly.

    Sales = customers x orders a customer x lines an order x amount a line; each factor's part is its log
    ratio times the logarithmic mean of the two sales (log-mean Divisia index, Ang 2005, Energy Policy 33).
    A week without sales has no factors: the whole change is then one of customers.
    """
    change = after.sales_minor - before.sales_minor
    parts = [float(change), 0.0, 0.0, 0.0]
    if min(before.sales_minor, after.sales_minor) > 0:
        ratio = np.log(after.sales_minor) - np.log(before.sales_minor)
        mean = change / ratio if abs(ratio) > 1e-9 else float(before.sales_minor)
        parts = [mean * float(np.log(a / b)) for a, b in zip(_factors(after), _factors(before), strict=True)]
    customers, frequency, basket, price = round_to_sum(parts, change)
    return {
        "customers": customers,
        "frequency": frequency,
        "basket": basket,
        "price": price,
        "returns": after.other_minor - before.other_minor,
    }


def _factors(week: Week) -> tuple[float, float, float, float]:
    return (
        float(week.customers),
        week.orders / week.customers,
        week.lines / week.orders,
        week.sales_minor / week.lines,
    )


def round_to_sum(parts: Sequence[float], total: int) -> list[int]:
    """Whole numbers near the parts that sum to the total, by largest remainder."""
    floors = [int(np.floor(part)) for part in parts]
    missing = total - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i], i))
    for step in range(abs(missing)):
        floors[order[step % len(parts)]] += 1 if missing > 0 else -1
    return floors
