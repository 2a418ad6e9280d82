"""GET /v1/scorecard."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from shengeng.http import Unit, Viewer, error_answers
from shengeng.learn.scorecard import api
from shengeng.learn.scorecard.contracts import Level, Measure

router = APIRouter(tags=["scorecard"], responses=error_answers(401, 403, 422))


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ExpectedRow(_Read):
    """An 80% interval around its middle."""

    low: float
    mid: float
    high: float


class HeldRow(_Read):
    """How often 80% intervals of one level held; se: standard error, clustered by day."""

    level: Level
    measure: Measure
    n: int
    days: int
    coverage: float | None
    se: float | None


class ScoreRow(_Read):
    """A play's expectations beside what came; coverage is of its groups."""

    play: str
    kind: str
    n: int
    days: int
    expected: ExpectedRow
    observed: float
    unit: str
    coverage: float | None
    coverage_se: float | None
    in_calibration: bool
    levels: list[HeldRow]


class PointRow(_Read):
    """One group of one day: what was expected and what came."""

    play: str
    day: date
    group_key: str
    expected: ExpectedRow
    observed: float
    n: int
    unit: str


class ScorecardAnswer(_Read):
    """How well earlier expectations came true."""

    plays: list[ScoreRow]
    points: list[PointRow]
    since: date | None
    until: date | None


@router.get("/v1/scorecard")
def show_scorecard(
    _: Viewer, uow: Unit, play: Annotated[str | None, Query(max_length=60)] = None
) -> ScorecardAnswer:
    """Expected against observed for every settled day, with how often the 80% intervals held."""
    return ScorecardAnswer.model_validate(api.scorecard(uow, play))
