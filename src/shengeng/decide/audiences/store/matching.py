"""Which facts a sentence speaks of: one way of matching, behind aggregates, sequences and evidence alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.decide.audiences.contracts.language import At, What, When, Window

FEW = 200  # up to here ids stand in the question itself, so that files are skipped


def of_people(table: ir.Table, only: Sequence[str] | None) -> ir.Table:
    """Facts of these people; of everybody without."""
    if only is None:
        return table.filter(table.person_id.notnull())
    if len(only) <= FEW:
        return table.filter(table.person_id.isin(list(only)))
    asked = ibis.memtable(pa.table({"person_id": pa.array(only, pa.string())}))
    return table.filter(table.person_id.isin(asked.person_id))


def orders(lines: ir.Table, only: Sequence[str] | None) -> ir.Table:
    """Order lines as facts; `sale` tells purchases from returns and adjustments, which only move money."""
    found = lines.rename(person_id="customer_id")
    t = of_people(found.filter(found.kind != "cancelled"), only)
    return t.select(
        "person_id",
        "order_id",
        "product_id",
        "store_id",
        "channel",
        "room_id",
        fact=ibis.literal("order"),
        name=ibis.null("string"),
        at=t.local_at,
        day=t.local_date,
        units=t.quantity,
        minor=t.paid.ifelse(t.total_minor - t.refund_minor, 0),
        sale=t.kind == "sale",
    )


def events(table: ir.Table, only: Sequence[str] | None) -> ir.Table:
    """Events as facts."""
    t = of_people(table, only)
    return t.select(
        "person_id",
        "product_id",
        "store_id",
        "channel",
        "room_id",
        "name",
        fact=ibis.literal("event"),
        order_id=t.event_id,
        at=t.local_at,
        day=t.local_date,
        units=t.quantity.fill_null(1.0),
        minor=t.value_minor.fill_null(0),
        sale=ibis.literal(True),
    )


def marked(facts: ir.Table, products: ir.Table, whats: Sequence[What]) -> ir.Table:
    """The facts that any of these asks for, with a column w0, w1, ... for each: whether it does."""
    sorted_in = [what for what in dict.fromkeys(whats) if what.departments or what.categories]
    table = facts
    if sorted_in:
        kinds = _kinds(products, sorted_in)
        table = table.left_join(kinds, "product_id").drop("product_id_right")
    marks = {f"w{place}": _matches(table, what, sorted_in) for place, what in enumerate(whats)}
    found = table.mutate(**marks)
    return found.filter(reduce(or_, (found[name] for name in marks)))


def _kinds(products: ir.Table, whats: Sequence[What]) -> ir.Table:
    """product_id and k0, k1, ...: whether it stands in a department or category that is asked for."""
    one = products.group_by("product_id").aggregate(
        department=products.department.min(), category=products.category.min()
    )
    marks = {f"k{place}": _sorted_in(one, what) for place, what in enumerate(whats)}
    found = one.select("product_id", **marks)
    return found.filter(reduce(or_, (found[name] for name in marks)))


def _sorted_in(table: ir.Table, what: What) -> ir.BooleanValue:
    """A category is itself and everything below it: "A > B" holds "A > B > C"."""
    parts = [table.department.isin(list(what.departments))] if what.departments else []
    parts += [(table.category == name) | table.category.startswith(f"{name} > ") for name in what.categories]
    return reduce(or_, parts).fill_null(False)


def _matches(table: ir.Table, what: What, sorted_in: Sequence[What]) -> ir.BooleanValue:
    named = [table.product_id.isin(list(what.products))] if what.products else []
    if what in sorted_in:
        named.append(table[f"k{sorted_in.index(what)}"])
    found = reduce(or_, [one.fill_null(False) for one in named], ibis.literal(not named))
    mine = found & (table.fact == what.fact)
    return mine if what.fact == "order" else mine & (table.name == what.name).fill_null(False)


def at_times(table: ir.Table, when: When | None, at: At | None) -> ir.BooleanValue:
    """Whether a fact happened at these hours, on these weekdays, in these places."""
    parts: list[ir.BooleanValue] = [ibis.literal(True)]
    if when and when.hours:
        first, last = when.hours
        hour = table["at"].hour()
        parts.append((hour >= first) & (hour < last) if first < last else (hour >= first) | (hour < last))
    if when and when.weekdays:
        parts.append(table["at"].day_of_week.index().isin([day - 1 for day in when.weekdays]))
    for column in ("stores", "channels", "rooms") if at else ():
        if names := getattr(at, column):
            parts.append(table[_COLUMN[column]].isin(list(names)).fill_null(False))
    return reduce(and_, parts)


_COLUMN = {"stores": "store_id", "channels": "channel", "rooms": "room_id"}


def begins(window: Window | None, moment: datetime) -> datetime | None:
    """The local moment that every fact of a window is later than; None without a beginning."""
    if window is None:
        return None
    if window.last_days is not None:
        return moment - timedelta(days=window.last_days)
    assert window.start is not None
    return datetime.combine(window.start, datetime.min.time()) - timedelta(microseconds=1)


def ends(window: Window | None, moment: datetime) -> datetime:
    """The last local moment of a window that has come."""
    if window is None or window.end is None:
        return moment
    return min(moment, datetime.combine(window.end, datetime.max.time()))


def within(table: ir.Table, window: Window | None, moment: datetime) -> ir.BooleanValue:
    """Whether a fact stands in a window at a moment; what is dated later has not happened yet."""
    until = table["at"] <= ibis.literal(ends(window, moment))
    low = begins(window, moment)
    return until if low is None else until & (table["at"] > ibis.literal(low))


def ahead(table: ir.Table, window: Window | None, moment: datetime) -> ir.BooleanValue:
    """Whether a fact is dated after the moment and will stand in the window then."""
    later = table["at"] > ibis.literal(moment)
    if window is None or window.end is None:
        return later
    return later & (table.day <= ibis.literal(window.end))


def since_any(table: ir.Table, windows: Sequence[Window | None], moment: datetime) -> ir.Table:
    """Without facts that lie before every one of the windows: less to read."""
    lows = [begins(window, moment) for window in windows]
    known = [low for low in lows if low is not None]
    if len(known) < len(lows) or not known:
        return table
    return table.filter(table["at"] > ibis.literal(min(known)))
