"""What a new customer costs, when they have paid that back, and where the next unit of money works best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from shengeng.govern.shop.contracts import Assumptions
from shengeng.kernel.units import Bools, Floats, Interval, Ints
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.understand.economics import methods
from shengeng.understand.economics.contracts import (
    ALL,
    OLDER_DAYS,
    PERIOD_DAYS,
    RESPONSE_SPREAD,
    Acquisition,
    Assumed,
    CostKind,
    Economics,
    ExistingRow,
    Option,
    Payback,
    PaybackPoint,
)
from shengeng.understand.economics.store import cohorts as store
from shengeng.understand.economics.store import spend as spend_store
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.lifecycle.contracts import STAGE_NAMES, TIER_NAMES
from shengeng.understand.value import api as value

RECENT_MONTHS = 3


def acquisition(lake: Lake, as_of: date) -> list[Acquisition]:
    """Per month and channel with spend or with new customers, in order; nothing is divided by nothing."""
    return _acquisition(lake, as_of, Cohorts(lake, as_of))


def _acquisition(lake: Lake, as_of: date, cohorts: Cohorts) -> list[Acquisition]:
    spent: dict[Any, Any] = {
        (row["month"], row["channel"]): row for row in spend_store.by_month(connect.spend(lake, as_of))
    }
    came = cohorts.came()
    return [
        _cost(month, channel, spent.get((month, channel)), came.get((month, channel), 0), cohorts.older)
        for month, channel in sorted(spent.keys() | came.keys())
    ]


def _cost(
    month: date, channel: str, spent: dict[str, Any] | None, customers: int, older: date
) -> Acquisition:
    minor = int(spent["spend_minor"]) if spent else 0
    kind: CostKind = "no_spend" if not spent else "no_customers" if not customers else "known"
    cost = round(minor / customers) if kind == "known" else None
    reported = spent["reported"] if spent else None
    return Acquisition(month, channel, minor, customers, cost, kind, reported, month < older)


def _older_until(first: date | None) -> date:
    """The first month whose customers count as new."""
    if first is None:
        return date.min
    end = first + timedelta(days=OLDER_DAYS)
    return end if end.day == 1 else (end.replace(day=1) + timedelta(days=32)).replace(day=1)


class Cohorts:
    """Every identified customer's first order and net paid since, in periods of thirty days, as of a day."""

    def __init__(self, lake: Lake, as_of: date) -> None:
        lines = identity.lines(lake, as_of)
        first, brought = store.brought(lines)
        self.months: Any = first["month"].to_numpy().astype("datetime64[D]")
        self.channels: Any = np.array(first["channel"].to_pylist(), dtype=object)
        age = (np.datetime64(as_of) - first["first_on"].to_numpy().astype("datetime64[D]")).astype(
            np.int64
        ) + 1
        self.known: Ints = age // PERIOD_DAYS
        self.older = _older_until(store.first_day(lines))
        self.net = _wide(brought, len(age), int(self.known.max(initial=0)))

    def came(self) -> dict[tuple[date, str], int]:
        """New customers by the month and channel of their first order."""
        return dict(Counter(zip(self.months.tolist(), self.channels.tolist(), strict=True)))

    def curve(self, channel: str, month: date | None, cost: int | None, margin_rate: float) -> Payback:
        """The curve of a channel (ALL: every channel) and month (None: every month) against a cost."""
        here = self.where(channel, month)
        known = self.known[here]
        found = methods.curve(self.net[here] * margin_rate, known, together=month is not None)
        bands = [methods.interval(float(m), float(e)) for m, e in zip(found.mean, found.error, strict=True)]
        days = [PERIOD_DAYS * (period + 1) for period in range(len(bands))]
        points = [PaybackPoint(d, band, int(n)) for d, band, n in zip(days, bands, found.n, strict=True)]
        ends = [np.array([getattr(band, end) for band in bands]) for end in ("mid", "high", "low")]
        crossed = [None if cost is None else methods.crossing(end, cost) for end in ends]
        at = [None if place is None else days[place] for place in crossed]
        older = bool((self.months[here] < np.datetime64(self.older)).any())
        return Payback(channel, month, int(here.sum()), cost, tuple(points), at[0], at[1], at[2], older)

    def where(self, channel: str, month: date | None) -> Bools:
        """Who first bought through a channel in a month; in any month, without those who may be older.

        Where nobody came later than the shop's first days, they are all there is.
        """
        here: Bools = np.ones(len(self.known), dtype=bool)
        if channel != ALL:
            here &= self.channels == channel
        if month is not None:
            here &= self.months == np.datetime64(month)
            return here
        surely_new = here & (self.months >= np.datetime64(self.older))
        return surely_new if surely_new.any() else here


def _wide(brought: pa.Table, customers: int, periods: int) -> Floats:
    """(customer, period) net, the periods that are over."""
    net = np.zeros((customers, periods))
    place, period = brought["place"].to_numpy(), brought["period"].to_numpy()
    over = period < periods
    net[place[over], period[over]] = brought["net_minor"].to_numpy()[over]
    return net


