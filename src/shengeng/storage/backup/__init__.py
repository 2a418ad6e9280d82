"""A shop in one file, and back: rows, lake, blobs and settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa

from shengeng.storage.backup import reading
from shengeng.storage.backup.contracts import Manifest
from shengeng.storage.backup.writing import backup
from shengeng.storage.progress import Progress
from shengeng.storage.rows import connect

__all__ = ["Manifest", "backup", "examined", "finish", "refuse_half_restored", "restore"]
examined, finish, refuse_half_restored = reading.examined, reading.finish, reading.refuse_half_restored
Database = Callable[[Path], AbstractContextManager[sa.URL | str]]


def restore(source: Path, home: Path, database: Database, programs: Path, progress: Progress) -> Manifest:
    """Bring a backup into a new home: looked through first, then files, then all rows at once.

    database: opens the (empty) database of a home. Refuses a home or database that holds anything. A restore
    that was cut off leaves a mark: the home is not served, and the same command begins again. The mark stands
    until `finish`, so that nobody is served before the caller has done what must come first.
    """
    found = reading.examined(source, progress)
    reading.take_home(home, found)
    try:
        reading.bring_files(source, found, home, progress)
        progress.step("restore.rows", 0.8)
        with database(home) as url:
            rows = connect(url)
            try:
                reading.bring_rows(source, rows, programs, home)
            finally:
                rows.close()
    except BaseException:
        reading.give_back(home)
        raise
    return found
