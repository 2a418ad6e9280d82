"""Learnt orders and ranked products in the lake. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import ibis.expr.types as ir
import pyarrow as pa

from shengeng.decide.recommend.contracts import MODELS, RANKED
from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork

_MODELS, _RANKED = "next_basket_orders", "next_basket"


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


def ranked(lake: Lake, on: date, customer_ids: Collection[str]) -> pa.Table:
    """The stored rows of some customers, by customer and place, of one day."""
    found = lake.table(_RANKED, partitions=[on.isoformat()], schema=RANKED)
    found = found.filter(found.customer_id.isin(sorted(customer_ids)))
    return found.order_by([found.customer_id, found.place]).to_pyarrow()


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
