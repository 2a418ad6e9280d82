"""Background jobs as the doors see them: list, look, cancel, follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shengeng.storage.contracts import NO_JOB, Job
from shengeng.storage.rows import Rows, UnitOfWork
from shengeng.storage.tables import job_progress

_SHOWN = [
    job_progress.c[name]
    for name in (
        "id",
        "kind",
        "state",
        "percent",
        "step",
        "log",
        "error",
        "started_at",
        "finished_at",
        "cancel_requested",
    )
]


def jobs(uow: UnitOfWork, limit: int = 50) -> list[Job]:
    """The newest jobs first."""
    rows = uow.conn.execute(sa.select(*_SHOWN).order_by(job_progress.c.id.desc()).limit(limit))
    return [_job(row) for row in rows]


def job(uow: UnitOfWork, job_id: int) -> Job:
    """One job; `no_job` when there is none of this id."""
    row = uow.conn.execute(sa.select(*_SHOWN).where(job_progress.c.id == job_id)).one_or_none()
    if row is None:
        raise NO_JOB.error(id=job_id)
    return _job(row)


def cancel(uow: UnitOfWork, job_id: int) -> Job:
    """Cancel a job: a waiting one at once, a running one at its next safe point, a finished one never."""
    found = job(uow, job_id)
    if found.over:
        return found
    mine = job_progress.c.id == job_id
    uow.conn.execute(sa.update(job_progress).where(mine).values(cancel_requested=True))
    if uow.conn.execute(sa.select(sa.func.procrastinate_cancel_job_v1(job_id, False, False))).scalar():
        over = {"state": "cancelled", "finished_at": sa.func.clock_timestamp()}
        uow.conn.execute(sa.update(job_progress).where(mine).values(**over))
    return job(uow, job_id)


def worker_seen_at(uow: UnitOfWork) -> datetime | None:
    """When a worker of this shop last said that it lives (aware UTC); None when there is none."""
    workers = sa.table("procrastinate_workers", sa.column("last_heartbeat"), schema="jobs")
    return uow.conn.execute(sa.select(sa.func.max(workers.c.last_heartbeat))).scalar()


async def follow(rows: Rows, job_id: int, *, every_s: float = 0.4) -> AsyncIterator[Job]:
    """The job now and after each change, until it is over; for a stream to a browser."""
    last: Job | None = None
    while last is None or not last.over:
        found = await asyncio.to_thread(_look, rows, job_id)
        if found != last:
            yield found
            last = found
        if not found.over:
            await asyncio.sleep(every_s)


def _look(rows: Rows, job_id: int) -> Job:
    with rows.unit() as uow:
        return job(uow, job_id)


def _job(row: sa.Row[Any]) -> Job:
    error = row.error or {}
    return Job(
        row.id,
        row.kind,
        row.state,
        row.percent,
        row.step,
        tuple(row.log),
        error.get("en"),
        row.started_at,
        row.finished_at,
        row.cancel_requested,
        error.get("zh"),
    )
