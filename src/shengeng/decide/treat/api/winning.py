"""Winning back: which customers at risk to reach how, within money and hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from shengeng.decide.allocate import api as allocation
from shengeng.decide.allocate.contracts import OFFERS, Limits, Plan
from shengeng.decide.treat import store
from shengeng.decide.treat.contracts import AHEAD_DAYS, Treatment
from shengeng.decide.treat.methods import buyers, gain_of_each, gain_of_sum, unasked
from shengeng.kernel.units import Floats, Interval
from shengeng.storage.lake import Lake


@dataclass(frozen=True, slots=True)
class Offered:
    """Every way to reach every customer at risk, and what each is worth.

    people: schema AT_RISK. probability: (customer,) buys in the window unasked; order_minor: what an order
    brings; stake_minor: margin that is missed where the customer does not come in the window.
    """

    people: pa.Table
    probability: Floats
    order_minor: Floats
    stake_minor: Floats
    treatments: Sequence[Treatment]

    def brings(self, treatment: Treatment) -> Floats:
        """(customer,) what a customer who comes because of it brings: the stake, less the coupon."""
        return self.stake_minor - treatment.coupon_rate * self.order_minor

    def fixed_minor(self, treatment: Treatment) -> Floats:
        """(customer,) what it costs in any case: the contact, and the coupon of whoever comes anyway."""
        return treatment.contact_cost_minor + treatment.coupon_rate * self.order_minor * self.probability

    def cost_minor(self, treatment: Treatment) -> Floats:
        """(customer,) what the shop expects to pay out: the contact, and the coupon of whoever uses it."""
        moved = treatment.response * (1.0 - self.probability)
        return np.ceil(self.fixed_minor(treatment) + treatment.coupon_rate * self.order_minor * moved)

    def gains(self, treatment: Treatment) -> Floats:
        """(customer, 3) expected gain at the low, middle and high response, net of the cost."""
        return gain_of_each(
            self.probability,
            self.brings(treatment),
            response=(treatment.response_low, treatment.response, treatment.response_high),
            cost_minor=self.fixed_minor(treatment),
        )

    def gain_of(self, treatment: Treatment, customers: Sequence[int]) -> Interval:
        """The gain of one treatment over some customers together."""
        rows = np.array(customers, dtype=np.int64)
        return gain_of_sum(
            self.probability[rows],
            self.brings(treatment)[rows],
            response=(treatment.response_low, treatment.response, treatment.response_high),
            cost_minor=float(self.fixed_minor(treatment)[rows].mean()) if len(rows) else 0.0,
        )

    def buyers_of(self, customers: Sequence[int], shock: float) -> Interval:
        """How many of some customers would come in the window unasked."""
        return buyers(self.probability[np.array(customers, dtype=np.int64)], shock)

    def offers(self) -> pa.Table:
        """All of it as options of an allocation (schema OFFERS)."""
        return pa.concat_tables([OFFERS.empty_table(), *(self._offers(one) for one in self.treatments)])

    def _offers(self, treatment: Treatment) -> pa.Table:
        # A coupon can turn the range around where it costs more than a customer brings.
        gains, count = np.sort(self.gains(treatment), axis=1), self.people.num_rows
        columns = {
            "customer_id": self.people["customer_id"],
            "treatment": pa.repeat(treatment.key, count),
            "channel": pa.repeat(treatment.channel, count),
            "cost_minor": self.cost_minor(treatment).astype(np.int64),
            **{f"value_{end}_minor": gains[:, place] for place, end in enumerate(("low", "mid", "high"))},
            "tier": self.people["tier"],
        }
        return pa.table(columns, schema=OFFERS)


def at_risk(
    lake: Lake,
    as_of: date,
    treatments: Sequence[Treatment],
    *,
    margin_rate: float,
    tiers: Collection[str],
    leave: Collection[str] = frozenset(),
) -> Offered:
    """What can be offered to the customers at risk of some tiers, as known at the end of as_of.

    The stake is what is missed where a customer does not come in the window: the margin of an order, as for a
    reminder; and whoever is still a customer brings value / p_alive over the horizon, but of those who do not
    come, (1 - p_alive) / (1 - p) are gone for good. With p_alive near 1 that is little.
    leave: customers that are being reached already.
    """
    known = store.at_risk(lake, as_of, tiers)
    free = [customer not in leave for customer in known["customer_id"].to_pylist()]
    people = known.filter(pa.array(free, pa.bool_()))
    alive, value, orders = (_floats(people, name) for name in ("p_alive", "value_minor", "orders"))
    chance = unasked(alive, orders, _floats(people, "horizon_days"), AHEAD_DAYS)
    order_margin = value / np.maximum(orders, 1e-9)
    gone = (1.0 - alive) / np.maximum(1.0 - chance, 1e-3)
    return Offered(
        people=people,
        probability=chance,
        order_minor=order_margin / margin_rate,
        stake_minor=order_margin + value / np.maximum(alive, 1e-3) * gone,
        treatments=treatments,
    )


def winning_back(offered: Offered, limits: Limits) -> tuple[Plan, Mapping[str, Sequence[int]]]:
    """The plan within the limits, and by treatment the places of its customers, best gain first."""
    plan = allocation.allocate(offered.offers(), limits)
    places = {key: row for row, key in enumerate(offered.people["customer_id"].to_pylist())}
    chosen: dict[str, list[int]] = {}
    rows = plan.choices.select(["customer_id", "treatment"]).to_pylist()
    for row in np.argsort(-plan.choices["value_mid_minor"].to_numpy(), kind="stable"):
        chosen.setdefault(rows[row]["treatment"], []).append(places[rows[row]["customer_id"]])
    return plan, chosen


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)
