"""An import from its first look at the files to its last word in the books."""

from __future__ import annotations

import errno
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.govern.consent import api as consent
from shengeng.govern.shop import api as shops
from shengeng.kernel.errors import Lang, ShopError
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import SHELL, Principal
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect.contracts import (
    CATALOGUE_TASK,
    COMPLETE_JOURNEY,
    Brought,
    FileCount,
    ImportReport,
)
from shengeng.sense.connect.contracts.refusals import DISK_FULL, INTERRUPTED, OTHER_CURRENCY, OTHER_TIMEZONE
from shengeng.sense.connect.store import catalogue, complete_journey, imports, merge, rejects, staging
from shengeng.sense.connect.store.folder import DEFAULT_SOURCE, Shop
from shengeng.sense.connect.store.staging import Staged
from shengeng.storage.progress import Progress, Silent
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

_SILENT = Silent()
FACTS_LOCK = "sense.connect.facts"  # whoever rewrites months of lines holds it


def import_source(
    stores: Stores,
    source: str | Path,
    *,
    timezone: str | None = None,
    currency: str | None = None,
    until: date | None = None,
    progress: Progress = _SILENT,
    now: datetime,
    by: Principal = SHELL,
) -> ImportReport:
    """Bring a canonical folder, or "complete-journey", into the lake; again, and nothing changes.

    Orders of local days after `until` wait in `feed`. The shop's profile is set on the first import and its
    clock moved to the last day that is known; all of it happens in one transaction, or nothing does.
    Raises invalid for a folder that cannot be read (nothing is written), conflict for another time zone or
    currency than the shop's, unavailable for a full disk.
    """
    recover(stores)
    shop = staging.shop_of(source, timezone, currency)
    import_id = new_id(now)
    folder = imports.place(stores.settings, import_id)
    with imports.held(folder), _ending_well(stores, import_id, folder):
        with stores.rows.unit() as uow:
            _refuse_other_shop(uow, shop)
            imports.begin(uow, import_id, shop, until, now)
        staged = staging.stage(
            stores.lake.connection,
            source,
            shop,
            folder / "staging",
            import_id=str(import_id),
            progress=_Part(progress, 0.0, 0.6),
        )
        found = rejects.write(stores.lake.connection, staged, folder / "rejects.csv")
        with stores.rows.unit() as uow:
            uow.lock(FACTS_LOCK)
            _refuse_other_shop(uow, shop)
            _merge(stores, uow, staged, import_id, found, until=until, progress=_Part(progress, 0.6, 1.0))
            _settle_shop(stores, uow, shop, until, now=now, by=by)
            _take_consents(stores, uow, staged, now)
            arrivals.note_all(uow, now)
            report = imports.report(uow, import_id)
            detail: dict[str, audit.Plain] = {"source": shop.source}
            audit.record(
                uow, at=now, actor=by.name, action="import.done", target=str(import_id), detail=detail
            )
        _write_summary(folder, report)
    return report


def bring_file(
    stores: Stores, uow: UnitOfWork, name: str, path: Path, *, lang: Lang = "en", most: int = 200
) -> Brought:
    """Bring one canonical file that came on its own (not orders) into the shop; again, and nothing changes.

    name: its table, such as "spend". The same reader, checks and dataset as an import's. Raises invalid for a
    file that cannot be read or lacks a column, not_found before the shop has a profile. At most `most`
    rejected rows are told.
    """
    assert name in catalogue.SHEETS
    kept = shops.profile(uow)
    shop = Shop(kept.name, DEFAULT_SOURCE, kept.timezone, kept.currency, all_paid=False)
    backend = stores.lake.connection
    with tempfile.TemporaryDirectory(prefix="shengeng-") as temporary:
        place = Path(temporary)
        staged = staging.stage_file(backend, name, path, shop, place)
        found = rejects.write(backend, staged, place / "rejects.csv")
        told = rejects.page(found, lang, 0, most)[0] if found else []
        uow.lock(FACTS_LOCK)
        taken = merge.table(uow, stores.lake, staged, name)
    file = staged.files[name]
    return Brought(file.rows, file.rejected, taken.added, taken.changed, taken.same, tuple(told))


def recover(stores: Stores) -> int:
    """Mark imports whose process has died as failed and clear what they staged; returns how many.

    Call it when the shop opens. A running import holds its folder, so it is left alone.
    """
    with stores.rows.unit() as uow:
        written_down = imports.running(uow)
    dead = 0
    for import_id in written_down:
        folder = imports.place(stores.settings, import_id)
        with imports.held(folder) as free:
            if free:
                with stores.rows.unit() as uow:
                    imports.fail(uow, import_id, INTERRUPTED.error())
                staging.clear(folder / "staging")
                dead += 1
    return dead


