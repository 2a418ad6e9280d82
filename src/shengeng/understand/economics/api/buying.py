"""How many buy again, what an order is worth, and why revenue changed between two periods."""

from __future__ import annotations

from datetime import date
from typing import Any

from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.understand.economics import methods
from shengeng.understand.economics.contracts import PERIODS, RepurchaseRow
from shengeng.understand.economics.store import cohorts as store
from shengeng.understand.people import api as people
from shengeng.understand.people.contracts import Change


def repurchase(lake: Lake, as_of: date, days: int) -> list[RepurchaseRow]:
    """Per month of buyers: the share who bought again within so many days, of those whose days are over."""
    lines = identity.lines(lake, as_of)
    placed: dict[Any, Any] = {row["month"]: row for row in store.orders(lines)}
    bought: dict[Any, Any] = {row["month"]: row for row in store.buyers(lines, days, as_of)}
    return [_month(month, bought.get(month), placed[month]) for month in sorted(placed)]


def _month(month: date, bought: dict[str, Any] | None, placed: dict[str, Any]) -> RepurchaseRow:
    buyers, waiting, again = (int(bought[key]) if bought else 0 for key in ("buyers", "waiting", "again"))
    over = buyers - waiting
    rate = methods.share(again, over) if over else None
    orders = int(placed["orders"])
    worth = placed["sales_minor"] / orders if orders else None
    return RepurchaseRow(month, buyers, waiting, again, rate, orders, worth)


def change(lake: Lake, as_of: date, before: tuple[date, date], after: tuple[date, date]) -> Change:
    """Revenue of a period against an earlier one in parts that sum exactly (people.change_between)."""
    for first, last in (before, after):
        if first > last:
            raise PERIODS.error(first=first, last=last)
    return people.change_between(identity.lines(lake, as_of), before, after)
