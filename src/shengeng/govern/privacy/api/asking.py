"""Requests from their first word to the approval; the work itself is a job."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.govern.privacy.contracts import (
    ASKED_ALREADY,
    ASKED_LATER,
    DUE_DAYS,
    HOLD,
    NEEDS_ANOTHER,
    NO_PROOF_OF_WHO,
    NOT_OPEN,
    PERFORM_TASK,
    Kind,
    Law,
    Request,
)
from shengeng.govern.privacy.methods import due_on
from shengeng.govern.privacy.store import requests
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork


def ask(
    uow: UnitOfWork,
    by: Principal,
    now: datetime,
    *,
    kind: Kind,
    person_id: str,
    asked_on: date,
    asked_via: str,
    proof: str,
    law: Law,
) -> Request:
    """Writes a person's request down (operator); nothing happens to their data before an approval.

    Refuses a request without a word of how the shop made sure who asks, a day after today (invalid), and a
    second open one of the same kind for the same person (conflict).
    """
    require(by, Role.OPERATOR)
    if len(proof.strip()) < 3:
        raise NO_PROOF_OF_WHO.error(person=person_id)
    if asked_on > now.date():
        raise ASKED_LATER.error(day=asked_on, today=now.date())
    uow.lock(f"privacy:{kind}:{person_id}")
    if (known := requests.open_one(uow, kind, person_id)) is not None:
        raise ASKED_ALREADY.error(person=person_id, day=known.asked_on)
    request = Request(
        id=new_id(now),
        kind=kind,
        person_id=person_id,
        asked_on=asked_on,
        asked_via=asked_via,
        proof=proof.strip(),
        law=law,
        due_on=due_on(asked_on, DUE_DAYS[law]),
        state="waiting",
        made_by=by.name,
        made_at=now,
        hold_until=now + HOLD,
    )
    requests.add(uow, request)
    _note(uow, request, by, now, what="asked")
    return request


def approve(uow: UnitOfWork, by: Principal, id: UUID, now: datetime) -> Request:
    """Lets a request be carried out (approver): a job does it.

    An erasure needs another approver than the one who wrote it down, or HOLD hours (refused): nobody erases
    a person by one mistaken click.
    """
    require(by, Role.APPROVER)
    request = requests.one(uow, id)
    if request.state not in ("waiting", "failed"):
        raise NOT_OPEN.error(state=request.state)
    if request.kind == "erasure" and by.name == request.made_by and now < request.hold_until:
        raise NEEDS_ANOTHER.error(name=by.name, until=request.hold_until.isoformat(timespec="minutes"))
    job = uow.enqueue(PERFORM_TASK, lock=PERFORM_TASK, request=str(id))
    requests.change(uow, id, state="approved", approved_by=by.name, approved_at=now, job_id=job)
    _note(uow, request, by, now, what="approved")
    return requests.one(uow, id)


def cancel(uow: UnitOfWork, by: Principal, id: UUID, why: str, now: datetime) -> Request:
    """Takes a request back (operator) as long as its job has not begun."""
    require(by, Role.OPERATOR)
    request = requests.one(uow, id)
    if request.state not in ("waiting", "approved"):
        raise NOT_OPEN.error(state=request.state)
    requests.change(uow, id, state="cancelled", done_at=now)
    _note(uow, request, by, now, what="cancelled", why=why)
    return requests.one(uow, id)


def _note(
    uow: UnitOfWork, request: Request, by: Principal, now: datetime, *, what: str, why: str = ""
) -> None:
    """The log of the request, and the audit log, which names the request and not the person."""
    requests.note(uow, request.id, now, actor=by.name, what=what, why=why)
    action = f"privacy.{request.kind}.{what}"
    audit.record(uow, at=now, actor=by.name, action=action, target=str(request.id))
