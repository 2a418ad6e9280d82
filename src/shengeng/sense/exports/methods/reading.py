"""Delimited text into columns of text: whole blocks by Arrow, row by row only where something is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from shengeng.sense.exports.contracts.words import CODES

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

    def blamed(self, lines: frozenset[int]) -> Rows:
        """These rows; those that start at lines of another encoding than the rest are named."""
        if lines:
            self.faults[np.isin(self.lines, np.array(sorted(lines)))] = CODES["encoding"]
        return self


def first_lines(path: Path, count: int) -> list[bytes]:
    """The first physical lines, each cut at a megabyte."""
    with path.open("rb") as file:
        start = file.read(4 * 2**20)
    return [line[: 2**20] for line in start.splitlines()[:count]]


def line_ends(path: Path) -> int:
    """How many lines a file ends."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in _blocks(file))


def cells(line: bytes, separator: str) -> list[str]:
    """One physical line as values; a line with a broken quote as one value."""
    text = line.decode("utf-8", "replace").replace("\0", "")
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return [text]


def rows(path: Path, start: int, wanted: Sequence[int], *, width: int, separator: str) -> Iterator[Rows]:
    """The rows from a line on (first = 1), block by block, the last of which may be empty.

    wanted: places of the columns, each below width.
    """
    line, rest = start, b""
    with path.open("rb") as file:
        for _ in range(start - 1):
            file.readline()
        for more in _blocks(file):
            block = rest + more
            part, used = _block(block, line, width, separator, wanted, last=False)
            yield part
            line, rest = line + block[:used].count(b"\n"), block[used:]
    if rest:
        yield _block(rest, line, width, separator, wanted, last=True)[0]
    none = [pa.array([], pa.string())] * len(wanted)
    yield Rows(none, np.zeros(0, np.int64), np.zeros(0, np.int8), {})


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Blocks of whole lines, about BLOCK bytes each."""
    rest = b""
    while more := file.read(BLOCK):
        block = rest + more
        cut = block.rfind(b"\n") + 1 or len(block)
        yield block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


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
