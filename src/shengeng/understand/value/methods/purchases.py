"""Purchase days of many customers as sorted arrays, and what was known of them at a cut."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.value.methods.counting import Histories


class PurchaseDays(NamedTuple):
    """(purchase day,) arrays sorted by customer and day: customer number from 0, day as an ordinal.

    A customer's purchases on one day count once. customers: how many numbers there are.
    """

    customer: Ints
    day: Ints
    customers: int


class Known(NamedTuple):
    """The customers with a purchase before a cut, and their histories on its eve, in days."""

    who: Ints
    histories: Histories


def purchase_days(customer: Ints, day: Ints, customers: int) -> PurchaseDays:
    """Sorted, with repeated days dropped."""
    order = np.lexsort((day, customer))
    customer, day = customer[order], day[order]
    new = np.ones(len(day), dtype=bool)
    new[1:] = (np.diff(customer) != 0) | (np.diff(day) != 0)
    return PurchaseDays(customer[new], day[new], customers)


def known_at(days: PurchaseDays, cut: int) -> Known:
    """Histories of everybody with a purchase before the cut; the last day known is cut - 1."""
    seen = days.day < cut
    customer, day = days.customer[seen], days.day[seen]
    starts = np.flatnonzero(np.diff(customer, prepend=-1))
    counts = np.diff(np.append(starts, len(customer)))
    first, last = day[starts], day[starts + counts - 1] if len(starts) else day
    x, t_x, age = counts - 1, last - first, cut - 1 - first
    return Known(customer[starts], Histories(*(np.asarray(c, dtype=np.float64) for c in (x, t_x, age))))


def between(days: PurchaseDays, who: Ints, start: int, end: int) -> Floats:
    """(who,) purchase days on the days from start up to but without end."""
    inside = (days.day >= start) & (days.day < end)
    counts = np.bincount(days.customer[inside], minlength=days.customers)
    return counts[who].astype(np.float64)
