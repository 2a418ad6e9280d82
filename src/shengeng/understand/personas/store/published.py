"""The catalogue, the memberships and the profiles in the lake."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.personas.contracts import MEMBERSHIPS, PERSONAS, PROFILES, Scenes

_SCHEMAS = {"personas": PERSONAS, "memberships": MEMBERSHIPS, "persona_profiles": PROFILES}


Described = dict[str, list[tuple[str, int, int]]]
_MOST_VALUES = 20  # an attribute with more is a name, not a description


def write(lake: Lake, uow: UnitOfWork, as_of: date, tables: dict[str, pa.Table]) -> None:
    """Replace what is published of one day; the newest days and each month's last are kept."""
    for dataset, table in tables.items():
        lake.replace(uow, dataset, table.cast(_SCHEMAS[dataset]), partition=as_of.isoformat())
        forget_old(lake, uow, dataset)


def personas(lake: Lake, as_of: date) -> ir.Table:
    """The catalogue of one day; empty when there is none."""
    return lake.table("personas", partitions=[as_of.isoformat()], schema=PERSONAS)


def memberships(lake: Lake, as_of: date) -> ir.Table:
    """Who is in which scene on one day; empty when nobody is."""
    return lake.table("memberships", partitions=[as_of.isoformat()], schema=MEMBERSHIPS)


def belonging(lake: Lake, as_of: date) -> ir.Table:
    """customer_id, persona: the one clear scene of everybody who has one."""
    table = memberships(lake, as_of)
    return table.filter(table.belongs).select("customer_id", persona="persona_id")


def scene_of(lake: Lake, as_of: date, customer_id: str) -> str | None:
    """The one clear scene of a customer, if there is one."""
    table = belonging(lake, as_of)
    found = table.filter(table.customer_id == customer_id).to_pyarrow()["persona"].to_pylist()
    return found[0] if found else None


def days(lake: Lake, uow: UnitOfWork) -> list[date]:
    """Days with an estimate, earliest first."""
    return sorted(date.fromisoformat(name) for name in lake.partitions(uow, "personas"))


def catalogue(lake: Lake, as_of: date) -> list[dict[str, Any]]:
    """The catalogue's rows by column name, in the order of the scenes."""
    rows: list[dict[str, Any]] = personas(lake, as_of).to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: int(row["persona_id"][1:]))


def scenes(lake: Lake, as_of: date) -> Scenes | None:
    """The scenes of one day; None when there is no estimate, or nothing to be learnt was found."""
    cards = catalogue(lake, as_of)
    if not cards:
        return None
    found = lake.table("persona_profiles", partitions=[as_of.isoformat()], schema=PROFILES)
    rows = found.to_pyarrow().to_pylist()
    return Scenes(
        ids=tuple(card["persona_id"] for card in cards),
        names=[(row["kind"], row["name"]) for row in rows],
        profiles=np.array([row["weights"] for row in rows], dtype=np.float64).T,
        totals=np.array([row["total"] for row in rows], dtype=np.float64),
        chosen_on=cards[0]["chosen_on"],
        agreement=cards[0]["agreement"],
    )


def members(
    lake: Lake, as_of: date, persona_id: str, *, after: tuple[float, str] | None, limit: int
) -> list[dict[str, Any]]:
    """Customers who belong to a scene, the most of it first; after: weight and id of the last one before."""
    table = memberships(lake, as_of)
    mine = table.filter((table.persona_id == persona_id) & table.belongs)
    if after is not None:
        weight, customer = after
        mine = mine.filter((mine.weight < weight) | ((mine.weight == weight) & (mine.customer_id > customer)))
    page = mine.order_by([ibis.desc("weight"), "customer_id"]).limit(limit)
    rows: list[dict[str, Any]] = page.to_pyarrow().to_pylist()
    return rows


def standing(lake: Lake, as_of: date) -> dict[str, int]:
    """Customers known, with too few baskets, without a clear scene, and belonging to one."""
    table = memberships(lake, as_of)
    each = table.group_by("customer_id").aggregate(belongs=table.belongs.any())
    found = each.aggregate(known=each.count(), placed=each.belongs.sum().fill_null(0)).to_pyarrow()
    return {name: int(found[name][0].as_py()) for name in ("known", "placed")}


def described(lake: Lake, as_of: date, persona_id: str, customers: ir.Table) -> Described:
    """What sources say of customers, beside a scene, never in it: value, members, everybody by attribute."""
    table = memberships(lake, as_of)
    mine = table.filter((table.persona_id == persona_id) & table.belongs).select("customer_id")
    said = customers.filter(customers.attributes.notnull()).select("customer_id", "attributes")
    inside = set(said.semi_join(mine, "customer_id").to_pyarrow()["customer_id"].to_pylist())
    own: dict[str, Counter[str]] = {}
    every: dict[str, Counter[str]] = {}
    for row in said.to_pyarrow().to_pylist():
        told: Any = json.loads(row["attributes"])
        for name, value in told.items() if isinstance(told, dict) else ():
            if isinstance(value, str | int | float):
                every.setdefault(name, Counter())[str(value)] += 1
                own.setdefault(name, Counter())[str(value)] += row["customer_id"] in inside
    return {
        name: [(value, own[name][value], number) for value, number in sorted(values.items())]
        for name, values in sorted(every.items())
        if len(values) <= _MOST_VALUES
    }
