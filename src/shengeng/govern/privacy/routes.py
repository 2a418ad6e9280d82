"""/v1/privacy: requests, who looked at whom, retention, the replay list. Jobs do the work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.govern.privacy import api
from shengeng.govern.privacy.contracts import Kind, Law, Request, State, What
from shengeng.http import Admin, Approver, Limit, Now, Operator, Shop, Unit, error_answers

router = APIRouter(prefix="/v1/privacy", tags=["govern"], responses=error_answers(401, 403, 404, 409, 422))
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class PrivacyStep(BaseModel):
    """Something that happened to a request."""

    model_config = ConfigDict(from_attributes=True)
    at: datetime
    actor: str
    what: str
    why: str


class PrivacyFound(BaseModel):
    """Where an identifier still stands after an erasure."""

    place: str
    rows: int


class PrivacyRequest(BaseModel):
    """A request and how far it is; rows: by part (export) or holder and part (erasure).

    found: None before the search; empty when nothing was found. old_files: files of earlier snapshots that
    wait for gone_on. short: identifiers too short to be looked for inside texts.
    """

    id: UUID
    kind: Kind
    person_id: str
    asked_on: date
    asked_via: str
    proof: str
    law: Law
    due_on: date
    state: State
    made_by: str
    made_at: datetime
    hold_until: datetime
    approved_by: str | None
    approved_at: datetime | None
    job_id: int | None
    done_at: datetime | None
    gone_on: date | None
    gone_at: datetime | None
    has_file: bool
    rows: dict[str, int]
    found: list[PrivacyFound] | None
    old_files: int | None
    short: int
    steps: list[PrivacyStep] = Field(default_factory=list)


class NewPrivacyRequest(BaseModel):
    """What somebody asks. proof: how the shop made sure who asks."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    person_id: Id
    asked_on: date
    asked_via: Words = ""
    proof: Words
    law: Law = "pipl"


class Cancelling(BaseModel):
    """Why a request is taken back."""

    model_config = ConfigDict(extra="forbid")
    why: Words = ""


class PrivacyLook(BaseModel):
    """Somebody looked at a person within an hour."""

    model_config = ConfigDict(from_attributes=True)
    operator: str
    person_id: str
    hour: datetime
    what: What


class PrivacyRetention(BaseModel):
    """How many days a kind of fact is kept; None: as long as the person."""

    model_config = ConfigDict(from_attributes=True)
    kind: str
    days: int | None
    default: int | None
    updated_at: datetime | None
    updated_by: str | None


class NewRetention(BaseModel):
    """Days to keep a kind for; None: as long as the person."""

    model_config = ConfigDict(extra="forbid")
    days: Annotated[int, Field(ge=1, le=36_500)] | None


class ErasedIdentifier(BaseModel):
    """One row of the replay list: a keyed hash, never an identifier."""

    model_config = ConfigDict(from_attributes=True)
    token: str
    person: str
    request_id: UUID
    erased_at: datetime


@router.get("/requests")
def list_privacy_requests(_: Operator, uow: Unit, limit: Limit = 100) -> list[PrivacyRequest]:
    """Requests: open ones by the day they are due, then the newest."""
    return [_shown(request) for request in api.request_list(uow, limit)]


@router.post("/requests", status_code=201)
def ask_privacy(body: NewPrivacyRequest, who: Operator, uow: Unit, now: Now) -> PrivacyRequest:
    """Write a request down; nothing happens to the person's data before an approval."""
    return _shown(api.ask(uow, who, now, **body.model_dump()))


@router.get("/requests/{id}")
def privacy_request(id: UUID, _: Operator, uow: Unit) -> PrivacyRequest:
    """One request with everything that happened to it."""
    steps = [PrivacyStep.model_validate(step) for step in api.steps(uow, id)]
    return _shown(api.request(uow, id), steps)


@router.post("/requests/{id}/approve")
def approve_privacy(id: UUID, who: Approver, uow: Unit, now: Now) -> PrivacyRequest:
    """Let it be carried out; an erasure needs another approver than who wrote it down, or a day's hold."""
    return _shown(api.approve(uow, who, id, now))


@router.post("/requests/{id}/cancel")
def cancel_privacy(id: UUID, body: Cancelling, who: Operator, uow: Unit, now: Now) -> PrivacyRequest:
    """Take it back as long as its job has not begun."""
    return _shown(api.cancel(uow, who, id, body.why, now))


@router.get("/requests/{id}/file", response_class=FileResponse)
def privacy_file(id: UUID, who: Approver, stores: Shop, uow: Unit, now: Now) -> FileResponse:
    """The export as a zip file; who takes it is written down."""
    path = api.export_file(stores, uow, who, id, now)
    return FileResponse(path, media_type="application/zip", filename=f"person-{id}.zip")


@router.get("/looks")
def list_looks(
    _: Approver,
    uow: Unit,
    person: Annotated[str | None, Query(max_length=200)] = None,
    operator: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 100,
) -> list[PrivacyLook]:
    """Who looked at whom, newest first: one row a viewer, person and hour."""
    found = api.looks(uow, person_id=person, operator=operator, limit=limit)
    return [PrivacyLook.model_validate(one) for one in found]


@router.get("/retention")
def list_retention(_: Operator, uow: Unit) -> list[PrivacyRetention]:
    """How long each kind of fact is kept."""
    return [PrivacyRetention.model_validate(one) for one in api.retention(uow)]


@router.put("/retention/{kind}")
def set_retention(kind: str, body: NewRetention, who: Admin, uow: Unit, now: Now) -> list[PrivacyRetention]:
    """Keep a kind for so many days; the next night removes what is older."""
    api.set_retention(uow, who, kind, body.days, now)
    return list_retention(who, uow)


@router.get("/erasures")
def list_erasures(_: Approver, uow: Unit) -> list[ErasedIdentifier]:
    """The replay list, oldest first."""
    return [ErasedIdentifier.model_validate(one) for one in api.list_of_erased(uow)]


def _shown(request: Request, steps: list[PrivacyStep] | None = None) -> PrivacyRequest:
    given = {name: getattr(request, name) for name in PrivacyRequest.model_fields if hasattr(request, name)}
    outcome = request.outcome
    return PrivacyRequest(
        **given,
        has_file=request.file is not None,
        rows=_flat(outcome.get("rows") or outcome.get("erased") or {}),
        found=[PrivacyFound(**one) for one in outcome["found"]] if "found" in outcome else None,
        old_files=outcome.get("old_files"),
        short=outcome.get("short", 0),
        steps=steps or [],
    )


def _flat(rows: dict[str, Any]) -> dict[str, int]:
    """Counts by part; those of nothing are left out."""
    found: dict[str, int] = {}
    for name, count in rows.items():
        parts = count.items() if isinstance(count, dict) else [("", count)]
        found |= {f"{name}.{part}".rstrip("."): int(n) for part, n in parts if n}
    return found
