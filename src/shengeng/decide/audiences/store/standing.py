"""Members, changes and due moments as rows: what incremental upkeep reads and writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa

from shengeng.decide.audiences.store.tables import audiences, changes, due, members
from shengeng.storage.rows import UnitOfWork


def members_of(uow: UnitOfWork, id: UUID, among: Collection[str] | None = None) -> set[str]:
    """Who is in an audience, of some people or of all."""
    c = members.c
    found = sa.select(c.person_id).where(c.audience_id == id)
    if among is not None:
        found = found.where(c.person_id == sa.any_(sa.literal(list(among), sa.ARRAY(sa.Text))))
    return set(uow.conn.execute(found).scalars())


def enter(uow: UnitOfWork, id: UUID, people: Collection[str], at: datetime) -> None:
    """These are members from now on."""
    ids = pa.array([str(id)] * len(people))
    rows = pa.table([ids, pa.array(people, pa.string()), pa.array([at] * len(people))], ["a", "p", "s"])
    uow.copy_in("audience_members", ("audience_id", "person_id", "since"), rows)


def leave(uow: UnitOfWork, id: UUID, people: Collection[str]) -> None:
    """These are members no more."""
    c = members.c
    gone = c.person_id == sa.any_(sa.literal(list(people), sa.ARRAY(sa.Text)))
    uow.conn.execute(sa.delete(members).where((c.audience_id == id) & gone))


def record(
    uow: UnitOfWork, id: UUID, entered: Mapping[str, bool], at: datetime, *, version: int, cause: str
) -> None:
    """One row for each who entered (True) or left."""
    n = len(entered)
    columns = {
        "audience_id": pa.array([str(id)] * n),
        "person_id": pa.array(list(entered), pa.string()),
        "entered": pa.array(list(entered.values())),
        "at": pa.array([at] * n),
        "version": pa.array([version] * n),
        "cause": pa.array([cause] * n),
    }
    uow.copy_in("audience_changes", tuple(columns), pa.table(columns))


def set_due(
    uow: UnitOfWork, id: UUID, moments: Mapping[str, datetime], among: Collection[str] | None
) -> None:
    """When to look at somebody again, in place of what stood for them (for everybody without among)."""
    c = due.c
    old = sa.delete(due).where(c.audience_id == id)
    if among is not None:
        old = old.where(c.person_id == sa.any_(sa.literal(list(among), sa.ARRAY(sa.Text))))
    uow.conn.execute(old)
    columns = [
        pa.array([str(id)] * len(moments)),
        pa.array(list(moments), pa.string()),
        pa.array(list(moments.values()), pa.timestamp("us")),
    ]
    rows = pa.table(columns, ["a", "p", "d"])
    uow.copy_in("audience_due", ("audience_id", "person_id", "due_at"), rows)


def people_due(uow: UnitOfWork, at: datetime) -> dict[UUID, set[str]]:
    """By audience: whose answer may have changed by a local moment."""
    found: dict[UUID, set[str]] = {}
    c = due.c
    live = sa.join(due, audiences, c.audience_id == audiences.c.id)
    asked = sa.select(c.audience_id, c.person_id).select_from(live)
    for row in uow.conn.execute(asked.where((c.due_at <= at) & audiences.c.archived_at.is_(None))):
        found.setdefault(row.audience_id, set()).add(row.person_id)
    return found


def next_due(uow: UnitOfWork) -> datetime | None:
    """The earliest moment at which somebody is due, of audiences that are kept current."""
    live = sa.join(due, audiences, due.c.audience_id == audiences.c.id)
    found = sa.select(sa.func.min(due.c.due_at)).select_from(live).where(audiences.c.archived_at.is_(None))
    return uow.conn.execute(found).scalar()


def count(uow: UnitOfWork, id: UUID) -> int:
    """How many members there are."""
    found = sa.select(sa.func.count()).where(members.c.audience_id == id)
    return int(uow.conn.execute(found).scalar_one())


def page(uow: UnitOfWork, id: UUID, after: tuple[datetime, str] | None, limit: int) -> list[dict[str, Any]]:
    """Members, who came last first, then by id."""
    c = members.c
    found = sa.select(c.person_id, c.since).where(c.audience_id == id)
    if after is not None:
        since, person = after
        found = found.where((c.since < since) | ((c.since == since) & (c.person_id > person)))
    rows = uow.conn.execute(found.order_by(c.since.desc(), c.person_id).limit(limit))
    return [dict(row._mapping) for row in rows]


def changes_of(uow: UnitOfWork, id: UUID, before: int | None, limit: int | None) -> list[dict[str, Any]]:
    """Who entered and left, newest first."""
    c = changes.c
    found = sa.select(changes).where(c.audience_id == id)
    if before is not None:
        found = found.where(c.id < before)
    return [dict(row._mapping) for row in uow.conn.execute(found.order_by(c.id.desc()).limit(limit))]


def by_day(uow: UnitOfWork, id: UUID) -> list[tuple[Any, int, int]]:
    """(local day, entered, left) of days on which somebody did, in order."""
    c = changes.c
    day = sa.cast(c.at, sa.Date)
    counts = [sa.func.count().filter(c.entered), sa.func.count().filter(~c.entered)]
    found = sa.select(day, *counts).where(c.audience_id == id).group_by(day).order_by(day)
    return [(row[0], row[1], row[2]) for row in uow.conn.execute(found)]


def held_on(uow: UnitOfWork, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Every row about people of these ids, by table."""
    found = {}
    for table in (members, changes, due):
        rows = uow.conn.execute(sa.select(table).where(table.c.person_id.in_(ids)))
        found[table.name] = [dict(row._mapping) for row in rows]
    return found


def forget(uow: UnitOfWork, ids: Collection[str]) -> dict[str, int]:
    """Take people of these ids out of every table; counts by day lose them too. Returns rows removed."""
    removed = {}
    for table in (members, changes, due):
        removed[table.name] = uow.conn.execute(sa.delete(table).where(table.c.person_id.in_(ids))).rowcount
    left = sa.select(sa.func.count()).where(members.c.audience_id == audiences.c.id).scalar_subquery()
    uow.conn.execute(sa.update(audiences).values(member_count=left))
    return removed
