"""GET /v1/today: the few decisions worth most, what may come of them, and how earlier ones came true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import Basis, Group, State
from shengeng.govern.shop import api as shop
from shengeng.http import Shop, Unit, Viewer, error_answers
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays.day import BY_KEY
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.people import api as people

router = APIRouter(tags=["today"], responses=error_answers(401, 403, 422))
_SHOWN, _POINTS = 8, 400
_OF_EACH = _SHOWN // len(BY_KEY)  # so that no play is crowded out by another
# The week's change reads every line: a tenth of a second that the same facts need not cost twice.
_CHANGES: WeakKeyDictionary[Lake, tuple[tuple[int, date], WeeklyChange | None]] = WeakKeyDictionary()


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Range(_Read):
    """An 80% interval around its middle."""

    low: float
    mid: float
    high: float


class WhyToday(_Read):
    """Why, as a code that the screen words, with its figures."""

    code: str
    params: dict[str, Any]


class TodayGroup(_Read):
    """Decisions that are judged together."""

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
    gain_minor: Range = Field(validation_alias="gain")
    basis: Basis
    cost_minor: int
    forecast: Range
    forecast_unit: str
    reason: WhyToday
    spark: list[float]
    state: str
    version_sum: int


class Waiting(_Read):
    """What nobody has judged yet."""

    groups: int
    decisions: int


class ExpectedGains(_Read):
    """Gains that live decisions may bring, in minor units, by what they rest on; never added together."""

    policy: Range
    assumed: Range
    measured: Range


class LevelHeld(_Read):
    """How often 80% intervals of one level held."""

    level: str
    measure: str
    n: int
    days: int
    coverage: float | None
    se: float | None


class PlayToday(_Read):
    """A play's expectations beside what came."""

    play: str
    kind: str
    n: int
    days: int
    expected: Range
    observed: float
    unit: str
    coverage: float | None
    coverage_se: float | None
    in_calibration: bool
    levels: list[LevelHeld]


class PointToday(_Read):
    """One group of one day: what was expected and what came."""

    play: str
    day: date
    group_key: str
    expected: Range
    observed: float
    n: int
    unit: str


class ScorecardToday(_Read):
    """How well earlier expectations came true."""

    plays: list[PlayToday]
    points: list[PointToday]
    since: date | None
    until: date | None


class PartOfChange(_Read):
    """What one cause added to revenue, in minor units."""

    key: str
    change_minor: int


class WeeklyChange(_Read):
    """Revenue of the last seven days against the seven before; the parts sum exactly."""

    week_start: date
    revenue_minor: int
    previous_minor: int
    parts: list[PartOfChange]


class Check(BaseModel):
    """One of the first steps, and whether it is done."""

    key: str
    done: bool


class Today(BaseModel):
    """The first page. as_of and today are null before the first import."""

    as_of: date | None
    today: date | None
    groups: list[TodayGroup]
    waiting: Waiting
    expected: ExpectedGains
    cost_minor: int
    scorecard: ScorecardToday
    change: WeeklyChange | None
    checklist: list[Check]


@router.get("/v1/today")
def show_today(
    _: Viewer, stores: Shop, uow: Unit, team: Annotated[str | None, Query(max_length=60)] = None
) -> Today:
    """Today's decisions worth most, for all teams or one, with what surrounds them."""
    profile = shop.find_profile(uow)
    as_of, today = (profile.as_of, profile.today) if profile else (None, None)
    live = ledger.expected(uow, today or date.max, team)
    card = scorecard.scorecard(uow)
    return Today(
        as_of=as_of,
        today=today,
        groups=[TodayGroup.model_validate(g) for g in _groups(uow, today, team)],
        waiting=Waiting.model_validate(live),
        expected=ExpectedGains.model_validate(live),
        cost_minor=live.cost_minor,
        scorecard=ScorecardToday.model_validate(replace(card, points=card.points[-_POINTS:])),
        change=_change(stores.lake, as_of),
        checklist=_checklist(uow, as_of, settled=card.until is not None),
    )


def _groups(uow: UnitOfWork, today: date | None, team: str | None) -> list[Group]:
    """The richest that wait, the best of each play among them; where fewer do, approved ones fill up."""
    if today is None:
        return []
    found: dict[UUID, Group] = {}
    for play in BY_KEY:
        best, _ = ledger.list_groups(uow, play=play, state="proposed", team=team, on=today, limit=_OF_EACH)
        found.update({row.id: row for row in best})
    for state in ("proposed", "approved"):
        rows, _ = ledger.list_groups(uow, state=state, team=team, on=today, limit=_SHOWN)
        room = _SHOWN - len(found)
        found.update([(row.id, row) for row in rows if row.id not in found][:room])
    return sorted(found.values(), key=lambda group: -group.gain.mid)


def _change(lake: Lake, as_of: date | None) -> WeeklyChange | None:
    if as_of is None:
        return None
    key = (lake.snapshot(), as_of)
    known = _CHANGES.get(lake)
    if known is None or known[0] != key:
        known = _CHANGES[lake] = (key, _changed(lake, as_of))
    return known[1]


def _changed(lake: Lake, as_of: date) -> WeeklyChange | None:
    change = people.weekly_change(identity.lines(lake, as_of), as_of)
    return WeeklyChange.model_validate(change) if change.previous_minor or change.revenue_minor else None


def _checklist(uow: UnitOfWork, as_of: date | None, *, settled: bool) -> list[Check]:
    steps = {
        "import": as_of is not None,
        "cycle": as_of is not None and bool(ledger.slates_of(uow, day=as_of)),
        "assumptions": any(a.updated_by for a in shop.assumption_list(uow)),
        "decide": ledger.judged_by_people(uow),
        "settled": settled,
    }
    return [Check(key=key, done=done) for key, done in steps.items()]
