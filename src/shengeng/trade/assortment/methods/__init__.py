"""Cells of products, what a table of them would change, prices by rule."""

from shengeng.trade.assortment.methods.cells import COLUMNS, cells_of, columns_of
from shengeng.trade.assortment.methods.counting import COUNT_COLUMNS, count, counted_at
from shengeng.trade.assortment.methods.planning import Plan, plan
from shengeng.trade.assortment.methods.repricing import reprice, rounded

__all__ = [
    "COLUMNS",
    "COUNT_COLUMNS",
    "Plan",
    "cells_of",
    "columns_of",
    "count",
    "counted_at",
    "plan",
    "reprice",
    "rounded",
]