def import_promotions(stores: Stores, progress: Progress = _SILENT) -> int:
    """Bring the promotions of the Complete Journey into the lake; returns the rows, 0 when they stand there.

    20.9 million product x store x week rows become runs of consecutive weeks. Nothing needs them before
    somebody asks for promotions, so an import leaves them out; this takes about a minute.
    """
    with stores.rows.unit() as uow:
        uow.lock(FACTS_LOCK)
        return merge.promotions(uow, stores.lake, progress)


def _refuse_other_shop(uow: UnitOfWork, shop: Shop) -> None:
    kept = shops.find_profile(uow)
    if kept and kept.timezone != shop.timezone:
        raise OTHER_TIMEZONE.error(kept=kept.timezone, given=shop.timezone)
    if kept and kept.currency != shop.currency:
        raise OTHER_CURRENCY.error(kept=kept.currency, given=shop.currency)


@contextmanager
def _ending_well(stores: Stores, import_id: UUID, folder: Path) -> Iterator[None]:
    """Whatever stops the import is written down and its staged files go."""
    try:
        yield
    except BaseException as error:
        why = _told(error)
        with suppress(ShopError), stores.rows.unit() as uow:
            imports.fail(uow, import_id, why or INTERRUPTED.error())
        if why is None or why is error:
            raise
        raise why from error
    finally:
        staging.clear(folder / "staging")


def _told(error: BaseException) -> ShopError | None:
    if isinstance(error, ShopError):
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DISK_FULL.error(problem=error.strerror)
    return None


def _merge(
    stores: Stores,
    uow: UnitOfWork,
    staged: Staged,
    import_id: UUID,
    found: Path | None,
    *,
    until: date | None,
    progress: Progress,
) -> None:
    staged_at = imports.place(stores.settings, import_id) / "staging"
    merged = merge.lines(uow, stores.lake, staged, staged_at, until=until, progress=progress)
    unchanged = {"orders": merged.unchanged}
    for name in staged.files:
        if name != "orders":
            unchanged[name] = merge.table(uow, stores.lake, staged, name).unchanged
    if "products" in staged.files:
        uow.enqueue(CATALOGUE_TASK, lock=CATALOGUE_TASK)
    counts = {
        name: FileCount(
            file.rows, file.rows - file.rejected - unchanged[name], file.rejected, unchanged[name]
        )
        for name, file in staged.files.items()
    }
    imports.finish(
        uow,
        import_id,
        counts,
        share_identified=merged.share_identified,
        data_hash=staged.data_hash,
        rejects=found,
    )


def _settle_shop(
    stores: Stores, uow: UnitOfWork, shop: Shop, until: date | None, *, now: datetime, by: Principal
) -> None:
    kept = shops.find_profile(uow)
    if kept is None:
        origin = complete_journey.PROVENANCE if shop.source == COMPLETE_JOURNEY else None
        kept = shops.set_profile(
            uow,
            by,
            now,
            name=shop.name[:80],
            timezone=shop.timezone,
            currency=shop.currency,
            provenance=origin,
        )
    known = merge.last_day(stores.lake, uow, "lines")
    if until and merge.last_day(stores.lake, uow, "feed"):
        known = max(known or until, until)  # days without an order are known too
    if known and (kept.as_of is None or known > kept.as_of):
        shops.advance(uow, known)


def _take_consents(stores: Stores, uow: UnitOfWork, staged: Staged, now: datetime) -> None:
    """What the customers' file says of consent, as said when the customer was made known."""
    if "customers" in staged.files:
        for rows in catalogue.consents(staged.good(stores.lake.connection, "customers")):
            consent.take(uow, rows, source=staged.shop.source, now=now)


def _write_summary(folder: Path, report: ImportReport) -> None:
    text = json.dumps(asdict(report), default=str, ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")


class _Part:
    """A stretch of a longer progress."""

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def step(self, name: str, share: float) -> None:
        """Tell the whole how far it is."""
        self._whole.step(name, self._start + share * (self._end - self._start))

    def note(self, line: str) -> None:
        """Pass a line on."""
        self._whole.note(line)

    def check(self) -> None:
        """Stop where the whole is stopped."""
        self._whole.check()
