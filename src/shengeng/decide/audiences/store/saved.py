"""Audiences and their versions as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shengeng.decide.audiences.store.tables import audiences, changes, versions
from shengeng.storage.rows import UnitOfWork

Row = dict[str, Any]


def _newest() -> sa.Select[Any]:
    """Every audience beside its newest version."""
    a, v = audiences.c, versions.c
    newest = audiences.join(versions, (v.audience_id == a.id) & (v.version == a.version))
    kept = (v.name, v.note, v.definition, v.by.label("updated_by"), v.at.label("updated_at"))
    return sa.select(audiences, *kept).select_from(newest)


def every(uow: UnitOfWork) -> list[Row]:
    """Those that are not archived, newest change first."""
    found = _newest().where(audiences.c.archived_at.is_(None))
    rows = uow.conn.execute(found.order_by(versions.c.at.desc(), audiences.c.id))
    return [dict(row._mapping) for row in rows]


def one(uow: UnitOfWork, id: UUID, *, lock: bool = False) -> Row | None:
    """One audience, archived or not; lock: nobody else changes it until the transaction ends."""
    if lock:
        uow.conn.execute(sa.select(audiences.c.id).where(audiences.c.id == id).with_for_update())
    row = uow.conn.execute(_newest().where(audiences.c.id == id)).one_or_none()
    return dict(row._mapping) if row else None


def add(uow: UnitOfWork, id: UUID, by: str, now: datetime) -> None:
    """A new audience, before its first version."""
    row = {"id": id, "version": 1, "created_at": now, "created_by": by, "member_count": 0}
    uow.conn.execute(sa.insert(audiences).values(row))


def add_version(uow: UnitOfWork, id: UUID, version: int, said: Row, *, by: str, now: datetime) -> None:
    """A further version, from now on the newest. said: name, note, definition."""
    row = {"audience_id": id, "version": version, **said, "by": by, "at": now}
    uow.conn.execute(sa.insert(versions).values(row))
    uow.conn.execute(sa.update(audiences).where(audiences.c.id == id).values(version=version))


def versions_of(uow: UnitOfWork, id: UUID) -> list[Row]:
    """Every version, newest first."""
    found = sa.select(versions).where(versions.c.audience_id == id).order_by(versions.c.version.desc())
    return [dict(row._mapping) for row in uow.conn.execute(found)]


def archive(uow: UnitOfWork, id: UUID, now: datetime) -> None:
    """From now on it is neither listed nor kept current."""
    uow.conn.execute(sa.update(audiences).where(audiences.c.id == id).values(archived_at=now))


def restore(uow: UnitOfWork, id: UUID) -> None:
    """Back in the list, its members to be found anew."""
    found = sa.update(audiences).where(audiences.c.id == id)
    uow.conn.execute(found.values(archived_at=None, evaluated_version=None))


def outdate(uow: UnitOfWork, ids: set[UUID]) -> None:
    """The members of these are to be found anew."""
    if ids:
        found = sa.update(audiences).where(audiences.c.id.in_(ids))
        uow.conn.execute(found.values(evaluated_version=None))


def evaluated(uow: UnitOfWork, id: UUID, version: int, at: datetime, count: int) -> None:
    """Its members are those of this version at this local moment."""
    values = {"evaluated_version": version, "evaluated_at": at, "member_count": count}
    uow.conn.execute(sa.update(audiences).where(audiences.c.id == id).values(values))


def moved_since(uow: UnitOfWork, since: datetime | None) -> dict[UUID, tuple[int, int]]:
    """By audience: how many entered and left after a local moment."""
    if since is None:
        return {}
    c = changes.c
    counts = [sa.func.count().filter(c.entered), sa.func.count().filter(~c.entered)]
    found = sa.select(c.audience_id, *counts).where(c.at > since).group_by(c.audience_id)
    return {row[0]: (row[1], row[2]) for row in uow.conn.execute(found)}


def renamed(uow: UnitOfWork, id: UUID, version: int) -> None:
    """A version that says the same under another name: its members are those it had."""
    kept = sa.update(audiences).where(audiences.c.id == id, audiences.c.evaluated_version.is_not(None))
    uow.conn.execute(kept.values(evaluated_version=version))
