"""/v1/lifecycle: the matrix of stages and tiers, the flow between days, one customer, the thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import (
    Approver,
    Cursor,
    Limit,
    Now,
    Shop,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.understand.lifecycle import api
from shengeng.understand.lifecycle.contracts import (
    UNDONE_DAYS,
    By,
    Cell,
    Move,
    Reason,
    Stage,
    Stretch,
    Threshold,
    Tier,
)
from shengeng.understand.people.contracts import NO_CUSTOMER

router = APIRouter(prefix="/v1/lifecycle", tags=["lifecycle"], responses=error_answers(401, 403, 404, 422))

_ATTRIBUTES = ConfigDict(from_attributes=True)
_PERIOD = timedelta(days=28)
Key = Annotated[str, StringConstraints(max_length=60)]


class LifecycleCell(BaseModel):
    """Customers of one stage and tier, and the margin expected of them over the horizon."""

    model_config = _ATTRIBUTES
    stage: Stage
    tier: Tier
    customers: int
    value_minor: int


class LifecycleMove(BaseModel):
    """How many went from one place to another; null: not known then."""

    was: str | None
    now: str | None
    customers: int


class ThresholdRow(BaseModel):
    """A boundary; low and high are allowed; updated_at is null for our default."""

    key: str
    value: float
    default: float
    low: float
    high: float
    unit: str
    about_zh: str
    about_en: str
    updated_at: datetime | None
    updated_by: str | None


class Lifecycle(BaseModel):
    """Where everybody stands on the day of the newest estimate; as_of is null before the first."""

    as_of: date | None
    customers: int
    value_minor: int
    cells: list[LifecycleCell]
    thresholds: list[ThresholdRow]


class LifecycleFlow(BaseModel):
    """Opening plus moves is closing, exactly. undone: changes that went back within undone_days."""

    since: date
    until: date
    by: By
    opening: dict[str, int]
    closing: dict[str, int]
    moves: list[LifecycleMove]
    changes: int
    undone: int
    undone_days: int
    recorded_since: date | None


class LifecycleMover(BaseModel):
    """A customer of one move, as they stand now."""

    model_config = _ATTRIBUTES
    customer_id: str
    stage: Stage
    tier: Tier
    value_minor: int
    p_alive: float
    silent_days: int
    rhythm_days: float | None


class LifecycleMovers(BaseModel):
    """The most valuable first; total counts all, next is the cursor of the following page."""

    rows: list[LifecycleMover]
    total: int
    next: str | None


class ThresholdsChange(BaseModel):
    """Thresholds to change, by key."""

    model_config = ConfigDict(extra="forbid")
    thresholds: Annotated[dict[Key, float], Field(max_length=20)]


class LifecyclePreview(BaseModel):
    """What the change would make of the newest day; places are stage/tier."""

    moved: int
    cells: list[LifecycleCell]
    moves: list[LifecycleMove]


class LifecycleWhy(BaseModel):
    """A reason as a code with its figures; the screen has the words."""

    code: Reason
    params: dict[str, float]


class LifecycleStep(BaseModel):
    """One change of a customer's stage or tier."""

    model_config = _ATTRIBUTES
    day: date
    from_stage: Stage | None
    from_tier: Tier | None
    to_stage: Stage | None
    to_tier: Tier | None
    reason: Reason | None


class CustomerLifecycle(BaseModel):
    """Where one customer stands, why, and how they came there, newest first."""

    as_of: date
    stage: Stage
    tier: Tier
    since: date
    tier_since: date
    why: LifecycleWhy
    history: list[LifecycleStep]


@router.get("")
def read_lifecycle(_: Viewer, uow: Unit, stores: Shop) -> Lifecycle:
    """Customers and expected margin by stage and tier on the newest day, and the thresholds behind it."""
    day = api.newest(stores, uow)
    cells = api.matrix(stores.lake.inside(uow), day) if day else []
    return Lifecycle(
        as_of=day,
        customers=sum(cell.customers for cell in cells),
        value_minor=sum(cell.value_minor for cell in cells),
        cells=_cells(cells),
        thresholds=[_threshold(found) for found in api.threshold_list(uow)],
    )


