"""Tables of imports, the folder that each of them keeps, and how a dead one is told from a running one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from shengeng.govern.privacy.contracts import UPLOAD_RUNS
from shengeng.kernel.errors import ShopError
from shengeng.kernel.settings import Settings
from shengeng.sense.connect.contracts import FileCount, ImportReport
from shengeng.sense.connect.contracts.refusals import NO_IMPORT
from shengeng.sense.connect.store.folder import Shop
from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)
imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("started_at", _MOMENT, nullable=False),
    sa.Column("finished_at", _MOMENT),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("until", sa.Date, comment="orders of later local days wait in the feed"),
    sa.Column("data_hash", sa.Text),
    sa.Column("share_identified", sa.Double),
    sa.Column("rejects", sa.Text, comment="path of rejects.csv, where a row was rejected"),
    sa.Column("error_en", sa.Text),
    sa.Column("error_zh", sa.Text),
    sa.CheckConstraint("state in ('running','succeeded','failed')", name="state"),
    sa.CheckConstraint("(state = 'running') = (finished_at is null)", name="finished"),
    sa.CheckConstraint("(state = 'failed') = (error_en is not null)", name="error"),
    sa.CheckConstraint("share_identified between 0 and 1", name="share"),
    sa.Index(None, "started_at"),
)
import_files = sa.Table(
    "import_files",
    metadata,
    sa.Column("import_id", sa.Uuid, sa.ForeignKey("imports.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("accepted", sa.BigInteger, nullable=False),
    sa.Column("rejected", sa.BigInteger, nullable=False),
    sa.Column("unchanged", sa.BigInteger, nullable=False),
    sa.CheckConstraint(
        "rows = accepted + rejected + unchanged and least(accepted, rejected, unchanged) >= 0", name="sum"
    ),
)


def begin(uow: UnitOfWork, import_id: UUID, shop: Shop, until: date | None, now: datetime) -> None:
    """Write down that an import runs."""
    uow.conn.execute(
        sa.insert(imports).values(
            id=import_id,
            source=shop.source,
            state="running",
            started_at=now,
            timezone=shop.timezone,
            currency=shop.currency,
            until=until,
        )
    )


def finish(
    uow: UnitOfWork,
    import_id: UUID,
    files: Mapping[str, FileCount],
    *,
    share_identified: float | None,
    data_hash: str,
    rejects: Path | None,
) -> None:
    """Write down what an import did, in the transaction that does it."""
    for name, n in files.items():
        uow.conn.execute(
            sa.insert(import_files).values(
                import_id=import_id,
                name=name,
                rows=n.rows,
                accepted=n.accepted,
                rejected=n.rejected,
                unchanged=n.unchanged,
            )
        )
    uow.conn.execute(
        sa.update(imports)
        .where(imports.c.id == import_id)
        .values(
            state="succeeded",
            finished_at=sa.func.clock_timestamp(),
            data_hash=data_hash,
            share_identified=share_identified,
            rejects=str(rejects) if rejects else None,
        )
    )


def fail(uow: UnitOfWork, import_id: UUID, why: ShopError) -> None:
    """Write down why a running import came to nothing."""
    over = {"finished_at": sa.func.clock_timestamp(), "error_en": why.text("en"), "error_zh": why.text("zh")}
    mine = sa.and_(imports.c.id == import_id, imports.c.state == "running")
    uow.conn.execute(sa.update(imports).where(mine).values(state="failed", **over))


def running(uow: UnitOfWork) -> list[UUID]:
    """Imports that are written down as running."""
    return list(uow.conn.execute(sa.select(imports.c.id).where(imports.c.state == "running")).scalars())


def report(uow: UnitOfWork, import_id: UUID, lang: str = "en") -> ImportReport:
    """One import; not_found when there is none of this id."""
    found = uow.conn.execute(sa.select(imports).where(imports.c.id == import_id)).mappings().first()
    if found is None:
        raise NO_IMPORT.error(id=import_id)
    return _report(uow, found, lang)


def newest(uow: UnitOfWork, limit: int, lang: str = "en") -> list[ImportReport]:
    """The newest imports first."""
    wanted = sa.select(imports).order_by(imports.c.started_at.desc(), imports.c.id.desc()).limit(limit)
    return [_report(uow, row, lang) for row in uow.conn.execute(wanted).mappings().all()]


def _report(uow: UnitOfWork, row: sa.RowMapping, lang: str) -> ImportReport:
    c = import_files.c
    rows = uow.conn.execute(sa.select(import_files).where(c.import_id == row["id"]).order_by(c.name))
    return ImportReport(
        id=str(row["id"]),
        source=row["source"],
        state=row["state"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        timezone=row["timezone"],
        currency=row["currency"],
        files={f.name: FileCount(f.rows, f.accepted, f.rejected, f.unchanged) for f in rows},
        share_identified=row["share_identified"],
        rejects=row["rejects"],
        error=row["error_zh" if lang == "zh" else "error_en"],
    )


def place(settings: Settings, import_id: UUID) -> Path:
    """The folder that an import keeps: rejects.csv and summary.json."""
    return settings.home / "imports" / str(import_id)


def refuse_running(uow: UnitOfWork) -> None:
    """Refuses (unavailable) while an import runs."""
    if running(uow):
        raise UPLOAD_RUNS.error()


def moved(uow: UnitOfWork, settings: Settings) -> None:
    """Name each import's rejects where the home stands now."""
    with_file = sa.select(imports.c.id).where(imports.c.rejects.is_not(None))
    for import_id in uow.conn.execute(with_file).scalars().all():
        now_at = str(place(settings, import_id) / "rejects.csv")
        uow.conn.execute(sa.update(imports).where(imports.c.id == import_id).values(rejects=now_at))


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold an import's folder while the process lives; the kernel lets go of it on kill -9 too.

    Yields whether it was free.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        yield free
    finally:
        os.close(handle)
