"""Bad days of the worker: the database restarts, a job is killed midway, a job takes its worker with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.factories.servers import TUNING, kill, put_away, wait_until

from shengeng.kernel.settings import Settings
from shengeng.storage import jobs
from shengeng.storage.contracts import Job
from shengeng.storage.embedded import Server
from shengeng.storage.loop import Pace
from shengeng.storage.migrations import migrate
from shengeng.storage.progress import Progress
from shengeng.storage.stores import Stores, open_stores

QUICK = Pace(poll=0.2, heartbeat=0.3, dead_after=1.0, grace=1.0)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Server, Stores]]:
    """A shop on a server of its own, which the test may hurt."""
    home = Path(tempfile.mkdtemp(prefix="shengeng-fault-"))
    server = Server(home, tuning=TUNING)
    with open_stores(Settings(home=tmp_path), server.start()) as stores:
        migrate(stores.rows)
        yield server, stores
    put_away(server)
    shutil.rmtree(home)


def enqueue(stores: Stores, task: str, lock: str | None = None) -> int:
    with stores.rows.unit() as uow:
        return uow.enqueue(task, lock=lock)


def look(stores: Stores, job_id: int) -> Job:
    with stores.rows.unit() as uow:
        return jobs.job(uow, job_id)


class Working:
    """A worker in a thread of its own."""

    def __init__(self, stores: Stores) -> None:
        self.stop = threading.Event()
        args = (stores, self.stop)
        self.thread = threading.Thread(target=stores.queue.work, args=args, kwargs={"pace": QUICK})

    def __enter__(self) -> Working:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()


def restart(server: Server, mode: str) -> None:
    with server.locked("life"):
        server.shut_down(mode)
        server.bring_up()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_waiting_worker_goes_on_after_the_database_restarts(own: tuple[Server, Stores], mode: str) -> None:
    server, stores = own
    stores.queue.task("hello")(lambda stores, progress: None)
    with Working(stores):
        first = enqueue(stores, "hello")
        wait_until(lambda: look(stores, first).over)
        restart(server, mode)
        second = enqueue(stores, "hello")
        wait_until(lambda: look(stores, second).state == "succeeded", 60)


def test_a_job_caught_by_an_outage_is_done_in_the_end(own: tuple[Server, Stores]) -> None:
    server, stores = own
    begun, back = threading.Event(), threading.Event()
    done: list[int] = []

    @stores.queue.task("write")
    def write(stores: Stores, progress: Progress) -> None:
        with stores.rows.unit() as uow:
            uow.conn.execute(sa.text("create table if not exists once (n int primary key)"))
            uow.conn.execute(sa.text("insert into once values (1) on conflict do nothing"))
            begun.set()
            assert back.wait(20)
            uow.conn.execute(sa.text("select 1"))
        done.append(1)

    with Working(stores):
        job_id = enqueue(stores, "write")
        assert begun.wait(20)
        restart(server, "immediate")
        back.set()
        wait_until(lambda: look(stores, job_id).state == "succeeded", 60)
    assert done == [1]
    with stores.rows.unit() as uow:
        assert uow.conn.execute(sa.text("select n from once")).scalars().all() == [1]


_WORKER = """
import os, sys, threading
from pathlib import Path
from shengeng.kernel.settings import Settings
from shengeng.storage.loop import Pace
from shengeng.storage.stores import open_stores
how = sys.argv[3]
def work(stores, progress):
    progress.step("half", 0.5)
    print(os.getpid(), flush=True)
    if how == "die":
        os.kill(os.getpid(), 9)
    threading.Event().wait()
def live():
    with open_stores(Settings(home=Path(sys.argv[1])), sys.argv[2]) as stores:
        stores.queue.task("work")(work)
        stores.queue.work(stores, threading.Event(), idle=how == "die", pace=Pace(0.2, 0.2, 0.4, 1.0))
if how == "hang":
    live()
for _ in range(6):  # each dies while it works, until none finds work
    if (child := os.fork()) == 0:
        live()
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
    threading.Event().wait(0.5)  # until the dead worker counts as dead
"""


def worker(stores: Stores, how: str) -> subprocess.Popen[str]:
    """A worker process whose job hangs, or a row of workers whose job kills each."""
    url = stores.rows.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _WORKER, str(stores.settings.home), url, how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_a_job_whose_worker_is_killed_midway_runs_again_elsewhere(stores: Stores) -> None:
    job_id = enqueue(stores, "work")
    with worker(stores, "hang") as first:
        assert first.stdout is not None
        assert int(first.stdout.readline()) == first.pid
        wait_until(lambda: look(stores, job_id).state == "running")
        first.kill()
    runs: list[int] = []
    stores.queue.task("work")(lambda stores, progress: runs.append(1))
    with Working(stores):
        wait_until(lambda: look(stores, job_id).state == "succeeded", 60)
    assert runs == [1]


def test_a_job_that_always_kills_its_worker_is_given_up(stores: Stores) -> None:
    job_id = enqueue(stores, "work")
    with worker(stores, "die") as workers:
        died, _ = workers.communicate(timeout=60)
    found = look(stores, job_id)
    assert len(died.splitlines()) == 5
    assert found.state == "failed"
    assert found.error is not None
    assert "ended its worker 5 times" in found.error


def test_two_workers_never_run_one_job_twice(stores: Stores) -> None:
    ran: list[int] = []
    lock = threading.Lock()

    @stores.queue.task("count")
    def count(stores: Stores, progress: Progress, *, n: int) -> None:
        with lock:
            ran.append(n)

    with stores.rows.unit() as uow:
        ids = [uow.enqueue("count", n=n) for n in range(30)]
    with Working(stores), Working(stores):
        wait_until(lambda: all(look(stores, job_id).over for job_id in ids), 60)
    assert sorted(ran) == list(range(30))


def test_the_worker_comes_back_when_the_killed_server_does(own: tuple[Server, Stores]) -> None:
    server, stores = own
    stores.queue.task("hello")(lambda stores, progress: None)
    with Working(stores):
        first = enqueue(stores, "hello")
        wait_until(lambda: look(stores, first).over)
        pid = server.postmaster_pid()
        assert pid is not None
        assert os.getpid() != pid
        kill(pid)
        wait_until(server.alive, 60)
        second = enqueue(stores, "hello")
        wait_until(lambda: look(stores, second).state == "succeeded", 60)
