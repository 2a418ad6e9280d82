"""What `recommend` publishes: the learnt order, and each customer's first products with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

RANK_TASK = "recommend.train"
LEARN_DAYS = 7  # a learnt order is used for so many days, then learnt again
MOST = 20  # products ranked a customer
MOST_NEW = 5  # and of those never bought at least so many
VERSION = "next-basket-trees-1"

# What a score is made of, in the order in which people read it.
REASONS = ("habit", "rhythm", "goes_with", "similar", "category", "season", "pace")

# Which reason each signal of affinity.WIDE speaks for.
SPEAKS_FOR = {
    "own_rate": "habit",
    "decay_10": "habit",
    "decay_30": "habit",
    "decay_90": "habit",
    "recent_80": "habit",
    "recent_90": "habit",
    "recent_97": "habit",
    "orders": "habit",
    "share": "habit",
    "share_since": "habit",
    "own": "habit",
    "span": "habit",
    "since": "rhythm",
    "baskets_since": "rhythm",
    "phase": "rhythm",
    "until_due": "rhythm",
    "rhythm": "rhythm",
    "last_gap": "rhythm",
    "goes_with": "goes_with",
    "near": "similar",
    "alike": "similar",
    "taste": "similar",
    "category_since": "category",
    "category_phase": "category",
    "category_orders": "category",
    "category_decay": "category",
    "category_share": "category",
    "in_category": "category",
    "product_rate": "season",
    "product_week": "season",
    "product_month": "season",
    "product_trend": "season",
    "customer_month": "pace",
    "customer_since": "pace",
    "customer_quarter": "pace",
    "customer_phase": "pace",
    "customer_baskets": "pace",
    "basket_size": "pace",
}

# One row a learnt order. The calibrated log-odds of a candidate are level + slope x the trees' raw score.
MODELS = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("booster", pa.string(), nullable=False),  # LightGBM's own text
        pa.field("level", pa.float64(), nullable=False),
        pa.field("slope", pa.float64(), nullable=False),
        pa.field("signals", pa.list_(pa.string()), nullable=False),
        pa.field("cpu_seconds", pa.float64(), nullable=False),
        pa.field("version", pa.string(), nullable=False),
    ]
)

# Sorted by customer and place. score = base + the reasons, in log-odds; probability = 1 / (1 + exp(-score)).
RANKED = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("category", pa.string()),
        pa.field("place", pa.int64(), nullable=False),  # 1 = first of the stored rows
        pa.field("is_new", pa.bool_(), nullable=False),  # the customer never bought it
        pa.field("score", pa.float64(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("base", pa.float64(), nullable=False),
        *(pa.field(f"part_{reason}", pa.float64(), nullable=False) for reason in REASONS),
        pa.field("method", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product for a customer's next basket.

    probability: that the next basket holds it; score: its log-odds = base + the sum of reasons; place: 1 is
    first; as_of: the day whose facts it rests on.
    """

    customer_id: str
    product_id: str
    title: str
    category: str | None
    place: int
    is_new: bool
    probability: float
    score: float
    base: float
    reasons: dict[str, float]
    method: str
    as_of: date
