"""Features of a later day from those of an earlier one: only what moved is computed again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.understand.people.contracts import MONTHS, PEOPLE, WINDOWS
from shengeng.understand.people.store.features import features


def refresh(
    previous: ir.Table,
    lines: ir.Table,
    products: ir.Table,
    *,
    touched: Collection[str],
    previous_as_of: date,
    as_of: date,
) -> ir.Table:
    """Equal to features(lines, products, as_of), given previous = the same of previous_as_of.

    touched: every customer with a line that is new or changed since then. Everybody else is computed again
    only when one of their orders left a window; otherwise two counts of days grow.
    """
    assert previous_as_of <= as_of
    again = moved(lines, touched, previous_as_of, as_of)
    renewed = features(lines.semi_join(again, "customer_id"), products, as_of)
    kept = previous.anti_join(again, "customer_id")
    today = ibis.literal(as_of)
    kept = kept.mutate(
        age_days=today.delta(kept.first_on, unit="day").cast("int64"),
        silent_days=today.delta(kept.last_on, unit="day").cast("int64"),
    )
    return kept.select(PEOPLE.names).union(renewed)


# A union takes no column that may be null for one that may not.
_LOOSE = pa.schema([field.with_nullable(True) for field in PEOPLE])


def changed(
    published: ir.Table, lines: ir.Table, products: ir.Table, *, touched: Collection[str] | None, as_of: date
) -> ir.Table | None:
    """The estimate of a day with the touched (None = everybody) computed again; None where it is as it was.

    touched: everybody with a line that is new or changed since it was published, under any id they had.
    """
    if touched is None:
        again, rest = lines.select("customer_id").distinct(), published.filter(ibis.literal(False))
        mine = published
    else:
        again = ibis.memtable({"customer_id": sorted(touched)}, schema={"customer_id": "string"})
        mine, rest = published.semi_join(again, "customer_id"), published.anti_join(again, "customer_id")
    found = _sorted(features(lines.semi_join(again, "customer_id"), products, as_of))
    if found.equals(_sorted(mine)):
        return None
    return rest.select(PEOPLE.names).union(ibis.memtable(found.cast(_LOOSE)).select(PEOPLE.names))


def _sorted(table: ir.Table) -> pa.Table:
    return table.select(PEOPLE.names).order_by("customer_id").to_pyarrow().cast(PEOPLE)


def moved(lines: ir.Table, touched: Collection[str], previous_as_of: date, as_of: date) -> ir.Table:
    """customer_id of those touched, and of those with a line on a day that left or entered a window."""
    day = lines.local_date
    spans = [(previous_as_of, as_of)]  # new days
    spans += [(previous_as_of - timedelta(days=w), as_of - timedelta(days=w)) for w in WINDOWS]
    if _month(previous_as_of) != _month(as_of):
        # The calendar turned: every month that was or is shown has a new place.
        spans.append((_month_start(_month(previous_as_of) - MONTHS + 1) - timedelta(days=1), as_of))
    inside = [(day > ibis.literal(start)) & (day <= ibis.literal(end)) for start, end in spans]
    wheel = lines.filter(lines.customer_id.notnull() & ibis.or_(*inside)).select("customer_id")
    named = ibis.memtable({"customer_id": sorted(touched)}, schema={"customer_id": "string"})
    return wheel.union(named).distinct()


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month_start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
