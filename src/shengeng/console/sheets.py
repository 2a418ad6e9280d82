"""Rows as a file for a spreadsheet: CSV or XLSX, headed in the reader's language.

Text is never a formula, ids stay text, money stands in major units beside its currency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

import xlsxwriter

from shengeng.kernel.errors import Lang
from shengeng.kernel.money import digits, from_minor

T = TypeVar("T")
Cell = str | int | float | Decimal | date | datetime | None
Kind = Literal["text", "number", "share", "money", "day", "moment"]
FileKind = Literal["csv", "xlsx"]
MEDIA: dict[FileKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDTHS: dict[Kind, int] = {"text": 22, "number": 10, "share": 10, "money": 13, "day": 12, "moment": 18}
_LONGEST_CELL = 32_767  # characters, the limit of Excel
_BOM = "\ufeff"  # without it Excel reads UTF-8 as the machine's own encoding


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A column: its headings, what kind of value it holds, and how a row gives it (money in minor units)."""

    zh: str
    en: str
    kind: Kind
    of: Callable[[T], Any]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """A named list of rows with its columns; any money in it is of one currency."""

    name: str
    fields: Sequence[Field[T]]
    rows: Iterable[T]
    currency: str

    def columns(self) -> list[Field[T]]:
        """The fields, and after the first amount the currency of all of them."""
        places = [place for place, field in enumerate(self.fields) if field.kind == "money"]
        if not places:
            return list(self.fields)
        currency: Field[T] = Field("货币", "Currency", "text", lambda _: self.currency)
        return [*self.fields[: places[0]], currency, *self.fields[places[0] :]]


def file_of(sheet: Sheet[T], kind: FileKind, lang: Lang) -> bytes:
    """The sheet as the bytes of a file of that kind."""
    return _csv(sheet, lang) if kind == "csv" else _xlsx(sheet, lang)


def _csv(sheet: Sheet[T], lang: Lang) -> bytes:
    columns = sheet.columns()
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text)
    writer.writerow([getattr(column, lang) for column in columns])
    for row in sheet.rows:
        writer.writerow([_plain(_cell(column, row, sheet.currency)) for column in columns])
    return text.getvalue().encode()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):  # spreadsheets run text that begins so as a formula; a quote keeps it text
        return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _xlsx(sheet: Sheet[T], lang: Lang) -> bytes:
    columns = sheet.columns()
    made = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        page = book.add_worksheet(sheet.name[:31])
        styles = {kind: book.add_format({"num_format": _number(kind, sheet.currency)}) for kind in _WIDTHS}
        for place, column in enumerate(columns):
            page.set_column(place, place, _WIDTHS[column.kind])
        page.freeze_panes(1, 1)
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            page.write_string(0, place, getattr(column, lang), bold)
        last = 0
        for last, row in enumerate(sheet.rows, start=1):
            for place, column in enumerate(columns):
                _write(page, (last, place), _cell(column, row, sheet.currency), styles[column.kind])
        page.autofilter(0, 0, last, len(columns) - 1)
    return made.getvalue()


def _number(kind: Kind, currency: str) -> str:
    decimals = "." + "0" * digits(currency) if digits(currency) else ""
    patterns: dict[Kind, str] = {
        "text": "@",
        "number": "General",
        "share": "0.0%",
        "money": f"#,##0{decimals}",
        "day": "yyyy-mm-dd",
        "moment": "yyyy-mm-dd hh:mm:ss",
    }
    return patterns[kind]


def _write(page: Any, place: tuple[int, int], cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(*place, cell[:_LONGEST_CELL], style)
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, style)
    else:
        page.write_number(*place, float(cell), style)


def _cell(column: Field[T], row: T, currency: str) -> Cell:
    value = column.of(row)
    if value is None:
        return None
    if column.kind == "money":
        return from_minor(round(value), currency)
    if (
        isinstance(value, datetime) and value.tzinfo is not None
    ):  # moments leave in UTC, as Excel has no zones
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, float):
        return round(value, 4)
    return str(value) if column.kind == "text" else value
