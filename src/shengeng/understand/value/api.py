"""What a customer is worth: P(alive), expected orders and contribution margin over a horizon."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.govern.privacy.api import of_lake
from shengeng.govern.shop import api as shop
from shengeng.kernel.units import Floats, Rate
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.people import api as people
from shengeng.understand.value.contracts import VALUE, CustomerRow, Outlook, Search
from shengeng.understand.value.methods import engine, spend
from shengeng.understand.value.methods.correction import Norm
from shengeng.understand.value.methods.counting import Counting, Histories, expected, fit, p_alive
from shengeng.understand.value.methods.engine import VERSION, Forecast, Learnt, Orders, forecast, learn
from shengeng.understand.value.methods.kept import as_text, from_text
from shengeng.understand.value.methods.pareto import Pareto
from shengeng.understand.value.methods.pareto import expected as expected_pareto
from shengeng.understand.value.methods.pareto import fit as fit_pareto
from shengeng.understand.value.methods.purchases import PurchaseDays, between, known_at, purchase_days
from shengeng.understand.value.methods.spend import Spend
from shengeng.understand.value.store import estimate as store
from shengeng.understand.value.store import ranking
from shengeng.understand.value.store.estimate import purchases
from shengeng.understand.value.store.ranking import SortValue

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "VERSION",
    "Counting",
    "Forecast",
    "Histories",
    "Orders",
    "Pareto",
    "PurchaseDays",
    "between",
    "customer",
    "customers",
    "days_of",
    "erase_person",
    "estimate",
    "estimate_lines",
    "expected",
    "expected_pareto",
    "export_person",
    "fit",
    "fit_pareto",
    "forecast",
    "known_at",
    "learn",
    "p_alive",
    "purchases",
    "renew",
    "value",
]
export_person, erase_person = of_lake({"value": "customer_id"})

_EPOCH = date(1970, 1, 1)
NEUTRAL = Norm(0.0, 1.0)  # of a shop that knows nobody


def estimate(stores: Stores, uow: UnitOfWork, as_of: date, progress: Progress) -> int:
    """Estimate every identified customer's value as of a day and publish it. Returns the rows written."""
    progress.check()
    assumed = shop.assumptions(uow)
    horizon, margin = assumed.horizon_days, assumed.margin_rate
    known = _known(identity.lines(stores.lake, as_of), as_of)
    learnt = _learn(known, as_of, horizon)
    row = {"horizon_days": horizon, "margin_rate": margin, "model": as_text(learnt)}
    store.write_learnt(stores.lake, uow, as_of, row)
    return store.write(stores.lake, uow, as_of, _estimated(learnt, known, as_of, horizon, margin))


def renew(stores: Stores, uow: UnitOfWork, as_of: date, *, touched: Collection[str] | None) -> bool:
    """Estimate the touched (None = everybody) of a published day again, by what that day had learnt.

    Afterwards the day is what its own model says of everybody's facts as they are now; says whether anything
    was new. The model itself is learnt again by the next cycle.
    """
    lake = stores.lake.inside(uow)
    found = store.learnt(lake, as_of)
    if found is None:
        return False
    rows = store.replaced(lake, as_of, _again(lake, found, as_of, touched), touched)
    if rows is not None:
        store.write(lake, uow, as_of, rows)
    return rows is not None


def _again(lake: Lake, found: Mapping[str, Any], as_of: date, of: Collection[str] | None) -> pa.Table:
    """The estimate of some customers (None = everybody) by what an earlier day learnt."""
    lines = identity.lines(lake, as_of)
    known = _known(lines if of is None else store.of_some(lines, of), as_of)
    return _estimated(from_text(found["model"]), known, as_of, found["horizon_days"], found["margin_rate"])


def value(lake: Lake, as_of: date) -> ir.Table:
    """The published estimate of one day (contracts.VALUE); empty when that day was not estimated."""
    return store.published(lake, as_of)


def customers(
    lake: Lake,
    as_of: date,
    search: Search,
    *,
    standing: ir.Table | None = None,
    scenes: ir.Table | None = None,
    after: tuple[SortValue, str] | None = None,
    limit: int = 50,
) -> tuple[list[CustomerRow], int]:
    """A page of the customers known on the day of an estimate, and how many there are in all.

    standing: customer_id, stage, tier of that day, and scenes: customer_id, persona, to show and to filter
    by. after: sort value and id of the last one seen. Unknown values come last in either direction.
    """
    joined = ranking.joined(people.people(lake, as_of), value(lake, as_of), standing, scenes)
    return ranking.page(joined, search, after, limit)


def customer(
    lake: Lake, as_of: date, person: Mapping[str, Any], *, fresh_on: date | None = None
) -> tuple[CustomerRow, Outlook | None]:
    """One customer on the day of an estimate; person: their row of `people` on that day.

    fresh_on: a later day, to whose facts the estimate's model is put instead.
    """
    found = store.learnt(lake, as_of) if fresh_on else None
    if fresh_on is None or found is None:
        return ranking.one(person, value(lake, as_of))
    return ranking.one(person, store.of_rows(_again(lake, found, fresh_on, [person["customer_id"]])))


