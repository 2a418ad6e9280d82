"""Jobs: run after the commit, seen while they run, stopped when somebody asks."""

from __future__ import annotations

import asyncio
import threading

import pytest
import sqlalchemy as sa
from tests.factories.servers import wait_until

from shengeng.kernel.errors import Refusal, ShopError
from shengeng.storage import jobs
from shengeng.storage.contracts import DATABASE_AWAY, Cancelled, Job, JobState
from shengeng.storage.loop import Pace, next_wait
from shengeng.storage.progress import Progress
from shengeng.storage.progress_rows import Interrupted, JobProgress
from shengeng.storage.queue import LIVE
from shengeng.storage.stores import Stores

NO = Refusal("no", "refused", en="The shop says no to {what}.", zh="商店拒绝 {what}。")
QUICK = Pace(poll=0.1, heartbeat=0.3, dead_after=1.0, grace=0.5)


def enqueue(stores: Stores, task: str, **args: int) -> int:
    with stores.rows.unit() as uow:
        return uow.enqueue(task, queue="default", lock=None, **args)


def look(stores: Stores, job_id: int) -> Job:
    with stores.rows.unit() as uow:
        return jobs.job(uow, job_id)


def run_all(stores: Stores) -> None:
    stores.queue.work(stores, threading.Event(), idle=True, pace=QUICK)


class Working:
    """A worker in a thread of its own."""

    def __init__(self, stores: Stores) -> None:
        self.stop = threading.Event()
        how = {"pace": QUICK}
        self.thread = threading.Thread(target=stores.queue.work, args=(stores, self.stop), kwargs=how)

    def __enter__(self) -> Working:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(20)
        assert not self.thread.is_alive()


def test_a_job_gets_the_stores_its_progress_and_its_arguments(stores: Stores) -> None:
    seen: list[tuple[Stores, int]] = []

    @stores.queue.task("count")
    def count(stores: Stores, progress: Progress, *, days: int) -> None:
        progress.step("counting", 0.5)
        progress.note(f"{days} days")
        seen.append((stores, days))

    job_id = enqueue(stores, "count", days=3)
    assert look(stores, job_id).state == "waiting"
    run_all(stores)
    assert seen == [(stores, 3)]
    done = look(stores, job_id)
    assert (done.state, done.percent, done.step, done.log) == ("succeeded", 100, "counting", ("3 days",))
    assert done.started_at is not None
    assert done.finished_at is not None
    assert done.finished_at >= done.started_at


def test_a_refusal_ends_the_job_at_once_in_both_languages(stores: Stores) -> None:
    runs: list[int] = []

    @stores.queue.task("refuse")
    def refuse(stores: Stores, progress: Progress) -> None:
        runs.append(1)
        raise NO.error(what="that")

    job_id = enqueue(stores, "refuse")
    run_all(stores)
    done = look(stores, job_id)
    assert (done.state, done.error, done.error_zh) == (
        "failed",
        "The shop says no to that.",
        "商店拒绝 that。",
    )
    assert runs == [1]


def test_an_unknown_error_waits_for_another_try_and_keeps_its_traceback(stores: Stores) -> None:
    @stores.queue.task("stumble")
    def stumble(stores: Stores, progress: Progress) -> None:
        raise ValueError("a stone")

    job_id = enqueue(stores, "stumble")
    run_all(stores)
    waiting = look(stores, job_id)
    assert (waiting.state, waiting.error) == ("waiting", "ValueError: a stone")
    assert "ValueError: a stone" in waiting.log[-1]


def test_outages_are_sat_out_and_refusals_are_not() -> None:
    away = DATABASE_AWAY.error(why="gone")
    waits = [next_wait(away, attempts) for attempts in range(10)]
    assert waits[-1] is None
    assert sum(wait for wait in waits if wait) > 240
    assert next_wait(NO.error(what="it"), 0) is None
    assert next_wait(AssertionError(), 0) is None
    assert next_wait(Cancelled(), 0) is None
    assert next_wait(Interrupted(), 100) == 0
    assert [next_wait(ValueError(), attempts) for attempts in range(3)] == [2, 10, None]