def payback(lake: Lake, as_of: date, margin_rate: float, channel: str = ALL) -> list[Payback]:
    """The curve of a channel as a whole, then of each month's cohort, newest last; never extrapolated."""
    cohorts = Cohorts(lake, as_of)
    costs = _acquisition(lake, as_of, cohorts)
    months = sorted({row.month for row in costs if row.customers and channel in (ALL, row.channel)})
    return [
        cohorts.curve(channel, month, cost_of(costs, channel, month), margin_rate)
        for month in (None, *months)
    ]


def cost_of(costs: Sequence[Acquisition], channel: str, month: date | None) -> int | None:
    """Spend by new customer over the months and channels that have both; None where none has."""
    known = [
        row
        for row in costs
        if row.kind == "known" and channel in (ALL, row.channel) and month in (None, row.month)
    ]
    customers = sum(row.customers for row in known)
    return round(sum(row.spend_minor for row in known) / customers) if customers else None


def economics(lake: Lake, as_of: date, assumed: Assumptions) -> Economics:
    """Cost of new customers, value of those the shop has, and the next unit of money, each read once."""
    cohorts = Cohorts(lake, as_of)
    costs = _acquisition(lake, as_of, cohorts)
    standing = _standing(lake, as_of)
    return Economics(
        tuple(costs), tuple(_existing(standing)), tuple(_options(cohorts, costs, standing, assumed))
    )


def existing(lake: Lake, as_of: date) -> list[ExistingRow]:
    """Expected margin of the customers the shop has, by stage and tier, where anybody stands.

    Customers are summed as if each varied on their own: a good or bad year for all is not in the interval.
    """
    return _existing(_standing(lake, as_of))


def options(lake: Lake, as_of: date, assumed: Assumptions) -> list[Option]:
    """What one more customer is worth beside what they cost: acquired by channel, or kept from leaving.

    Acquired: margin a customer over as long as half of the channel's or more were watched (measured),
    against spend by customer. Kept, always last: expected margin if a customer at risk were sure to stay,
    less the expected margin now (model), against contact cost / response (assumed: as many stay as come
    back because of a message).
    """
    return list(economics(lake, as_of, assumed).options)


def _standing(lake: Lake, as_of: date) -> pa.Table:
    return store.existing(value.value(lake, as_of), lifecycle.stages(lake, as_of))


def _existing(standing: pa.Table) -> list[ExistingRow]:
    found = []
    for stage in STAGE_NAMES:
        for tier in TIER_NAMES:
            here = _rows_of(standing, stage, tier)
            if here.num_rows:
                found.append(ExistingRow(stage, tier, here.num_rows, methods.summed(*_margins(here))))
    return found


def _options(
    cohorts: Cohorts, costs: Sequence[Acquisition], standing: pa.Table, assumed: Assumptions
) -> list[Option]:
    channels = sorted({row.channel for row in costs if row.customers})
    found = [
        _acquired(cohorts, channel, cost_of(costs, channel, None), assumed.margin_rate)
        for channel in channels
    ]
    acquired = [option for option in found if option]
    risky = _rows_of(standing, "at_risk", None)
    kept = [_kept(risky, assumed)] if risky.num_rows else []
    return sorted(acquired, key=lambda one: -(one.per_unit.mid if one.per_unit else -1.0)) + kept


def _acquired(cohorts: Cohorts, channel: str, cost: int | None, margin_rate: float) -> Option | None:
    curve = cohorts.curve(channel, None, cost, margin_rate)
    if not curve.points:
        return None
    # The longest stretch that at least half of them have behind them.
    half = [point for point in curve.points if point.n * 2 >= curve.points[0].n]
    point = half[-1]
    margin = point.margin_minor
    return Option(
        key="acquire",
        channel=channel,
        customers=curve.customers,
        worth_minor=margin.mid,
        cost_minor=cost,
        per_unit=Interval(margin.low / cost, margin.mid / cost, margin.high / cost) if cost else None,
        within_days=point.days,
        worth_basis="measured",
        cost_basis="measured",
    )


def _kept(risky: pa.Table, assumed: Assumptions) -> Option:
    margin = risky["margin_minor_mid"].to_numpy().astype(np.float64)
    worth = float(methods.kept(margin, risky["p_alive"].to_numpy()).mean())
    response, contact = assumed.winback_response, assumed.contact_cost_minor
    likely = Interval(response / RESPONSE_SPREAD, response, min(1.0, response * RESPONSE_SPREAD))
    # One contact costs `contact` and keeps `response` of a customer.
    per = [worth * part / contact for part in (likely.low, likely.mid, likely.high)] if contact else None
    return Option(
        key="retain",
        channel=None,
        customers=risky.num_rows,
        worth_minor=worth,
        cost_minor=contact / response if response else None,
        per_unit=Interval(*per) if per else None,
        within_days=int(risky["horizon_days"][0].as_py()),
        worth_basis="model",
        cost_basis="assumed",
        assumed=Assumed("winback_response", likely, contact),
    )


def _rows_of(rows: pa.Table, stage: str, tier: str | None) -> pa.Table:
    here = np.array(rows["stage"].to_pylist(), dtype=object) == stage
    if tier is not None:
        here &= np.array(rows["tier"].to_pylist(), dtype=object) == tier
    return rows.filter(pa.array(here, pa.bool_()))


def _margins(rows: pa.Table) -> tuple[Floats, Floats, Floats]:
    low, mid, high = (
        rows[f"margin_minor_{end}"].to_numpy().astype(np.float64) for end in ("low", "mid", "high")
    )
    return low, mid, high
