"""Tables of pricing and the statements on them."""

from shengeng.trade.pricing.store import (
    base_rows,
    coupon_rows,
    holding,
    person_rows,
    price_moves,
    price_rows,
    promotion_rows,
)

__all__ = [
    "base_rows",
    "coupon_rows",
    "holding",
    "person_rows",
    "price_moves",
    "price_rows",
    "promotion_rows",
]
