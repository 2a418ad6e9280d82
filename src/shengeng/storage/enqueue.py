"""Enqueue a job inside somebody's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import procrastinate
import psycopg
import sqlalchemy as sa

from shengeng.storage.contracts import Json
from shengeng.storage.tables import job_progress


@cache
def _deferring() -> procrastinate.App:
    # Never opened: an App that was opened async cannot use a connection of ours (procrastinate 3.10).
    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def enqueue_job(
    conn: sa.Connection,
    *,
    driver: psycopg.Connection[tuple[object, ...]],
    task: str,
    queue: str,
    lock: str | None,
    args: Mapping[str, Json],
) -> int:
    """Add the job and its progress row in the connection's transaction; returns the job's id."""
    # driver: procrastinate reads its rows by name through its own cursor factory.
    deferrer = _deferring().configure_task(task, queue=queue, lock=lock, connection=driver)
    job_id = deferrer.defer(**cast("dict[str, Any]", args))
    conn.execute(job_progress.insert().values(id=job_id, kind=task))
    return job_id
