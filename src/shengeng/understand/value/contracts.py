"""What `value` publishes: one row a customer and day of estimate."""

from __future__ import annotations

import pyarrow as pa

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
