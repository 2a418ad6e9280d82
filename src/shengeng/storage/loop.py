"""The worker's loop around procrastinate: it outlives the database, and no job stays lost.

procrastinate's own worker returns without an error when the database restarts, and a job caught by an
outage or by a killed worker stays "doing"; so the loop comes back, and stalled jobs are handed back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import procrastinate
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from shengeng.kernel.errors import ShopError
from shengeng.storage.contracts import Cancelled
from shengeng.storage.progress_rows import (
    Interrupted,
    JobProgress,
    QuietProgress,
    lost_for_good,
    settle_silent_ends,
)
from shengeng.storage.rows import SEARCH_PATH, Rows

log = logging.getLogger(__name__)
# Seconds before the next try. An outage is sat out for about five minutes.
_WAITS_UNAVAILABLE = (1, 2, 5, 10, 30, 60, 60, 60, 60)
_WAITS_UNKNOWN = (2, 10)
# A job that takes its worker with it every time is not tried for ever.
_RUNS = 5

Work = Callable[..., None]


class Workplace(Protocol):
    """What the loop needs of the stores that it hands to every task."""

    @property
    def rows(self) -> Rows:
        """Where progress is written and the jobs stand."""


Due = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a task comes by itself: a UTC cron line, and whether there is something to do by then."""

    cron: str
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something that can run in the background: work(stores, progress, **args)."""

    name: str
    queue: str
    work: Work
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between looks for work, between signs of life, until a worker is dead, for a graceful end."""

    poll: float = 1.0
    heartbeat: float = 5.0
    dead_after: float = 60.0
    grace: float = 20.0


class _Again(BaseRetryStrategy):
    """Try again what may pass by itself: outages long, unknown errors twice, refusals never."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        wait = next_wait(exception, job.attempts)
        return None if wait is None else RetryDecision(retry_in={"seconds": wait})


def next_wait(error: BaseException, attempts: int) -> int | None:
    """Seconds until the next try after this error, None when there is none. attempts: finished ones."""
    if isinstance(error, Interrupted):
        return 0
    if isinstance(error, Cancelled | JobAborted | AssertionError):
        return None
    if isinstance(error, ShopError) and error.kind != "unavailable":
        return None
    waits = _WAITS_UNAVAILABLE if isinstance(error, ShopError) else _WAITS_UNKNOWN
    return waits[attempts] if attempts < len(waits) else None


@dataclass(frozen=True, slots=True)
class Loop:
    """One worker's loop over some tasks. schedules: by task name."""

    stores: Workplace
    tasks: Sequence[Task]
    schedules: Mapping[str, Schedule]
    stop: threading.Event
    concurrency: int
    pace: Pace
    idle: bool

    async def run(self) -> None:
        """Run jobs until `stop` is set, or with `idle` until none waits."""
        app = self._application()
        while not self.stop.is_set():
            try:
                async with app.open_async():
                    await self._one_life(app)
                if self.idle:
                    return
            except Exception as error:
                log.warning("the worker lost the database and comes back: %s", error)
            await self._pause(1.0)

    async def _one_life(self, app: procrastinate.App) -> None:
        """procrastinate's worker until it ends: asked to, or because the database went away."""
        await self._hand_back_stalled(app)
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=sorted({task.queue for task in self.tasks}),
                concurrency=self.concurrency,
                wait=not self.idle,
                install_signal_handlers=False,
                shutdown_graceful_timeout=self.pace.grace,
                fetch_job_polling_interval=self.pace.poll,
                update_heartbeat_interval=self.pace.heartbeat,
                stalled_worker_timeout=self.pace.dead_after,
            )
        )
        sides = [asyncio.create_task(side) for side in (self._end_when_asked(worker), self._tend(app))]
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await worker
        finally:
            for side in sides:
                side.cancel()
            await asyncio.gather(*sides, return_exceptions=True)
        await self._settle()

    async def _end_when_asked(self, worker: asyncio.Task[None]) -> None:
        while not self.stop.is_set():
            await asyncio.sleep(0.1)
        while not worker.done():  # procrastinate may swallow a request that comes as a job ends
            worker.cancel()
            await asyncio.sleep(max(2 * self.pace.grace, 5.0))

    async def _tend(self, app: procrastinate.App) -> None:
        while True:
            await asyncio.sleep(self.pace.dead_after / 2)
            try:
                await self._hand_back_stalled(app)
                await self._settle()
            except Exception as error:
                log.warning("looking for stalled jobs failed: %s", error)

    async def _hand_back_stalled(self, app: procrastinate.App) -> None:
        """Jobs whose worker is dead run again, up to a limit."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.pace.dead_after):
            assert job.id is not None
            if job.attempts + 1 >= _RUNS:
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
                await asyncio.to_thread(lost_for_good, self.stores.rows, job.id, _RUNS)
            else:
                log.warning("job %s (%s) lost its worker and runs again", job.id, job.task_name)
                await app.job_manager.retry_job(job)

    async def _settle(self) -> None:
        known = [task.name for task in self.tasks]
        await asyncio.to_thread(settle_silent_ends, self.stores.rows, known)

    async def _pause(self, seconds: float) -> None:
        for _ in range(int(seconds * 10)):
            if not self.stop.is_set():
                await asyncio.sleep(0.1)

    def _application(self) -> procrastinate.App:
        url = self.stores.rows.engine.url.set(drivername="postgresql")
        connector = procrastinate.PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False),
            kwargs={"options": f"-csearch_path={SEARCH_PATH}", "connect_timeout": 10},
            min_size=1,
            max_size=4,
            timeout=10,
        )
        app = procrastinate.App(connector=connector)
        for task in self.tasks:
            schedule = self.schedules.get(task.name)
            run = _runner(self.stores, task, schedule.due if schedule else None)
            known = app.task(name=task.name, queue=task.queue, retry=_Again(), pass_context=True)(run)
            if schedule:
                app.periodic(cron=schedule.cron)(known)
        return app


def _runner(stores: Workplace, task: Task, due: Due | None) -> Callable[..., None]:
    def run(context: JobContext, **args: Any) -> None:
        scheduled = args.pop("timestamp", None) is not None
        if scheduled and due and not due(stores):
            return
        assert context.job.id is not None
        kind = QuietProgress if task.quiet and not context.job.attempts else JobProgress
        progress = kind(stores.rows, context.job.id, task.name, context.should_abort)
        try:
            progress.begin()
            task.work(stores, progress, **args)
        except BaseException as error:
            progress.fail(error, again=next_wait(error, context.job.attempts) is not None)
            if isinstance(error, Cancelled):
                raise JobAborted from error
            raise
        progress.succeed()

    return run
