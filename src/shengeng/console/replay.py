"""POST /v1/replay and /v1/cycle: let days arrive, or run today's cycle, in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from shengeng.govern.audit import api as audit
from shengeng.http import Now, Operator, Shop, Unit, error_answers
from shengeng.plays import replay
from shengeng.storage import jobs
from shengeng.storage.contracts import JobState
from shengeng.storage.rows import UnitOfWork

router = APIRouter(tags=["cycle"], responses=error_answers(401, 403, 409, 422))


class Days(BaseModel):
    """How many waiting days are to arrive."""

    days: Annotated[int, Field(ge=1, le=replay.MOST_DAYS)] = 1


class StartedJob(BaseModel):
    """The job that was enqueued; follow it under /v1/jobs/{id}."""

    model_config = ConfigDict(from_attributes=True)
    id: int
    kind: str
    state: JobState
    percent: float
    step: str
    log: list[str]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


@router.post("/v1/replay")
def start_replay(body: Days, who: Operator, shop: Shop, *, uow: Unit, now: Now) -> StartedJob:
    """Let the next days of waiting orders arrive, each with its cycle; one at a time."""
    _alone(uow)
    until = replay.target(shop, body.days).isoformat()
    audit.record(
        uow, at=now, actor=who.name, action="replay.started", target=until, detail={"days": body.days}
    )
    job = uow.enqueue("replay", lock="replay", until=until)
    return StartedJob.model_validate(jobs.job(uow, job))


@router.post("/v1/cycle")
def start_cycle(who: Operator, shop: Shop, uow: Unit, now: Now) -> StartedJob:
    """Run the cycle of the shop's last known day again: estimates, settlements, proposals."""
    _alone(uow)
    known = replay.known_day(shop).isoformat()
    audit.record(uow, at=now, actor=who.name, action="cycle.started", target=known)
    job = uow.enqueue("cycle", lock="replay")
    return StartedJob.model_validate(jobs.job(uow, job))


def _alone(uow: UnitOfWork) -> None:
    """Refuses while a replay or cycle waits or runs, here or on a command line."""
    uow.lock("replay.enqueue")
    waits = any(j.kind in ("replay", "cycle") and not j.over for j in jobs.jobs(uow, limit=50))
    if waits or not uow.try_lock("replay"):
        raise replay.REPLAY_RUNS.error()
