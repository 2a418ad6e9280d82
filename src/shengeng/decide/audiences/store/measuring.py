"""Measures of people's facts: every condition over the same facts in one scan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_

import ibis.expr.types as ir
import pyarrow as pa

from shengeng.decide.audiences.contracts.language import Basket, Did, What
from shengeng.decide.audiences.store import matching

Asked = Mapping[str, Did | Basket]
# Columns of the answer by the key of a condition: its figure, its first fact in the window and its next fact
# after the moment, both as moments; of a basket also the orders that hold both.
FIGURE, FIRST, NEXT, BOTH = "figure", "first", "next", "both"


def measured(facts: ir.Table, products: ir.Table, asked: Asked, moment: datetime) -> list[pa.Table]:
    """person_id and <key>_figure, <key>_first, <key>_next: of whoever has facts that matter.

    facts: all orders, or all events (`matching`). Several tables, as different measures group differently.
    """
    by_unit = {key: leaf for key, leaf in asked.items() if _needs_orders(leaf)}
    by_fact = {key: leaf for key, leaf in asked.items() if key not in by_unit}
    found = []
    for part, question in ((by_unit, _by_order), (by_fact, _by_fact)):
        if part:
            found.append(question(_scan(facts, products, part, moment), part, moment).to_pyarrow())
    return found


def _needs_orders(leaf: Did | Basket) -> bool:
    """Whether the lines of an order count together."""
    return isinstance(leaf, Basket) or (leaf.what.fact == "order" and leaf.of != "products")


def whats_of(asked: Asked) -> list[tuple[str, What]]:
    """Every fact that is asked for, with its key; a basket asks for two."""
    found = []
    for key, leaf in asked.items():
        if isinstance(leaf, Basket):
            found += [(f"{key}_a", leaf.a), (f"{key}_b", leaf.b)]
        else:
            found.append((key, leaf.what))
    return found


def _scan(facts: ir.Table, products: ir.Table, asked: Asked, moment: datetime) -> ir.Table:
    """The facts that count for any condition, with a column hit_<key> for each."""
    recent = matching.since_any(facts, [leaf.window for leaf in asked.values()], moment)
    keyed = whats_of(asked)
    table = matching.marked(recent, products, [what for _, what in keyed])
    hits = {}
    for place, (key, _) in enumerate(keyed):
        leaf = asked[key] if key in asked else asked[key[:-2]]
        hit = table[f"w{place}"]
        if isinstance(leaf, Did) and (leaf.when or leaf.at):
            hit &= matching.at_times(table, leaf.when, leaf.at)
        hits[f"hit_{key}"] = hit
    found = table.mutate(**hits)
    return found.filter(reduce(or_, (found[name] for name in hits)))


def _by_order(table: ir.Table, asked: Asked, moment: datetime) -> ir.Table:
    """Lines to orders, orders to people."""
    columns: dict[str, ir.Value] = {}
    for key, leaf in asked.items():
        now = matching.within(table, leaf.window, moment)
        hits = [table[f"hit_{name}"] for name in _names(key, leaf)]
        any_hit = hits[0] if len(hits) == 1 else hits[0] | hits[1]
        for name, hit in zip(_names(key, leaf), hits, strict=True):
            columns[f"{name}_n"] = (now & hit & table.sale).sum()
        columns |= _sums(table, key, leaf, now & any_hit)
        columns |= _moments(table, key, now & any_hit, any_hit & matching.ahead(table, leaf.window, moment))
    orders = table.group_by("person_id", "order_id").aggregate(day=table.day.min(), **columns)
    found: dict[str, ir.Value] = {}
    for key, leaf in asked.items():
        found |= _of_orders(orders, key, leaf)
        found[f"{key}_{FIRST}"] = orders[f"{key}_{FIRST}"].min()
        found[f"{key}_{NEXT}"] = orders[f"{key}_{NEXT}"].min()
    return orders.group_by("person_id").aggregate(**found)


def _names(key: str, leaf: Did | Basket) -> list[str]:
    return [f"{key}_a", f"{key}_b"] if isinstance(leaf, Basket) else [key]


def _sums(table: ir.Table, key: str, leaf: Did | Basket, now: ir.BooleanValue) -> dict[str, ir.Value]:
    if isinstance(leaf, Basket) or leaf.of not in ("units", "spend"):
        return {}
    if leaf.of == "units":
        return {f"{key}_sum": table.units.sum(where=now & table.sale).fill_null(0)}
    return {f"{key}_sum": table.minor.sum(where=now).fill_null(0)}


def _moments(table: ir.Table, key: str, now: ir.BooleanValue, later: ir.BooleanValue) -> dict[str, ir.Value]:
    return {f"{key}_{FIRST}": table["at"].min(where=now), f"{key}_{NEXT}": table["at"].min(where=later)}


def _of_orders(orders: ir.Table, key: str, leaf: Did | Basket) -> dict[str, ir.Value]:
    if isinstance(leaf, Basket):
        a, b = orders[f"{key}_a_n"] > 0, orders[f"{key}_b_n"] > 0
        figure = a if leaf.how == "never_together" else a & b
        return {f"{key}_{FIGURE}": figure.sum(), f"{key}_{BOTH}": (a & b).sum()}
    held = orders[f"{key}_n"] > 0
    if leaf.of == "orders":
        return {f"{key}_{FIGURE}": held.sum()}
    if leaf.of == "lines":
        return {f"{key}_{FIGURE}": orders[f"{key}_n"].sum()}
    if leaf.of == "days":
        return {f"{key}_{FIGURE}": orders.day.nunique(where=held)}
    amount = orders[f"{key}_sum"]
    if leaf.measure == "sum":
        return {f"{key}_{FIGURE}": amount.sum()}
    return {f"{key}_{FIGURE}": amount.min(where=held) if leaf.measure == "min" else amount.max(where=held)}


def _by_fact(table: ir.Table, asked: Asked, moment: datetime) -> ir.Table:
    """Each fact counts for itself."""
    columns: dict[str, ir.Value] = {}
    for key, leaf in asked.items():
        assert isinstance(leaf, Did)
        hit = table[f"hit_{key}"] & table.sale
        now = matching.within(table, leaf.window, moment) & hit
        columns[f"{key}_{FIGURE}"] = _of_facts(table, leaf, now)
        columns |= _moments(table, key, now, hit & matching.ahead(table, leaf.window, moment))
    return table.group_by("person_id").aggregate(**columns)


def _of_facts(table: ir.Table, leaf: Did, now: ir.BooleanValue) -> ir.Value:
    column = {"units": table.units, "value": table.minor, "spend": table.minor}.get(leaf.of)
    if column is not None:
        return getattr(column, leaf.measure)(where=now)
    if leaf.of in ("products", "days"):
        return (table.product_id if leaf.of == "products" else table.day).nunique(where=now)
    return now.sum()
