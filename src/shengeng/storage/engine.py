"""The analytical engine: Ibis on DuckDB, one in-memory database with a cursor for each thread."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import ibis
import ibis.expr.types as ir
import psutil
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.expr.operations import InMemoryTable

from shengeng.kernel.errors import ShopError
from shengeng.storage.contracts import DISK_FULL, MEMORY_FULL, damaged
from shengeng.storage.disk import free_bytes

T = TypeVar("T")
# What the engine raises when it cannot read a file or answer; callers need not know which engine it is.
EngineError = duckdb.Error
REMEMBERED_VIEWS = 500
ROWS_A_BATCH = 100_000
_LAKE_FILE = re.compile(r"([^\s'\"]+\.parquet)")


class LakeBackend(Backend):  # type: ignore[misc]  # Ibis publishes this base without types
    """DuckDB whose failures on files, disk and memory are told as ShopErrors."""

    spill: Path = Path()
    memory_limit: str = ""
    views: OrderedDict[str, tuple[ir.Table, bool]]
    dead_memtables: deque[str]
    open_stream: pa.RecordBatchReader | None = None

    def execute(self, expr: ir.Expr, /, **options: Any) -> Any:
        """The answer as pandas."""
        return self._told(lambda: super(LakeBackend, self).execute(expr, **options))

    def to_pyarrow(self, expr: ir.Expr, /, **options: Any) -> Any:
        """The answer as an Arrow table, array or scalar."""
        return self._told(lambda: super(LakeBackend, self).to_pyarrow(expr, **options))

    def to_pyarrow_batches(self, expr: ir.Expr, /, *, chunk_size: int = ROWS_A_BATCH, **options: Any) -> Any:
        """The answer as a stream of Arrow batches, without ever holding all of it.

        Ibis 12's own calls a function that DuckDB 2 no longer has.
        """
        schema = expr.as_table().schema().to_pyarrow()
        relation = self._told(lambda: self._to_duckdb_relation(expr, **options))
        reader = self._told(lambda: relation.to_arrow_reader(chunk_size))
        self.open_stream = reader
        return pa.RecordBatchReader.from_batches(schema, self._told_batches(reader, schema))

    def _told_batches(self, reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        while (batch := self._told(lambda: next(reader, None))) is not None:
            yield batch if batch.schema == schema else batch.cast(schema)
        self._end_stream()

    def _end_stream(self) -> bool:
        """A stream that was left half read would keep this connection from every further question."""
        if self.open_stream is None:
            return False
        self.open_stream.close()
        self.open_stream = None
        return True

    def get_schema(self, *names: Any, **options: Any) -> Any:
        """The columns of a table."""
        return self._told(lambda: super(LakeBackend, self).get_schema(*names, **options))

    def read_files(self, paths: list[str], name: str, *, by_name: bool) -> ir.Table:
        """A view of Parquet files; by_name: their columns differ."""
        read = super().read_parquet
        return self._told(
            lambda: read(paths, table_name=name, union_by_name=by_name, hive_partitioning=False)
        )

    def _register_in_memory_table(self, op: InMemoryTable) -> None:
        # Ibis 12 keeps every memtable registered, with its rows, for the life of the connection.
        while self.dead_memtables:
            self.con.unregister(self.dead_memtables.popleft())
        super()._register_in_memory_table(op)
        weakref.finalize(op, self.dead_memtables.append, op.name)

    def remember(self, name: str, table: ir.Table, *, is_view: bool) -> None:
        """Keep the newest few hundred views; older ones go, so that a long-lived server stays small."""
        self.views[name] = table, is_view
        while len(self.views) > REMEMBERED_VIEWS:
            oldest, (_, was_view) = self.views.popitem(last=False)
            (self.drop_view if was_view else self.drop_table)(oldest, force=True)

    def _told(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except (duckdb.Error, OSError) as error:
            if isinstance(error, duckdb.ResourceInUseException) and self._end_stream():
                return self._told(question)
            refused = self._refusal(str(error), error)
            if refused is None:
                raise
            raise refused from error

    def _refusal(self, text: str, error: Exception) -> ShopError | None:
        if "No space left on device" in text or "max_temp_directory_size" in text:
            return DISK_FULL.error(folder=self.spill, free=free_bytes(self.spill))
        if isinstance(error, duckdb.OutOfMemoryException):
            return MEMORY_FULL.error(limit=self.memory_limit)
        found = _LAKE_FILE.search(text)
        if found is None or isinstance(error, duckdb.BinderException | duckdb.CatalogException):
            return None
        path = Path(found[1])
        fault = "damaged" if path.exists() else "missing"
        return damaged(path.parent.name, path, fault)


class Engine:
    """One DuckDB for the process; every thread asks through its own connection."""

    def __init__(self, spill: Path, memory_limit: str, threads: int) -> None:
        _remove_spills_of_the_dead(spill)
        self._spill, self._memory_limit = spill / f"{os.getpid()}-{secrets.token_hex(4)}", memory_limit
        self._spill.mkdir(parents=True, exist_ok=True)
        config: Mapping[str, Any] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(self._spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._database = duckdb.connect(":memory:", config=dict(config))
        self._local = threading.local()

    @property
    def backend(self) -> LakeBackend:
        """This thread's Ibis backend."""
        found: LakeBackend | None = getattr(self._local, "backend", None)
        if found is None:
            found = LakeBackend.from_connection(self._database.cursor())
            found.views, found.dead_memtables = OrderedDict(), deque()
            found.spill, found.memory_limit = self._spill, self._memory_limit
            found.settings["TimeZone"] = "UTC"  # else a moment is read in the zone of this machine
            self._local.backend = found
        return found

    def close(self) -> None:
        """Free the engine's memory and what it spilled to disk."""
        self._local = threading.local()
        self._database.close()
        shutil.rmtree(self._spill, ignore_errors=True)


def _remove_spills_of_the_dead(spill: Path) -> None:
    """A killed process leaves what it spilled; processes of one home each spill into their own folder."""
    for folder in spill.glob("*"):
        owner = folder.name.split("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def nullable(schema: pa.Schema) -> ibis.Schema:
    """The Ibis schema of an Arrow schema in which every column may be null, as in files."""
    found = ibis.Schema.from_pyarrow(schema)
    return ibis.schema({name: kind.copy(nullable=True) for name, kind in found.items()})
