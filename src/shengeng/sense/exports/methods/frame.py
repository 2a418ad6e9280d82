"""Rows of one or more files of a report while they become canonical: text by field, origin, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.exports.contracts import Report
from shengeng.sense.exports.contracts.words import CODES


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one file read as a report: cleaned text of the fields it has, the line of each, what is wrong.

    run: rows of one order that stand together have one number; an order whose lines stand again has two.
    """

    file: str
    report: Report
    text: dict[str, pa.Array]
    names: dict[str, str]  # field -> the column's name in the file
    lines: np.ndarray
    faults: np.ndarray
    begins: dict[int, str]
    run: np.ndarray | None = None


class Frame:
    """The rows of several sheets of one report, one below the other."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.files = [sheet.file for sheet in sheets]
        self.names = [sheet.names for sheet in sheets]
        self.rows = sum(len(sheet.lines) for sheet in sheets)
        keys = {key for sheet in sheets for key in sheet.text}
        self.text = {
            key: joined([sheet.text.get(key, pa.nulls(len(sheet.lines), pa.string())) for sheet in sheets])
            for key in keys
        }
        self.file = np.concatenate(
            [np.full(len(sheet.lines), place, np.int16) for place, sheet in enumerate(sheets)]
        )
        self.line = np.concatenate([sheet.lines for sheet in sheets])
        self.fault = np.concatenate([sheet.faults for sheet in sheets])
        self.run = np.concatenate(
            [np.zeros(len(one.lines), np.int64) if one.run is None else one.run for one in sheets]
        )
        self.culprit = np.full(self.rows, "", object)
        self.begins: dict[int, str] = {}
        done = 0
        for sheet in sheets:
            self.begins |= {done + row: start for row, start in sheet.begins.items()}
            done += len(sheet.lines)

    def has(self, key: str) -> bool:
        """Whether a file has a column for the field."""
        return key in self.text

    def get(self, key: str) -> pa.Array:
        """A field's text, all null where no file has it."""
        found = self.text.get(key)
        return pa.nulls(self.rows, pa.string()) if found is None else found

    def first_of(self, *keys: str) -> pa.Array:
        """The first of several fields that says something, row by row."""
        return pc.coalesce(*(self.get(key) for key in keys))

    def blame(self, rows: np.ndarray, reason: str, field: str = "") -> None:
        """Leave rows out for a reason; the first reason found stays."""
        hit = rows & (self.fault == 0)
        self.fault[hit] = CODES[reason]
        self.culprit[hit] = field

    def good(self) -> np.ndarray:
        """(row,) bool: nothing is wrong with it."""
        return np.asarray(self.fault == 0, bool)

    def column(self, row: int, field: str) -> str:
        """What the row's file calls a field."""
        return self.names[int(self.file[row])].get(field, field)

    def value(self, row: int) -> str:
        """What stands in the row's faulty column, or how a broken row begins."""
        if row in self.begins:
            return self.begins[row]
        field = self.culprit[row]
        found = self.text[field][row].as_py() if field in self.text else None
        return found or ""


def joined(columns: Sequence[pa.Array]) -> pa.Array:
    """Columns one below the other; a single one is not copied."""
    return columns[0] if len(columns) == 1 else pa.concat_arrays(columns)


def numbered(column: pa.Array) -> tuple[np.ndarray, int]:
    """(row,) number of each distinct text, in order of appearance; nulls share one; and how many."""
    coded = pc.dictionary_encode(column, null_encoding="encode")
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int64), len(coded.dictionary)


def first_rows(numbers: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """(number,) the first row of each number among some rows, -1 where there is none."""
    first = np.full(count, -1, np.int64)
    backwards = rows[::-1]
    first[numbers[backwards]] = backwards
    return first


def taken(column: pa.Array, rows: np.ndarray) -> pa.Array:
    """The column at the given rows, null for -1."""
    return column.take(pa.array(np.where(rows < 0, 0, rows), mask=rows < 0))
