"""The choice among those who are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from shengeng.decide.ledger.contracts import customer_and_product
from shengeng.decide.treat import store
from shengeng.decide.treat.contracts import LEAST_IN_GROUP, OTHERS, ReminderTerms
from shengeng.decide.treat.methods import (
    buyers,
    choose,
    expected_gain,
    fold_small,
    gain_of_each,
    gain_of_sum,
)
from shengeng.kernel.units import Floats, Interval, Ints
from shengeng.storage.lake import Lake
from shengeng.understand.affinity import api as affinity


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders to propose, best gain first, with what their sums need.

    rows: schema CANDIDATES; group_keys: (row,) the group each is judged in; gains: (row, 3) minor units.
    due: how many were due before the choice; free: those not in hand already; lines, identified: order
    lines behind it all.
    """

    rows: pa.Table
    group_keys: Sequence[str]
    gains: Floats
    margin_minor: Floats
    terms: ReminderTerms
    spread: affinity.Dispersion
    due: int
    free: int
    lines: int
    identified: int

    @property
    def probability(self) -> Floats:
        """(row,) the chance that each buys in the window unasked."""
        return _floats(self.rows, "probability")

    @property
    def every(self) -> Ints:
        """All rows, for sums over the whole day."""
        return np.arange(len(self.group_keys), dtype=np.int64)

    def gain_of(self, rows: Ints) -> Interval:
        """The gain of some reminders together, in minor units."""
        return gain_of_sum(
            self.probability[rows],
            self.margin_minor[rows],
            response=_range(self.terms),
            cost_minor=self.terms.contact_cost_minor,
        )

    def buyers_of(self, rows: Ints) -> Interval:
        """How many of some reminded would buy unasked.

        A week is good or bad for everybody, and for each category: as far as earlier weeks showed.
        """
        chance = self.probability[rows]
        if not len(rows):
            return Interval(0.0, 0.0, 0.0)
        names = np.asarray(self.rows["category"].to_pylist(), dtype=object)[rows]
        codes = pd.factorize(names, use_na_sentinel=False)[0]
        expected = np.asarray(np.bincount(codes, chance), dtype=np.float64)
        independent = np.asarray(np.bincount(codes, chance * (1.0 - chance)), dtype=np.float64)
        shared = self.spread.variance(expected, independent) - float(independent.sum())
        return buyers(chance, max(shared, 0.0) ** 0.5 / float(expected.sum()))


def reminders(
    lake: Lake,
    as_of: date,
    window: tuple[date, date],
    terms: ReminderTerms,
    taken: Collection[str],
    *,
    leave: Collection[str] = frozenset(),
) -> Reminders:
    """The reminders worth sending for a window after as_of.

    leave: customers whom other plays reach. taken: subjects (customer x product) that are being reminded
    already; they are left out and count against reminders_per_customer. Only gains above zero are kept.
    """
    already = _by_customer(taken)
    due = store.candidates(lake, as_of, *window)
    rows = _without(due, already, leave)
    margin, chance = _floats(rows, "spend_minor") * terms.margin_rate, _floats(rows, "probability")
    gain = expected_gain(chance, margin, response=terms.response, cost_minor=terms.contact_cost_minor)
    customer, names = pd.factorize(np.asarray(rows["customer_id"].to_pylist(), dtype=object))
    room = np.array([terms.reminders_per_customer - len(already.get(name, ())) for name in names], np.int64)
    best = choose(np.asarray(customer, dtype=np.int64), gain, room)
    chosen = rows.take(pa.array(best))
    lines, known = identified(lake, as_of)
    return Reminders(
        rows=chosen,
        group_keys=_groups(chosen),
        gains=_gains(chance[best], margin[best], terms),
        margin_minor=margin[best],
        terms=terms,
        spread=affinity.dispersion(lake, as_of),
        due=due.num_rows,
        free=int((room[customer] > 0).sum()),
        lines=lines,
        identified=known,
    )


def identified(lake: Lake, as_of: date) -> tuple[int, int]:
    """Order lines known on a day: all of them, and those with a customer."""
    return store.identified(lake, as_of)


def worth_of_one(probability: float, margin_minor: float, terms: ReminderTerms) -> Interval:
    """The expected gain of one reminder over the response's range, in minor units."""
    low, mid, high = _gains(np.array([probability]), np.array([margin_minor]), terms)[0]
    return Interval(float(low), float(mid), float(high))


def _gains(probability: Floats, margin_minor: Floats, terms: ReminderTerms) -> Floats:
    cost = terms.contact_cost_minor
    return gain_of_each(probability, margin_minor, response=_range(terms), cost_minor=cost)


def _range(terms: ReminderTerms) -> tuple[float, float, float]:
    return terms.response_low, terms.response, terms.response_high


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)


def _by_customer(taken: Collection[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for customer, product in map(customer_and_product, taken):
        found[customer].add(product)
    return found


def _without(due: pa.Table, already: Mapping[str, set[str]], leave: Collection[str]) -> pa.Table:
    pairs = zip(due["customer_id"].to_pylist(), due["product_id"].to_pylist(), strict=True)
    free = [product not in already.get(who, ()) and who not in leave for who, product in pairs]
    return due.filter(pa.array(free, pa.bool_()))


def _groups(rows: pa.Table) -> list[str]:
    departments = [name or OTHERS for name in rows["department"].to_pylist()]
    categories = [
        f"{department} > {category}" if category and category != department else department
        for department, category in zip(departments, rows["category"].to_pylist(), strict=True)
    ]
    return fold_small(categories, departments, least=LEAST_IN_GROUP, rest=OTHERS)
