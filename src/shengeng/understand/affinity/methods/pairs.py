"""What is known of every customer and product they bought, at the end of one day: rhythm, recency, trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.affinity.methods.history import History, runs

HALF_LIVES = (10.0, 30.0, 90.0)  # days over which an own purchase loses half its weight
BASKET_DECAYS = (0.8, 0.9, 0.97)  # what is left of an own purchase's weight one basket later
OWN_DAYS = 90.0  # a pair's own rate outweighs its product's after so many days
LEVEL_DAYS = 900.0  # a product's rate outweighs its category's after so many customer-days
NEVER = 9_999.0  # days; stands for "no second purchase yet"


@dataclass(frozen=True, slots=True)
class Rates:
    """Purchases again, a day, of somebody who bought it before: by product, and what a product's week says.

    again, week, month, trend: (products,) repeat rate shrunk to category and shop; baskets of the last 7 and
    28 days; the week against the month's pace.
    """

    again: Floats
    week: Floats
    month: Floats
    trend: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """One row a customer and a product they bought, known at the end of day as_of; sorted by both codes.

    orders (baskets with it), first, last (days), rhythm (shrunk days between purchases), own_rate (purchases
    a day, shrunk); signals: what chances and orders are learnt from, by name.
    """

    as_of: int
    customer: Ints
    product: Ints
    orders: Ints
    first: Ints
    last: Ints
    rhythm: Floats
    own_rate: Floats
    signals: dict[str, Floats]

    def matrix(self, names: Sequence[str], rows: Ints | None = None) -> NDArray[np.float32]:
        """(pairs, names) of the signals named, of some rows or all."""
        columns = [self.signals[name] for name in names]
        found = np.empty((len(columns[0]) if rows is None else len(rows), len(columns)), dtype=np.float32)
        for place, column in enumerate(columns):
            found[:, place] = column if rows is None else column[rows]
        return found


SIGNALS = (
    "own_rate",
    "decay_10",
    "decay_30",
    "decay_90",
    "recent_80",
    "recent_90",
    "recent_97",
    "orders",
    "share",
    "share_since",
    "since",
    "baskets_since",
    "phase",
    "until_due",
    "rhythm",
    "last_gap",
    "span",
    "product_rate",
    "product_week",
    "product_month",
    "product_trend",
    "category_since",
    "category_phase",
    "category_orders",
    "category_decay",
    "category_share",
    "customer_month",
    "customer_since",
    "customer_quarter",
    "customer_phase",
    "customer_baskets",
    "basket_size",
)


def rates_at(past: History, as_of: int) -> Rates:
    """How the shop's products repeat, known until as_of.

    Purchases after a customer's first, over the days they had to happen: a Gamma-Poisson mean whose prior is
    the category's rate, itself shrunk to the shop's.
    """
    run = runs(past.customer, past.product)
    product, first = past.product[run.start], past.day[run.start]
    repeats, exposure = (run.size - 1).astype(np.float64), (as_of - first + 1).astype(np.float64)
    shop = repeats.sum() / max(exposure.sum(), 1.0)
    categories = int(past.category.max(initial=-1)) + 1
    by_category = _shrunk(repeats, exposure, past.category[product], categories, np.full(categories, shop))
    again = _shrunk(repeats, exposure, product, past.products, by_category[past.category])
    week = _recent(past.product, past.day, as_of, 7, past.products)
    month = _recent(past.product, past.day, as_of, 28, past.products)
    return Rates(again, week, month, (week + 1.0) / (month / 4.0 + 1.0))


def _shrunk(events: Floats, exposure: Floats, group: Ints, groups: int, prior: Floats) -> Floats:
    """Events a day of each group, with LEVEL_DAYS at the prior's rate added."""
    hits, days = np.bincount(group, events, groups), np.bincount(group, exposure, groups)
    return (hits + LEVEL_DAYS * prior) / (days + LEVEL_DAYS)


def _recent(code: Ints, day: Ints, as_of: int, days: int, codes: int) -> Floats:
    """Rows of each code within the last days."""
    return np.bincount(code[day > as_of - days], minlength=codes).astype(np.float64)


def pairs_at(past: History, as_of: int, rates: Rates, *, least_rate: float = 0.0) -> Pairs:
    """The pairs of a history known until as_of, whose shrunk rate is at least least_rate (a day).

    past may hold a part of the customers only (their whole history); rates come from everybody's.
    """
    assert not len(past.day) or int(past.day.max()) <= as_of
    run = runs(past.customer, past.product)
    product, first = past.product[run.start], past.day[run.start]
    exposure = (as_of - first + 1).astype(np.float64)
    own = (run.size - 1 + OWN_DAYS * rates.again[product]) / (exposure + OWN_DAYS)
    keep = np.flatnonzero(own >= least_rate)
    back, baskets = baskets_back(past)
    weights = _weights(past, as_of, back)
    sums = {name: run.total(weight)[keep] for name, weight in weights.items()}
    customer, product, first, own = past.customer[run.start[keep]], product[keep], first[keep], own[keep]
    orders, end = run.size[keep], (run.start + run.size)[keep] - 1
    last, before = past.day[end], past.day[np.maximum(end - 1, 0)]
    rhythm = rhythm_days(orders, first, last, own)
    since = (as_of - last).astype(np.float64)
    signals = {
        "own_rate": own,
        **sums,
        "orders": orders.astype(np.float64),
        "share": orders / baskets[customer],
        "share_since": orders / (back[run.start[keep]] + 1.0),
        "since": since,
        "baskets_since": back[end].astype(np.float64),
        "phase": since / rhythm,
        "until_due": rhythm - since,
        "rhythm": rhythm,
        "last_gap": np.where(orders > 1, last - before, NEVER),
        "span": (as_of - first).astype(np.float64),
        **context_signals(past, as_of, rates, customer, product),
    }
    signals["category_share"] = sums["decay_30"] / np.maximum(signals["category_decay"], 1e-300)
    return Pairs(as_of, customer, product, orders, first, last, rhythm, own, signals)


