"""Files that were given: kept for a day under a number of their own, never under the name they came with."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from shengeng.kernel.ids import new_id
from shengeng.sense.exports.contracts import FILE_BYTES, FILES, Outcome, Problem
from shengeng.sense.exports.contracts.refusals import NO_UPLOAD, NOTHING_GIVEN, TOO_LARGE, TOO_MANY
from shengeng.storage.stores import Stores

KEPT = timedelta(days=1)
_WRITING = timedelta(hours=1)  # an upload without its names after this was cut off
_BLOCK = 2**20
_FOLDER, _NAMES, _OUTCOME = "exports", "names.json", "outcome.json"
_SCRATCH = "scratch"  # scratch-PROCESS-WORD: what is only there while one look or import runs


def keep(stores: Stores, files: Sequence[tuple[str, BinaryIO]], now: datetime) -> UUID:
    """Write files into a folder of their own, streamed; older uploads go. Returns the upload's id."""
    if not files:
        raise NOTHING_GIVEN.error()
    if len(files) > FILES:
        raise TOO_MANY.error(count=len(files), limit=FILES)
    root = stores.settings.home / _FOLDER
    _forget_old(root, now)
    upload = new_id(now)
    folder = root / str(upload)
    folder.mkdir(parents=True)
    names = _distinct([shown(name) for name, _ in files])
    try:
        left = FILE_BYTES
        for place, (_, content) in enumerate(files):
            left -= _write(folder / f"{place}.bin", names[place], content, left)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    return upload


def _write(path: Path, name: str, content: BinaryIO, most: int) -> int:
    """Write a file of at most so many bytes; returns how many it has."""
    written = 0
    with path.open("xb") as file:
        while block := content.read(_BLOCK):
            written += len(block)
            if written > most:
                raise TOO_LARGE.error(file=name, limit=f"{FILE_BYTES // 2**20} MB")
            file.write(block)
    return written


def shown(name: str) -> str:
    """A file's name for people: its last part, without control characters, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if letter.isprintable()).strip()
    return plain[:120] or "file"


def _distinct(names: Sequence[str]) -> list[str]:
    return [
        name if name not in names[:place] else f"{name} ({place + 1})" for place, name in enumerate(names)
    ]


def folder_of(stores: Stores, upload: UUID) -> Path:
    """The folder of an upload; not_found once it was cleared."""
    folder = stores.settings.home / _FOLDER / str(upload)
    if not (folder / _NAMES).is_file():
        raise NO_UPLOAD.error(id=upload)
    return folder


def files_of(folder: Path) -> list[tuple[str, Path]]:
    """(name, path) of an upload's files, in the order they were given."""
    names = json.loads((folder / _NAMES).read_text("utf-8"))
    return [(name, folder / f"{place}.bin") for place, name in enumerate(names)]


def write_outcome(folder: Path, outcome: Outcome) -> None:
    """Keep what an import came to beside its files."""
    (folder / _OUTCOME).write_text(
        json.dumps(asdict(outcome), ensure_ascii=False, default=str), encoding="utf-8"
    )


def outcome_of(folder: Path) -> Outcome | None:
    """What the import of an upload came to; None while it has not been done."""
    path = folder / _OUTCOME
    if not path.is_file():
        return None
    given: Mapping[str, object] = json.loads(path.read_text("utf-8"))
    problems = given["problems"]
    assert isinstance(problems, list)
    share = given["share_identified"]
    screens = given["empty_screens"]
    assert isinstance(screens, list)
    return Outcome(
        str(given["import_id"]),
        float(share) if isinstance(share, int | float) else None,
        tuple(map(str, screens)),
        tuple(Problem(**one) for one in problems),
    )


def brought(folder: Path) -> Outcome | None:
    """What an import came to that has already dropped its files; None where they are still to be brought."""
    dropped = not any(path.is_file() for _, path in files_of(folder))
    return outcome_of(folder) if dropped else None


def drop_files(folder: Path) -> None:
    """The files were brought in: only their names and what came of them stay."""
    for _, path in files_of(folder):
        path.unlink(missing_ok=True)


@contextmanager
def scratch(stores: Stores) -> Iterator[Path]:
    """A folder for one look or import, gone however that ends; a killed process's at the next start."""
    root = stores.settings.home / _FOLDER
    root.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}-{os.getpid()}-", dir=root))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep(stores: Stores, now: datetime) -> None:
    """Remove scratch folders of dead processes, uploads that never became whole, and those of yesterday."""
    root = stores.settings.home / _FOLDER
    for folder in root.glob(f"{_SCRATCH}-*"):
        if not _runs(int(folder.name.split("-")[1])):
            shutil.rmtree(folder, ignore_errors=True)
    _forget_old(root, now)


def in_use(stores: Stores) -> bool:
    """Whether a look or an import is under way."""
    found = (stores.settings.home / _FOLDER).glob(f"{_SCRATCH}-*")
    return any(_runs(int(folder.name.split("-")[1])) for folder in found)


def folders(stores: Stores) -> list[Path]:
    """Every upload that is kept."""
    return [path for path in (stores.settings.home / _FOLDER).glob("*-*") if path.is_dir()]


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _forget_old(root: Path, now: datetime) -> None:
    for folder in root.glob("*-*"):
        with suppress(FileNotFoundError):  # another process cleared it
            age = now.timestamp() - folder.stat().st_mtime
            half = not (folder / _NAMES).is_file() and not folder.name.startswith(_SCRATCH)
            if age > (_WRITING if half else KEPT).total_seconds():
                shutil.rmtree(folder, ignore_errors=True)
