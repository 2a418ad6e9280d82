"""The lake's manifest in PostgreSQL: which files make up a dataset, now and at earlier snapshots."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa
import sqlalchemy as sa

from shengeng.storage.contracts import NO_SNAPSHOT, DatasetStats
from shengeng.storage.parquet import WrittenFile
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.tables import files, snapshots

_WRITERS = "lake"


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the manifest lists it."""

    dataset: str
    partition: str
    path: str
    rows: int
    bytes: int
    sha256: str
    schema: pa.Schema


def hold(uow: UnitOfWork) -> int:
    """The snapshot this transaction makes; from here to its end it is the lake's only writer.

    One writer at a time keeps snapshot numbers in the order in which they become visible.
    """
    if uow.snapshot is None:
        uow.lock(_WRITERS)
        made = sa.insert(snapshots).values().returning(snapshots.c.id)
        uow.snapshot = uow.conn.execute(made).scalar_one()
    return uow.snapshot


def add(uow: UnitOfWork, dataset: str, partition: str, written: WrittenFile) -> None:
    """List a file that is already whole on disk."""
    uow.conn.execute(
        sa.insert(files).values(
            dataset=dataset,
            partition=partition,
            path=written.path,
            rows=written.rows,
            bytes=written.bytes,
            sha256=written.sha256,
            schema=written.schema.serialize().to_pybytes(),
            added=hold(uow),
        )
    )


def drop(uow: UnitOfWork, dataset: str, partition: str, *, prefix: bool = False) -> None:
    """Take a partition's files, or all partitions that start with it, out of the newest snapshot."""
    snapshot = hold(uow)
    where = (
        files.c.partition.startswith(partition, autoescape=True) if prefix else files.c.partition == partition
    )
    current = sa.and_(files.c.dataset == dataset, files.c.removed.is_(None), where)
    uow.conn.execute(sa.update(files).where(current).values(removed=snapshot))


def listed(
    conn: sa.Connection,
    dataset: str | None = None,
    partitions: Collection[str] | None = None,
    snapshot: int | None = None,
) -> list[ListedFile]:
    """The files of a dataset (or of all), of some partitions, now or as of a snapshot, oldest first."""
    c = files.c
    wanted = sa.select(c.dataset, c.partition, c.path, c.rows, c.bytes, c.sha256, c.schema).order_by(c.id)
    if dataset is not None:
        wanted = wanted.where(c.dataset == dataset)
    if partitions is not None:
        wanted = wanted.where(c.partition.in_(sorted(partitions)))
    if snapshot is None:
        wanted = wanted.where(c.removed.is_(None))
    else:
        _refuse_swept(conn, dataset or "", snapshot)
        wanted = wanted.where(c.added <= snapshot, sa.or_(c.removed.is_(None), c.removed > snapshot))
    rows = conn.execute(wanted)
    return [ListedFile(*row[:-1], pa.ipc.read_schema(pa.py_buffer(row[-1]))) for row in rows]


def _refuse_swept(conn: sa.Connection, dataset: str, snapshot: int) -> None:
    oldest = conn.execute(sa.select(sa.func.min(snapshots.c.id)).where(~snapshots.c.swept)).scalar()
    if oldest is not None and snapshot < oldest:
        raise NO_SNAPSHOT.error(dataset=dataset, snapshot=snapshot, oldest=oldest)


def every_path(conn: sa.Connection) -> set[str]:
    """Paths of every file that some snapshot lists."""
    return set(conn.execute(sa.select(files.c.path)).scalars())


def newest_snapshot(conn: sa.Connection) -> int:
    """The newest snapshot, 0 before the first write."""
    return conn.execute(sa.select(sa.func.max(snapshots.c.id))).scalar() or 0


def partitions_of(conn: sa.Connection, dataset: str) -> list[str]:
    """The partitions that a dataset has now, in order."""
    current = sa.and_(files.c.dataset == dataset, files.c.removed.is_(None))
    return sorted(conn.execute(sa.select(files.c.partition).where(current).distinct()).scalars())


def scattered(conn: sa.Connection, dataset: str, most: int) -> list[str]:
    """The partitions that stand in more than `most` files now, in order."""
    c = files.c
    current = sa.select(c.partition).where(c.dataset == dataset, c.removed.is_(None))
    many = current.group_by(c.partition).having(sa.func.count() > most)
    return sorted(conn.execute(many).scalars())


def stats_of(conn: sa.Connection) -> list[DatasetStats]:
    """How much every dataset holds now, and when it last changed."""
    c, live = files.c, files.c.removed.is_(None)
    last = sa.func.max(snapshots.c.at)
    wanted = (
        sa.select(
            c.dataset,
            sa.func.coalesce(sa.func.sum(c.rows).filter(live), 0).cast(sa.BigInteger),
            sa.func.count().filter(live),
            sa.func.coalesce(sa.func.sum(c.bytes).filter(live), 0).cast(sa.BigInteger),
            last,
        )
        .join_from(files, snapshots, snapshots.c.id == sa.func.coalesce(c.removed, c.added))
        .group_by(c.dataset)
        .order_by(c.dataset.collate("C"))
    )
    return [DatasetStats(*row) for row in conn.execute(wanted)]


def forget(uow: UnitOfWork, older_than: timedelta) -> list[str]:
    """Drop what left the newest snapshot longer ago than this; returns the paths nobody lists any more."""
    hold(uow)
    past = sa.select(snapshots.c.id).where(snapshots.c.at < sa.func.clock_timestamp() - older_than)
    gone = sa.delete(files).where(files.c.removed.in_(past)).returning(files.c.path, files.c.removed)
    forgotten = uow.conn.execute(gone).all()
    if forgotten:
        floor = max(removed for _, removed in forgotten)
        uow.conn.execute(sa.update(snapshots).where(snapshots.c.id < floor).values(swept=True))
    used = sa.exists().where(sa.or_(files.c.added == snapshots.c.id, files.c.removed == snapshots.c.id))
    uow.conn.execute(sa.delete(snapshots).where(snapshots.c.swept, ~used))
    return [path for path, _ in forgotten]
