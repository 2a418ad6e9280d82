"""Features per customer as of any day, a customer's timeline, and last week's change explained."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shengeng.govern.privacy.api import of_lake
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.people.contracts import NO_CUSTOMER, Change, ChangePart, Happening, Loyalty
from shengeng.understand.people.methods import decompose
from shengeng.understand.people.store import loyalty as loyalty_store
from shengeng.understand.people.store.estimate import (
    has,
    newest,
    one,
    one_of,
    period,
    published,
    running,
    running_day,
    write,
    write_running,
)
from shengeng.understand.people.store.features import features
from shengeng.understand.people.store.names import described, product_names
from shengeng.understand.people.store.refresh import changed, refresh
from shengeng.understand.people.store.timeline import happenings

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "attributes",
    "change_between",
    "erase_person",
    "estimate",
    "export_person",
    "features",
    "fresh_day",
    "fresh_person",
    "latest",
    "loyalty",
    "people",
    "person",
    "refresh",
    "renew",
    "renew_running",
    "running",
    "timeline",
    "titles",
    "weekly_change",
]
export_person, erase_person = of_lake({"people": "customer_id", "people_running": "customer_id"})


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
    lines, products = identity.lines(stores.lake, as_of), connect.products(stores.lake)
    if touched is None or since is None or since > as_of or not has(stores.lake, uow, since):
        rows = features(lines, products, as_of)
    else:
        rows = refresh(
            people(stores.lake, since), lines, products, touched=touched, previous_as_of=since, as_of=as_of
        )
    return write(stores.lake, uow, as_of, rows)


def renew(stores: Stores, uow: UnitOfWork, day: date, *, touched: Collection[str] | None) -> bool:
    """Compute the touched (None = everybody) of a published day again; says whether anything was new.

    Afterwards the day is what `estimate` would make of it now. Nothing is written where nothing changed.
    """
    lake = stores.lake.inside(uow)
    lines, products = identity.lines(lake, day), connect.products(lake)
    rows = changed(people(lake, day), lines, products, touched=touched, as_of=day)
    if rows is not None:
        write(lake, uow, day, rows)
    return rows is not None


def renew_running(
    stores: Stores, uow: UnitOfWork, day: date, *, touched: Collection[str] | None, since: date
) -> bool:
    """The same for the day that goes on, in a place of its own: no screen takes it for a day that is over.

    since: the newest published day, which must be fresh; the running day's first figures come from it.
    """
    lake = stores.lake.inside(uow)
    lines, products = identity.lines(lake, day), connect.products(lake)
    stands = running_day(lake, uow)
    if stands == day:
        rows = changed(running(lake, day), lines, products, touched=touched, as_of=day)
    else:
        rows = refresh(
            people(lake, since), lines, products, touched=touched or (), previous_as_of=since, as_of=day
        )
    if rows is not None:
        write_running(lake, uow, day, rows)
    return rows is not None


def fresh_day(stores: Stores, uow: UnitOfWork, after: date) -> date | None:
    """The running day, where it has figures and comes after a day; None otherwise."""
    day = running_day(stores.lake.inside(uow), uow)
    return day if day is not None and day > after else None


def fresh_person(lake: Lake, day: date, customer_id: str) -> dict[str, Any] | None:
    """One customer's features on the running day by column name; None where there is no such customer."""
    return one_of(running(lake, day), customer_id)


def latest(stores: Stores, uow: UnitOfWork, as_of: date) -> date | None:
    """The newest day on or before as_of that has an estimate; None before the first."""
    return newest(stores.lake, uow, as_of)


def people(lake: Lake, as_of: date) -> ir.Table:
    """The published features of one day (contracts.PEOPLE); empty when that day was not estimated."""
    return published(lake, as_of)


def person(lake: Lake, as_of: date, customer_id: str) -> dict[str, Any]:
    """One customer's published features by column name; not_found where there is no such customer."""
    found = one(lake, as_of, customer_id)
    if found is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of=as_of)
    return found


def attributes(lake: Lake, customer_id: str) -> dict[str, str | int | float | bool]:
    """What the customer's source says of them; empty where it says nothing."""
    told = connect.customers(lake)
    return described(told, customer_id) or described(identity.follow(lake, told), customer_id)


def titles(lake: Lake, product_ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Title and category path by product id; unknown products are absent."""
    return product_names(connect.products(lake), product_ids)


def timeline(
    lake: Lake,
    customer_id: str,
    as_of: date,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 30,
) -> list[Happening]:
    """What a customer did and received up to as_of, newest first, at most limit.

    before: local_at and key of the last happening of the page before.
    """
    tables = {
        "lines": identity.lines(lake, as_of),
        "products": connect.products(lake),
        "touches": identity.follow(lake, connect.touches(lake)),
        "redemptions": identity.follow(lake, connect.redemptions(lake)),
    }
    return happenings(tables, customer_id, as_of, before=before, limit=limit)


def loyalty(lake: Lake, as_of: date) -> Loyalty:
    """Who came back in the 90 days to a published estimate, and what their orders were worth."""
    return loyalty_store.loyalty(lake, as_of)


def weekly_change(lines: ir.Table, as_of: date) -> Change:
    """Revenue of the seven days to as_of against the seven before, in parts that sum exactly.

    Revenue is what was placed and not cancelled, minus returns, refunds and adjustments, in minor units.
    """
    start = as_of - timedelta(days=6)
    return change_between(lines, (start - timedelta(days=7), start - timedelta(days=1)), (start, as_of))


def change_between(lines: ir.Table, before: tuple[date, date], after: tuple[date, date]) -> Change:
    """The same for any two periods, each from its first day up to and including its last.

    week_start of the answer is the first day of the later period.
    """
    was, now = period(lines, *before), period(lines, *after)
    parts = tuple(ChangePart(key, minor) for key, minor in decompose(was, now).items())
    revenue, previous = (p.sales_minor + p.other_minor for p in (now, was))
    return Change(after[0], revenue, previous, parts)
