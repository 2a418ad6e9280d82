"""/v1/trade: prices, promotions with a simulator, coupons."""

from shengeng.trade.pricing.routes import coupons, prices, promotions
from shengeng.trade.pricing.routes.door import router

__all__ = ["coupons", "prices", "promotions", "router"]
