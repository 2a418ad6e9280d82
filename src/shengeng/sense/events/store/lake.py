"""Events in the lake: where new ones go, how small files become large ones, how they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.events.contracts import DATASET, EVENTS
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

SORTED_BY = ("customer_id", "anonymous_id", "occurred_at", "event_id")
# A drain writes a file every few seconds. Of so many files of a level one of the next is made, so that a
# day's 40,000 drains stand in a few dozen files and no event is rewritten more than three times before the
# night; a month's name without a level is what the night has sorted.
WIDE, LEVELS = 32, 3
# Names that a filter offers.
NAMES = 200


def put(uow: UnitOfWork, lake: Lake, events: pa.Table) -> None:
    """Add events to their local months; from here to its end the transaction is the lake's only writer."""
    months = pc.strftime(events["local_date"], format="%Y-%m")
    for month in sorted(set(months.to_pylist())):
        lake.append(uow, DATASET, events.filter(pc.equal(months, month)), partition=f"{month}.0")


def merge(uow: UnitOfWork, lake: Lake) -> None:
    """Make one file of the next level where a level has become too many."""
    for partition in lake.scattered(uow, DATASET, most=WIDE - 1):
        month, _, level = partition.partition(".")
        if level and int(level) < LEVELS:
            rows = lake.inside(uow).table(DATASET, partitions=[partition], schema=EVENTS).to_pyarrow()
            lake.append(uow, DATASET, rows, partition=f"{month}.{int(level) + 1}")
            lake.remove(uow, DATASET, partition=partition)


def loose_months(uow: UnitOfWork, lake: Lake) -> list[str]:
    """Months that hold files which the night has not sorted yet."""
    return sorted({name.partition(".")[0] for name in lake.partitions(uow, DATASET) if "." in name})


def sort_month(uow: UnitOfWork, lake: Lake, month: str) -> None:
    """One file for a month, by person and time."""
    parts = [name for name in lake.partitions(uow, DATASET) if name.partition(".")[0] == month]
    rows = lake.inside(uow).table(DATASET, partitions=parts, schema=EVENTS)
    stream = rows.order_by(list(SORTED_BY)).to_pyarrow_batches()
    lake.replace(uow, DATASET, stream, partition=month, prefix=True)


def events(lake: Lake, since: date | None, until: date | None) -> ir.Table:
    """EVENTS of some local days, both ends included."""
    found = lake.table(DATASET, schema=EVENTS)
    if since is not None:
        found = found.filter(found.local_date >= since)
    return found if until is None else found.filter(found.local_date <= until)


def persons_of(events: ir.Table, resolved: ir.Table) -> ir.Table:
    """Events with person_id: resolved, else the customer, else the device."""
    logins, devices = _named(resolved, "customer"), _named(resolved, "anonymous")
    found = events.left_join(logins, events.customer_id == logins.customer_value)
    strange = found.customer_id.isnull() & (found.anonymous_id == devices.anonymous_value)
    found = found.left_join(devices, strange)
    device = ibis.literal("anon:") + found.anonymous_id
    person = ibis.coalesce(found.customer_person, found.customer_id, found.anonymous_person, device)
    return found.select(*EVENTS.names, person_id=person)


def _named(resolved: ir.Table, kind: str) -> ir.Table:
    mine = resolved.filter(resolved.kind == kind)
    return mine.select(**{f"{kind}_value": mine.value, f"{kind}_person": mine.person_id})


def newest(
    table: ir.Table, *, name: str | None, source: str | None, person: str | None, limit: int
) -> pa.Table:
    """The newest received first."""
    if name is not None:
        table = table.filter(table.name == name)
    if source is not None:
        table = table.filter(table.source == source)
    if person is not None:
        own = (table.person_id == person) | (table.customer_id == person)
        table = table.filter(own | (table.anonymous_id == person))
    order = [ibis.desc("received_at"), ibis.desc("occurred_at"), "event_id"]
    return table.order_by(order).limit(limit).to_pyarrow()


def named(lake: Lake, since: date) -> tuple[list[str], list[str]]:
    """Names and sources of events of the days since, the most frequent first."""
    table = events(lake, since, None)
    counted = table.group_by(["name", "source"]).aggregate(n=table.count()).to_pyarrow()
    return _most(counted, "name"), _most(counted, "source")


def _most(counted: pa.Table, column: str) -> list[str]:
    summed = (
        counted.group_by(column)
        .aggregate([("n", "sum")])
        .sort_by([("n_sum", "descending"), (column, "ascending")])
    )
    return [str(name) for name in summed[column].to_pylist()[:NAMES]]


def of_person(table: ir.Table, customers: Sequence[str], devices: Sequence[str]) -> ir.Table:
    """Events under one of these ids."""
    return table.filter(table.customer_id.isin(list(customers)) | table.anonymous_id.isin(list(devices)))