def estimate_lines(lines: ir.Table, as_of: date, *, horizon_days: int, margin_rate: Rate) -> pa.Table:
    """The estimate (schema VALUE) from any table of order lines; nothing after as_of is read.

    An empty shop, or one where every order is a guest's, gives an empty table. With a single day of history
    the rates rest on the prior alone.
    """
    known = _known(lines, as_of)
    return _estimated(_learn(known, as_of, horizon_days), known, as_of, horizon_days, margin_rate)


@dataclass(frozen=True, slots=True)
class _Known:
    """Customers known on a day: sorted ids, their purchase days, net spend so far in minor units."""

    ids: pa.Array
    days: PurchaseDays
    net: Floats


def _known(lines: ir.Table, as_of: date) -> _Known:
    ids, days = days_of(purchases(lines, as_of))
    return _Known(ids, days, _net_of(ids, store.net_spend(lines, as_of)))


def _learn(known: _Known, as_of: date, horizon_days: int) -> Learnt:
    days, cut = known.days, _cut(as_of)
    if not days.customers:
        return Learnt(engine.newborn(), NEUTRAL, None)
    assert int(days.day.max()) < cut
    orders = learn(days, int(days.day.min()), cut, horizon_days) or engine.newborn()
    count = np.bincount(days.customer, minlength=days.customers).astype(np.float64)
    paying = known.net > 0
    spending = spend.fit(count[paying], known.net[paying] / count[paying]) if paying.any() else None
    return Learnt(orders, engine.norm_at(orders, days, cut, horizon_days), spending)


def _cut(as_of: date) -> int:
    """The first day after as_of, as an ordinal of purchase days."""
    return (as_of - _EPOCH).days + 1


def _estimated(learnt: Learnt, known: _Known, as_of: date, horizon_days: int, margin_rate: Rate) -> pa.Table:
    """The estimate of the known, each by their own facts and what was learnt."""
    if not len(known.ids):
        return VALUE.empty_table()
    ahead = forecast(learnt.orders, known.days, _cut(as_of), horizon_days, learnt.norm)
    worth = _worth(ahead, known, learnt.spend, as_of)
    return _table(known.ids, ahead, worth, horizon_days, margin_rate)


def days_of(table: pa.Table) -> tuple[pa.Array, PurchaseDays]:
    """Sorted customer ids, and their purchase days with each id as its place, from `purchases`."""
    ids = pc.unique(table["customer_id"].combine_chunks())
    number = pc.index_in(table["customer_id"], ids).to_numpy().astype(np.int64)
    day = table["local_date"].cast(pa.int32()).to_numpy().astype(np.int64)
    return ids, purchase_days(number, day, len(ids))


def _net_of(ids: pa.Array, spent: pa.Table) -> Floats:
    """(customer,) net spend so far in minor units, 0 where nothing was paid."""
    found = pc.take(spent["net_minor"], pc.index_in(ids, spent["customer_id"].combine_chunks()))
    net: Floats = pc.fill_null(found, 0).to_numpy().astype(np.float64)
    return net


def _worth(ahead: Forecast, known: _Known, model: Spend | None, as_of: date) -> engine.Worth:
    """Spend over the horizon in minor units, from each customer's mean per purchase day."""
    if model is None:
        nothing = np.zeros(len(known.ids))
        return engine.Worth(nothing, nothing, nothing)
    paying = known.net > 0
    days = np.bincount(known.days.customer, minlength=known.days.customers)
    count = np.where(paying, days.astype(np.float64), 0.0)
    mean = np.where(paying, known.net / np.maximum(count, 1.0), 0.0)
    return engine.worth(ahead, model, count, mean, _seeds(known.ids, as_of))


def _seeds(ids: pa.Array, as_of: date) -> list[int]:
    """(customer,) where each one's draws begin: theirs alone, other every day."""
    day = as_of.isoformat().encode()
    found = (blake2b(id.encode(), digest_size=8, salt=day[:10]) for id in ids.to_pylist())
    return [int.from_bytes(one.digest(), "big") for one in found]


def _table(
    ids: pa.Array, ahead: Forecast, worth: engine.Worth, horizon_days: int, margin_rate: Rate
) -> pa.Table:
    low, high = engine.order_interval(ahead)
    margins = [np.round(part * margin_rate).astype(np.int64) for part in worth]
    size = len(ids)
    columns = [ids, ahead.p_alive, low, ahead.orders, high, *margins]
    columns += [np.full(size, horizon_days, dtype=np.int32), pa.repeat(pa.scalar(VERSION), size)]
    return pa.Table.from_arrays([pa.array(column) for column in columns], schema=VALUE)
