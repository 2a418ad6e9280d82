"""Rows of orders."""

from shengeng.trade.orders.store import reading, writing

__all__ = ["reading", "writing"]
