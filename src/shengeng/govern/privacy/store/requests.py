"""Requests and their steps, as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shengeng.govern.privacy.contracts import NO_REQUEST, Kind, Request, Step
from shengeng.govern.privacy.store.tables import requests, steps
from shengeng.storage.rows import UnitOfWork

_OPEN = ("waiting", "approved", "running", "failed")


def add(uow: UnitOfWork, request: Request) -> None:
    """A new request."""
    row = {name: getattr(request, name) for name in requests.c.keys()}  # noqa: SIM118  columns, not a dict
    uow.conn.execute(sa.insert(requests).values(row))


def one(uow: UnitOfWork, id: UUID) -> Request:
    """One request, held until the transaction ends; not_found when there is none."""
    found = uow.conn.execute(sa.select(requests).where(requests.c.id == id).with_for_update())
    row = found.mappings().one_or_none()
    if row is None:
        raise NO_REQUEST.error(id=id)
    return Request(**row)


def every(uow: UnitOfWork, limit: int) -> list[Request]:
    """Open ones first, the earliest due one on top; then the newest."""
    c = requests.c
    over = c.state.not_in(["waiting", "approved", "running", "failed"])
    ordered = sa.select(requests).order_by(over, sa.case((over, None), else_=c.due_on), c.made_at.desc())
    return [Request(**row) for row in uow.conn.execute(ordered.limit(limit)).mappings()]


def open_one(uow: UnitOfWork, kind: Kind, person_id: str) -> Request | None:
    """The open request of a kind for a person."""
    c = requests.c
    mine = sa.select(requests).where(c.kind == kind, c.person_id == person_id, c.state.in_(_OPEN))
    row = uow.conn.execute(mine).mappings().first()
    return None if row is None else Request(**row)


def change(uow: UnitOfWork, id: UUID, **values: Any) -> None:
    """Change some columns of a request."""
    uow.conn.execute(sa.update(requests).where(requests.c.id == id).values(**values))


def note(uow: UnitOfWork, id: UUID, at: datetime, *, actor: str, what: str, why: str = "") -> None:
    """Something happened to a request."""
    row = {"request_id": id, "at": at, "actor": actor, "what": what, "why": why}
    uow.conn.execute(sa.insert(steps).values(row))


def steps_of(uow: UnitOfWork, id: UUID) -> list[Step]:
    """Everything that happened to a request, in order."""
    c = steps.c
    mine = sa.select(c.at, c.actor, c.what, c.why).where(c.request_id == id).order_by(c.id)
    return [Step(*row) for row in uow.conn.execute(mine)]


def not_gone(uow: UnitOfWork) -> list[Request]:
    """Erasures whose old snapshots have not been seen to be gone."""
    c = requests.c
    mine = sa.select(requests).where(c.kind == "erasure", c.done_at.is_not(None), c.gone_at.is_(None))
    return [Request(**row) for row in uow.conn.execute(mine).mappings()]


def with_file(
    uow: UnitOfWork, *, made_before: datetime | None = None, ids: Collection[str] = ()
) -> list[Request]:
    """Exports that still have a file: older ones, or those of a person."""
    c = requests.c
    mine = sa.select(requests).where(c.file.is_not(None))
    mine = mine.where(c.done_at < made_before) if made_before else mine.where(c.person_id.in_(sorted(ids)))
    return [Request(**row) for row in uow.conn.execute(mine).mappings()]


def of_person(uow: UnitOfWork, ids: Collection[str]) -> list[Mapping[str, Any]]:
    """What was asked for a person, as the export tells it."""
    c = requests.c
    shown = (c.kind, c.asked_on, c.asked_via, c.law, c.due_on, c.state, c.made_at, c.done_at)
    mine = sa.select(*shown).where(c.person_id.in_(sorted(ids))).order_by(c.made_at)
    return [dict(row) for row in uow.conn.execute(mine).mappings()]


def rename(uow: UnitOfWork, ids: Collection[str], stand_in: str) -> int:
    """Every request for a person names its token from now on, and no word of theirs."""
    c = requests.c
    mine = c.person_id.in_(sorted(ids))
    done = uow.conn.execute(
        sa.update(requests).where(mine).values(person_id=stand_in, proof="erased", asked_via="erased")
    )
    return done.rowcount
