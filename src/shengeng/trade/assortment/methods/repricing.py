"""Prices by rule: so many percent or so much more or less, ending as prices of the shop end."""

from __future__ import annotations

from shengeng.trade.assortment.contracts import Price, Repricing, Rounding


def reprice(price: Price, change: Repricing) -> Price:
    """The price after a change; below one minor unit where it would fall below nothing."""
    exact = _exact(price.unit_minor, change)
    unit = rounded(*exact, change.rounding)
    if change.compare_at == "none":
        return Price(unit)
    compared = price.compare_at_minor or 0
    if change.compare_at == "old":
        compared = max(compared, price.unit_minor)
    return Price(unit, compared if compared > unit else None)


def _exact(unit_minor: int, change: Repricing) -> tuple[int, int]:
    """What it comes to before rounding, as a fraction."""
    if change.kind == "percent":
        return unit_minor * (10_000 + change.bp), 10_000
    return (unit_minor + change.minor, 1) if change.kind == "amount" else (change.minor, 1)


def rounded(above: int, below: int, rounding: Rounding) -> int:
    """The nearest (or next upper or lower) k * step - less to above / below; halves go up.

    above, below: a fraction, below > 0.
    """
    assert below > 0
    assert rounding.step_minor > 0
    step, less = rounding.step_minor, rounding.less_minor
    shifted = above + less * below  # k = shifted / (below * step)
    whole = below * step
    low = shifted // whole
    if rounding.to == "up":
        low = -(-shifted // whole)
    elif rounding.to == "nearest":
        low = (2 * shifted + whole) // (2 * whole)
    return low * step - less
