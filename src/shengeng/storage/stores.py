"""Everything a door opens: settings, rows, lake, queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from shengeng.kernel.settings import Settings
from shengeng.storage.lake import Lake, open_lake
from shengeng.storage.queue import Queue
from shengeng.storage.rows import Rows, connect


@dataclass(frozen=True, slots=True)
class Stores:
    """The shop's storage, open."""

    settings: Settings
    rows: Rows
    lake: Lake
    queue: Queue


@contextmanager
def open_stores(settings: Settings, url: str | sa.URL) -> Iterator[Stores]:
    """The storage of a home over a PostgreSQL database; the caller migrates. Closed at the end."""
    rows = connect(url)
    lake = open_lake(settings, rows)
    try:
        yield Stores(settings, rows, lake, Queue())
    finally:
        lake.close()
        rows.close()
