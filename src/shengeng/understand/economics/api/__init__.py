"""Spend, acquisition cost, payback, the value of existing customers, repurchase, and change explained."""

from __future__ import annotations

from shengeng.understand.economics.api.buying import change, repurchase
from shengeng.understand.economics.api.paying import (
    acquisition,
    cost_of,
    economics,
    existing,
    options,
    payback,
)
from shengeng.understand.economics.api.spending import bring_spend, template

__all__ = [
    "acquisition",
    "bring_spend",
    "change",
    "cost_of",
    "economics",
    "existing",
    "options",
    "payback",
    "repurchase",
    "template",
]
