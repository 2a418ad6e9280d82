"""Erased identifiers, retention, who looked at whom, and a person's traces in rows of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from shengeng.govern.privacy.contracts import Erased, Look, What
from shengeng.govern.privacy.store.tables import erased, keys, looks, retention
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.searching import SHORT, pattern, stands
from shengeng.storage.tables import job_progress

_AUDIT = sa.table(
    "audit", sa.column("id"), sa.column("at"), sa.column("action"), sa.column("target"), sa.column("detail")
)
_VIEWS = sa.table("saved_views", sa.column("name"), sa.column("query"))
_JOBS = sa.table("procrastinate_jobs", sa.column("id"), sa.column("args"), sa.column("status"), schema="jobs")


def key(uow: UnitOfWork) -> bytes:
    """The key under which this shop hashes erased identifiers."""
    return bytes(uow.conn.execute(sa.select(keys.c.key)).scalar_one())


def list_erased(uow: UnitOfWork, rows: Iterable[Erased]) -> None:
    """Put identifiers on the replay list; a newer erasure of the same one counts from then on."""
    for row in rows:
        values = {"request_id": row.request_id, "person": row.person, "erased_at": row.erased_at}
        new = insert(erased).values(token=row.token, **values)
        uow.conn.execute(
            new.on_conflict_do_update(index_elements=["token"], set_=values | {"returned_at": None})
        )


def every_erased(uow: UnitOfWork, *, returned: bool = True) -> list[Erased]:
    """The replay list, oldest first; without those identifiers that somebody new has."""
    c = erased.c
    listed = sa.select(c.token, c.person, c.request_id, c.erased_at).order_by(c.erased_at, c.token)
    if not returned:
        listed = listed.where(c.returned_at.is_(None))
    return [Erased(*row) for row in uow.conn.execute(listed)]


def mark_returned(uow: UnitOfWork, token: str, now: datetime) -> None:
    """Somebody new has this identifier."""
    uow.conn.execute(sa.update(erased).where(erased.c.token == token).values(returned_at=now))


def days_kept(uow: UnitOfWork) -> dict[str, tuple[int | None, datetime, str]]:
    """What people set, by kind."""
    return {
        row.kind: (row.days, row.updated_at, row.updated_by) for row in uow.conn.execute(sa.select(retention))
    }


def set_days(uow: UnitOfWork, kind: str, days: int | None, now: datetime, by: str) -> None:
    """Keep a kind for so many days."""
    values = {"days": days, "updated_at": now, "updated_by": by}
    new = insert(retention).values(kind=kind, **values)
    uow.conn.execute(new.on_conflict_do_update(index_elements=["kind"], set_=values))


def look(uow: UnitOfWork, operator: str, person_id: str, what: What, now: datetime) -> None:
    """One row a viewer, person and hour, however often they looked."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    row = {"operator": operator, "person_id": person_id, "hour": hour, "what": what}
    uow.conn.execute(insert(looks).values(row).on_conflict_do_nothing())


def looks_of(uow: UnitOfWork, person_id: str | None, operator: str | None, limit: int) -> list[Look]:
    """Who looked, newest first."""
    c = looks.c
    listed = sa.select(c.operator, c.person_id, c.hour, c.what).order_by(
        c.hour.desc(), c.operator, c.person_id
    )
    if person_id:
        listed = listed.where(c.person_id == person_id)
    if operator:
        listed = listed.where(c.operator == operator)
    return [Look(*row) for row in uow.conn.execute(listed.limit(limit))]


def forget_looks(uow: UnitOfWork, before: datetime) -> int:
    """Looks before a moment."""
    return uow.conn.execute(sa.delete(looks).where(looks.c.hour < before)).rowcount


def rename_looks(uow: UnitOfWork, ids: Collection[str], stand_in: str) -> int:
    """Looks at a person become looks at nobody in particular."""
    mine = looks.c.person_id.in_(sorted(ids))
    rows = uow.conn.execute(sa.select(looks).where(mine)).mappings().all()
    uow.conn.execute(sa.delete(looks).where(mine))
    if rows:
        anew = [{**row, "person_id": stand_in} for row in rows]
        uow.conn.execute(insert(looks).on_conflict_do_nothing(), anew)
    return len(rows)


def audit_about(uow: UnitOfWork, words: Collection[str]) -> list[Mapping[str, Any]]:
    """Audit rows that name one of the words."""
    found = sa.select(_AUDIT.c.at, _AUDIT.c.action, _AUDIT.c.target, _AUDIT.c.detail).where(
        _audit_names(words)
    )
    return [dict(row) for row in uow.conn.execute(found.order_by(_AUDIT.c.id)).mappings()]


def redact_audit(uow: UnitOfWork, words: Collection[str], stand_in: str) -> int:
    """The words in audit rows give way to the token; who did what when stays."""
    long = [word for word in words if len(word) >= SHORT]
    if not long:
        return 0
    told, put = pattern(long), rf"\1{stand_in}\3"
    target = sa.func.regexp_replace(_AUDIT.c.target, told, put, "g")
    detail = sa.func.regexp_replace(sa.cast(_AUDIT.c.detail, sa.Text), told, put, "g")
    change = sa.update(_AUDIT).where(_audit_names(long))
    return uow.conn.execute(change.values(target=target, detail=sa.cast(detail, JSONB))).rowcount


def drop_views(uow: UnitOfWork, words: Collection[str]) -> int:
    """Saved views whose address or name tells of a person."""
    told = sa.or_(*(stands(_VIEWS.c[name], "text", words) for name in ("query", "name")))
    return uow.conn.execute(sa.delete(_VIEWS).where(told)).rowcount


def redact_jobs(uow: UnitOfWork, words: Collection[str]) -> int:
    """Logs and errors of jobs that tell of a person are emptied; jobs that are over and name them go."""
    told = sa.or_(*(stands(job_progress.c[name], "jsonb", words) for name in ("log", "error")))
    emptied = uow.conn.execute(sa.update(job_progress).where(told).values(log=[], error=None)).rowcount
    over = sa.cast(_JOBS.c.status, sa.Text).in_(["succeeded", "failed", "cancelled", "aborted"])
    gone = sa.delete(_JOBS).where(over, stands(_JOBS.c.args, "jsonb", words))
    return emptied + uow.conn.execute(gone).rowcount


def forget_jobs(uow: UnitOfWork, before: datetime) -> int:
    """What jobs that ended before a moment told."""
    return uow.conn.execute(sa.delete(job_progress).where(job_progress.c.finished_at < before)).rowcount


def _audit_names(words: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.or_(stands(_AUDIT.c.target, "text", words), stands(_AUDIT.c.detail, "jsonb", words))
