"""/v1/jobs: what runs in the background, followed live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from shengeng.http import Limit, Operator, Shop, Unit, Viewer, error_answers
from shengeng.storage import jobs
from shengeng.storage.contracts import JobState

router = APIRouter(prefix="/v1/jobs", tags=["system"], responses=error_answers(401, 403, 404, 422))

JobId = Annotated[int, Path(ge=1, lt=2**63)]


class Job(BaseModel):
    """One background job. percent 0 to 100; step is a key of the console's words; log its last lines."""

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


@router.get("")
def list_jobs(_: Viewer, uow: Unit, limit: Limit = 50) -> list[Job]:
    """The newest jobs first."""
    return [Job.model_validate(found) for found in jobs.jobs(uow, limit)]


@router.get("/{id}")
def read_job(_: Viewer, uow: Unit, id: JobId) -> Job:
    """One job."""
    return Job.model_validate(jobs.job(uow, id))


@router.post("/{id}/cancel")
def cancel_job(_: Operator, uow: Unit, id: JobId) -> Job:
    """Cancels a waiting job at once, a running one at its next safe point."""
    return Job.model_validate(jobs.cancel(uow, id))


def _existing(_: Viewer, uow: Unit, id: JobId) -> int:
    return jobs.job(uow, id).id


# async: a sync stream would hold one of the 40 threads that every other route needs.
@router.get("/{id}/events", response_class=EventSourceResponse)
async def follow_job(
    shop: Shop, job_id: Annotated[int, Depends(_existing)]
) -> AsyncIterator[ServerSentEvent]:
    """The job now and after each change, as server-sent events named "progress", until it is over."""
    async for found in jobs.follow(shop.rows, job_id):
        yield ServerSentEvent(data=Job.model_validate(found), event="progress", retry=2000)
