"""What the screens ask of spend, cohorts and customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Interval

UNKNOWN = ""  # the channel of a first order whose source names none
ALL = "*"
PERIOD_DAYS = 30  # of a payback curve
# Somebody whose first order stands in a shop's first days may have been a customer long before.
OLDER_DAYS = 90
# An assumed response is taken to lie between half and twice of it, as where messages are proposed.
RESPONSE_SPREAD = 2.0

CostKind = Literal["known", "no_spend", "no_customers"]
Basis = Literal["measured", "model", "assumed"]


@dataclass(frozen=True, slots=True)
class Acquisition:
    """A channel in a month: what was spent, who first bought through it, what one of them cost.

    cost_minor is None without spend or without customers; reported: new customers by the channel's own count.
    maybe_older: the month lies in the shop's first days, whose customers may not be new at all.
    """

    month: date
    channel: str
    spend_minor: int
    customers: int
    cost_minor: int | None
    kind: CostKind
    reported: int | None
    maybe_older: bool


@dataclass(frozen=True, slots=True)
class PaybackPoint:
    """Cumulative margin a customer after some days since the first order; n customers are old enough."""

    days: int
    margin_minor: Interval
    n: int


@dataclass(frozen=True, slots=True)
class Payback:
    """A cohort's curve as far as it was observed; nothing is extrapolated.

    month None: all months of the channel but the shop's first days, unless there are no others; then each
    point is of the customers old enough for it.
    crosses_days: the first point at which the mean reaches the cost, between the first where the high and the
    first where the low end does; None while it has not.
    """

    channel: str
    month: date | None
    customers: int
    cost_minor: int | None
    points: tuple[PaybackPoint, ...]
    crosses_days: int | None
    crosses_early: int | None
    crosses_late: int | None
    maybe_older: bool


@dataclass(frozen=True, slots=True)
class ExistingRow:
    """Customers of a stage and tier with the sum of their expected margin."""

    stage: str
    tier: str
    customers: int
    margin_minor: Interval


@dataclass(frozen=True, slots=True)
class Assumed:
    """The share who stay because of a message: its key among the shop's assumptions, an interval as given."""

    key: str
    response: Interval
    contact_cost_minor: int


@dataclass(frozen=True, slots=True)
class Option:
    """One way to spend the next unit of money.

    worth_minor: margin one more customer of this kind brings; cost_minor: what one more costs, None where
    nothing says; per_unit: worth / cost; within_days: over which worth is counted. assumed: what the cost
    rests on where nobody measured it; its low and high are those of the assumption, not of a measurement.
    """

    key: Literal["acquire", "retain"]
    channel: str | None
    customers: int
    worth_minor: float
    cost_minor: float | None
    per_unit: Interval | None
    within_days: int
    worth_basis: Basis
    cost_basis: Basis
    assumed: Assumed | None = None


@dataclass(frozen=True, slots=True)
class Economics:
    """Everything of one day that the first part of the page shows."""

    acquisition: tuple[Acquisition, ...]
    existing: tuple[ExistingRow, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class RepurchaseRow:
    """Buyers of a month: who bought again within the days, among those whose days are over.

    rate is None while nobody's days are over; waiting: buyers whose days still run.
    """

    month: date
    buyers: int
    waiting: int
    again: int
    rate: Interval | None
    orders: int
    order_minor: float | None


TOO_LARGE = Refusal(
    "spend_file_too_large",
    "invalid",
    en="{file} is larger than {limit} MB: send the spend by day and channel, not by click.",
    zh="{file} 超过 {limit} MB：请按天和渠道汇总花费，而不是逐次点击。",
)
PERIODS = Refusal(
    "bad_periods",
    "invalid",
    en="A period from {first} to {last} cannot be compared: it has to end on or after its first day.",
    zh="无法比较 {first} 至 {last} 的时段：结束日不能早于开始日。",
)
