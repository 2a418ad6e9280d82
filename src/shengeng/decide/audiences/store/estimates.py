"""Conditions over published estimates and over what sources say of people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from shengeng.decide.audiences.contracts.language import InPersona, NextPurchase
from shengeng.decide.audiences.store import matching

Traits = dict[str, dict[str, Any]]


def column(table: ir.Table, name: str, only: list[str] | None) -> pa.Table:
    """person_id, value: one published column of each customer."""
    return matching.of_people(table.select(person_id="customer_id", value=name), only).to_pyarrow()


def scenes(memberships: ir.Table, leaf: InPersona, only: list[str] | None) -> pa.Table:
    """person_id, value: the largest weight of each in one of the scenes, where it is enough."""
    t = matching.of_people(memberships.rename(person_id="customer_id"), only)
    mine = t.filter(t.persona_id.isin(list(leaf.names)))
    mine = mine.filter(mine.belongs if leaf.at_least is None else mine.weight >= leaf.at_least)
    return mine.group_by("person_id").aggregate(value=mine.weight.max()).to_pyarrow()


def chances(affinity: ir.Table, products: ir.Table, leaf: NextPurchase, only: list[str] | None) -> ir.Table:
    """person_id, product_id, probability, due_on of the products that are asked for, likely enough."""
    t = matching.of_people(affinity.rename(person_id="customer_id"), only)
    t = t.filter(t.probability >= leaf.probability)
    if leaf.products or leaf.categories:
        parts = [t.product_id.isin(list(leaf.products))] if leaf.products else []
        if leaf.categories:
            below = reduce(
                or_,
                [
                    (products.category == name) | products.category.startswith(f"{name} > ")
                    for name in leaf.categories
                ],
            )
            parts.append(t.product_id.isin(products.filter(below).product_id))
        t = t.filter(reduce(or_, parts))
    return t.select("person_id", "product_id", "probability", "due_on")


def next_purchases(
    affinity: ir.Table, products: ir.Table, leaf: NextPurchase, only: list[str] | None, today: date
) -> pa.Table:
    """person_id, value: the largest chance of a product due by then; soonest: the day of the next one."""
    t = chances(affinity, products, leaf, only)
    by_day = t.due_on.cast("date")
    days = by_day.delta(today, unit="day")
    t = t.mutate(late=days > leaf.within_days)
    return (
        t.group_by("person_id")
        .aggregate(value=t.probability.max(where=~t.late), soonest=t.due_on.min(where=t.late))
        .to_pyarrow()
    )


def described(customers: ir.Table) -> Traits:
    """By person: what sources say of them; a later description wins, then the source's name.

    customers: under persons, with person_id.
    """
    rows = customers.order_by("created_at", "source").to_pyarrow().to_pylist()
    found: Traits = {}
    for row in rows:
        traits = found.setdefault(row["person_id"], {})
        traits.update(_told(row["attributes"]))
        traits.update({name: row[name] for name in ("city", "region") if row[name] is not None})
        if row["created_at"] is not None:
            traits["created_at"] = row["created_at"].isoformat()
    return found


def identified(events: ir.Table) -> Traits:
    """By person: the traits of their identify calls, the newest value of each."""
    t = events.filter(events.kind == "identify")
    rows = t.select("person_id", "occurred_at", "event_id", "properties")
    found: Traits = {}
    for row in rows.order_by("occurred_at", "event_id").to_pyarrow().to_pylist():
        found.setdefault(row["person_id"], {}).update(_told(row["properties"]))
    return found


def _told(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    inner = told.get("traits")
    flat: Iterable[tuple[str, Any]] = (inner if isinstance(inner, dict) else told).items()
    return {name: value for name, value in flat if isinstance(value, str | int | float | bool)}
