"""Orders over HTTP for their buyers; what the shop's people see stands in the console."""

from shengeng.trade.orders.routes.storefront import public

__all__ = ["public"]
