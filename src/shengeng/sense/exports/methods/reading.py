"""Delimited text into columns of text: whole blocks by Arrow, row by row only where something is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from shengeng.sense.exports.contracts.words import CODES
from shengeng.sense.exports.methods.frame import joined

BLOCK = 8 * 2**20
ROW_LINES = 100  # a quoted value may hold line breaks, this many at most
SEPARATORS = (",", ";", "\t", "|")
SHOWN = 120
csv.field_size_limit(2**20)


@dataclass(frozen=True, slots=True)
class Rows:
    """Wanted columns as text, the line each row starts at, what is wrong with it (0: nothing)."""

    columns: list[pa.Array]
    lines: np.ndarray
    faults: np.ndarray
    begins: dict[int, str]  # row -> the beginning of a broken row

    def blame(self, lines: frozenset[int]) -> None:
        """Name the rows that start at lines of another encoding than the rest."""
        if lines:
            self.faults[np.isin(self.lines, np.array(sorted(lines)))] = CODES["encoding"]


def first_lines(data: bytes, count: int) -> list[bytes]:
    """The first physical lines, each cut at a megabyte."""
    return [line[: 2**20] for line in data[: 4 * 2**20].splitlines()[:count]]


def cells(line: bytes, separator: str) -> list[str]:
    """One physical line as values; a line with a broken quote as one value."""
    text = line.decode("utf-8", "replace").replace("\0", "")
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return [text]


def rows(data: bytes, start: int, wanted: Sequence[int], *, width: int, separator: str) -> Rows:
    """All rows from a line on (first = 1). wanted: places of the columns to keep, each below width."""
    at = _offset(data, start)
    parts: list[Rows] = []
    line, rest = start, b""
    for more in _blocks(memoryview(data)[at:]):
        block = rest + more
        part, used = _block(block, line, width, separator, wanted, last=False)
        parts.append(part)
        line, rest = line + block[:used].count(b"\n"), block[used:]
    if rest:
        parts.append(_block(rest, line, width, separator, wanted, last=True)[0])
    return _joined(parts, len(wanted))


def _offset(data: bytes, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1
        if at == 0:
            return len(data)
    return at


def _blocks(data: memoryview) -> Iterator[bytes]:
    """Blocks of whole lines, about BLOCK bytes each."""
    at = 0
    while at < len(data):
        block = bytes(data[at : at + BLOCK])
        if at + BLOCK < len(data):
            block = block[: block.rfind(b"\n") + 1] or block
        at += len(block)
        yield block


def _block(
    block: bytes, line: int, width: int, separator: str, wanted: Sequence[int], *, last: bool
) -> tuple[Rows, int]:
    whole = _whole(block, line, width, separator, wanted)
    return (whole, len(block)) if whole else _row_by_row(block, line, width, separator, wanted, last=last)


def _whole(block: bytes, line: int, width: int, separator: str, wanted: Sequence[int]) -> Rows | None:
    """The block by Arrow, or None when a row in it is not plainly one good line."""
    count = block.count(b"\n") + (not block.endswith(b"\n"))
    if b"\0" in block:
        return None
    names = [str(place) for place in range(width)]
    keep = [str(place) for place in wanted]
    try:
        table = pa_csv.read_csv(
            pa.py_buffer(block),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=len(block) + 1),
            parse_options=pa_csv.ParseOptions(delimiter=separator),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(keep, pa.string()), include_columns=keep, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != count:
        return None
    columns = [column.combine_chunks() for column in table.columns]
    return Rows(columns, np.arange(line, line + count), np.zeros(count, np.int8), {})


def _row_by_row(
    block: bytes, line: int, width: int, separator: str, wanted: Sequence[int], *, last: bool
) -> tuple[Rows, int]:
    lines = block.split(b"\n")
    lines = [one + b"\n" for one in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    values: list[list[str]] = []
    starts: list[int] = []
    faults: list[int] = []
    begins: dict[int, str] = {}
    at = 0
    while at < len(lines):
        found = _record(lines, at, width, separator, last=last)
        if found is None:  # the quote may close in the next block
            break
        record, used = found
        if isinstance(record, int):
            begins[len(starts)] = lines[at].decode("utf-8", "replace").strip().replace("\0", "␀")[:SHOWN]
            values.append([""] * width)
            starts.append(line + at)
            faults.append(record)
        elif record:
            values.append(record)
            starts.append(line + at)
            faults.append(0)
        at += used
    columns = [pa.array([row[place] for row in values], pa.string()) for place in wanted]
    used_bytes = sum(map(len, lines[:at]))
    return Rows(columns, np.array(starts, np.int64), np.array(faults, np.int8), begins), used_bytes


def _record(
    lines: list[bytes], at: int, width: int, separator: str, *, last: bool
) -> tuple[list[str] | int, int] | None:
    """The record that starts at a line: its values or what is wrong, and how many lines it takes."""
    text, count = lines[at], 1
    while _open(text):
        if at + count >= len(lines):
            return (CODES["quote_open"], 1) if last or count > ROW_LINES else None
        if count > ROW_LINES:
            return CODES["quote_open"], 1
        text, count = text + lines[at + count], count + 1
    values = _values(text, width, separator)
    if isinstance(values, int) and count > 1:
        return CODES["quote_open"], 1
    return values, count


def _open(text: bytes) -> bool:
    return text.count(b'"') % 2 == 1


def _values(line: bytes, width: int, separator: str) -> list[str] | int:
    if b"\0" in line:
        return CODES["zero_byte"]
    text = line.decode("utf-8", "replace")
    try:
        values = next(csv.reader(text.splitlines(keepends=True), delimiter=separator), [])
    except csv.Error:
        return CODES["quote_open"]
    if not any(value.strip() for value in values):
        return []
    if len(values) > width and not any(value.strip() for value in values[width:]):
        return values[:width]  # a spreadsheet leaves empty cells behind the last column
    return values if len(values) == width else CODES["width"]


def _joined(parts: Sequence[Rows], columns: int) -> Rows:
    if not parts:
        return Rows([pa.array([], pa.string())] * columns, np.zeros(0, np.int64), np.zeros(0, np.int8), {})
    begins: dict[int, str] = {}
    done = 0
    for part in parts:
        begins |= {done + row: text for row, text in part.begins.items()}
        done += len(part.lines)
    whole = [joined([part.columns[i] for part in parts]) for i in range(columns)]
    return Rows(
        whole,
        np.concatenate([part.lines for part in parts]),
        np.concatenate([part.faults for part in parts]),
        begins,
    )
