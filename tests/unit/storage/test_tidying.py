"""The nightly tidy removes what is old and ended, and nothing else."""

from __future__ import annotations

import os
import threading
import time

import sqlalchemy as sa

from shengeng.storage import jobs, tidying
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores


def test_old_ended_jobs_and_stray_files_go_and_waiting_jobs_stay(stores: Stores) -> None:
    stores.queue.task("quick")(lambda stores, progress: None)
    with stores.rows.unit() as uow:
        old, young, waiting = uow.enqueue("quick"), uow.enqueue("quick"), uow.enqueue("later")
        tomorrow = "update jobs.procrastinate_jobs set scheduled_at = now() + interval '1 day' where id = :id"
        uow.conn.execute(sa.text(tomorrow), {"id": waiting})
    stores.queue.work(stores, threading.Event(), idle=True)
    with stores.rows.unit() as uow:
        age = "update job_progress set finished_at = now() - interval '31 days' where id = :id"
        uow.conn.execute(sa.text(age), {"id": old})
    stray = stores.settings.home / "lake/sales/stray.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    os.utime(stray, (time.time() - 3 * 86400, time.time() - 3 * 86400))
    tidying.tidy(stores, Silent())
    assert not stray.exists()
    with stores.rows.unit() as uow:
        assert [job.id for job in jobs.jobs(uow)] == [waiting, young]
        queued = (
            uow.conn.execute(sa.text("select id from jobs.procrastinate_jobs order by 1")).scalars().all()
        )
    assert queued == [young, waiting]


def test_the_tidy_comes_by_itself(stores: Stores) -> None:
    tidying.register(stores.queue)
    assert stores.queue.names() == [tidying.TIDY]