@router.get("/flow")
def read_lifecycle_flow(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    since: date | None = None,
    until: date | None = None,
    by: By = "stage",
) -> LifecycleFlow:
    """Who went where between two evenings; without them the newest 28 days, or as many as are recorded."""
    day = api.staged_day(stores, uow)
    end = min(until or day, day)
    lake = stores.lake.inside(uow)
    recorded = api.recorded_since(lake)
    found = api.flow(lake, since or _start(end, recorded), end, by)
    return LifecycleFlow(
        since=found.since,
        until=found.until,
        by=found.by,
        opening=dict(found.opening),
        closing=dict(found.closing),
        moves=_moves(found.moves),
        changes=found.changes,
        undone=found.undone,
        undone_days=UNDONE_DAYS,
        recorded_since=recorded,
    )


@router.get("/flow/customers")
def list_lifecycle_movers(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    *,
    now: Stage | Tier,
    was: Stage | Tier | None = None,
    since: date | None = None,
    until: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LifecycleMovers:
    """Who makes up one move of the flow, from was (none: first seen) to now; the same twice: who stayed."""
    day = api.staged_day(stores, uow)
    end = min(until or day, day)
    lake = stores.lake.inside(uow)
    move = Stretch(since or _start(end, api.recorded_since(lake)), end, was, now)
    seen = from_cursor(cursor, int, str)
    after = None if seen is None else (int(seen[0] or 0), str(seen[1]))
    rows, total = api.movers(lake, move, day, after=after, limit=limit)
    more = to_cursor(rows[-1].value_minor, rows[-1].customer_id) if len(rows) == limit else None
    return LifecycleMovers(rows=[LifecycleMover.model_validate(row) for row in rows], total=total, next=more)


@router.get("/customers/{customer_id}")
def read_customer_lifecycle(
    _: Viewer, uow: Unit, stores: Shop, customer_id: Annotated[str, Path(max_length=200)]
) -> CustomerLifecycle:
    """One customer's stage and tier with the reason, and every recorded change."""
    day = api.staged_day(stores, uow)
    lake = stores.lake.inside(uow)
    found = api.standing(lake, day, customer_id)
    if found is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of=day)
    return CustomerLifecycle(
        as_of=day,
        stage=found.stage,
        tier=found.tier,
        since=found.since,
        tier_since=found.tier_since,
        why=LifecycleWhy(code=found.reason, params=dict(found.params)),
        history=[LifecycleStep.model_validate(step) for step in api.history(lake, customer_id)],
    )


@router.post("/preview")
def preview_thresholds(_: Approver, body: ThresholdsChange, uow: Unit, stores: Shop) -> LifecyclePreview:
    """What changed thresholds would make of the newest day (approver); nothing is written."""
    cells, moves = api.preview(stores, uow, api.staged_day(stores, uow), body.thresholds)
    return LifecyclePreview(
        moved=sum(move.customers for move in moves), cells=_cells(cells), moves=_moves(moves)
    )


@router.patch("/thresholds")
def change_thresholds(who: Approver, body: ThresholdsChange, uow: Unit, stores: Shop, now: Now) -> Lifecycle:
    """Changes thresholds (approver), all or none, each audited; the newest day's stages follow at once."""
    api.set_thresholds(stores, uow, who, body.thresholds, now=now, as_of=api.staged_day(stores, uow))
    return read_lifecycle(who, uow, stores)


def _start(end: date, recorded: date | None) -> date:
    """A period before the end; where records begin within it, that first day, whose arrivals say nothing."""
    return min(end, max(end - _PERIOD, recorded or date.min))


def _cells(cells: Sequence[Cell]) -> list[LifecycleCell]:
    return [LifecycleCell.model_validate(cell) for cell in cells]


def _moves(moves: Sequence[Move]) -> list[LifecycleMove]:
    return [LifecycleMove(was=move.from_, now=move.to, customers=move.customers) for move in moves]


def _threshold(found: Threshold) -> ThresholdRow:
    own: Mapping[str, object] = {name: getattr(found, name) for name in _OWN}
    limits = {name: getattr(found.limits, name) for name in ("low", "high", "unit", "about_zh", "about_en")}
    return ThresholdRow.model_validate({**own, **limits})


_OWN = ("key", "value", "default", "updated_at", "updated_by")
