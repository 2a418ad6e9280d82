"""PostgreSQL rows: one transaction is one unit of work. Capabilities declare their tables on `metadata`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shengeng.kernel.errors import ShopError
from shengeng.storage.contracts import BAD_DATABASE_URL, BUSY, DATABASE_AWAY, DISK_FULL, OUT_OF_RANGE, Json
from shengeng.storage.enqueue import enqueue_job
from shengeng.storage.pool import look_before_use
from shengeng.storage.remembered import Memory, forget, forget_after_writes
from shengeng.storage.tables import metadata

__all__ = ["Rows", "UnitOfWork", "connect", "metadata"]

# Tables of ours stand in public, procrastinate's in jobs; its functions name their tables without a schema.
SEARCH_PATH = "public,jobs"
# So often a transaction is done again that met another one crosswise, after pauses of growing length.
TRIES, _PAUSE_S = 6, 0.02
T = TypeVar("T")
_CONTENDED = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
)


@dataclass(slots=True)
class UnitOfWork:
    """One transaction. Everything done through it is kept together or not at all."""

    conn: sa.Connection
    snapshot: int | None = None
    memory: Memory = field(default_factory=dict, repr=False)
    # A connection lost during the commit leaves open whether it happened; then nothing is tidied away.
    _committing: bool = False
    _kept: list[Callable[[], None]] = field(default_factory=list)
    _dropped: list[Callable[[], None]] = field(default_factory=list)

    @property
    def driver(self) -> psycopg.Connection[tuple[object, ...]]:
        """The psycopg connection of this transaction, for COPY."""
        connection = self.conn.connection.driver_connection
        assert isinstance(connection, psycopg.Connection)
        return connection

    def copy_in(self, table: str, columns: Sequence[str], rows: pa.Table | pa.RecordBatchReader) -> int:
        """COPY rows into a table ("name" or "schema.name"), in this transaction; returns how many.

        rows: columns are taken by position, in the order of `columns`; null stays null, "" stays "".
        """
        reader = rows if isinstance(rows, pa.RecordBatchReader) else rows.to_reader()
        assert len(reader.schema) == len(columns), (reader.schema.names, columns)
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
            sql.Identifier(*table.split(".")), sql.SQL(",").join(map(sql.Identifier, columns))
        )
        count = 0
        forget(self.conn)
        with self.driver.cursor() as cursor, cursor.copy(statement) as copy:
            for batch in reader:
                count += batch.num_rows
                copy.write(_csv(batch))
        return count

    def lock(self, name: str) -> None:
        """Wait for, then hold until the end of the transaction, the one lock of this name."""
        forget(self.conn)  # whoever had the lock may have changed what is remembered
        self.conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))

    def try_lock(self, name: str) -> bool:
        """Hold the one lock of this name until the transaction ends; False when somebody else has it."""
        held = sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(name, 0))
        return bool(self.conn.execute(sa.select(held)).scalar())

    def enqueue(self, task: str, *, queue: str = "default", lock: str | None = None, **args: Json) -> int:
        """Enqueue a job in this transaction; rolled back with it. Returns the job's id.

        lock: jobs with the same lock never run at the same time, and run in order.
        """
        return enqueue_job(self.conn, driver=self.driver, task=task, queue=queue, lock=lock, args=args)

    def erasing(self, *, on: bool = True) -> None:
        """Say that this transaction erases a person: logs that only grow let its updates pass."""
        told = "on" if on else "off"
        self.conn.execute(sa.select(sa.func.set_config("shengeng.erasing", told, True)))

    def when_kept(self, effect: Callable[[], None]) -> None:
        """Run after the commit; lost when the process dies in between, so only for tidying."""
        self._kept.append(effect)

    def when_dropped(self, effect: Callable[[], None]) -> None:
        """Run after a rollback, for tidying what stands outside the database."""
        self._dropped.append(effect)

    def _settle(self, kept: bool) -> None:
        for effect in self._kept if kept else self._dropped:
            effect()


def _csv(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    pacsv.write_csv(batch, sink, pacsv.WriteOptions(include_header=False))
    return bytes(sink.getvalue())


@dataclass(frozen=True, slots=True)
class Rows:
    """The pool of connections to one PostgreSQL database."""

    engine: sa.Engine
    memory: Memory = field(default_factory=dict, compare=False, repr=False)

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """One transaction: commit on success, roll back on any error, never retry.

        A database that is away, contended or full becomes a ShopError that says so.
        """
        uow: UnitOfWork | None = None
        try:
            with self.engine.begin() as connection:
                uow = UnitOfWork(connection, memory=self.memory)
                yield uow
                uow._committing = True
        except BaseException as error:
            if uow is not None and not uow._committing:
                uow._settle(kept=False)
            refused = _refusal(error)
            if refused is None:
                raise
            raise refused from error
        uow._settle(kept=True)

    def patiently(self, act: Callable[[UnitOfWork], T], tries: int = TRIES) -> T:
        """An act in a transaction of its own, all of it done again when two reached for the same rows
        crosswise. The act leaves nothing outside of the transaction, so that repeating it is harmless."""
        for attempt in range(1, tries + 1):
            try:
                with self.unit() as uow:
                    return act(uow)
            except ShopError as refused:
                if refused.code != BUSY.code or attempt == tries:
                    raise
                time.sleep(_PAUSE_S * 2**attempt * random.random())  # noqa: S311 (a pause, not a secret)
        raise AssertionError("the last try either did it or raised")

    def ping(self) -> None:
        """Ask the database for one row; ShopError `database_away` when it does not answer."""
        with self.unit() as uow:
            uow.conn.execute(sa.select(1))

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


def _refusal(error: BaseException) -> ShopError | None:
    if isinstance(error, PoolTimeout):
        return DATABASE_AWAY.error(why="every connection is in use")
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, _CONTENDED):
        return BUSY.error(why=_first_line(origin))
    if isinstance(origin, psycopg.errors.DiskFull):
        return DISK_FULL.error(folder="the database's folder", free=0)
    if isinstance(error, DataError):
        return OUT_OF_RANGE.error()
    gone = isinstance(error, OperationalError | InterfaceError | PendingRollbackError)
    if gone or isinstance(origin, psycopg.OperationalError):
        return DATABASE_AWAY.error(why=_first_line(origin or error))
    return None


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def database_url(text: str) -> sa.URL:
    """The URL with our driver; anything that is not PostgreSQL is refused (the password stays out of it)."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise BAD_DATABASE_URL.error() from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise BAD_DATABASE_URL.error()
    return url.set(drivername="postgresql+psycopg")


def connect(url: str | sa.URL, *, pool_size: int = 12) -> Rows:
    """A pool on a PostgreSQL database; no connection is made before the first unit of work.

    pool_size: so many are kept once they were needed, the last used ones first: requests that work at the
    same time (http.asking.TURNS) would else open and close some for every few statements.
    """
    engine = sa.create_engine(
        database_url(url) if isinstance(url, str) else url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        pool_use_lifo=True,
        max_overflow=8,
        pool_timeout=30,
        connect_args={"options": f"-csearch_path={SEARCH_PATH} -ctimezone=UTC", "connect_timeout": 10},
    )
    look_before_use(engine)
    forget_after_writes(engine)
    return Rows(engine)
