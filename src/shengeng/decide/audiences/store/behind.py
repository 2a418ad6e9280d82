"""The facts behind a condition of one person, as rows."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir

from shengeng.decide.audiences.contracts.language import Basket, Did, NextPurchase, What, Window
from shengeng.decide.audiences.store import estimates, matching

Row = dict[str, Any]


def facts(
    table: ir.Table, products: ir.Table, leaf: Did | Basket, moment: datetime, limit: int
) -> tuple[list[Row], int]:
    """The newest facts that a condition counts, and how many there are."""
    whats = [leaf.what] if isinstance(leaf, Did) else [leaf.a, leaf.b]
    t = matching.marked(table, products, whats)
    hit = reduce(or_, [t[f"w{place}"] for place in range(len(whats))])
    hit &= matching.within(t, leaf.window, moment)
    if isinstance(leaf, Did):
        hit &= matching.at_times(t, leaf.when, leaf.at)
        hit &= t.sale | (leaf.of == "spend")
    found = t.filter(hit)
    # Of one person, so all of them are fewer than a second question would cost.
    rows = found.order_by(ibis.desc("at"), "order_id", "product_id").to_pyarrow()
    return rows.slice(0, limit).to_pylist(), rows.num_rows


def at_moment(table: ir.Table, products: ir.Table, what: What, moment: datetime) -> list[Row]:
    """The facts of a step at exactly one moment."""
    t = matching.marked(table.filter(table["at"] == ibis.literal(moment)), products, [what])
    rows: list[Row] = t.filter(t.w0 & t.sale).order_by("product_id").to_pyarrow().to_pylist()
    return rows


def stands(at: datetime, window: Window | None, moment: datetime) -> bool:
    """Whether something of a moment stands in a window now."""
    low = matching.begins(window, moment)
    return at <= matching.ends(window, moment) and (low is None or at > low)


def chances(leaf: NextPurchase, affinity: ir.Table, products: ir.Table, only: list[str]) -> list[Row]:
    """The products that are asked for and likely enough, likeliest first."""
    found = estimates.chances(affinity, products, leaf, only)
    rows: list[Row] = found.order_by(ibis.desc("probability"), "product_id").to_pyarrow().to_pylist()
    return rows
