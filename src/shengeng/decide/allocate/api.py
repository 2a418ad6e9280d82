"""Allocates a budget over customers and treatments, and says what more of each limit would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.decide.allocate.contracts import (
    BAD_LIMIT,
    BAD_OFFER,
    MOST_MINOR,
    MOST_OFFERS,
    OFFERS,
    SHARE_OF_NOTHING,
    TOO_MANY_OFFERS,
    CurvePoint,
    Kind,
    Limits,
    LimitUse,
    Plan,
)
from shengeng.decide.allocate.methods import choice
from shengeng.decide.allocate.methods.prices import Options
from shengeng.kernel.units import Bools, Floats, Interval, Ints

__all__ = ["allocate", "curve"]

# What the shadow price of a limit is told for: 100 of the currency, one contact, one hundredth of the budget.
_STEPS: dict[Kind, float] = {"budget": 10_000.0, "channel": 1.0, "tier": 0.01}
_MOST_CONTACTS = 10**9
_ENDS = ("value_low_minor", "value_mid_minor", "value_high_minor")


def allocate(offers: pa.Table, limits: Limits) -> Plan:
    """The offers to make: at most one a customer, within every limit, worth as much as can be.

    offers: columns of OFFERS in any order of rows. Refuses numbers that are none, negative costs and
    capacities, shares outside 0..1, and tiers' shares of a budget that is not set.
    """
    given = _checked(offers)
    _check(limits)
    return _plan(given, limits)


def curve(offers: pa.Table, limits: Limits, budgets_minor: Sequence[int]) -> list[CurvePoint]:
    """The gain at other budgets under the same other limits; refuses what `allocate` refuses."""
    given = _checked(offers)
    points = []
    for budget in budgets_minor:
        wanted = replace(limits, budget_minor=budget)
        _check(wanted)
        plan = _plan(given, wanted)
        points.append(CurvePoint(budget, plan.gain.mid, plan.spend_minor))
    return points


class _Limit(NamedTuple):
    """One limit over the offers: how much there is, and (offer,) how much of it each takes.

    unit: what the screen counts in, a contact, a minor unit, or for a tier the whole budget.
    """

    kind: Kind
    key: str
    most: float
    takes: Floats
    unit: float = 1.0

    def use(self, chosen: Ints, price: float | None) -> LimitUse:
        """The limit as the plan reports it; price: what all of it is worth at the margin."""
        step = _STEPS[self.kind]
        brings = None if price is None else price / self.most * step * self.unit
        taken = float(self.takes[chosen].sum())
        return LimitUse(self.kind, self.key, self.most / self.unit, taken / self.unit, step, brings)


def _plan(offers: pa.Table, limits: Limits) -> Plan:
    stated = _limits(offers, limits)
    # What alone is too much for a limit can never be chosen whole: without it the bound is tighter.
    fits: Bools = np.ones(len(offers), dtype=bool)
    for limit in stated:
        fits &= limit.takes <= limit.most
    rows = np.flatnonzero(fits)
    asked = [limit for limit in stated if limit.most > 0.0]
    found = choice.allocate(_options(offers, rows, asked))
    chosen = rows[found.pick[found.pick != choice.NOTHING]]
    ends = [float(_floats(offers, name)[chosen].sum()) for name in _ENDS]
    return Plan(
        choices=offers.take(pa.array(chosen)),
        spend_minor=int(_floats(offers, "cost_minor")[chosen].sum()),
        gain=Interval(*ends),
        uses=[limit.use(chosen, _price(limit, asked, found.priced.price)) for limit in stated],
        bound_minor=found.priced.bound,
        gap=max(found.gap, 0.0),
        customers=pc.count_distinct(offers["customer_id"]).as_py(),
    )


def _limits(offers: pa.Table, limits: Limits) -> list[_Limit]:
    cost, budget = _floats(offers, "cost_minor"), limits.budget_minor
    found = [] if budget is None else [_Limit("budget", "", float(budget), cost)]
    for channel, most in limits.capacity.items():
        takes = pc.equal(offers["channel"], channel).to_numpy().astype(np.float64)
        found.append(_Limit("channel", channel, float(most), takes))
    for tier, share in limits.tier_share.items():
        takes = np.where(pc.equal(offers["tier"], tier).to_numpy(), cost, 0.0)
        found.append(_Limit("tier", tier, share * (budget or 0), takes, float(budget or 1)))
    return found


def _price(limit: _Limit, asked: Sequence[_Limit], prices: Floats) -> float | None:
    """What the whole limit is worth; the budget's with the tiers' shares of it, which grow alike."""
    known = [
        float(price)
        for other, price in zip(asked, prices, strict=True)
        if other is limit or (limit.kind, other.kind) == ("budget", "tier")
    ]
    return sum(known) if limit.most > 0.0 else None


def _options(offers: pa.Table, rows: Ints, limits: Sequence[_Limit]) -> Options:
    """The offers as the solver takes them, sorted by customer; use of a limit as a share of it."""
    codes = offers["customer_id"].combine_chunks().dictionary_encode().indices.to_numpy()[rows]
    customer = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    use = np.stack([limit.takes[rows] / limit.most for limit in limits], axis=1) if limits else None
    none = np.zeros((len(rows), 0))
    return Options(customer, _floats(offers, "value_mid_minor")[rows], none if use is None else use)


def _checked(offers: pa.Table) -> pa.Table:
    """The offers by customer, every number one that can be weighed."""
    if offers.num_rows > MOST_OFFERS:
        raise TOO_MANY_OFFERS.error(count=offers.num_rows, most=MOST_OFFERS)
    for name in ("cost_minor", *_ENDS):
        numbers = pc.cast(offers[name], pa.float64()).to_numpy(zero_copy_only=False)
        least = 0.0 if name == "cost_minor" else -float(MOST_MINOR)
        bad = np.flatnonzero(~((numbers >= least) & (numbers <= MOST_MINOR)))
        if len(bad):
            _refuse(offers, int(bad[0]), name, f"{least:.0f}..{MOST_MINOR}")
    low, mid, high = (_floats(offers, name) for name in _ENDS)
    turned = np.flatnonzero((low > mid) | (mid > high))
    if len(turned):
        _refuse(offers, int(turned[0]), "value_mid_minor", "value_low_minor <= mid <= high")
    return offers.select(OFFERS.names).cast(OFFERS).sort_by("customer_id")


def _refuse(offers: pa.Table, row: int, column: str, limit: str) -> NoReturn:
    found = offers.slice(row, 1).to_pylist()[0]
    raise BAD_OFFER.error(
        row=row + 1,
        column=column,
        customer=found["customer_id"],
        treatment=found["treatment"],
        value=found[column],
        limit=limit,
    )


def _check(limits: Limits) -> None:
    """Refuse limits that mean nothing."""
    budget = limits.budget_minor
    if budget is not None:
        _within("budget_minor", budget, MOST_MINOR)
    for channel, most in limits.capacity.items():
        _within(f"capacity {channel}", most, _MOST_CONTACTS)
    for tier, share in limits.tier_share.items():
        if budget is None:
            raise SHARE_OF_NOTHING.error(tier=tier)
        if not 0.0 <= share <= 1.0:
            raise BAD_LIMIT.error(name=f"tier_share {tier}", value=share, limit="0..1")


def _within(name: str, value: float, most: int) -> None:
    if not (0 <= value <= most and value == int(value)):
        raise BAD_LIMIT.error(name=name, value=value, limit=f"0..{most}")


def _floats(offers: pa.Table, name: str) -> Floats:
    return np.asarray(offers[name].to_numpy(), dtype=np.float64)
