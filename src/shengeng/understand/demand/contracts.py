"""What `demand` publishes: the estimate's schemas, its levels, and one product's joint draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shengeng.kernel.errors import Refusal

METHOD = "demand-promotion-negbin-2"
# Levels of the published quantiles; p10..p90 is the 80% band.
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
QUANTILES = ("p05", "p10", "p25", "p50", "p75", "p90", "p95")
# Weeks of history that the estimate reads, and the silence after which a product is left out.
TRAILING_WEEKS = 52
DEAD_AFTER_WEEKS = 26
RECENT_WEEKS = 13
# The level learns anew every four weeks; a shop that is younger than half a year, every day.
LEARNED_EVERY_DAYS = 28
YOUNG_WEEKS = 26
# A product sold by measure (fuel by the millilitre) has no units to stock: its paid price rounds to nothing.
MEASURE_UNITS_A_LINE = 50

DEMAND = pa.schema(
    [
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("store_id", pa.string()),  # null = all stores together
        pa.field("week_start", pa.date32(), nullable=False),  # the first day after as_of
        *(pa.field(name, pa.float64(), nullable=False) for name in QUANTILES),
        pa.field("mean", pa.float64(), nullable=False),
        pa.field("last_week", pa.int64(), nullable=False),  # units sold in the week that ends on as_of
        pa.field("weeks", pa.int32(), nullable=False),  # weeks since its first sale, at most TRAILING_WEEKS
        pa.field("recent", pa.list_(pa.int32()), nullable=False),  # units of the last RECENT_WEEKS weeks
        pa.field("unit_price_minor", pa.int64(), nullable=False),  # average paid per unit, trailing weeks
        pa.field("method", pa.string(), nullable=False),
    ]
)

# Joint draws: the i-th draw of every product belongs to one imagined week, so sums keep their spread.
DRAWS = pa.schema(
    [
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("units", pa.list_(pa.int32()), nullable=False),
    ]
)

# What the level model was taught, put away so that the days until it learns again need not repeat it.
LEARNED = pa.schema(
    [
        pa.field("fingerprint", pa.string(), nullable=False),  # of the facts that it was learned from
        pa.field("kinds", pa.list_(pa.string()), nullable=False),
        pa.field("centre", pa.list_(pa.float64()), nullable=False),
        pa.field("scale", pa.list_(pa.float64()), nullable=False),
        pa.field("weights", pa.list_(pa.float64()), nullable=False),
        pa.field("trees", pa.string(), nullable=False),
        pa.field("trust", pa.float64(), nullable=False),
        pa.field("shape", pa.list_(pa.float64()), nullable=False),
        pa.field("reached", pa.list_(pa.list_(pa.float64())), nullable=False),
    ]
)
# The promotion plan without its stores: how many stores run a kind of promotion from one day to another.
PLANNED = pa.schema(
    [
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("starts_on", pa.date32(), nullable=False),
        pa.field("ends_on", pa.date32(), nullable=False),
        pa.field("stores", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Draws:
    """Equally likely joint outcomes of the week after as_of: units (product, draw), a column an outcome."""

    product_ids: NDArray[np.object_]
    units: NDArray[np.int64]


Sort = Literal["mean", "last_week", "p50", "p90", "title", "product_id"]


@dataclass(frozen=True, slots=True)
class Search:
    """Which products of an estimate, in which order."""

    text: str = ""
    department: str = ""
    sort: Sort = "mean"
    desc: bool = True


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product of an estimate as lists show it; recent: units of the last weeks, newest last."""

    product_id: str
    title: str
    department: str | None
    category: str | None
    last_week: int
    mean: float
    p10: float
    p50: float
    p90: float
    recent: Sequence[int]
    unit_price_minor: int


NO_FORECAST = Refusal(
    "no_demand",
    "not_found",
    en="There is no demand estimate for product {product_id} as of {as_of}: it has not been sold in the last "
    "{weeks} weeks, or its id is different.",
    zh="商品 {product_id} 在 {as_of} 没有需求预测：最近 {weeks} 周没有售出，或商品编号有误。",
)
NOT_HEAVY = Refusal(
    "no_store_demand",
    "not_found",
    en="Product {product_id} has no demand estimate for store {store_id}: only product and store pairs that "
    "sold in half of the last weeks have one. Leave the store out to see all stores together.",
    zh="商品 {product_id} 在门店 {store_id} 没有需求预测：只有最近一半以上的周都有销售的门店才单独预测。"
    "不选门店可查看全部门店合计。",
)