def test_a_job_that_is_interrupted_by_the_end_of_the_worker_runs_again(stores: Stores) -> None:
    runs: list[str] = []

    @stores.queue.task("long")
    def long(stores: Stores, progress: Progress) -> None:
        runs.append("begun")
        while len(runs) == 1:
            progress.check()
            threading.Event().wait(0.02)

    job_id = enqueue(stores, "long")
    with Working(stores):
        wait_until(lambda: runs == ["begun"])
    assert look(stores, job_id).state == "waiting"
    run_all(stores)
    assert look(stores, job_id).state == "succeeded"


def test_a_short_job_may_end_before_the_worker_does(stores: Stores) -> None:
    begun, ended = threading.Event(), threading.Event()

    @stores.queue.task("short")
    def short(stores: Stores, progress: Progress) -> None:
        begun.set()
        threading.Event().wait(0.2)
        ended.set()

    job_id = enqueue(stores, "short")
    with Working(stores):
        begun.wait(10)
    assert ended.is_set()
    assert look(stores, job_id).state == "succeeded"


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(stores: Stores) -> None:
    runs: list[int] = []
    stores.queue.task("never")(lambda stores, progress: runs.append(1))
    job_id = enqueue(stores, "never")
    with stores.rows.unit() as uow:
        assert jobs.cancel(uow, job_id).state == "cancelled"
    run_all(stores)
    assert runs == []
    with stores.rows.unit() as uow:
        assert jobs.cancel(uow, job_id).state == "cancelled"


def test_a_running_job_is_cancelled_at_its_next_safe_point(stores: Stores) -> None:
    begun = threading.Event()

    @stores.queue.task("endless")
    def endless(stores: Stores, progress: Progress) -> None:
        begun.set()
        while True:
            progress.check()
            threading.Event().wait(0.02)

    job_id = enqueue(stores, "endless")
    with Working(stores):
        begun.wait(10)
        with stores.rows.unit() as uow:
            assert jobs.cancel(uow, job_id).state == "running"
        wait_until(lambda: look(stores, job_id).state == "cancelled")


def test_jobs_with_one_lock_never_run_at_the_same_time(stores: Stores) -> None:
    running, most = [0], [0]

    @stores.queue.task("alone")
    def alone(stores: Stores, progress: Progress) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        threading.Event().wait(0.1)
        running[0] -= 1

    with stores.rows.unit() as uow:
        ids = [uow.enqueue("alone", lock="cycle") for _ in range(3)]
    with Working(stores):
        wait_until(lambda: all(look(stores, job_id).over for job_id in ids))
    assert most == [1]


def test_what_is_live_does_not_wait_for_long_jobs(stores: Stores) -> None:
    end, seen = threading.Event(), threading.Event()

    @stores.queue.task("long")
    def long(stores: Stores, progress: Progress, *, number: int) -> None:
        assert end.wait(30)

    @stores.queue.task("drain", LIVE)
    def drain(stores: Stores, progress: Progress) -> None:
        seen.set()

    waiting = [enqueue(stores, "long", number=number) for number in range(3)]
    with Working(stores):
        wait_until(lambda: sum(look(stores, one).state == "running" for one in waiting) == 2)
        with stores.rows.unit() as uow:
            uow.enqueue("drain", queue=LIVE)
        assert seen.wait(20)
        assert not any(look(stores, one).over for one in waiting)
        end.set()
        wait_until(lambda: all(look(stores, one).over for one in waiting))


def test_a_schedule_brings_its_task_by_itself_with_a_row_people_see(stores: Stores) -> None:
    came = threading.Event()
    stores.queue.task("tick")(lambda stores, progress: came.set())
    stores.queue.schedule("tick", "* * * * * *")
    with Working(stores):
        assert came.wait(20)
        wait_until(lambda: _states(stores)[:1] == ["succeeded"] or "succeeded" in _states(stores))


