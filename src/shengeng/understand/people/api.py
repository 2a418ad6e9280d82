"""Features per customer as of any day, a customer's timeline, and last week's change explained."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from shengeng.sense.connect import api as connect
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.people.contracts import NO_CUSTOMER, Change, ChangePart
from shengeng.understand.people.methods import decompose
from shengeng.understand.people.store.estimate import has, one, published, week, write
from shengeng.understand.people.store.features import features
from shengeng.understand.people.store.refresh import refresh
from shengeng.understand.people.store.timeline import timeline

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["estimate", "features", "people", "person", "refresh", "timeline", "weekly_change"]


def estimate(
    stores: Stores,
    uow: UnitOfWork,
    as_of: date,
    progress: Progress,
    *,
    touched: Collection[str] | None = None,
    since: date | None = None,
) -> int:
    """Publish every customer's features as of a day; returns the rows written.

    touched, since: every customer with a line that is new or changed since the estimate of that earlier day;
    with both given, only they and whoever's windows moved are computed again. Without them, everybody.
    """
    progress.check()
    lines, products = connect.lines(stores.lake, as_of), connect.products(stores.lake)
    if touched is None or since is None or since > as_of or not has(stores.lake, uow, since):
        rows = features(lines, products, as_of)
    else:
        rows = refresh(
            people(stores.lake, since), lines, products, touched=touched, previous_as_of=since, as_of=as_of
        )
    return write(stores.lake, uow, as_of, rows)


def people(lake: Lake, as_of: date) -> ir.Table:
    """The published features of one day (contracts.PEOPLE); empty when that day was not estimated."""
    return published(lake, as_of)


def person(lake: Lake, as_of: date, customer_id: str) -> dict[str, Any]:
    """One customer's published features by column name; not_found where there is no such customer."""
    found = one(lake, as_of, customer_id)
    if found is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of=as_of)
    return found


def weekly_change(lines: ir.Table, as_of: date) -> Change:
    """Revenue of the seven days to as_of against the seven before, in parts that sum exactly.

    Revenue is what was placed and not cancelled, minus returns, refunds and adjustments, in minor units.
    """
    start = as_of - timedelta(days=6)
    after, before = week(lines, as_of), week(lines, start - timedelta(days=1))
    parts = tuple(ChangePart(key, minor) for key, minor in decompose(before, after).items())
    revenue, previous = (w.sales_minor + w.other_minor for w in (after, before))
    return Change(start, revenue, previous, parts)
