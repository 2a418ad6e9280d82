"""Saved audiences: create, edit with versions, archive, list, who rests on whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shengeng.decide.audiences.contracts import (
    FOLLOW_TASK,
    LONGEST_NAME,
    MOST_AUDIENCES,
    Audience,
    State,
    Version,
)
from shengeng.decide.audiences.contracts.language import Definition, inner
from shengeng.decide.audiences.contracts.refusals import (
    BAD_NAME,
    CHANGED,
    NAME_TAKEN,
    NO_AUDIENCE,
    TOO_MANY,
    USED,
)
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.methods.writing import write
from shengeng.decide.audiences.store import saved
from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.queue import LIVE
from shengeng.storage.rows import UnitOfWork

LOCK = "decide.audiences"
_WEEK = timedelta(days=7)


def audiences(uow: UnitOfWork) -> list[Audience]:
    """Every audience that is not archived, newest change first."""
    rows = saved.every(uow)
    return [_audience(row, moved) for row, moved in _with_moves(uow, rows)]


def audience(uow: UnitOfWork, id: UUID) -> Audience:
    """One audience, an archived one too; not_found where there is none."""
    row = _row(uow, id)
    return next(_audience(row, moved) for row, moved in _with_moves(uow, [row]))


def versions(uow: UnitOfWork, id: UUID) -> list[Version]:
    """Every version, newest first."""
    _row(uow, id)
    return [
        Version(row["version"], row["name"], row["note"], read(row["definition"]), row["by"], row["at"])
        for row in saved.versions_of(uow, id)
    ]


def create(
    uow: UnitOfWork, by: Principal, definition: Definition, now: datetime, *, name: str, note: str = ""
) -> Audience:
    """Saves a sentence that was `checked` under a new name (operator); its members follow in the background.

    Refuses a name that another one has (conflict), and more audiences than are kept current.
    """
    require(by, Role.OPERATOR)
    uow.lock(LOCK)
    rows = saved.every(uow)
    _check_room(rows)
    said = _said(rows, None, name, note, definition)
    id = new_id(now)
    saved.add(uow, id, by.name, now)
    saved.add_version(uow, id, 1, said, by=by.name, now=now)
    _record(uow, by, "audience.created", now, id=id, name=said["name"], version=1)
    return audience(uow, id)


def edit(
    uow: UnitOfWork,
    by: Principal,
    id: UUID,
    definition: Definition,
    now: datetime,
    *,
    seen: int,
    name: str,
    note: str,
) -> Audience:
    """A new version in place of the one that was seen (operator); the same once more changes nothing.

    Whoever rests on this one is found anew with it. Refuses (conflict) where the newest version is another.
    """
    require(by, Role.OPERATOR)
    uow.lock(LOCK)
    row = _row(uow, id, lock=True)
    if row["version"] != seen or row["archived_at"] is not None:
        raise CHANGED.error(name=row["name"], version=row["version"], seen=seen, by=row["updated_by"])
    rows = saved.every(uow)
    said = _said(rows, id, name, note, definition)
    if all(row[key] == value for key, value in said.items()):
        return audience(uow, id)
    saved.add_version(uow, id, seen + 1, said, by=by.name, now=now)
    if said["definition"] != row["definition"]:
        saved.outdate(uow, {id, *_resting_on(rows, id)})
    else:
        saved.renamed(uow, id, seen + 1)
    _record(uow, by, "audience.edited", now, id=id, name=said["name"], version=seen + 1)
    return audience(uow, id)


def archive(uow: UnitOfWork, by: Principal, id: UUID, now: datetime) -> Audience:
    """Archives it (operator): history stays, members do not follow. Refused while others rest on it."""
    require(by, Role.OPERATOR)
    uow.lock(LOCK)
    row = _row(uow, id, lock=True)
    if row["archived_at"] is None:
        rows = {one["id"]: one["name"] for one in saved.every(uow)}
        users = [rows[one] for one in used_by(uow, id)]
        if users:
            raise USED.error(count=len(users), name=row["name"], names=", ".join(users))
        saved.archive(uow, id, now)
        told = {"id": id, "name": row["name"], "version": row["version"]}
        _record(uow, by, "audience.archived", now, **told)
    return audience(uow, id)


def restore(uow: UnitOfWork, by: Principal, id: UUID, now: datetime) -> Audience:
    """Takes an archived one back (operator); its members are found anew, what it rests on was `checked`.

    Refuses (conflict) where another one has its name by now, and more audiences than are kept current.
    """
    require(by, Role.OPERATOR)
    uow.lock(LOCK)
    row = _row(uow, id, lock=True)
    if row["archived_at"] is not None:
        rows = saved.every(uow)
        _check_room(rows)
        if any(one["name"] == row["name"] for one in rows):
            raise NAME_TAKEN.error(name=row["name"])
        saved.restore(uow, id)
        told = {"id": id, "name": row["name"], "version": row["version"]}
        _record(uow, by, "audience.restored", now, **told)
    return audience(uow, id)


def used_by(uow: UnitOfWork, id: UUID) -> list[UUID]:
    """The audiences that name this one themselves."""
    return [row["id"] for row in saved.every(uow) if id in inner(read(row["definition"]).where)]


def _check_room(rows: list[dict[str, Any]]) -> None:
    if len(rows) >= MOST_AUDIENCES:
        raise TOO_MANY.error(limit=MOST_AUDIENCES)


def _resting_on(rows: list[dict[str, Any]], id: UUID) -> set[UUID]:
    """Whoever names an audience, or names somebody who does."""
    names = {row["id"]: inner(read(row["definition"]).where) for row in rows}
    found: set[UUID] = set()
    around = {id}
    while around:
        around = {one for one, named in names.items() if named & around} - found
        found |= around
    return found - {id}


def _said(
    rows: list[dict[str, Any]], id: UUID | None, name: str, note: str, definition: Definition
) -> dict[str, Any]:
    told = name.strip()
    if not (told and len(told) <= LONGEST_NAME and told.isprintable()):
        raise BAD_NAME.error(value=told[:LONGEST_NAME], limit=LONGEST_NAME)
    if any(row["name"] == told and row["id"] != id for row in rows):
        raise NAME_TAKEN.error(name=told)
    return {"name": told, "note": note.strip(), "definition": write(definition)}


def _record(
    uow: UnitOfWork, by: Principal, action: str, now: datetime, *, id: UUID, name: str, version: int
) -> None:
    detail: dict[str, audit.Plain] = {"name": name, "version": version}
    audit.record(uow, at=now, actor=by.name, action=action, target=str(id), detail=detail)
    uow.enqueue(FOLLOW_TASK, queue=LIVE, lock=FOLLOW_TASK)


def _row(uow: UnitOfWork, id: UUID, *, lock: bool = False) -> dict[str, Any]:
    row = saved.one(uow, id, lock=lock)
    if row is None:
        raise NO_AUDIENCE.error(id=id)
    return row


def _with_moves(uow: UnitOfWork, rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], tuple[int, int]]]:
    newest = max((row["evaluated_at"] for row in rows if row["evaluated_at"]), default=None)
    moved: Mapping[UUID, tuple[int, int]] = saved.moved_since(uow, newest - _WEEK if newest else None)
    return [(row, moved.get(row["id"], (0, 0))) for row in rows]


def _audience(row: dict[str, Any], moved: tuple[int, int]) -> Audience:
    state: State = "current"
    if row["archived_at"] is not None:
        state = "archived"
    elif row["evaluated_version"] != row["version"]:
        state = "evaluating"
    kept = {name: row[name] for name in _KEPT}
    return Audience(
        **kept,
        definition=read(row["definition"]),
        state=state,
        count=row["member_count"],
        entered_7d=moved[0],
        left_7d=moved[1],
    )


_KEPT = (
    "id",
    "name",
    "note",
    "version",
    "created_by",
    "created_at",
    "updated_by",
    "updated_at",
    "archived_at",
    "evaluated_at",
)
