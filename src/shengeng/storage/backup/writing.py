"""A whole shop into one file, while it is being used: rows and lake as they stood at one moment."""

from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from shengeng import __version__
from shengeng.kernel.settings import Settings
from shengeng.storage import manifest as lists
from shengeng.storage.backup.contracts import BLOBS, FORMAT, HEAD, MANIFEST, ROWS, Head, Manifest, Member
from shengeng.storage.backup.programs import BLOCK, dumped
from shengeng.storage.backup.refusals import FILE_EXISTS, NO_FOLDER_FOR
from shengeng.storage.contracts import DISK_FULL, damaged
from shengeng.storage.disk import free_bytes
from shengeng.storage.progress import Progress
from shengeng.storage.stores import Stores

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# A zip file knows no year before this.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def backup(stores: Stores, programs: Path, target: Path, progress: Progress, now: datetime) -> Manifest:
    """Write rows, lake, blobs and settings into one new file (0600), whole or not at all.

    Rows and the lake's manifest are read in one snapshot; the lake's files never change and stay at least
    two days after they left it, so whoever works meanwhile is not stopped. Refuses an existing file.
    """
    if target.exists():
        raise FILE_EXISTS.error(file=target)
    part = target.with_name(f".{target.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise NO_FOLDER_FOR.error(folder=target.parent, why=error.strerror) from error
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                written = _fill(_Writer(archive), stores, programs, progress, now)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, target)  # never over a file that came meanwhile
    except FileExistsError:
        raise FILE_EXISTS.error(file=target) from None
    except OSError as error:
        if error.errno in _FULL:
            raise DISK_FULL.error(folder=target.parent, free=free_bytes(target.parent)) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return written


class _Writer:
    """Parts into an archive, each with its digest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: list[Member] = []

    def add(self, name: str, blocks: Iterable[bytes]) -> Member:
        """One part, block by block."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _EPOCH)
        info.external_attr = 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as part:
            for block in blocks:
                digest.update(block)
                size += len(block)
                part.write(block)
        self.members.append(Member(name, size, digest.hexdigest()))
        return self.members[-1]


def _fill(writer: _Writer, stores: Stores, programs: Path, progress: Progress, now: datetime) -> Manifest:
    engine = stores.rows.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as conn, conn.begin():
        snapshot = str(conn.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one())
        migration = MigrationContext.configure(conn).get_current_revision() or ""
        head = Head(FORMAT, __version__, migration, now.isoformat())
        writer.add(HEAD, [Manifest(head, 0, (), {}).written()])
        files, newest = lists.listed(conn), lists.newest_snapshot(conn)
        progress.step("backup.rows", 0.0)
        writer.add(ROWS, dumped(programs, stores.rows.engine.url, snapshot))
    whole = sum(file.bytes for file in files) or 1
    done = 0
    for file in files:
        progress.check()
        _add_listed(writer, stores.settings.home / "lake", file)
        done += file.bytes
        progress.step("backup.lake", 0.3 + 0.65 * done / whole)
    for path in _blobs(stores.settings.home):
        writer.add(f"home/{path.relative_to(stores.settings.home)}", blocks_of(path))
    progress.step("backup.blobs", 1.0)
    found = Manifest(head, newest, tuple(writer.members), _plain(stores.settings))
    writer.add(MANIFEST, [found.written()])
    return found


def _add_listed(writer: _Writer, lake: Path, file: lists.ListedFile) -> None:
    """A file of the lake; one that is not as written would only be found out at the restore."""
    path = lake / file.path
    try:
        member = writer.add(f"lake/{file.path}", blocks_of(path))
    except FileNotFoundError:
        raise damaged(file.dataset, path, "missing") from None
    if member.sha256 != file.sha256:
        raise damaged(file.dataset, path, "altered")


def _blobs(home: Path) -> list[Path]:
    found = [path for name in BLOBS for path in sorted((home / name).rglob("*"))]
    staged = (path for path in found if path.is_file() and "staging" not in path.parts)
    return [path for path in staged if not path.name.startswith(".")]


def _plain(settings: Settings) -> dict[str, str | int | bool]:
    """The settings without the one that may hold a password."""
    assert {field.name for field in fields(settings)} >= {"database_url", "home"}
    left = {key: value for key, value in asdict(settings).items() if key != "database_url"}
    return {key: str(value) if isinstance(value, Path) else value for key, value in left.items()}


def blocks_of(path: Path) -> Iterator[bytes]:
    """A file in blocks of a megabyte."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
