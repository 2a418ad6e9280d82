"""CSV into Arrow batches of plain strings: every row is either whole, or named with what is wrong with it.

A block of rows goes through Arrow's parser; only a block in which something is wrong is read row by row,
so that a broken quote costs one row and not the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from shengeng.sense.connect.contracts import CODES
from shengeng.sense.connect.contracts.refusals import NO_HEADER, NOT_TEXT

BLOCK_BYTES = 2 * 2**20  # 8 MB took 80 MB more memory and more time
ROW_BYTES = 2**20  # no order line is longer; a file without line ends is no CSV
ROW_LINES = 100  # a quoted value may hold line breaks, this many at most
SHOWN = 200  # characters of a broken row that its reject shows
ROW, FAULT, FOUND = "__row", "__fault", "__found"
Encoding = Literal["utf-8", "gb18030"]

_CJK_AS_UTF8 = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}")
_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is no row: the line it starts at, what is wrong, and how it begins."""

    row: int
    fault: int  # a code of contracts.REASONS
    found: str


def header(path: Path) -> list[str]:
    """Column names of a CSV file; a file that has no readable first line is refused."""
    with path.open("rb") as file:
        first = file.readline(ROW_BYTES)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NOT_TEXT.error(file=path.name, found="UTF-16")
    text = _decoded(first.removeprefix(b"\xef\xbb\xbf"))
    if text is None or "\0" in text:
        raise NOT_TEXT.error(file=path.name, found="bytes")
    try:
        names = next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise NO_HEADER.error(file=path.name, found=text.strip()[:SHOWN]) from None
    return [name.strip() for name in names]


def schema(names: Sequence[str]) -> pa.Schema:
    """What `batches` gives: the row number, its fault (0: none), and every column as text."""
    fields = [(ROW, pa.int64()), (FAULT, pa.int8()), (FOUND, pa.string())]
    return pa.schema([*fields, *((name, pa.string()) for name in names)])


