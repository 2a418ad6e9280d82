"""Rows of orders."""

from shengeng.trade.orders.store import drafts, notes, reading, writing

__all__ = ["drafts", "notes", "reading", "writing"]
