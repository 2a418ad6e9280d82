"""/v1/decisions and /v1/plays. Editing an action needs its play, so it stands in console/decisions.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from shengeng.decide.ledger import api
from shengeng.decide.ledger.contracts import Basis, SettlementKind, State, SubjectKind
from shengeng.http import (
    BAD_CURSOR,
    Approver,
    Cursor,
    Limit,
    Now,
    Operator,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)

router = APIRouter(tags=["ledger"], responses=error_answers(401, 403, 404, 409, 422))

Word = Annotated[str | None, Query(max_length=400)]
Text = Annotated[str | None, Field(max_length=500)]
_UNKNOWN_GAIN = -(10**18)


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class IntervalRow(_Read):
    """An 80% interval around its middle."""

    low: float
    mid: float
    high: float


class ReasonRow(_Read):
    """Why, as a code that the screen words, with its figures."""

    code: str
    params: dict[str, Any]


class SettlementRow(_Read):
    """What came of a decision, by one way of knowing it."""

    kind: SettlementKind
    settled_on: date
    forecast_observed: float
    gain_observed_minor: int | None
    inside: bool | None


class GroupRow(_Read):
    """Decisions that are judged together, with the intervals of their sums."""

    id: UUID
    play: str
    group_key: str
    title_params: dict[str, Any]
    team: str
    proposed_on: date
    window_start: date
    window_end: date
    count: int
    state_counts: dict[State, int]
    gain_minor: IntervalRow = Field(validation_alias="gain")
    basis: Basis
    cost_minor: int
    forecast: IntervalRow
    forecast_unit: str
    reason: ReasonRow
    spark: list[float]
    state: str
    version_sum: int


class GroupDetailRow(GroupRow):
    """A group with what it rests on and the rule it stands under."""

    method: str
    assumptions: dict[str, Any]
    evidence: dict[str, Any]
    rules: dict[str, Any]
    decisions_next: str


class GroupPage(BaseModel):
    """One page of groups; next is the cursor of the following one."""

    rows: list[GroupRow]
    total: int
    next: str | None


class DecisionItem(_Read):
    """A decision as lists show it. gain_minor and cost_minor are null where they are not known."""

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
    gain_minor: IntervalRow | None = Field(validation_alias="gain")
    basis: Basis
    cost_minor: int | None
    forecast: IntervalRow
    forecast_unit: str
    proposed_on: date
    window_start: date
    window_end: date
    team: str
    settlement: SettlementRow | None


class DecisionPage(BaseModel):
    """One page of decisions; next is the cursor of the following one."""

    rows: list[DecisionItem]
    total: int
    next: str | None


class TransitionRow(_Read):
    """One step of a decision; from is null for its proposal."""

    at: datetime
    actor: str
    before: State | None = Field(serialization_alias="from")
    after: State = Field(serialization_alias="to")
    why: str | None
    diff: dict[str, Any] | None


class DecisionDetailRow(DecisionItem):
    """A decision with everything behind it and everything that happened to it."""

    evidence: dict[str, Any]
    assumptions: dict[str, Any]
    method: str
    horizon_days: int
    propensity: float
    holdout: bool
    transitions: list[TransitionRow]
    settlements: list[SettlementRow]


class PlayRuleRow(_Read):
    """Under which rule a play runs; amounts in minor units, null for no limit."""

    play: str
    team: str
    budget_minor: int | None
    approve_limit_minor: int | None
    approve_role: Literal["operator", "approver", "admin"]
    enabled: bool
    basis: Basis
    default_action: str = Field(validation_alias="default_policy")


class GroupVerdict(BaseModel):
    """version_sum: of the group as it was seen; another one is refused as stale."""

    why: Text = None
    version_sum: int | None = None


class Verdict(BaseModel):
    """version: of the decision as it was seen."""

    version: int
    why: Text = None


class RuleChange(BaseModel):
    """Only the fields that are given change; null takes a limit away."""

    model_config = ConfigDict(extra="forbid")
    team: Annotated[str | None, Field(max_length=60)] = None
    budget_minor: int | None = None
    approve_limit_minor: int | None = None
    approve_role: Literal["operator", "approver", "admin"] | None = None
    enabled: bool | None = None


@router.get("/v1/decisions/groups")
def list_decision_groups(
    _: Viewer,
    uow: Unit,
    *,
    play: Word = None,
    state: State | None = None,
    team: Word = None,
    day: date | None = None,
    sort: Literal["gain", "day"] = "gain",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> GroupPage:
    """Groups of decisions, richest or latest first; state: with at least one decision in it."""
    after = _group_cursor(cursor, sort)
    groups, total = api.list_groups(
        uow, play=play, state=state, team=team, day=day, sort=sort, after=after, limit=limit
    )
    following = None
    if len(groups) == limit:
        last = groups[-1]
        value = int(last.gain.mid) if sort == "gain" else last.proposed_on.isoformat()
        following = to_cursor(value, str(last.id))
    return GroupPage(rows=[GroupRow.model_validate(g) for g in groups], total=total, next=following)


def _group_cursor(cursor: str | None, sort: str) -> tuple[int | date, UUID] | None:
    found = from_cursor(cursor, int if sort == "gain" else str, str)
    if found is None:
        return None
    try:
        value, last = found
        place = int(cast(int, value)) if sort == "gain" else date.fromisoformat(str(value))
        return place, UUID(str(last))
    except (ValueError, TypeError):
        raise BAD_CURSOR.error(value=(cursor or "")[:80]) from None


@router.get("/v1/decisions/groups/{id}")
def show_decision_group(id: UUID, _: Viewer, uow: Unit) -> GroupDetailRow:
    """One group with its assumptions, evidence and rule."""
    found = api.group(uow, id)
    rule = api.rule_of(uow, found.play)
    row = GroupRow.model_validate(found)
    return GroupDetailRow(
        **row.model_dump(),
        method=found.method,
        assumptions=dict(found.assumptions),
        evidence=dict(found.evidence),
        rules=PlayRuleRow.model_validate(rule).model_dump(),
        decisions_next=f"/v1/decisions?group={id}",
    )


@router.post("/v1/decisions/groups/{id}/{verdict}")
def judge_decision_group(
    id: UUID,
    verdict: Literal["approve", "reject", "undo"],
    body: GroupVerdict,
    *,
    who: Operator,
    uow: Unit,
    now: Now,
) -> GroupRow:
    """Approve or reject what is proposed in a group, or take its last such step back."""
    done = api.judge_group(uow, who, id, verdict, version_sum=body.version_sum, why=body.why, now=now)
    return GroupRow.model_validate(done)


@router.get("/v1/decisions")
def list_decisions(
    _: Viewer,
    uow: Unit,
    *,
    group: UUID | None = None,
    play: Word = None,
    subject: Word = None,
    state: State | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DecisionPage:
    """Decisions, richest first."""
    after = _decision_cursor(cursor)
    rows, total = api.list_decisions(
        uow, group=group, play=play, subject=subject, state=state, after=after, limit=limit
    )
    following = None
    if len(rows) == limit:
        gain = rows[-1].gain
        following = to_cursor(_UNKNOWN_GAIN if gain is None else int(gain.mid), str(rows[-1].id))
    return DecisionPage(rows=[DecisionItem.model_validate(r) for r in rows], total=total, next=following)


def _decision_cursor(cursor: str | None) -> tuple[int, UUID] | None:
    found = from_cursor(cursor, int, str)
    if found is None:
        return None
    try:
        return int(cast(int, found[0])), UUID(str(found[1]))
    except (ValueError, TypeError):
        raise BAD_CURSOR.error(value=(cursor or "")[:80]) from None


@router.get("/v1/decisions/{id}")
def show_decision(id: UUID, _: Viewer, uow: Unit) -> DecisionDetailRow:
    """One decision with its evidence, assumptions, steps and settlements."""
    found = api.decision(uow, id)
    row = DecisionItem.model_validate(found.row)
    return DecisionDetailRow(
        **row.model_dump(),
        evidence=dict(found.evidence),
        assumptions=dict(found.assumptions),
        method=found.method,
        horizon_days=found.horizon_days,
        propensity=found.propensity,
        holdout=found.holdout,
        transitions=[TransitionRow.model_validate(step) for step in found.transitions],
        settlements=[SettlementRow.model_validate(s) for s in found.settlements],
    )


@router.post("/v1/decisions/{id}/{verdict}")
def judge_decision(
    id: UUID,
    verdict: Literal["approve", "reject", "undo"],
    body: Verdict,
    *,
    who: Operator,
    uow: Unit,
    now: Now,
) -> DecisionItem:
    """Approve, reject or take back one decision."""
    done = api.judge(uow, who, id, verdict, version=body.version, why=body.why, now=now)
    return DecisionItem.model_validate(done)


@router.get("/v1/plays")
def list_plays(_: Viewer, uow: Unit) -> list[PlayRuleRow]:
    """Every play with its rule."""
    return [PlayRuleRow.model_validate(rule) for rule in api.play_rules(uow)]


@router.patch("/v1/plays/{play}")
def change_play(
    play: Annotated[str, Field(max_length=60)], body: RuleChange, who: Approver, uow: Unit, now: Now
) -> PlayRuleRow:
    """Change a play's team, weekly budget, approval limit or role, or switch it on and off."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return PlayRuleRow.model_validate(api.change_rule(uow, who, play, changes, now))
