"""Changes of stage or tier as facts, a partition a day; a customer's place on a day is their last change."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.lifecycle.contracts import CHANGES, By, Stretch
from shengeng.understand.lifecycle.store.stages import published

DATASET = "stage_changes"


def recorded(lake: Lake) -> ir.Table:
    """Every change so far."""
    return lake.table(DATASET, schema=CHANGES)


def within(lake: Lake, since: date, until: date) -> ir.Table:
    """The changes of days after since, up to and including until."""
    table = recorded(lake)
    return table.filter((table.day > ibis.literal(since)) & (table.day <= ibis.literal(until)))


def record(lake: Lake, uow: UnitOfWork, as_of: date, kept: list[date]) -> int:
    """Record what changed on the way to a day, given the days whose stages are kept; returns how many.

    A day that is run again may stand between others: then the way to the day after it is recorded again too,
    and days between whose stages are forgotten count into it, so that the changes always add up.
    """
    before = max((day for day in kept if day < as_of), default=None)
    after = min((day for day in kept if day > as_of), default=None)
    for name in lake.partitions(uow, DATASET):
        day = date.fromisoformat(name)
        if (before is None or day > before) and (after is None or day <= after):
            lake.remove(uow, DATASET, partition=name)
    written = _write(lake, uow, before, as_of)
    if after is not None:
        _write(lake, uow, as_of, after)
    return written


def _write(lake: Lake, uow: UnitOfWork, before: date | None, day: date) -> int:
    here = lake.inside(uow)
    old = published(here, before or day)
    old = old if before else old.filter(ibis.literal(False))
    rows = _difference(old, published(here, day), day).to_pyarrow().cast(CHANGES)
    return lake.append(uow, DATASET, rows, partition=day.isoformat())


def _difference(old: ir.Table, new: ir.Table, day: date) -> ir.Table:
    """Who stands elsewhere than before, who is known for the first time, who is not known any more."""
    was = old.select(id=old.customer_id, from_stage=old.stage, from_tier=old.tier)
    now = new.select(new.customer_id, to_stage=new.stage, to_tier=new.tier, reason=new.reason)
    both = now.outer_join(was, now.customer_id == was.id)
    same = (both.from_stage == both.to_stage) & (both.from_tier == both.to_tier)
    moved = both.filter(~same.fill_null(False))
    return moved.select(
        customer_id=ibis.coalesce(moved.customer_id, moved.id),
        day=ibis.literal(day),
        **{name: moved[name] for name in CHANGES.names[2:]},
    ).order_by("customer_id")


def standing(lake: Lake, day: date, by: By) -> ir.Table:
    """customer_id, place: where everybody stood after a day, from the changes alone."""
    table = recorded(lake)
    until = table.filter(table.day <= ibis.literal(day))
    newest = until.group_by("customer_id").aggregate(place=until[f"to_{by}"].argmax(until.day))
    # argmax skips nulls: somebody who is not known any more has a last change without a place.
    last = until.group_by("customer_id").aggregate(
        last=until.day.max(), placed=until.day.max(where=until.to_stage.notnull())
    )
    here = newest.join(last, "customer_id")
    return here.filter(here["last"] == here.placed).select("customer_id", "place")


def moves(lake: Lake, since: date, until: date, by: By) -> list[tuple[str | None, str | None, int]]:
    """(place after since, place after until, customers), whoever stood still included."""
    old, new = standing(lake, since, by), standing(lake, until, by)
    was = old.select(id=old.customer_id, was=old.place)
    both = new.outer_join(was, new.customer_id == was.id)
    counted = both.group_by("was", "place").aggregate(customers=both.count())
    return [(r["was"], r["place"], int(r["customers"])) for r in counted.to_pyarrow().to_pylist()]


def between(lake: Lake, move: Stretch) -> ir.Table:
    """customer_id of whoever made a move."""
    old, new = standing(lake, move.since, move.by), standing(lake, move.until, move.by)
    here = new.filter(new.place == ibis.literal(move.now))
    if move.was is None:
        return here.anti_join(old, "customer_id").select("customer_id")
    return here.semi_join(old.filter(old.place == ibis.literal(move.was)), "customer_id").select(
        "customer_id"
    )


def unrest(lake: Lake, since: date, until: date, within_days: int) -> tuple[int, int]:
    """Changes of stage of known customers in a period, and how many of them went back within some days."""
    table = recorded(lake)
    known = table.filter(table.from_stage.notnull() & table.to_stage.notnull())
    known = known.filter((known.from_stage != known.to_stage) & (known.day <= ibis.literal(until)))
    order = ibis.window(group_by="customer_id", order_by="day")
    known = known.mutate(back_day=known.day.lead().over(order), back=known.to_stage.lead().over(order))
    known = known.filter(known.day > ibis.literal(since))
    soon = known.back_day <= known.day + ibis.interval(days=within_days)
    row = known.aggregate(
        changes=known.count(),
        undone=(soon & (known.back == known.from_stage)).fill_null(False).sum().fill_null(0),
    )
    found = row.to_pyarrow().to_pylist()[0]
    return int(found["changes"]), int(found["undone"])


def history(lake: Lake, customer_id: str) -> list[dict[str, object]]:
    """One customer's changes, newest first."""
    table = recorded(lake)
    rows: list[dict[str, object]] = (
        table.filter(table.customer_id == ibis.literal(customer_id))
        .order_by(ibis.desc("day"))
        .to_pyarrow()
        .to_pylist()
    )
    return rows


def first_day(lake: Lake) -> date | None:
    """The first recorded day."""
    found: date | None = recorded(lake).day.min().to_pyarrow().as_py()
    return found
