"""What `affinity` publishes: the chance of the next purchase, how sums of it spread, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from shengeng.kernel.units import Bools, Ints

HORIZON_DAYS = 7  # a chance speaks of the week after as_of
LEAST_CHANCE = 0.02  # smaller chances are not published
MOST_A_CUSTOMER = 40

# First levels of the category path that are no merchandise: till entries, fuel, donations. Data, not method:
# whoever calls may pass another set.
NOT_MERCHANDISE = frozenset({"FUEL", "COUPON", "MISCELLANEOUS", "CHARITABLE CONT", "CNTRL/STORE SUP"})

AFFINITY = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field(
            "probability", pa.float64(), nullable=False
        ),  # buys within HORIZON_DAYS after as_of, unasked
        pa.field("due_on", pa.date32(), nullable=False),  # last_on + rhythm; before as_of = overdue
        pa.field("rhythm_days", pa.float64(), nullable=False),  # shrunk days between purchases
        pa.field("last_on", pa.date32(), nullable=False),
        pa.field("orders", pa.int64(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
    ]
)

# One row an estimate: how the chances were calibrated, on weeks that the models had not seen.
CALIBRATION = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("week", pa.float64(), nullable=False),  # relative s.d. of a week's shock to everything
        pa.field("group", pa.float64(), nullable=False),  # relative s.d. of a category's own shock in a week
        pa.field("weeks", pa.int64(), nullable=False),  # weeks that this was seen on; 0 = assumed
        pa.field("widen", pa.float64(), nullable=False),  # factor on both for so few weeks
        pa.field("bin_from", pa.list_(pa.float64()), nullable=False),  # chances from here up to the next bin
        pa.field("bin_pairs", pa.list_(pa.float64()), nullable=False),
        pa.field("bin_expected", pa.list_(pa.float64()), nullable=False),
        pa.field("bin_bought", pa.list_(pa.float64()), nullable=False),
        pa.field("method", pa.string(), nullable=False),
    ]
)

MOST_TOGETHER = 20  # others of a product that are published

# Which products go together: the other stands in the same basket or in the customer's next one.
GOES_WITH = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("other_id", pa.string(), nullable=False),
        pa.field("together", pa.int64(), nullable=False),  # baskets of a year
        pa.field("lift", pa.float64(), nullable=False),  # probability / what the other has in any basket
        pa.field("probability", pa.float64(), nullable=False),  # of the other, given the product; shrunk
        pa.field("rank", pa.int64(), nullable=False),  # 1 = first, at most MOST_TOGETHER
    ]
)


@dataclass(frozen=True, slots=True)
class Bought:
    """Order lines as columns of dense codes, with the ids behind the codes in order.

    customer, product, basket (orders numbered in time), day (days since 1970-01-01, local): (lines,) each;
    category, group: (products,) codes of the full category path and of its second level.
    placed: (products,) whether the product stands in a category at all.
    """

    customer: Ints
    product: Ints
    basket: Ints
    day: Ints
    category: Ints
    group: Ints
    placed: Bools
    customer_ids: pa.Array
    product_ids: pa.Array


@dataclass(frozen=True, slots=True)
class Why:
    """A reason as a code and its figures; the screen has the words (`affinity.why.<code>`).

    code: bought_once (since_days), due, overdue, ahead (orders, rhythm_days, since_days each).
    """

    code: str
    params: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class NextPurchase:
    """What one customer probably buys again in the week after as_of."""

    product_id: str
    probability: float
    due_on: date
    last_on: date
    rhythm_days: float
    orders: int
    why: Why
    method: str
