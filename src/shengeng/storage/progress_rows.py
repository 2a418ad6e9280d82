"""Progress of background jobs, in short transactions of its own, so that people see it while it runs."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections import deque
from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.kernel.errors import ShopError
from shengeng.storage.contracts import ENDED_SILENTLY, NO_TASK, WORKER_LOST, Cancelled, JobState
from shengeng.storage.rows import Rows
from shengeng.storage.tables import job_progress

log = logging.getLogger(__name__)
LOG_LINES = 200
# Writes are at least this many seconds apart, so that a fast loop may call step as often as it likes.
_EVERY_S = 0.3


class Interrupted(Exception):  # noqa: N818  nothing went wrong
    """The worker is shutting down, or another run took the job over: stop here, it runs again."""


class JobProgress:
    """Progress of one run of a job. A later run of the same job takes the row over and ends this one."""

    def __init__(self, rows: Rows, job_id: int, kind: str, stopping: Callable[[], bool]) -> None:
        self._rows, self._id, self._kind, self._stopping = rows, job_id, kind, stopping
        self._run = secrets.token_hex(8)
        self._percent, self._step = 0.0, ""
        self._lines: deque[str] = deque(maxlen=LOG_LINES)
        self._written = 0.0

    def begin(self) -> None:
        """Take the row; Cancelled when somebody cancelled before the start."""
        now = sa.func.clock_timestamp()
        fresh = {"state": "running", "run": self._run, "percent": 0, "step": "", "error": None}
        new = insert(job_progress).values(id=self._id, kind=self._kind, started_at=now, runs=1, **fresh)
        taken = new.on_conflict_do_update(
            index_elements=[job_progress.c.id],
            set_=fresh | {"started_at": now, "finished_at": None, "runs": job_progress.c.runs + 1},
        ).returning(job_progress.c.cancel_requested, job_progress.c.log)
        with self._rows.unit() as uow:
            cancelled, lines = uow.conn.execute(taken).one()
        self._lines.extend(lines)
        if cancelled:
            raise Cancelled

    def step(self, name: str, share: float) -> None:
        """Say what is being done and how much is done, 0 to 1."""
        self._percent, self._step = min(max(share, 0.0), 1.0) * 100, name
        self._tell()

    def note(self, line: str) -> None:
        """Add a line to the job's log; the last 200 are kept."""
        self._lines.append(line)
        self._tell()

    def check(self) -> None:
        """Stop here when somebody cancelled, the worker shuts down, or another run took over."""
        if self._stopping():
            raise Interrupted("the worker shuts down")
        self._tell()

    def succeed(self) -> None:
        """The work is done."""
        self._percent = 100.0
        self._end("succeeded", None)

    def fail(self, error: BaseException, *, again: bool) -> None:
        """The run ended with an error; again: another run follows."""
        if isinstance(error, Cancelled):
            self._end("cancelled", None)
            return
        if not isinstance(error, ShopError | Interrupted):
            self._lines.extend("".join(traceback.format_exception(error)).splitlines()[-20:])
        self._end("waiting" if again else "failed", told(error))

    def _tell(self) -> None:
        if time.monotonic() - self._written < _EVERY_S:
            return
        try:
            self._write({})
        except ShopError as error:
            # The work itself will notice a database that is away; its progress need not.
            log.warning("progress of job %s not written: %s", self._id, error)

    def _end(self, state: JobState, error: Mapping[str, str] | None) -> None:
        over = None if state == "waiting" else sa.func.clock_timestamp()
        self._write({"state": state, "error": error, "finished_at": over}, final=True)

    def _write(self, more: Mapping[str, object], *, final: bool = False) -> None:
        mine = sa.and_(job_progress.c.id == self._id, job_progress.c.run == self._run)
        values = {"percent": self._percent, "step": self._step, "log": list(self._lines), **more}
        change = sa.update(job_progress).where(mine).values(**values)
        with self._rows.unit() as uow:
            found = uow.conn.execute(change.returning(job_progress.c.cancel_requested)).one_or_none()
        self._written = time.monotonic()
        if final:
            return
        if found is None:
            raise Interrupted("another run of this job took over")
        if found.cancel_requested:
            raise Cancelled


class QuietProgress(JobProgress):
    """Progress of a task that comes every few seconds: a row tells of it only when it fails."""

    def begin(self) -> None:
        """Nothing is written; nobody could have cancelled it either."""

    def step(self, name: str, share: float) -> None:
        """Nobody watches."""

    def note(self, line: str) -> None:
        """Nobody reads it."""

    def check(self) -> None:
        """Stop here when the worker shuts down."""
        if self._stopping():
            raise Interrupted("the worker shuts down")

    def succeed(self) -> None:
        """There is nothing to tell."""

    def fail(self, error: BaseException, *, again: bool) -> None:
        """Now there is: the row is made, and later runs of this job tell theirs."""
        if not isinstance(error, Interrupted):
            super().begin()
            super().fail(error, again=again)


def told(error: BaseException) -> dict[str, str]:
    """An error as the job's row keeps it, in both languages."""
    if isinstance(error, ShopError):
        return {"code": error.code, "en": error.text("en"), "zh": error.text("zh")}
    text = f"{type(error).__name__}: {error}"
    return {"code": "failed", "en": text, "zh": text}


_ENDED_SILENTLY = sa.text("""
    select p.id, p.kind, j.status::text from job_progress p join jobs.procrastinate_jobs j on j.id = p.id
    where p.state in ('waiting', 'running') and j.status in ('failed', 'succeeded', 'cancelled', 'aborted')
    for update of p skip locked
""")


def settle_silent_ends(rows: Rows, known: Collection[str]) -> None:
    """Rows of jobs that the queue holds for ended and that never said so: unknown tasks, lost workers."""
    with rows.unit() as uow:
        for job_id, kind, status in uow.conn.execute(_ENDED_SILENTLY).all():
            error = None
            if status == "failed" and kind not in known:
                error = told(NO_TASK.error(name=kind, known=", ".join(sorted(known))))
            elif status == "failed":
                error = told(ENDED_SILENTLY.error(name=kind))
            state = status if status in ("failed", "succeeded") else "cancelled"
            over = {"state": state, "error": error, "finished_at": sa.func.clock_timestamp()}
            uow.conn.execute(sa.update(job_progress).where(job_progress.c.id == job_id).values(**over))


def lost_for_good(rows: Rows, job_id: int, runs: int) -> None:
    """A job that took its worker with it every time has failed."""
    error = WORKER_LOST.error(runs=runs)
    over = {"state": "failed", "error": told(error), "finished_at": sa.func.clock_timestamp()}
    with rows.unit() as uow:
        uow.conn.execute(sa.update(job_progress).where(job_progress.c.id == job_id).values(**over))
