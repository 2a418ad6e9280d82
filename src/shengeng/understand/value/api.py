"""What a customer is worth: P(alive), expected orders and contribution margin over a horizon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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
from shengeng.understand.value.methods.counting import Counting, Histories, expected, fit, p_alive
from shengeng.understand.value.methods.engine import VERSION, Forecast, Orders, forecast, learn
from shengeng.understand.value.methods.pareto import Pareto
from shengeng.understand.value.methods.pareto import expected as expected_pareto
from shengeng.understand.value.methods.pareto import fit as fit_pareto
from shengeng.understand.value.methods.purchases import PurchaseDays, between, known_at, purchase_days
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
    "value",
]
export_person, erase_person = of_lake({"value": "customer_id"})

_EPOCH = date(1970, 1, 1)


def estimate(stores: Stores, uow: UnitOfWork, as_of: date, progress: Progress) -> int:
    """Estimate every identified customer's value as of a day and publish it. Returns the rows written."""
    progress.check()
    assumed = shop.assumptions(uow)
    lines = identity.lines(stores.lake, as_of)
    rows = estimate_lines(lines, as_of, horizon_days=assumed.horizon_days, margin_rate=assumed.margin_rate)
    return store.write(stores.lake, uow, as_of, rows)


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


def customer(lake: Lake, as_of: date, person: Mapping[str, Any]) -> tuple[CustomerRow, Outlook | None]:
    """One customer on the day of an estimate; person: their row of `people` on that day."""
    return ranking.one(person, value(lake, as_of))


def estimate_lines(lines: ir.Table, as_of: date, *, horizon_days: int, margin_rate: Rate) -> pa.Table:
    """The estimate (schema VALUE) from any table of order lines; nothing after as_of is read.

    An empty shop, or one where every order is a guest's, gives an empty table. With a single day of history
    the rates rest on the prior alone.
    """
    ids, days = days_of(purchases(lines, as_of))
    if not len(ids):
        return VALUE.empty_table()
    today, cut = int(days.day.max()), (as_of - _EPOCH).days + 1
    assert today < cut
    orders = learn(days, int(days.day.min()), cut, horizon_days)
    orders = orders or engine.newborn()
    ahead = forecast(orders, days, cut, horizon_days)
    net = _net_of(ids, store.net_spend(lines, as_of))
    worth = _worth(ahead, days, net, np.random.default_rng(as_of.toordinal()))
    return _table(ids, ahead, worth, horizon_days, margin_rate)


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


def _worth(ahead: Forecast, days: PurchaseDays, net: Floats, rng: np.random.Generator) -> engine.Worth:
    """Spend over the horizon in minor units, from each customer's mean per purchase day."""
    count = np.bincount(days.customer, minlength=days.customers).astype(np.float64)
    paying = net > 0
    if not paying.any():
        nothing = np.zeros(days.customers)
        return engine.Worth(nothing, nothing, nothing)
    model = spend.fit(count[paying], net[paying] / count[paying])
    count = np.where(paying, count, 0.0)
    mean = np.where(paying, net / np.maximum(count, 1.0), 0.0)
    return engine.worth(ahead, model, count, mean, rng)


def _table(
    ids: pa.Array, ahead: Forecast, worth: engine.Worth, horizon_days: int, margin_rate: Rate
) -> pa.Table:
    low, high = engine.order_interval(ahead)
    margins = [np.round(part * margin_rate).astype(np.int64) for part in worth]
    size = len(ids)
    columns = [ids, ahead.p_alive, low, ahead.orders, high, *margins]
    columns += [np.full(size, horizon_days, dtype=np.int32), pa.repeat(pa.scalar(VERSION), size)]
    return pa.Table.from_arrays([pa.array(column) for column in columns], schema=VALUE)
