"""Complements: what goes with the last basket, to whom it is worth suggesting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from shengeng.decide.treat import store
from shengeng.decide.treat.contracts import PACE_WEEKS, PAST_WEEKS, USUAL_LIKELIHOOD, Treatment
from shengeng.decide.treat.methods import (
    buyers,
    choose,
    gain_of_each,
    gain_of_sum,
    habits,
    learn_line,
    observed_scale,
    on_line,
)
from shengeng.kernel.units import Bools, Floats, Interval, Ints
from shengeng.storage.lake import Lake


@dataclass(frozen=True, slots=True)
class Complements:
    """The suggestions to make, most gain first.

    rows: schema COMPLEMENTS. probability: (row,) buys it in the window unasked. fit: (row,) how many times
    the stated response each has. gains: (row, 3). found: how many there were before the choice. level:
    bought unasked in earlier weeks, against what the line gave those who would have been chosen. shock:
    relative standard deviation of what moves all of a week together. learnt_from: pairs of those weeks.
    """

    rows: pa.Table
    probability: Floats
    margin_minor: Floats
    fit: Floats
    gains: Floats
    treatment: Treatment
    found: int
    level: float
    shock: float
    learnt_from: int

    def gain_of(self, rows: Ints) -> Interval:
        """The gain of some suggestions together."""
        return gain_of_sum(
            self.probability[rows],
            self.margin_minor[rows],
            response=_range(self.treatment),
            cost_minor=self.treatment.contact_cost_minor,
            fit=self.fit[rows],
        )

    def buyers_of(self, rows: Ints) -> Interval:
        """How many of some would buy the complement unasked."""
        return buyers(self.probability[rows], self.shock)


def complements(
    lake: Lake,
    as_of: date,
    treatment: Treatment,
    *,
    margin_rate: float,
    leave: Collection[str],
    left_before: Mapping[int, Collection[str]],
) -> Complements:
    """The complement of each customer's last basket with the most gain, where it pays at all.

    The treatment's response is that to a product in USUAL_LIKELIHOOD of the baskets with the other, and grows
    with the likelihood. How many buy it unasked is learnt on the PAST_WEEKS before, with pairs known before
    all of them: a line over likelihood and habits on every pair, its level on who would have been chosen.
    leave: customers that are being reached already; left_before: those of so many weeks ago.
    """
    terms = _Terms(treatment, margin_rate)
    every = store.complements(lake, as_of)
    rows = every.filter(pa.array(_free(every, leave), pa.bool_()))
    past = store.past_complements(lake, as_of, PAST_WEEKS)
    line, level, shock = _learn(past, left_before, terms)
    chance = np.minimum(level * on_line(_signals(rows), line), 0.95)
    gains = terms.gains(rows, chance)
    best = _best_of_each(rows["customer_id"].to_pylist(), gains[:, 1])
    return Complements(
        rows=rows.take(pa.array(best)),
        probability=chance[best],
        margin_minor=terms.margin(rows)[best],
        fit=_fit(rows)[best],
        gains=gains[best],
        treatment=treatment,
        found=every.num_rows,
        level=level,
        shock=shock,
        learnt_from=past.num_rows,
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a suggestion is assumed to do and to bring."""

    treatment: Treatment
    margin_rate: float

    def margin(self, rows: pa.Table) -> Floats:
        """(row,) margin of one purchase."""
        return _floats(rows, "spend_minor") * self.margin_rate

    def gains(self, rows: pa.Table, chance: Floats) -> Floats:
        """(row, 3) expected gain at the low, middle and high response."""
        cost = self.treatment.contact_cost_minor
        response = _range(self.treatment)
        return gain_of_each(chance, self.margin(rows), response=response, cost_minor=cost, fit=_fit(rows))


def _learn(
    past: pa.Table, left_before: Mapping[int, Collection[str]], terms: _Terms
) -> tuple[Floats, float, float]:
    """The line, its level and the weeks' shock: customers whom others reached then are no choice of ours."""
    signals, bought = _signals(past), _floats(past, "bought")
    line = learn_line(signals, bought)
    chance, ago = on_line(signals, line), past["ago"].to_numpy()
    free = np.zeros(past.num_rows, dtype=bool)
    for weeks in np.unique(ago):
        free |= (ago == weeks) & _free(past, left_before.get(int(weeks), ()))
    rows = np.flatnonzero(free)
    who = [
        f"{weeks} {customer}" for weeks, customer in zip(ago, past["customer_id"].to_pylist(), strict=True)
    ]
    best = rows[_best_of_each([who[row] for row in rows], terms.gains(past, chance)[rows, 1])]
    return line, *observed_scale(chance[best], bought[best], ago[best])


def _best_of_each(who: list[str], gain: Floats) -> Ints:
    """The row of each with the most gain, where it is above 0."""
    codes, names = pd.factorize(np.asarray(who, dtype=object))
    return choose(np.asarray(codes, dtype=np.int64), gain, np.ones(len(names), dtype=np.int64))


def _free(rows: pa.Table, leave: Collection[str]) -> Bools:
    return np.array([customer not in leave for customer in rows["customer_id"].to_pylist()], dtype=bool)


def _signals(rows: pa.Table) -> Floats:
    share = _floats(rows, "weeks") / PACE_WEEKS
    return habits(_floats(rows, "likelihood"), rows["times"].to_numpy(), share)


def _fit(rows: pa.Table) -> Floats:
    return _floats(rows, "likelihood") / USUAL_LIKELIHOOD


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)


def _range(treatment: Treatment) -> tuple[float, float, float]:
    return treatment.response_low, treatment.response, treatment.response_high
