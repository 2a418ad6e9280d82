"""PATCH /v1/decisions/{id}: the one write that needs both the ledger and the play that proposed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import Basis, State, SubjectKind
from shengeng.http import Now, Operator, Shop, Unit, error_answers
from shengeng.plays.day import BY_KEY

router = APIRouter(tags=["ledger"], responses=error_answers(401, 403, 404, 409, 422))


class Edit(BaseModel):
    """version: of the decision as it was seen; action: the fields of the new action."""

    version: int
    action: Annotated[dict[str, Any], Field(max_length=20)]
    why: Annotated[str | None, Field(max_length=500)] = None


class WorthRange(BaseModel):
    """An 80% interval around its middle."""

    model_config = ConfigDict(from_attributes=True)
    low: float
    mid: float
    high: float


class EditedDecision(BaseModel):
    """The decision with its new action and what that is worth."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    group_id: UUID
    group_key: str
    play: str
    subject_kind: SubjectKind
    subject: str
    title: str
    subject_params: dict[str, Any]
    state: State
    version: int
    action: dict[str, Any]
    default_action: dict[str, Any]
    gain_minor: WorthRange | None = Field(validation_alias="gain")
    basis: Basis
    cost_minor: int | None
    forecast: WorthRange
    forecast_unit: str
    proposed_on: date
    window_start: date
    window_end: date
    team: str
    settlement: None = None


@router.patch("/v1/decisions/{id}")
def edit_decision(id: UUID, body: Edit, who: Operator, *, shop: Shop, uow: Unit, now: Now) -> EditedDecision:
    """Give a proposed decision another action; its play checks it and says what it is worth."""
    play = BY_KEY[ledger.decision(uow, id).row.play]
    done = ledger.edit(
        uow, shop.lake, play, who, id, action=body.action, version=body.version, why=body.why, now=now
    )
    return EditedDecision.model_validate(done)
