"""Baskets, checkout and payment notices over HTTP."""

from shengeng.trade.checkout.routes.storefront import public

__all__ = ["public"]
