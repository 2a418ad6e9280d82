"""What `people` publishes: one row a customer and day of estimate, and last week's change explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

import pyarrow as pa

from shengeng.kernel.errors import Refusal

WINDOWS = (7, 28, 90)  # days up to and including as_of
MONTHS = 12
TOP_DEPARTMENTS = 6

DEPARTMENT = pa.struct([("name", pa.string()), ("share", pa.float64()), ("spend_minor", pa.int64())])

# Partition = the day of the estimate (as_of). Orders are those with a sale that was not cancelled; spend is
# paid minus refunded, returns and adjustments included; hours and days are the shop's local ones.
PEOPLE = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("orders", pa.int64(), nullable=False),
        pa.field("spend_minor", pa.int64(), nullable=False),
        pa.field("first_on", pa.date32(), nullable=False),
        pa.field("last_on", pa.date32(), nullable=False),
        pa.field("purchase_days", pa.int64(), nullable=False),  # orders on one day count once
        pa.field("age_days", pa.int64(), nullable=False),  # first_on to as_of
        pa.field("silent_days", pa.int64(), nullable=False),  # last_on to as_of
        pa.field("gap_mean_days", pa.float64()),  # between purchase days; null before the second
        pa.field("gap_median_days", pa.float64()),
        pa.field("gap_spread_days", pa.float64()),  # standard deviation; null before the third
        pa.field("orders_7", pa.int64(), nullable=False),
        pa.field("orders_28", pa.int64(), nullable=False),
        pa.field("orders_90", pa.int64(), nullable=False),
        pa.field("spend_minor_7", pa.int64(), nullable=False),
        pa.field("spend_minor_28", pa.int64(), nullable=False),
        pa.field("spend_minor_90", pa.int64(), nullable=False),
        pa.field("basket_lines", pa.float64(), nullable=False),  # mean sale lines an order
        pa.field("basket_minor", pa.float64(), nullable=False),  # mean sale amount an order
        pa.field("discount_share", pa.float64()),  # of the list price of sales; null without list prices
        pa.field("return_share", pa.float64()),  # returned and refunded, of sales; null without sales amounts
        pa.field("store_id", pa.string()),  # of most orders
        pa.field("hours", pa.list_(pa.int64()), nullable=False),  # 24, orders by local hour
        pa.field("weekdays", pa.list_(pa.int64()), nullable=False),  # 7, Monday first
        pa.field("months", pa.list_(pa.int64()), nullable=False),  # 12 calendar months, newest last
        pa.field("departments", pa.list_(DEPARTMENT), nullable=False),  # top ones by sale amount
    ]
)

ChangeKey = Literal["customers", "frequency", "basket", "price", "returns"]
TimelineKind = Literal["order", "touch", "redemption"]


class Week(NamedTuple):
    """Seven days of a shop. other_minor: returns, refunds and adjustments, usually negative."""

    customers: int
    orders: int
    lines: int
    sales_minor: int
    other_minor: int


@dataclass(frozen=True, slots=True)
class ChangePart:
    """What one cause added to revenue, in minor units."""

    key: ChangeKey
    change_minor: int


@dataclass(frozen=True, slots=True)
class Change:
    """Revenue of the seven days to as_of against the seven before; the parts sum to the difference exactly.

    customers: active ones (a guest's order counts as one); frequency: orders a customer; basket: lines an
    order; price: amount a line; returns: refunds, returned goods and adjustments.
    """

    week_start: date
    revenue_minor: int
    previous_minor: int
    parts: tuple[ChangePart, ...]


@dataclass(frozen=True, slots=True)
class Loyalty:
    """Of the 90 days to an estimate: customers who ordered, those of them who had before, orders, spend."""

    customers: int
    returning: int
    orders: int
    spend_minor: int


@dataclass(frozen=True, slots=True)
class Item:
    """A product in an order of the timeline."""

    product_id: str
    title: str
    quantity: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that a customer did or received. key orders happenings of one moment."""

    at: datetime | None  # UTC; null where only the local day is known
    local_at: datetime
    kind: TimelineKind
    key: str
    order_id: str | None = None
    lines: int | None = None
    total_minor: int | None = None
    store_id: str | None = None
    title: str | None = None
    items: tuple[Item, ...] = ()


NO_CUSTOMER = Refusal(
    "no_customer",
    "not_found",
    en="There is no customer {customer} with an order up to {as_of}: check the number or search for it.",
    zh="截至 {as_of} 没有下过单的顾客“{customer}”：请核对编号或重新搜索。",
)
