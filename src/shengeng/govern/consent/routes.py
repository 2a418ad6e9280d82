"""/v1/consents: what one person allows, what they said, and writing down what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from shengeng.govern.consent import api
from shengeng.govern.consent.contracts import Channel, Consent, Purpose, Said, Standing
from shengeng.http import Now, Operator, Unit, Viewer, error_answers

router = APIRouter(prefix="/v1/consents", tags=["govern"], responses=error_answers(401, 403, 422))
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ConsentStanding(BaseModel):
    """Whether a purpose is allowed on a channel now. because: said, or unknown (the shop's assumption)."""

    model_config = ConfigDict(from_attributes=True)
    purpose: Purpose
    channel: Channel
    allowed: bool
    because: Literal["said", "unknown"]
    since: datetime | None

    @classmethod
    def of(cls, found: Standing) -> ConsentStanding:
        """As JSON."""
        return cls.model_validate(found)


class ConsentRow(BaseModel):
    """One thing that was said."""

    id: int
    purpose: Purpose
    channel: Channel
    granted: bool
    said_at: datetime
    source: str
    text_version: str
    shown: str
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, row: Consent) -> ConsentRow:
        """As JSON."""
        said = row.said
        return cls(
            id=row.id,
            purpose=said.purpose,
            channel=said.channel,
            granted=said.granted,
            said_at=said.said_at,
            source=said.source,
            text_version=said.text_version,
            shown=said.shown,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )


class PersonConsents(BaseModel):
    """What a person allows now, and everything they said, newest first."""

    standings: list[ConsentStanding]
    rows: list[ConsentRow]


class NewConsent(BaseModel):
    """What a person said to the shop; said_at: default now."""

    model_config = ConfigDict(extra="forbid")
    person_id: Id
    purpose: Purpose
    channel: Channel = "any"
    granted: bool
    said_at: AwareDatetime | None = None
    source: Short = "console"
    text_version: Short = ""
    shown: Text = ""


class ConsentCount(BaseModel):
    """How many ids last said so."""

    purpose: Purpose
    channel: Channel
    granted: bool
    people: int


@router.get("")
def person_consents(_: Viewer, uow: Unit, id: Annotated[list[Id], Query(max_length=200)]) -> PersonConsents:
    """What one person (under any of the given ids) allows and said."""
    return PersonConsents(
        standings=[ConsentStanding.of(found) for found in api.standings(uow, id)],
        rows=[ConsentRow.of(row) for row in api.of(uow, id)],
    )


@router.get("/counts")
def consent_counts(_: Viewer, uow: Unit) -> list[ConsentCount]:
    """How many ids allow or refuse each purpose on each channel."""
    return [
        ConsentCount.model_validate({"purpose": purpose, "channel": channel, "granted": yes, "people": count})
        for purpose, channel, yes, count in api.counts(uow)
    ]


@router.post("", status_code=201)
def record_consent(body: NewConsent, who: Operator, uow: Unit, now: Now) -> PersonConsents:
    """Write down what a person said; the newest word counts."""
    said = Said(
        body.person_id,
        body.purpose,
        body.channel,
        body.granted,
        body.said_at or now,
        body.source,
        body.text_version,
        body.shown,
    )
    api.record(uow, who, said, now)
    return person_consents(who, uow, [body.person_id])
