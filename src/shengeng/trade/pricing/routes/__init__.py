"""/v1/trade: prices, promotions with a simulator, coupons."""

from fastapi import APIRouter

from shengeng.trade.pricing.routes import coupons, prices, promotions

router = APIRouter()
for part in (promotions.router, prices.router, coupons.router):
    router.include_router(part)

__all__ = ["router"]
