"""The facts lake: immutable Parquet files, listed in a PostgreSQL manifest, asked through Ibis.

A crash between any two steps is harmless: a file is whole before it is listed, it is listed in the
caller's transaction, and a file that no snapshot lists is garbage that `sweep` removes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from shengeng.kernel.settings import Settings
from shengeng.storage import manifest
from shengeng.storage.contracts import (
    NO_DATASET,
    SCHEMA_CLASH,
    DatasetStats,
    FileFault,
    damaged,
)
from shengeng.storage.engine import Engine, LakeBackend, nullable
from shengeng.storage.manifest import ListedFile
from shengeng.storage.parquet import ROW_GROUP, WrittenFile, file_sha256, plain_schema, write_file
from shengeng.storage.rows import Rows, UnitOfWork

__all__ = ["Lake", "open_lake"]
Row = dict[str, Any]


class Lake:
    """Datasets by name, each a set of files in partitions. Writes go through the caller's transaction."""

    def __init__(self, folder: Path, engine: Engine, rows: Rows) -> None:
        self._folder, self._engine, self._rows = folder, engine, rows
        self._uow: UnitOfWork | None = None
        self._sound: set[tuple[str, int]] = set()

    @property
    def connection(self) -> LakeBackend:
        """The Ibis backend of this thread (DuckDB)."""
        return self._engine.backend

    def inside(self, uow: UnitOfWork) -> Lake:
        """The lake as this transaction sees it: what it wrote itself included."""
        inner = Lake(self._folder, self._engine, self._rows)
        inner._uow, inner._sound = uow, self._sound
        return inner

    def append(
        self, uow: UnitOfWork, dataset: str, rows: pa.Table | pa.RecordBatchReader, *, partition: str = ""
    ) -> int:
        """Add rows to a partition as one new file; returns how many. No rows, no file.

        From here to its end the transaction is the lake's only writer, so keep it short.
        """
        written = self._write(uow, dataset, partition, rows)
        if written.rows:
            manifest.add(uow, dataset, partition, written)
        else:
            (self._folder / written.path).unlink()
        return written.rows

    def replace(
        self,
        uow: UnitOfWork,
        dataset: str,
        rows: pa.Table | pa.RecordBatchReader,
        *,
        partition: str = "",
        prefix: bool = False,
    ) -> int:
        """Put rows in place of a partition (or, with prefix, of all partitions that start with it).

        No rows leave an empty partition that is still there. Returns how many rows stand there now.
        """
        written = self._write(uow, dataset, partition, rows)
        manifest.drop(uow, dataset, partition, prefix=prefix)
        manifest.add(uow, dataset, partition, written)
        return written.rows

    def remove(self, uow: UnitOfWork, dataset: str, *, partition: str, prefix: bool = False) -> None:
        """Take a partition out of the dataset; earlier snapshots still list it until a sweep."""
        manifest.drop(uow, dataset, partition, prefix=prefix)

    def partitions(self, uow: UnitOfWork, dataset: str) -> list[str]:
        """The partitions that a dataset has now, in order."""
        return manifest.partitions_of(uow.conn, dataset)

    def table(
        self,
        dataset: str,
        *,
        partitions: Collection[str] | None = None,
        snapshot: int | None = None,
        schema: pa.Schema | None = None,
    ) -> ir.Table:
        """An Ibis table over exactly the files that the manifest lists, for use in this thread.

        schema: columns come in this order and type, one that older files lack is null, further columns
        follow; with no files at all it is an empty table of this schema, without it `no_dataset`.
        snapshot: as the lake stood then; default now.
        """
        with self.beside() as conn:
            found = manifest.listed(conn, dataset, partitions, snapshot)
        if not found and schema is None:
            raise NO_DATASET.error(dataset=dataset)
        self._refuse_damaged(found)
        union = _union(dataset, [file.schema for file in found], schema)
        return self._view([self._folder / f.path for f in found], [f.schema for f in found], union)

    def memtable(self, data: pa.Table | pd.DataFrame) -> ir.Table:
        """Rows in memory as an Ibis table that joins with tables of the lake."""
        return ibis.memtable(data)

    def snapshot(self) -> int:
        """The newest snapshot, 0 before the first write."""
        with self.beside() as conn:
            return manifest.newest_snapshot(conn)

    def stats(self, uow: UnitOfWork) -> list[DatasetStats]:
        """How much every dataset holds now, by name."""
        return manifest.stats_of(uow.conn)

    def compact(
        self, uow: UnitOfWork, dataset: str, *, sort_by: str | Collection[str], partition: str = ""
    ) -> int:
        """Rewrite a partition as one file sorted by columns; returns its rows. The rows stay the same."""
        manifest.hold(uow)  # nobody may append between the read and the write
        if partition not in manifest.partitions_of(uow.conn, dataset):
            return 0
        rows = self.inside(uow).table(dataset, partitions=[partition])
        keys = [sort_by] if isinstance(sort_by, str) else list(sort_by)
        stream = rows.order_by(keys).to_pyarrow_batches(chunk_size=ROW_GROUP)
        return self.replace(uow, dataset, stream, partition=partition)

    def about(self, uow: UnitOfWork, dataset: str, column: str, values: Collection[str]) -> list[Row]:
        """The rows of a dataset that have one of the values in a column, as this transaction sees them."""
        rows = self._with(uow, dataset, column, values, None)
        return [] if rows is None else rows.to_pyarrow().to_pylist()

    def rewrite(
        self,
        uow: UnitOfWork,
        dataset: str,
        column: str,
        values: Collection[str],
        *,
        clear: Collection[str] = (),
        sort_by: Sequence[str] = (),
    ) -> int:
        """Take rows with one of the values in a column out of a dataset; returns how many.

        clear: the rows stay and these columns of theirs become null instead; sort_by: the dataset's order.
        Only partitions that hold such rows are written again; the old files leave the newest snapshot here
        and the disk with the sweep that follows KEPT_SNAPSHOTS later.
        """
        manifest.hold(uow)  # nobody may append between the read and the write
        touched = 0
        for partition in manifest.partitions_of(uow.conn, dataset):
            found = self._with(uow, dataset, column, values, partition)
            count = 0 if found is None else int(found.count().to_pyarrow().as_py())
            if count:
                whole = self.inside(uow).table(dataset, partitions=[partition])
                kept = _cleared(whole, column, values, clear) if clear else _without(whole, column, values)
                stream = (kept.order_by(list(sort_by)) if sort_by else kept).to_pyarrow_batches(
                    chunk_size=ROW_GROUP
                )
                self.replace(uow, dataset, stream, partition=partition)
            touched += count
        return touched

    def prune(self, uow: UnitOfWork, dataset: str, column: str, before: date | datetime) -> int:
        """Take rows that are older than a day or moment out of a dataset; returns how many."""
        manifest.hold(uow)
        gone = 0
        for partition in manifest.partitions_of(uow.conn, dataset):
            whole = self.inside(uow).table(dataset, partitions=[partition])
            old = int(whole.filter(whole[column] < before).count().to_pyarrow().as_py())
            if old:
                kept = whole.filter(whole[column].isnull() | (whole[column] >= before))
                self.replace(uow, dataset, kept.to_pyarrow_batches(chunk_size=ROW_GROUP), partition=partition)
            gone += old
        return gone

    def _with(
        self, uow: UnitOfWork, dataset: str, column: str, values: Collection[str], partition: str | None
    ) -> ir.Table | None:
        """The rows with one of the values; None where the dataset, or the column, is not there."""
        if not values or not manifest.partitions_of(uow.conn, dataset):
            return None
        rows = self.inside(uow).table(dataset, partitions=None if partition is None else [partition])
        return rows.filter(rows[column].isin(sorted(values))) if column in rows.columns else None

    def scattered(self, uow: UnitOfWork, dataset: str, *, most: int) -> list[str]:
        """The partitions that stand in more than `most` files and want compaction."""
        return manifest.scattered(uow.conn, dataset, most)

    def sweep(self, uow: UnitOfWork, *, older_than: timedelta) -> int:
        """Unlink, after the commit, files that no snapshot of the last `older_than` lists.

        Files that a transaction has written and not yet listed are younger, so keep this above an hour.
        Returns how many files go.
        """
        forgotten = manifest.forget(uow, older_than)
        known = manifest.every_path(uow.conn) | set(forgotten)
        doomed = [self._folder / path for path in forgotten] + self._unlisted(known, older_than)
        uow.when_kept(lambda: _unlink(doomed))
        return len(doomed)

    def verify(self, uow: UnitOfWork, *, deep: bool = True) -> list[FileFault]:
        """The listed files that are not as written: by size, and (deep) read and compared by sha256."""
        faults = ((file, self._fault(file, deep=deep)) for file in manifest.listed(uow.conn))
        return [
            FileFault(file.dataset, str(self._folder / file.path), fault) for file, fault in faults if fault
        ]

    def close(self) -> None:
        """Free the engine's memory."""
        self._engine.close()

    def _write(
        self, uow: UnitOfWork, dataset: str, partition: str, rows: pa.Table | pa.RecordBatchReader
    ) -> WrittenFile:
        known = dict.fromkeys(file.schema for file in manifest.listed(uow.conn, dataset))
        _union(dataset, [*known, plain_schema(rows.schema)], None)
        written = write_file(self._folder, dataset, partition, rows)
        uow.when_dropped(lambda: (self._folder / written.path).unlink(missing_ok=True))
        return written

    @contextmanager
    def beside(self) -> Iterator[sa.Connection]:
        """The rows that the manifest stands in, in the transaction that this lake is `inside` of."""
        if self._uow is not None:
            yield self._uow.conn
        else:
            with self._rows.unit() as uow:
                yield uow.conn

    def _refuse_damaged(self, found: list[ListedFile]) -> None:
        """A flipped bit would be read as another number: a file's digest is compared at its first reading."""
        for file in found:
            if fault := self._fault(file, deep=self._age(file) not in self._sound):
                raise damaged(file.dataset, self._folder / file.path, fault)
            self._sound.add(self._age(file))

    def _age(self, file: ListedFile) -> tuple[str, int]:
        try:
            return file.path, (self._folder / file.path).stat().st_mtime_ns
        except OSError:
            return file.path, 0

    def _fault(self, file: ListedFile, *, deep: bool = False) -> str:
        path = self._folder / file.path
        try:
            size = path.stat().st_size
            if size != file.bytes:
                return "shortened" if size < file.bytes else "altered"
            return "altered" if deep and file_sha256(path) != file.sha256 else ""
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "unreadable"

    def _unlisted(self, known: set[str], older_than: timedelta) -> list[Path]:
        limit = time.time() - older_than.total_seconds()
        paths = [*self._folder.glob("*/*.parquet"), *self._folder.glob("*/.*.part")]
        unknown = (path for path in paths if str(path.relative_to(self._folder)) not in known)
        return [path for path in unknown if path.stat().st_mtime < limit]

    def _view(self, paths: list[Path], schemas: list[pa.Schema], union: pa.Schema) -> ir.Table:
        """One view for one list of files and one schema: files never change, so it is asked for once."""
        backend = self.connection
        text = "\n".join(map(str, [*paths, union]))
        name = f"lake_{hashlib.sha256(text.encode()).hexdigest()[:24]}"
        if name not in backend.views:
            if paths:
                backend.read_files([str(path) for path in paths], name, by_name=len(set(schemas)) > 1)
            else:
                backend.create_table(name, schema=nullable(union), temp=True)
            backend.remember(name, _shaped(backend.table(name), union), is_view=bool(paths))
        return backend.views[name][0]


