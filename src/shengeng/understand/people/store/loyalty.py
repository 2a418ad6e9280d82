"""Who comes back, and what an order is worth, over the newest 90 days."""

from __future__ import annotations

from datetime import date

from shengeng.storage.lake import Lake
from shengeng.understand.people.contracts import Loyalty
from shengeng.understand.people.store.estimate import published


def loyalty(lake: Lake, as_of: date) -> Loyalty:
    """Customers who ordered in the 90 days to as_of, how many of them had before, their orders and spend."""
    table = published(lake, as_of)
    recent = table.filter(table.orders_90 > 0)
    found = lake.connection.to_pyarrow(
        recent.aggregate(
            customers=recent.count(),
            returning=(recent.orders > recent.orders_90).sum().fill_null(0),
            orders=recent.orders_90.sum().fill_null(0),
            spend_minor=recent.spend_minor_90.sum().fill_null(0),
        )
    )
    return Loyalty(**found.to_pylist()[0])
