"""Which chances are worth publishing, and the reason that stands beside each."""

from __future__ import annotations

import numpy as np

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.affinity.contracts import Why

EARLY, LATE = 0.8, 1.25  # parts of a rhythm: from here a purchase is due, from there overdue


def strongest(customer: Ints, chance: Floats, least: float, most: int) -> Ints:
    """Rows with a chance of at least `least`, at most `most` a customer; by customer, likeliest first."""
    rows = np.flatnonzero(chance >= least)
    rows = rows[np.lexsort((-chance[rows], customer[rows]))]
    who = customer[rows]
    rank = np.arange(len(rows)) - np.searchsorted(who, who, side="left")
    return rows[rank < most].astype(np.int64)


def why(orders: int, rhythm_days: float, since_days: int) -> Why:
    """The reason in figures: how often, in what rhythm, how long ago the last time was."""
    if orders < 2:
        return Why("bought_once", {"since_days": since_days})
    phase = since_days / rhythm_days
    code = "ahead" if phase < EARLY else "due" if phase <= LATE else "overdue"
    return Why(code, {"orders": orders, "rhythm_days": round(rhythm_days, 1), "since_days": since_days})
