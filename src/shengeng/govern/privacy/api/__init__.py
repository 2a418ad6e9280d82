"""Requests of people about themselves, who looked at whom, how long facts are kept, and the replay list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.govern.privacy.api.asking import approve, ask, cancel
from shengeng.govern.privacy.api.holding import newest_facts, of_lake
from shengeng.govern.privacy.api.running import again, keep, perform, replay
from shengeng.govern.privacy.contracts import (
    BAD_DAYS,
    EXPORT_KEPT,
    FOLDER,
    NO_FILE,
    NO_KIND,
    Erased,
    Keeping,
    Look,
    Request,
    Step,
    What,
)
from shengeng.govern.privacy.store import keeping, requests
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

__all__ = [
    "DEFAULTS",
    "again",
    "approve",
    "ask",
    "cancel",
    "export_file",
    "forget_jobs",
    "forget_looks",
    "keep",
    "list_of_erased",
    "look",
    "looks",
    "newest_facts",
    "of_lake",
    "perform",
    "replay",
    "request",
    "request_list",
    "retention",
    "set_retention",
    "steps",
]
# How long each kind is kept where nobody says otherwise; None: as long as the person.
DEFAULTS: dict[str, int | None] = {
    "events": None,
    "touches": None,
    "reviews": None,
    "looks": 365,
    "jobs": 30,
}


def request_list(uow: UnitOfWork, limit: int = 200) -> list[Request]:
    """Requests: open ones by the day they are due, then the newest."""
    return requests.every(uow, limit)


def request(uow: UnitOfWork, id: UUID) -> Request:
    """One request; not_found when there is none."""
    return requests.one(uow, id)


def steps(uow: UnitOfWork, id: UUID) -> list[Step]:
    """Everything that happened to a request."""
    return requests.steps_of(uow, id)


def export_file(stores: Stores, uow: UnitOfWork, by: Principal, id: UUID, now: datetime) -> Path:
    """The file of an export (approver); who takes it is written down. not_found once it was cleared."""
    require(by, Role.APPROVER)
    found = requests.one(uow, id)
    path = stores.settings.home / FOLDER / str(found.file)
    if not found.file or not path.is_file():
        raise NO_FILE.error(days=EXPORT_KEPT.days)
    keeping.look(uow, by.name, found.person_id, "export", now)
    requests.note(uow, id, now, actor=by.name, what="taken")
    audit.record(uow, at=now, actor=by.name, action="privacy.export.taken", target=str(id))
    return path


def look(uow: UnitOfWork, by: Principal, person_id: str, what: What, now: datetime) -> None:
    """Somebody looks at a person: one row a viewer, person and hour."""
    keeping.look(uow, by.name, person_id, what, now)


def looks(
    uow: UnitOfWork, *, person_id: str | None = None, operator: str | None = None, limit: int = 200
) -> list[Look]:
    """Who looked at whom, newest first."""
    return keeping.looks_of(uow, person_id, operator, limit)


def retention(uow: UnitOfWork) -> list[Keeping]:
    """How long each kind of fact is kept."""
    changed = keeping.days_kept(uow)
    found = []
    for kind, default in DEFAULTS.items():
        days, at, by = changed.get(kind, (default, None, None))
        found.append(Keeping(kind, days, default, at, by))
    return found


def set_retention(uow: UnitOfWork, by: Principal, kind: str, days: int | None, now: datetime) -> None:
    """Keeps a kind for so many days (admin); the night that follows removes what is older."""
    require(by, Role.ADMIN)
    if kind not in DEFAULTS:
        raise NO_KIND.error(kind=kind[:40], known=", ".join(DEFAULTS))
    if days is not None and not 1 <= days <= 36_500:
        raise BAD_DAYS.error(days=days)
    keeping.set_days(uow, kind, days, now, by.name)
    detail: dict[str, audit.Plain] = {"days": days}
    audit.record(uow, at=now, actor=by.name, action="privacy.retention", target=kind, detail=detail)


def list_of_erased(uow: UnitOfWork) -> Sequence[Erased]:
    """The replay list: keyed hashes of every erased identifier, oldest first."""
    return keeping.every_erased(uow)


def forget_looks(_: Stores, uow: UnitOfWork, before: datetime) -> int:
    """Looks before a moment."""
    return keeping.forget_looks(uow, before)


def forget_jobs(_: Stores, uow: UnitOfWork, before: datetime) -> int:
    """What jobs that ended before a moment told."""
    return keeping.forget_jobs(uow, before)
