"""An order as a sender writes it."""

from __future__ import annotations

from typing import Any


def order(number: str = "o1", version: int = 1, **fields: Any) -> dict[str, Any]:
    """A paid order of customer c1 on 10 June, Shanghai time."""
    line = {"product_id": "p1", "quantity": 2, "unit_price": "12.50"}
    made = {"order_id": number, "version": version, "ordered_at": "2025-06-09T20:30:00Z", "lines": [line]}
    return made | {"customer_id": "c1", "paid_at": "2025-06-09T20:31:00Z"} | fields
