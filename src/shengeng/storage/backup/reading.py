"""A backup file looked through before anything is touched, and brought back into a new home."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from shengeng import __version__
from shengeng.storage.backup.contracts import FORMAT, HEAD, MANIFEST, ROWS, Manifest, Member, manifest_of
from shengeng.storage.backup.programs import BLOCK, restore
from shengeng.storage.backup.refusals import (
    DAMAGED_BACKUP,
    DATABASE_NOT_EMPTY,
    HALF_RESTORED,
    HOME_NOT_EMPTY,
    NEWER_BACKUP,
    NO_BACKUP,
    NOT_A_BACKUP,
)
from shengeng.storage.contracts import DISK_FULL
from shengeng.storage.disk import free_bytes
from shengeng.storage.migrations import config
from shengeng.storage.progress import Progress
from shengeng.storage.rows import Rows
from shengeng.storage.tables import files, snapshots

MARK, ROWS_BEGUN = "restoring", "restoring.rows"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def examined(source: Path, progress: Progress) -> Manifest:
    """The manifest of a backup whose every part was read and is as written; nothing else is touched.

    Refuses what is no backup, one that was cut off or altered, and one of a newer version.
    """
    with _opened(source) as archive:
        if HEAD not in archive.namelist():
            raise NOT_A_BACKUP.error(file=source, why=f"it holds no {HEAD}")
        _refuse_newer(source, archive)
        found = _read(source, archive, MANIFEST)
        for done, member in enumerate(found.members):
            progress.check()
            _compare(source, archive, member)
            progress.step("restore.check", 0.4 * done / len(found.members))
    return found


def _refuse_newer(source: Path, archive: zipfile.ZipFile) -> None:
    try:
        head = json.loads(archive.read(HEAD))["head"]
        known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
        newer = head["format"] > FORMAT or head["migration"] not in known
    except (KeyError, ValueError, TypeError) as error:
        raise DAMAGED_BACKUP.error(file=source, why=f"{HEAD} cannot be read") from error
    if newer:
        raise NEWER_BACKUP.error(file=source, theirs=head.get("version"), ours=__version__)


def refuse_half_restored(home: Path) -> None:
    """A home whose restore did not come to its end is not served."""
    if (home / MARK).exists():
        raise HALF_RESTORED.error(home=home)


def take_home(home: Path, found: Manifest) -> None:
    """Make a new home for a restore; one that holds anything but an unfinished restore is refused."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = sorted(path.name for path in home.iterdir())
    if held and _mark(home) != _digest(found):
        raise HOME_NOT_EMPTY.error(home=home, found=", ".join(held[:3]))
    _drop_files(home)
    (home / MARK).write_text(_digest(found))


def give_back(home: Path) -> None:
    """A restore that failed leaves the home empty, or with the mark where a database was made already."""
    _drop_files(home)
    if all(path.name == MARK for path in home.iterdir()):
        (home / MARK).unlink(missing_ok=True)


def finish(home: Path) -> None:
    """The home is whole and may be served."""
    (home / MARK).unlink()


def _drop_files(home: Path) -> None:
    for name in ("lake", "imports"):
        shutil.rmtree(home / name, ignore_errors=True)


def _mark(home: Path) -> str | None:
    try:
        return (home / MARK).read_text()
    except FileNotFoundError:
        return None


def _digest(found: Manifest) -> str:
    return hashlib.sha256(found.written()).hexdigest()


def bring_files(source: Path, found: Manifest, home: Path, progress: Progress) -> None:
    """The lake's files and the blobs into the home, on the disk when this returns."""
    if (free := free_bytes(home)) < found.size:
        raise DISK_FULL.error(folder=home, free=free)
    parts = [member for member in found.members if member.name.startswith(("lake/", "home/"))]
    with _opened(source) as archive:
        for done, member in enumerate(parts):
            progress.check()
            _extract(archive, member, home / _below(source, member))
            progress.step("restore.files", 0.4 + 0.4 * done / len(parts))


def bring_rows(source: Path, rows: Rows, programs: Path, home: Path) -> None:
    """The rows into an empty database, in one transaction; what had left the lake is forgotten.

    Begun again after they were committed, it finds them there: the dump came whole or not at all.
    """
    begun = home / ROWS_BEGUN
    with rows.unit() as uow:
        held = _tables(uow.conn)
    if held and not begun.exists():
        raise DATABASE_NOT_EMPTY.error(found=", ".join(held[:3]))
    if not held:
        begun.touch(0o600)
        with _opened(source) as archive, archive.open(ROWS) as dump:
            restore(programs, rows.engine.url, iter(lambda: dump.read(BLOCK), b""))
    with rows.unit() as uow:
        uow.conn.execute(sa.delete(files).where(files.c.removed.is_not(None)))
        newest = sa.select(sa.func.max(snapshots.c.id)).scalar_subquery()
        uow.conn.execute(sa.update(snapshots).where(snapshots.c.id < newest).values(swept=True))
    begun.unlink()


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    if not source.is_file():
        raise NO_BACKUP.error(file=source)
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        if _begins_like_ours(source):
            raise DAMAGED_BACKUP.error(file=source, why=str(error)) from error
        raise NOT_A_BACKUP.error(file=source, why=str(error)) from error


def _begins_like_ours(source: Path) -> bool:
    with source.open("rb") as file:
        return HEAD.encode() in file.read(200)


def _read(source: Path, archive: zipfile.ZipFile, name: str) -> Manifest:
    try:
        return manifest_of(archive.read(name))
    except (KeyError, ValueError, TypeError) as error:
        raise DAMAGED_BACKUP.error(file=source, why=f"{name} cannot be read") from error


def _compare(source: Path, archive: zipfile.ZipFile, member: Member) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(member.name) as part:
            while block := part.read(BLOCK):
                digest.update(block)
                size += len(block)
    except (KeyError, EOFError) as error:
        raise DAMAGED_BACKUP.error(file=source, why=f"{member.name} is missing") from error
    if (size, digest.hexdigest()) != (member.bytes, member.sha256):
        raise DAMAGED_BACKUP.error(file=source, why=f"{member.name} is not as written")


def _below(source: Path, member: Member) -> Path:
    """Where a part belongs in the home; a name that leads out of it is not followed."""
    path = Path(member.name.removeprefix("home/"))
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in ("lake", "imports"):
        raise DAMAGED_BACKUP.error(file=source, why=f"{member.name} leads out of the home")
    return path


def _extract(archive: zipfile.ZipFile, member: Member, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(member.name) as part, path.open("xb") as file:
            shutil.copyfileobj(part, file, BLOCK)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise DISK_FULL.error(folder=path.parent, free=free_bytes(path.parent)) from error
        raise


def _tables(conn: sa.Connection) -> list[str]:
    tables = sa.table(
        "tables", sa.column("table_schema"), sa.column("table_name"), schema="information_schema"
    )
    ours = sa.select(tables.c.table_name).where(tables.c.table_schema.in_(["public", "jobs"]))
    return sorted(conn.execute(ours).scalars())
