"""Write one immutable Parquet file so that it is either whole on disk or not there at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from shengeng.storage.contracts import DISK_FULL
from shengeng.storage.disk import free_bytes

ROW_GROUP = 100_000


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file on disk that no manifest lists yet. path: relative to the lake; bytes: compressed."""

    path: str
    rows: int
    bytes: int
    sha256: str
    schema: pa.Schema


class _Hashing:
    """A file that hashes what passes; Parquet is written front to back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        view = memoryview(data).cast("B")
        self.digest.update(view)
        self.size += len(view)
        self._file.write(view)
        return len(view)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def write_file(
    lake: Path, dataset: str, partition: str, rows: pa.Table | pa.RecordBatchReader
) -> WrittenFile:
    """Stream rows into a new zstd file: temporary name, fsync, rename, fsync of the folder.

    Memory stays at one row group (100,000 rows). A full disk leaves nothing behind.
    """
    reader = rows if isinstance(rows, pa.RecordBatchReader) else rows.to_reader()
    schema = plain_schema(reader.schema)
    folder = lake / dataset
    name = (
        "-".join(filter(None, (re.sub(r"[^A-Za-z0-9.]+", "-", partition)[:60], uuid.uuid4().hex)))
        + ".parquet"
    )
    temporary = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            sink = _Hashing(file)
            count = _write(sink, schema, reader)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(folder / name)
        _sync_folder(folder)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DISK_FULL.error(folder=folder, free=free_bytes(lake)) from error
        raise
    return WrittenFile(f"{dataset}/{name}", count, sink.size, sink.digest.hexdigest(), schema)


def _write(sink: _Hashing, schema: pa.Schema, reader: pa.RecordBatchReader) -> int:
    count = 0
    with pq.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd") as writer:
        for group in _row_groups(reader):
            writer.write_table(pa.Table.from_batches(group).cast(schema), row_group_size=ROW_GROUP)
            count += sum(batch.num_rows for batch in group)
    return count


def _row_groups(reader: pa.RecordBatchReader) -> Iterator[list[pa.RecordBatch]]:
    waiting: list[pa.RecordBatch] = []
    size = 0
    for batch in reader:
        for start in range(0, batch.num_rows, ROW_GROUP):
            piece = batch.slice(start, ROW_GROUP)
            if size + piece.num_rows > ROW_GROUP:
                yield waiting
                waiting, size = [], 0
            waiting.append(piece)
            size += piece.num_rows
    if waiting:
        yield waiting


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema as every engine reads it: no dictionaries, large types or library metadata."""
    return pa.schema([pa.field(field.name, _plain(field.type)) for field in schema])


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_large_binary(kind):
        return pa.binary()
    if pa.types.is_large_list(kind) or pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return kind


def file_sha256(path: Path) -> str:
    """The digest of a file on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
