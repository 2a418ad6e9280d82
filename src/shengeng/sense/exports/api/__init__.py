"""What others may ask of `exports`: keep files, look at them, import them, remember what people confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from shengeng.govern.shop import api as shops
from shengeng.kernel.roles import SHELL, Principal
from shengeng.sense.connect.contracts import ImportReport
from shengeng.sense.exports import store
from shengeng.sense.exports.api import importing, looking, uploads
from shengeng.sense.exports.api.looking import Known, Looked
from shengeng.sense.exports.api.personal import erase_person, export_person
from shengeng.sense.exports.contracts import Choice, KeptColumn, Outcome, Preview, Problem, Report
from shengeng.sense.exports.contracts.refusals import NOT_EXPORTS
from shengeng.sense.exports.contracts.words import sentence
from shengeng.sense.exports.methods.recognise import normal
from shengeng.sense.exports.methods.reports import REPORTS
from shengeng.storage.progress import Progress, Silent
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

_SILENT = Silent()
_NO_CHOICES: Mapping[str, Choice] = {}
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".json")
__all__ = [
    "Choice",
    "are_exports",
    "check_ready",
    "erase_person",
    "export_person",
    "import_path",
    "import_upload",
    "keep_files",
    "kept_columns",
    "look_at",
    "outcome",
    "reports",
    "sentence",
    "sweep",
]


def keep_files(stores: Stores, files: Sequence[tuple[str, BinaryIO]], now: datetime) -> UUID:
    """Keep files for a day, streamed; names are shown, never used as paths. Refuses too many or too large."""
    return uploads.keep(stores, files, now)


def look_at(
    stores: Stores,
    upload: UUID,
    *,
    choices: Mapping[str, Choice] = _NO_CHOICES,
    timezone: str | None = None,
    currency: str | None = None,
) -> Preview:
    """What the files of an upload are and what would be imported; nothing is written.

    choices: by file name, over what is recognised. Raises not_found for an upload that is gone, invalid for
    a choice that does not exist; what is wrong with a file stands in the preview.
    """
    with uploads.scratch(stores) as place:
        return _looked(stores, upload, choices, timezone, currency, scratch=place).preview


def check_ready(preview: Preview) -> None:
    """Refuses a preview that something stops, with the first thing that does."""
    importing.refuse_unready(preview)


def import_upload(
    stores: Stores,
    upload: UUID,
    *,
    choices: Mapping[str, Choice] = _NO_CHOICES,
    timezone: str | None = None,
    currency: str | None = None,
    progress: Progress = _SILENT,
    now: datetime,
    by: Principal = SHELL,
) -> Outcome:
    """Import the files of an upload and keep the columns that were chosen by hand for the next export.

    Raises invalid while something stops it, and what connect.api.import_source raises. The same files again
    change nothing.
    """
    folder = uploads.folder_of(stores, upload)
    if (before := uploads.brought(folder)) is not None:
        return before  # a worker that died before it could say so
    progress.step("exports.read", 0.0)
    with uploads.scratch(stores) as place:
        looked = _looked(
            stores, upload, choices, timezone, currency, scratch=place, write=True, check=progress.check
        )
        done, _ = importing.imported(stores, place, looked, progress=progress, now=now, by=by)
    uploads.write_outcome(folder, done)
    with stores.rows.unit() as uow:
        store.keep(uow, _confirmed(looked.preview, choices), by.name, now)
    uploads.drop_files(folder)
    return done


def sweep(stores: Stores, now: datetime) -> None:
    """Clear what processes that were killed left behind, and uploads of yesterday; when the shop opens."""
    uploads.sweep(stores, now)


def are_exports(source: str) -> bool:
    """Whether a path of the shell is one export file, or a folder of them that is not a canonical folder."""
    path = Path(source)
    if path.is_file():
        return path.suffix.lower() in ENDINGS
    canonical = any((path / f"orders.{ending}").is_file() for ending in ("csv", "parquet"))
    return path.is_dir() and not canonical and bool(_exports_in(path))


def import_path(
    stores: Stores,
    source: str,
    *,
    timezone: str | None = None,
    currency: str | None = None,
    until: date | None = None,
    progress: Progress = _SILENT,
    now: datetime,
) -> ImportReport:
    """Import one export file, or all of a folder, as recognised; nobody is asked.

    Orders of local days after `until` wait in the feed. Raises not_found where nothing is recognised, invalid
    where something stops it (no time zone, for instance).
    """
    path = Path(source)
    files = [(one.name, one) for one in _exports_in(path)]
    with uploads.scratch(stores) as place:
        memory = _memory(stores, timezone, currency)
        looked = looking.look("", files, _NO_CHOICES, *memory, scratch=place, out=place, check=progress.check)
        if looked.preview.system is None:
            first = next(iter(looked.preview.problems), Problem("no_orders", "stop"))
            raise NOT_EXPORTS.error(path=path, problem=sentence(first, "en"))
        _, report = importing.imported(
            stores, place, looked, progress=progress, now=now, by=SHELL, until=until
        )
    return report


def _exports_in(path: Path) -> list[Path]:
    inside = [path] if path.is_file() else path.glob("*")
    return sorted(one for one in inside if one.is_file() and one.suffix.lower() in ENDINGS)


def outcome(stores: Stores, upload: UUID) -> Outcome | None:
    """What the import of an upload came to; None while it has not been done."""
    return uploads.outcome_of(uploads.folder_of(stores, upload))


def kept_columns(uow: UnitOfWork) -> list[KeptColumn]:
    """Mappings that people confirmed."""
    return store.kept(uow)


def reports() -> Sequence[Report]:
    """Every report that is known, with its fields and their names."""
    return REPORTS


def _looked(
    stores: Stores,
    upload: UUID,
    choices: Mapping[str, Choice],
    timezone: str | None,
    currency: str | None,
    *,
    scratch: Path,
    write: bool = False,
    check: Callable[[], None] = _SILENT.check,
) -> Looked:
    files = uploads.files_of(uploads.folder_of(stores, upload))
    return looking.look(
        str(upload),
        files,
        choices,
        *_memory(stores, timezone, currency),
        scratch=scratch,
        out=scratch if write else None,
        check=check,
    )


def _memory(stores: Stores, timezone: str | None, currency: str | None) -> tuple[list[KeptColumn], Known]:
    with stores.rows.unit() as uow:
        shop = shops.find_profile(uow)
        kept = store.kept(uow)
    zone_of, money_of = (shop.timezone, shop.currency) if shop else (None, None)
    return kept, Known(timezone, currency, zone_of, money_of, store.described(stores.lake))


def _confirmed(preview: Preview, choices: Mapping[str, Choice]) -> list[KeptColumn]:
    """The columns that somebody chose by hand, under the report they were chosen for."""
    found = []
    for file in preview.files:
        for column, field in choices.get(file.name, Choice()).columns.items():
            if file.system and file.report and normal(column):
                found.append(KeptColumn(file.system, file.report, normal(column), field))
    return found
