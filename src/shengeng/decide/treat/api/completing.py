"""Complements: what goes with the last basket, to whom it is worth suggesting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from shengeng.decide.treat import store
from shengeng.decide.treat.contracts import AHEAD_DAYS, PAST_WEEKS, Treatment
from shengeng.decide.treat.methods import buyers, choose, gain_of_each, gain_of_sum, observed_scale, unasked
from shengeng.kernel.units import Floats, Interval, Ints
from shengeng.storage.lake import Lake


@dataclass(frozen=True, slots=True)
class Complements:
    """The suggestions to make, most gain x likelihood first.

    rows: schema COMPLEMENTS. probability: (row,) buys it in the window unasked. gains: (row, 3).
    found: how many there were before the choice. scale: bought unasked in earlier weeks, against likelihood.
    shock: relative standard deviation of what moves all of a week together.
    """

    rows: pa.Table
    probability: Floats
    margin_minor: Floats
    gains: Floats
    treatment: Treatment
    found: int
    scale: float
    shock: float

    def gain_of(self, rows: Ints) -> Interval:
        """The gain of some suggestions together."""
        return gain_of_sum(
            self.probability[rows],
            self.margin_minor[rows],
            response=_range(self.treatment),
            cost_minor=self.treatment.contact_cost_minor,
        )

    def buyers_of(self, rows: Ints) -> Interval:
        """How many of some would buy the complement unasked."""
        return buyers(self.probability[rows], self.shock)


def complements(
    lake: Lake, as_of: date, treatment: Treatment, *, margin_rate: float, leave: Collection[str]
) -> Complements:
    """The complement of each customer's last basket with the most gain x likelihood, where it pays at all.

    What goes with a basket says in how many baskets the other is, now or next time; how many buy it within a
    week unasked is measured on the weeks before, among those who were as likely to come. leave: customers
    that are being reached already.
    """
    every = store.complements(lake, as_of)
    free = [customer not in leave for customer in every["customer_id"].to_pylist()]
    rows = every.filter(pa.array(free, pa.bool_()))
    coming = _coming(lake, as_of)
    past = store.past_complements(lake, as_of, range(1, PAST_WEEKS + 1)).to_pandas()
    # Measured on each customer's likeliest, as is chosen now: the highest of many promises is too high.
    past = past.sort_values("likelihood", ascending=False).drop_duplicates(["customer_id", "weeks"])
    scale, shock = observed_scale(
        _likely(past, coming), past.bought.to_numpy(dtype=np.float64), past.weeks.to_numpy(dtype=np.int64)
    )
    chance = np.minimum(scale * _likely(rows.to_pandas(), coming), 0.95)
    margin = np.asarray(rows["spend_minor"].to_numpy(), dtype=np.float64) * margin_rate
    gains = gain_of_each(chance, margin, response=_range(treatment), cost_minor=treatment.contact_cost_minor)
    customer, names = pd.factorize(np.asarray(rows["customer_id"].to_pylist(), dtype=object))
    # One response for everything would favour what is dear over what fits: the gain counts as far as it fits.
    fitting = gains[:, 1] * np.asarray(rows["likelihood"].to_numpy(), dtype=np.float64)
    best = choose(np.asarray(customer, dtype=np.int64), fitting, np.ones(len(names), dtype=np.int64))
    return Complements(
        rows=rows.take(pa.array(best)),
        probability=chance[best],
        margin_minor=margin[best],
        gains=gains[best],
        treatment=treatment,
        found=every.num_rows,
        scale=scale,
        shock=shock,
    )


def _coming(lake: Lake, as_of: date) -> pd.Series[float]:
    """By customer: how likely they are to come at all within a week."""
    known = store.outlook(lake, as_of)
    alive, orders, horizon = (known[name].to_numpy() for name in ("p_alive", "orders_mid", "horizon_days"))
    return pd.Series(unasked(alive, orders, horizon, AHEAD_DAYS), index=known["customer_id"].to_pylist())


def _likely(rows: pd.DataFrame, coming: pd.Series[float]) -> Floats:
    """(row,) likelihood of the other in a basket, times that of a basket in the week."""
    comes = rows.customer_id.map(coming).fillna(0.0)
    return np.asarray(rows.likelihood * comes, dtype=np.float64)


def _range(treatment: Treatment) -> tuple[float, float, float]:
    return treatment.response_low, treatment.response, treatment.response_high
