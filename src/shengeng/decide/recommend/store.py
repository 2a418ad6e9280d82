"""Learnt orders and ranked products in the lake. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.decide.recommend.contracts import MODELS, RANKED
from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork

_MODELS, _RANKED = "next_basket_orders", "next_basket"
# A day of 25 products for 80,000 customers, about 0.4 GB, is the most that a process holds in memory.
HELD_ROWS, HELD_DAYS = 2_000_000, 2


def write_model(lake: Lake, uow: UnitOfWork, as_of: date, model: pa.Table) -> None:
    """Keep a learnt order under its day."""
    lake.replace(uow, _MODELS, model, partition=as_of.isoformat())
    forget_old(lake, uow, _MODELS)


def write_ranked(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table) -> None:
    """Replace the ranked products of a day."""
    lake.replace(uow, _RANKED, rows, partition=as_of.isoformat())
    forget_old(lake, uow, _RANKED)


def model_on(lake: Lake, uow: UnitOfWork, as_of: date) -> date | None:
    """The day of the newest learnt order that is not after as_of."""
    return _newest(lake.partitions(uow, _MODELS), as_of)


def is_ranked(lake: Lake, uow: UnitOfWork, as_of: date) -> bool:
    """Whether the products of that very day are ranked."""
    return as_of.isoformat() in lake.partitions(uow, _RANKED)


def _newest(partitions: Collection[str], as_of: date) -> date | None:
    return max((day for day in map(date.fromisoformat, partitions) if day <= as_of), default=None)


def model(lake: Lake, on: date) -> pa.Table:
    """The learnt order of a day: one row."""
    return lake.table(_MODELS, partitions=[on.isoformat()], schema=MODELS).to_pyarrow()


@dataclass(frozen=True, slots=True)
class _Day:
    """A day's rows in memory, sorted by customer and place, and where each customer's stand."""

    rows: pa.Table
    places: Mapping[str, tuple[int, int]]


_held: dict[str, _Day] = {}


def ranked(lake: Lake, on: date, customer_ids: Collection[str]) -> list[dict[str, Any]]:
    """The stored rows of some customers, by customer and place, of one day."""
    stored = lake.table(_RANKED, partitions=[on.isoformat()], schema=RANKED)
    day = _in_memory(stored)
    if day is None:
        found = stored.filter(stored.customer_id.isin(sorted(customer_ids)))
        rows: list[dict[str, Any]] = found.order_by([found.customer_id, found.place]).to_pyarrow().to_pylist()
        return rows
    places = [day.places[one] for one in sorted(set(customer_ids)) if one in day.places]
    return [row for start, size in places for row in day.rows.slice(start, size).to_pylist()]


def _in_memory(stored: ir.Table) -> _Day | None:
    """The day held in memory, read once: a lake's view of the same files has the same name, and files never
    change. None for a shop whose day is larger than HELD_ROWS."""
    name = stored.get_name()
    if name not in _held:
        if stored.count().to_pyarrow().as_py() > HELD_ROWS:
            return None
        rows = stored.order_by([stored.customer_id, stored.place]).to_pyarrow().combine_chunks()
        who = pc.run_end_encode(rows["customer_id"].combine_chunks()) if rows.num_rows else None
        ends = [] if who is None else who.run_ends.to_pylist()
        ids = [] if who is None else who.values.to_pylist()
        starts = [0, *ends[:-1]]
        places = {one: (start, end - start) for one, start, end in zip(ids, starts, ends, strict=False)}
        while len(_held) >= HELD_DAYS:
            _held.pop(next(iter(_held)), None)
        _held[name] = _Day(rows, places)
    return _held.get(name)


def ranked_on(lake: Lake, since: date, until: date) -> date | None:
    """The newest day from since to until with ranked products."""
    every = lake.table(_RANKED, schema=RANKED)
    days = every.filter(every.as_of.between(since, until))
    newest: date | None = days.aggregate(on=days.as_of.max()).to_pyarrow()["on"][0].as_py()
    return newest


def affine(table: ir.Table, customer_ids: Collection[str]) -> pa.Table:
    """Rows of affinity of some customers, by customer and falling chance."""
    found = table.filter(table.customer_id.isin(sorted(customer_ids)))
    return found.order_by([found.customer_id, found.probability.desc(), found.product_id]).to_pyarrow()
