"""Rows of orders."""

from shengeng.trade.orders.store import notes, reading, writing

__all__ = ["notes", "reading", "writing"]