def batches(path: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """All rows under the header, in order, in batches of bounded size.

    names: the columns as `header` gave them. Broken rows have FAULT and FOUND, and no values.
    """
    encoding = _encoding(path)
    with path.open("rb") as file:
        head = file.readline(ROW_BYTES).removeprefix(b"\xef\xbb\xbf")
        row, rest = 1 + head.count(b"\n"), b""
        for more in _blocks(file, path.name):
            block = rest + more
            done, used = _block(block, row, names, encoding, last=False)
            yield from done
            row, rest = row + block[:used].count(b"\n"), block[used:]
        if rest:
            yield from _block(rest, row, names, encoding, last=True)[0]


def _blocks(file: BinaryIO, name: str) -> Iterator[bytes]:
    """What is left of a file in blocks of whole lines."""
    rest = b""
    while more := file.read(BLOCK_BYTES):
        block = rest + more
        cut = block.rfind(b"\n") + 1
        if cut:
            yield block[:cut]
        rest = block[cut:]
        if len(rest) > ROW_BYTES + BLOCK_BYTES:
            raise NOT_TEXT.error(file=name, found="no line ends")
    if rest:
        yield rest


def _block(
    block: bytes, row: int, names: Sequence[str], encoding: Encoding, *, last: bool
) -> tuple[list[pa.RecordBatch], int]:
    """Batches of a block, and how many of its bytes they used up (an open quote waits for the next block)."""
    if not block:
        return [], 0
    whole = _whole(block, row, names, encoding)
    if whole is not None:
        return [whole], len(block)
    return _row_by_row(block, row, names, encoding, last=last)


def _whole(block: bytes, row: int, names: Sequence[str], encoding: Encoding) -> pa.RecordBatch | None:
    """The block by Arrow's parser, or None when a row in it is not plainly one good line."""
    if encoding == "gb18030":
        if any(_other_encoding(line) for line in block.splitlines() if not line.isascii()):
            return None
        try:
            block = block.decode("gb18030").encode()
        except UnicodeDecodeError:
            return None
    if _BLANK_LINE.search(block) or b"\0" in block:
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(block),
            read_options=pa_csv.ReadOptions(column_names=list(names), block_size=len(block) + 1),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != lines:
        return None
    columns = [column.combine_chunks() for column in table.columns]
    return _batch(range(row, row + lines), columns, names, [])


def _row_by_row(
    block: bytes, row: int, names: Sequence[str], encoding: Encoding, *, last: bool
) -> tuple[list[pa.RecordBatch], int]:
    lines = block.splitlines(keepends=True) if b"\r" not in block else _physical_lines(block)
    good: list[tuple[int, list[str]]] = []
    broken: list[Broken] = []
    at = 0
    while at < len(lines):
        found = _record(lines, at, len(names), encoding, last=last)
        if found is None:  # the quote may close in the next block
            break
        values, used = found
        if isinstance(values, int):
            broken.append(Broken(row + at, values, lines[at].decode("utf-8", "replace").strip()[:SHOWN]))
        elif values:
            good.append((row + at, values))
        at += used
    columns = [pa.array(column, pa.string()) for column in zip(*(v for _, v in good), strict=True)]
    columns = columns or [pa.array([], pa.string()) for _ in names]
    batch = _batch([number for number, _ in good], columns, names, broken)
    return [batch] if batch.num_rows else [], sum(map(len, lines[:at]))


def _record(
    lines: list[bytes], at: int, width: int, encoding: Encoding, *, last: bool
) -> tuple[list[str] | int, int] | None:
    """The record that starts at a line: its values or what is wrong with it, and how many lines it takes."""
    text, count = lines[at], 1
    while text.count(b'"') % 2:
        if at + count >= len(lines):
            return (CODES["quote_open"], 1) if last or count > ROW_LINES else None
        if count > ROW_LINES:
            return CODES["quote_open"], 1
        text, count = text + lines[at + count], count + 1
    values = _values(text, width, encoding)
    if isinstance(values, int) and count > 1:
        return CODES["quote_open"], 1
    return values, count


def _values(line: bytes, width: int, encoding: Encoding) -> list[str] | int:
    if encoding == "gb18030" and _other_encoding(line):
        return CODES["encoding"]
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return CODES["encoding"]
    try:
        values = next(csv.reader(text.splitlines(keepends=True), strict=True), [])
    except csv.Error:
        return CODES["quote_place"]
    if values and len(values) != width:
        return CODES["width"]
    return values


def _physical_lines(block: bytes) -> list[bytes]:
    """Lines by line feed only: a lone carriage return inside a value is not a line end."""
    parts = block.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _batch(
    rows: range | list[int], columns: Sequence[pa.Array], names: Sequence[str], broken: Sequence[Broken]
) -> pa.RecordBatch:
    """Good rows, then broken ones; the row number says where each stood."""
    good, bad = len(rows), len(broken)
    starts = np.arange(rows.start, rows.stop) if isinstance(rows, range) else np.array(rows, np.int64)
    number = pa.array(np.concatenate([starts, np.array([b.row for b in broken], np.int64)]))
    fault = pa.array(np.concatenate([np.zeros(good, np.int8), np.array([b.fault for b in broken], np.int8)]))
    found = pa.concat_arrays([pa.nulls(good, pa.string()), pa.array([b.found for b in broken], pa.string())])
    values = [pa.concat_arrays([column, pa.nulls(bad, pa.string())]) if bad else column for column in columns]
    return pa.RecordBatch.from_arrays([number, fault, found, *values], schema=schema(names))


def _encoding(path: Path) -> Encoding:
    """UTF-8 unless most of the lines that are not ASCII are GB18030 and not UTF-8."""
    utf8 = other = 0
    with path.open("rb") as file:
        for block in _blocks(file, path.name):
            if block.isascii():
                continue
            whole = _is(block, "utf-8")
            for line in block.split(b"\n"):
                if not line.isascii():
                    plain = whole or _is(line, "utf-8")
                    utf8, other = utf8 + plain, other + (not plain and _is(line, "gb18030"))
    return "gb18030" if other > utf8 else "utf-8"


def _other_encoding(line: bytes) -> bool:
    """Whether a line of a GB18030 file is really UTF-8: whole in UTF-8, with a character of three bytes."""
    return _CJK_AS_UTF8.search(line) is not None and _is(line, "utf-8")


def _is(line: bytes, encoding: Encoding) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(line: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return line.decode(encoding)
    return None
