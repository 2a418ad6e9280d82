"""What `value` publishes: one row a customer and day of estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from shengeng.kernel.units import Interval

# Partition = day of the estimate (as_of). Intervals are 80%; margin is net spend x the margin rate.
VALUE = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("p_alive", pa.float64(), nullable=False),  # has not dropped out at as_of
        pa.field("orders_low", pa.float64(), nullable=False),  # purchase days within the horizon
        pa.field("orders_mid", pa.float64(), nullable=False),  # their mean
        pa.field("orders_high", pa.float64(), nullable=False),
        pa.field("margin_minor_low", pa.int64(), nullable=False),
        pa.field("margin_minor_mid", pa.int64(), nullable=False),
        pa.field("margin_minor_high", pa.int64(), nullable=False),
        pa.field("horizon_days", pa.int32(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
    ]
)

# Partition = day of the estimate: what was learnt from everybody, by which one customer is estimated again.
LEARNT = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("horizon_days", pa.int32(), nullable=False),
        pa.field("margin_rate", pa.float64(), nullable=False),
        pa.field("model", pa.string(), nullable=False),  # engine.Learnt as JSON
    ]
)

Sort = Literal["value", "orders", "p_alive", "last_on", "customer_id"]
State = Literal["all", "active", "silent"]

# Silent: longer without a purchase than this many times the own rhythm, and than SILENT_DAYS at least;
# without a rhythm, longer than ONCE_DAYS.
SILENT_RHYTHMS, SILENT_DAYS, ONCE_DAYS = 3.0, 28, 90


@dataclass(frozen=True, slots=True)
class Search:
    """Which customers in which order. text: part of the customer's id, any case.

    stage, tier, persona: only those whom the given standing and scenes (`customers`) put there.
    """

    text: str = ""
    sort: Sort = "value"
    descending: bool = True
    state: State = "all"
    stage: str | None = None
    tier: str | None = None
    persona: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as lists show them. value_minor: margin over the horizon; months: orders, newest last."""

    customer_id: str
    orders: int
    spend_minor: int
    value_minor: Interval
    p_alive: float | None
    last_on: date
    first_on: date
    rhythm_days: float | None
    months: tuple[int, ...]
    stage: str | None = None
    tier: str | None = None
    persona: str | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one customer will probably do within the horizon, and the method that says so."""

    expected_orders: Interval
    horizon_days: int
    method: str
