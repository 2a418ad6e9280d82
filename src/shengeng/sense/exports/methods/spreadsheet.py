"""XLSX (and old XLS) sheets as rows of text, with limits named before anything is unpacked into memory."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import python_calamine as calamine

from shengeng.sense.exports.contracts import SHEET_BYTES, SHEET_CELLS
from shengeng.sense.exports.contracts.refusals import EMPTY, LOCKED, TOO_LARGE, TRAP

_PIECE = 2**20
_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Grid:
    """The sheet that was read: its rows as text, its name, and how many sheets there are."""

    rows: Iterator[list[str]]
    title: str
    sheets: int


def grid(name: str, path: Path) -> Grid:
    """The sheet with the most cells. Numbers beyond 15 digits are written as the ruins they are (1.2E+17)."""
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    if zipped:
        _refuse_trap(name, path)
    try:
        book = calamine.load_workbook(str(path))
        sheets = [book.get_sheet_by_index(place) for place in range(len(book.sheet_names))]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise LOCKED.error(file=name, problem=str(error)[:120]) from None
    filled = [sheet for sheet in sheets if sheet.height and sheet.width]
    if not filled:
        raise EMPTY.error(file=name)
    largest = max(filled, key=lambda sheet: sheet.height * sheet.width)
    if largest.height * largest.width > SHEET_CELLS:
        raise TOO_LARGE.error(file=name, limit=f"{SHEET_CELLS // 10**6} million cells")
    return Grid((_row(row) for row in largest.iter_rows()), largest.name, len(filled))


def _refuse_trap(name: str, path: Path) -> None:
    """Unpack piece by piece and stop at the limit; a size that lies fails its checksum."""
    left = SHEET_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    while piece := file.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise TRAP.error(file=name, limit=f"{SHEET_BYTES // 2**20} MB")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise LOCKED.error(file=name, problem=str(error)[:120]) from None


def _row(row: Sequence[object]) -> list[str]:
    return [_text(value) for value in row]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(float(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value == int(value):
        return str(int(value)) if abs(value) < _DIGITS else f"{value:.14E}"
    text = repr(value)
    return text if "e" not in text else f"{value:.12f}".rstrip("0")