def test_a_schedule_with_nothing_to_do_runs_nothing_and_tells_nobody(stores: Stores) -> None:
    asked = threading.Event()
    ran: list[str] = []

    def due(stores: Stores) -> bool:
        asked.set()
        return False

    stores.queue.task("tick")(lambda stores, progress: ran.append("tick"))
    stores.queue.schedule("tick", "* * * * * *", due=due)
    with Working(stores):
        assert asked.wait(20)
    assert (ran, _states(stores)) == ([], [])


def test_a_quiet_task_is_told_of_only_when_it_fails(stores: Stores) -> None:
    runs: list[int] = []

    @stores.queue.task("tick", quiet=True)
    def tick(stores: Stores, progress: Progress) -> None:
        progress.check()
        runs.append(1)
        if len(runs) == 3:
            raise NO.error(what="a third time")

    stores.queue.schedule("tick", "* * * * * *")
    with Working(stores):
        wait_until(lambda: _states(stores) == ["failed"])
    assert len(runs) >= 3


def _states(stores: Stores) -> list[JobState]:
    with stores.rows.unit() as uow:
        return [job.state for job in jobs.jobs(uow)]


def test_a_later_run_takes_the_row_over_and_ends_the_earlier_one(stores: Stores) -> None:
    job_id = enqueue(stores, "twice")
    first = JobProgress(stores.rows, job_id, "twice", lambda: False)
    second = JobProgress(stores.rows, job_id, "twice", lambda: False)
    first.begin()
    first.check()
    second.begin()
    second.step("second", 0.4)
    threading.Event().wait(0.35)  # writes of one run are at least 0.3 s apart
    with pytest.raises(Interrupted):
        first.check()
    first.succeed()
    assert (look(stores, job_id).state, look(stores, job_id).step) == ("running", "second")


def test_the_log_keeps_its_last_two_hundred_lines(stores: Stores) -> None:
    @stores.queue.task("talk")
    def talk(stores: Stores, progress: Progress) -> None:
        for number in range(300):
            progress.note(str(number))

    job_id = enqueue(stores, "talk")
    run_all(stores)
    assert look(stores, job_id).log == tuple(str(number) for number in range(100, 300))


def test_following_a_job_tells_every_change_until_its_end(stores: Stores) -> None:
    @stores.queue.task("walk")
    def walk(stores: Stores, progress: Progress) -> None:
        for part in range(4):
            progress.step(f"part {part}", part / 4)
            threading.Event().wait(0.35)

    job_id = enqueue(stores, "walk")

    async def follow() -> list[Job]:
        return [job async for job in jobs.follow(stores.rows, job_id, every_s=0.05)]

    with Working(stores):
        seen = asyncio.run(follow())
    assert seen[0].state in ("waiting", "running")
    assert seen[-1].state == "succeeded"
    assert {job.percent for job in seen} >= {25.0, 50.0, 75.0, 100.0}


def test_the_newest_jobs_come_first_and_an_unknown_one_is_not_found(stores: Stores) -> None:
    ids = [enqueue(stores, "any") for _ in range(3)]
    with stores.rows.unit() as uow:
        assert [job.id for job in jobs.jobs(uow, limit=2)] == ids[:0:-1]
    with stores.rows.unit() as uow, pytest.raises(ShopError) as refused:
        jobs.job(uow, 10**12)
    assert refused.value.kind == "not_found"


def test_a_task_nobody_knows_fails_and_says_so(stores: Stores) -> None:
    stores.queue.task("known")(lambda stores, progress: None)
    job_id = enqueue(stores, "unknown")
    run_all(stores)
    found = look(stores, job_id)
    assert found.state == "failed"
    assert found.error == "No task is called unknown. Known tasks: known."


def test_the_worker_leaves_a_sign_of_life(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert jobs.worker_seen_at(uow) is None
    stores.queue.task("known")(lambda stores, progress: None)
    with Working(stores):
        wait_until(lambda: _seen(stores))
        with stores.rows.unit() as uow:
            seen = jobs.worker_seen_at(uow)
            now = uow.conn.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    assert seen is not None
    assert (now - seen).total_seconds() < 10


def _seen(stores: Stores) -> bool:
    with stores.rows.unit() as uow:
        return jobs.worker_seen_at(uow) is not None