def _without(table: ir.Table, column: str, values: Collection[str]) -> ir.Table:
    return table.filter(table[column].isnull() | ~table[column].isin(sorted(values)))


def _cleared(table: ir.Table, column: str, values: Collection[str], clear: Collection[str]) -> ir.Table:
    theirs = table[column].isin(sorted(values)).fill_null(False)
    kinds = table.schema()
    return table.mutate(
        **{name: theirs.ifelse(ibis.null().cast(kinds[name]), table[name]) for name in clear}
    ).select(*table.columns)


def _shaped(table: ir.Table, union: pa.Schema) -> ir.Table:
    """The columns of a schema in its order and types; a column that no file has yet is null."""
    wanted = nullable(union)
    have = table.schema()
    if have == wanted:
        return table
    return table.select(
        **{
            name: (table[name] if have[name] == kind else table[name].cast(kind))
            if name in have
            else ibis.null().cast(kind)
            for name, kind in wanted.items()
        }
    )


def _union(dataset: str, schemas: list[pa.Schema], wanted: pa.Schema | None) -> pa.Schema:
    """Every column of every file, in the order of the wanted schema first, then of appearance."""
    columns: dict[str, pa.DataType] = {f.name: f.type for f in plain_schema(wanted)} if wanted else {}
    for schema in schemas:
        for field in schema:
            known = columns.setdefault(field.name, field.type)
            columns[field.name] = _wider(dataset, field.name, known, field.type, fixed=wanted is not None)
    return pa.schema(list(columns.items()))


def _wider(
    dataset: str, column: str, old: pa.DataType, new: pa.DataType, *, fixed: bool = False
) -> pa.DataType:
    """The type that holds both; whole numbers widen, null yields, anything else is refused by name."""
    if old == new or pa.types.is_null(new):
        return old
    if pa.types.is_null(old):
        return new
    if fixed:
        return old
    for kinds in (pa.types.is_integer, pa.types.is_floating):
        if kinds(old) and kinds(new):
            return max(old, new, key=lambda kind: kind.bit_width)
    raise SCHEMA_CLASH.error(dataset=dataset, column=column, old=old, new=new)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def open_lake(settings: Settings, rows: Rows) -> Lake:
    """The lake of a home: its files, its engine within the memory of the settings, its manifest in rows."""
    engine = Engine(settings.home / "spill", settings.memory_limit, settings.threads)
    return Lake(settings.home / "lake", engine, rows)
