"""The terms of a stock-up, and what `replenish` proposes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shengeng.kernel.errors import Refusal

METHOD = "newsvendor-1"
# How far the gains of a whole week miss together beyond their joint draws (standard deviation, share of the
# mean): the intervals of 22 weeks of Complete Journey before the demo's look-back held 68% without it.
COMMON_MISS = 0.1
DEFAULT_POLICY = "last_week"  # stock what last week sold

# One row a product whose stock-up is worth proposing, best gain first.
PROPOSALS = pa.schema(
    [
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("department", pa.string()),
        pa.field("category", pa.string()),
        pa.field("units", pa.int64(), nullable=False),
        pa.field("default_units", pa.int64(), nullable=False),
        pa.field("unit_price_minor", pa.int64(), nullable=False),
        pa.field("unit_margin_minor", pa.int64(), nullable=False),  # lost with each unit wanted and not there
        pa.field("unit_scrap_minor", pa.int64(), nullable=False),  # lost with each unit there and not wanted
        pa.field("gain_low_minor", pa.int64(), nullable=False),
        pa.field("gain_mid_minor", pa.int64(), nullable=False),
        pa.field("gain_high_minor", pa.int64(), nullable=False),
        pa.field("forecast_low", pa.float64(), nullable=False),
        pa.field("forecast_mid", pa.float64(), nullable=False),
        pa.field("forecast_high", pa.float64(), nullable=False),
        pa.field("evidence_weeks", pa.int32(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Terms:
    """At what a unit is judged: shares of the price that a missed sale and a left-over unit cost."""

    margin_rate: float
    scrap_rate: float
    min_gain_minor: int = 0


@dataclass(frozen=True, slots=True)
class Proposals:
    """Stock-ups that are worth proposing, with their joint gains so that sums have an honest interval.

    rows: schema PROPOSALS; gains_minor, units: (row, draw), a column is one imagined week of the whole shop.
    """

    rows: pa.Table
    gains_minor: NDArray[np.float64]
    units: NDArray[np.int64]


BAD_TERMS = Refusal(
    "bad_stock_terms",
    "invalid",
    en="{name} = {value} is not a share: set it between 0 and 1, and not both rates to 0.",
    zh="{name} = {value} 不是比例：请设为 0 到 1 之间，且两个比率不能同时为 0。",
)
BAD_UNITS = Refusal(
    "bad_stock_units",
    "invalid",
    en="{units} is not a number of units to stock: use a whole number from 0 to {most}.",
    zh="{units} 不是可备货的数量：请用 0 到 {most} 的整数。",
)
MOST_UNITS = 1_000_000_000
