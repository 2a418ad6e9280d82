"""What the routes of audiences take and give, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.decide.audiences.contracts import LONGEST_NAME, LONGEST_NOTE, Cause, ChangeKind, State

_ATTRIBUTES = ConfigDict(from_attributes=True)
_STRICT = ConfigDict(extra="forbid")
Json = dict[str, Any]
PersonId = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class AudienceRow(BaseModel):
    """A saved audience. words: its sentence in the asked language; evaluated_at: the shop's local time."""

    id: UUID
    name: str
    note: str
    version: int
    definition: Json
    words: str
    count: int
    entered_7d: int
    left_7d: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    evaluated_at: datetime | None
    state: State
    used_by: list[UUID]


class AudienceList(BaseModel):
    """Every audience that is not archived, newest change first."""

    rows: list[AudienceRow]


class AudienceDraft(BaseModel):
    """A name and a sentence of the language."""

    model_config = _STRICT
    name: Annotated[str, StringConstraints(max_length=LONGEST_NAME * 2)]
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] = ""
    definition: Json


class AudienceEdit(AudienceDraft):
    """A draft in place of a version that the editor has seen."""

    version: int


class AudienceSentence(BaseModel):
    """A sentence alone."""

    model_config = _STRICT
    definition: Json


class AudienceVersion(BaseModel):
    """What an audience was from one save to the next."""

    version: int
    name: str
    note: str
    definition: Json
    words: str
    by: str
    at: datetime


class AudienceMember(BaseModel):
    """Somebody in an audience, since a local moment of the shop."""

    model_config = _ATTRIBUTES
    person_id: str
    since: datetime


class AudienceMembers(BaseModel):
    """A page, who came last first."""

    rows: list[AudienceMember]
    total: int
    next: str | None


class AudienceChange(BaseModel):
    """Somebody entered or left. cause: facts, time, estimates, definition."""

    model_config = _ATTRIBUTES
    person_id: str
    kind: ChangeKind
    at: datetime
    version: int
    cause: Cause


class AudienceChanges(BaseModel):
    """A page, newest first."""

    rows: list[AudienceChange]
    next: str | None


class AudienceDay(BaseModel):
    """How many at the end of a local day, and who came and went on it."""

    model_config = _ATTRIBUTES
    day: date
    count: int
    entered: int
    left: int


class AudienceHistory(BaseModel):
    """Every day since the first evaluation."""

    days: list[AudienceDay]


class AudienceWhy(BaseModel):
    """One condition of one person."""

    model_config = _ATTRIBUTES
    path: str
    held: bool
    figure: float | None


class AudienceSample(BaseModel):
    """Somebody the sentence is true of, with each of its conditions."""

    model_config = _ATTRIBUTES
    person_id: str
    why: list[AudienceWhy]


class AudiencePreview(BaseModel):
    """What the sentence says now; nothing is written. as_at: the shop's local time it was asked of."""

    count: int
    of: int
    took_ms: float
    sample: list[AudienceSample]
    per_node: dict[str, int]
    as_at: datetime
    words: str
    node_words: dict[str, str]


class AudienceEvidenceRow(BaseModel):
    """A fact or an estimate behind a condition; at is local. step: place in the sequence, from 0."""

    model_config = _ATTRIBUTES
    kind: Literal["order", "event", "review", "estimate", "trait", "audience"]
    at: datetime | None
    title: str
    ref: str
    quantity: float | None
    amount_minor: int | None
    step: int | None


class AudienceEvidenceLeaf(BaseModel):
    """One condition: the figure against the bound, the newest rows behind it, of so many in total."""

    path: str
    op: str
    words: str
    held: bool
    figure: float | None
    compare: str | None
    bound: float | None
    rows: list[AudienceEvidenceRow]
    total: int
    due_at: datetime | None


class AudienceEvidence(BaseModel):
    """Why somebody is in the audience, or not."""

    person_id: str
    held: bool
    as_at: datetime
    leaves: list[AudienceEvidenceLeaf]


class AudienceNamed(BaseModel):
    """Something that a sentence may name; zh and en are empty where it is its own name."""

    model_config = _ATTRIBUTES
    value: str
    zh: str
    en: str
    count: int | None


class AudienceTrait(BaseModel):
    """A trait that customers have; its values where they are few."""

    model_config = _ATTRIBUTES
    name: str
    count: int
    values: list[AudienceNamed]


class AudienceVocabulary(BaseModel):
    """What can be named in this shop. Products are searched with GET /v1/products."""

    model_config = _ATTRIBUTES
    events: list[AudienceNamed]
    departments: list[AudienceNamed]
    categories: list[AudienceNamed]
    stores: list[AudienceNamed]
    channels: list[AudienceNamed]
    rooms: list[AudienceNamed]
    stages: list[AudienceNamed]
    tiers: list[AudienceNamed]
    personas: list[AudienceNamed]
    aspects: list[AudienceNamed]
    traits: list[AudienceTrait]
    audiences: list[AudienceNamed]


class AudienceTemplate(BaseModel):
    """A sentence to begin with, fitted to this shop's own categories."""

    key: str
    name_zh: str
    name_en: str
    about_zh: str
    about_en: str
    definition: Json
    words: str


class AudienceTemplates(BaseModel):
    """Those that this shop has the facts for; nothing is created until somebody saves one."""

    rows: list[AudienceTemplate]
