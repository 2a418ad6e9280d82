"""The nightly job that removes what nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores
from shengeng.storage.tables import job_progress

TIDY = "storage.tidy"
# 03:17 UTC, off the hour when other schedules come.
_NIGHTLY = "17 3 * * *"
KEPT_SNAPSHOTS, KEPT_JOBS = timedelta(days=2), timedelta(days=30)

# Ended jobs without a row: what was just forgotten, and schedules that found nothing to do.
_UNTOLD = sa.text("""
    delete from jobs.procrastinate_jobs q
    where q.status in ('succeeded', 'failed', 'cancelled', 'aborted')
    and not exists (select from job_progress p where p.id = q.id)
""")


def tidy(stores: Stores, progress: Progress) -> None:
    """Sweep the lake's files of older than two days' snapshots and forget jobs that ended a month ago."""
    progress.step("tidy.lake", 0.0)
    with stores.rows.unit() as uow:
        files = stores.lake.sweep(uow, older_than=KEPT_SNAPSHOTS)
    progress.step("tidy.jobs", 0.5)
    with stores.rows.unit() as uow:
        past = job_progress.c.finished_at < sa.func.clock_timestamp() - KEPT_JOBS
        uow.conn.execute(sa.delete(job_progress).where(past))
        jobs = uow.conn.execute(_UNTOLD).rowcount
    progress.note(f"{files} files, {jobs} jobs")


def register(queue: Queue) -> None:
    """Tell the queue the task and when it comes."""
    queue.task(TIDY)(tidy)
    queue.schedule(TIDY, _NIGHTLY)