def never_bought(past: History, as_of: int, rates: Rates, customer: Ints, product: Ints) -> Pairs:
    """Pairs without a purchase yet: nothing of their own, but what customer, category and product say."""
    none, never = np.zeros(len(customer)), np.full(len(customer), NEVER)
    late = {"since", "baskets_since", "phase", "until_due", "rhythm", "last_gap", "span"}
    signals = {name: never if name in late else none for name in SIGNALS}
    signals |= context_signals(past, as_of, rates, customer, product)
    zero = np.zeros(len(customer), dtype=np.int64)
    day = np.full(len(customer), as_of, dtype=np.int64)
    return Pairs(as_of, customer, product, zero, day, day, never, none, signals)


def context_signals(
    past: History, as_of: int, rates: Rates, customer: Ints, product: Ints
) -> dict[str, Floats]:
    """What product, category and customer say of a pair, whether it was bought before or not."""
    return {
        "product_rate": rates.again[product],
        "product_week": rates.week[product],
        "product_month": rates.month[product],
        "product_trend": rates.trend[product],
        **_category_signals(past, as_of, customer, product),
        **_customer_signals(past, as_of, customer),
    }


def baskets_back(past: History) -> tuple[Ints, Floats]:
    """How many baskets of the customer came after each row's, and how many baskets each customer has."""
    basket, where, inverse = np.unique(past.basket, return_index=True, return_inverse=True)
    who = past.customer[where]
    count = np.bincount(who, minlength=past.customers)
    order = np.argsort(who, kind="stable")
    back = np.empty(len(basket), dtype=np.int64)
    back[order] = np.cumsum(count)[who[order]] - 1 - np.arange(len(basket))
    return back[inverse], np.maximum(count, 1).astype(np.float64)


def _weights(past: History, as_of: int, back: Ints) -> dict[str, Floats]:
    """What each row still counts: by its age in days, and by the customer's baskets since."""
    age = (past.day - as_of).astype(np.float64)
    by_day = {f"decay_{half:.0f}": np.exp2(age / half) for half in HALF_LIVES}
    return by_day | {f"recent_{100 * left:.0f}": left**back for left in BASKET_DECAYS}


def rhythm_days(orders: Ints, first: Ints, last: Ints, own_rate: Floats) -> Floats:
    """Days between purchases of each pair: its own mean gap, with two gaps at its shrunk rate added."""
    expected = 1.0 / np.maximum(own_rate, 1.0 / NEVER)
    return np.maximum(((last - first) + 2.0 * expected) / ((orders - 1) + 2.0), 1.0)


def _category_signals(past: History, as_of: int, customer: Ints, product: Ints) -> dict[str, Floats]:
    """What the customer's purchases of the product's category say: how many, how lately, in what rhythm."""
    categories = int(past.category.max(initial=-1)) + 1
    codes, index = np.unique(past.customer * categories + past.category[past.product], return_inverse=True)
    none = np.append(np.zeros(len(codes)), 0.0)  # the last stands for a category never bought
    lines, decay, first, last = none.copy(), none.copy(), none + as_of, none.copy()
    lines[:-1] = np.bincount(index, minlength=len(codes))
    decay[:-1] = np.bincount(index, np.exp2((past.day - as_of) / HALF_LIVES[1]), len(codes))
    np.minimum.at(first, index, past.day)
    np.maximum.at(last, index, past.day)
    rhythm = (last - first + 30.0) / np.maximum(lines, 1.0)
    wanted = customer * categories + past.category[product]
    mine = np.searchsorted(codes, wanted)
    mine[np.append(codes, -1)[mine] != wanted] = len(codes)
    since = np.where(mine < len(codes), as_of - last[mine], NEVER)
    return {
        "category_since": since,
        "category_phase": since / rhythm[mine],
        "category_orders": lines[mine],
        "category_decay": decay[mine],
    }


def _customer_signals(past: History, as_of: int, customer: Ints) -> dict[str, Floats]:
    """Trips of 4 and 13 weeks, days since the last one, that against their rhythm, lines a basket."""
    n = past.customers
    _, where = np.unique(past.basket, return_index=True)
    who, day = past.customer[where], past.day[where]
    latest, earliest = np.zeros(n, dtype=np.int64), np.full(n, as_of, dtype=np.int64)
    np.maximum.at(latest, who, day)
    np.minimum.at(earliest, who, day)
    trips = np.maximum(np.bincount(who, minlength=n).astype(np.float64), 1.0)
    since = (as_of - latest).astype(np.float64)
    by_customer = {
        "customer_month": _recent(who, day, as_of, 28, n),
        "customer_since": since,
        "customer_quarter": _recent(who, day, as_of, 91, n),
        "customer_phase": since * trips / (latest - earliest + 30.0),
        "customer_baskets": trips,
        "basket_size": np.bincount(past.customer, minlength=n) / trips,
    }
    return {name: values[customer] for name, values in by_customer.items()}


def bought_within(future: History, pairs: Pairs, days: int) -> Bools:
    """Whether each pair happened again on one of the days after as_of, up to as_of + days."""
    later = (future.day > pairs.as_of) & (future.day <= pairs.as_of + days)
    wanted = np.unique(future.customer[later] * future.products + future.product[later])
    mine = pairs.customer * future.products + pairs.product
    if not len(wanted):
        return np.zeros(len(mine), dtype=bool)
    found = wanted[np.minimum(np.searchsorted(wanted, mine), len(wanted) - 1)] == mine
    return np.asarray(found, dtype=bool)
