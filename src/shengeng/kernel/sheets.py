"""Tables of text as CSV files that people open in a spreadsheet, change, and send back.

A cell that a spreadsheet would run as a formula leaves with a quote before it and comes back without it, so
that whatever is written reads as it was. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shengeng.kernel.errors import Lang, Refusal, ShopError

CELL_LONGEST = 100_000
COLUMNS_MOST = 200
_BOM = "\ufeff"  # without it Excel reads UTF-8 as the machine's own encoding
_RUNS = re.compile(r"[\s']*[=+\-@|＝＋－＠]|'*[\t\r\n]")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ",;\t|"

TOO_LARGE = Refusal(
    "sheet_too_large",
    "invalid",
    en="The file has {size}, it may have {limit}: split it.",
    zh="文件为 {size}，上限为 {limit}：请拆分后再上传。",
)
NOT_TEXT = Refusal(
    "sheet_not_text",
    "invalid",
    en="The file is {found}: save it as CSV in UTF-8 and choose it again.",
    zh="该文件是{found_zh}：请另存为 UTF-8 编码的 CSV 后重新选择。",
)
BROKEN = Refusal(
    "sheet_broken",
    "invalid",
    en="Row {row} of the file cannot be read ({why}): look for a quotation mark without its twin.",
    zh="无法读取文件第 {row} 行（{why}）：请检查是否有不成对的引号。",
)
NO_COLUMN = Refusal(
    "sheet_columns",
    "invalid",
    en="The first row names no column {missing}: it has {found}. Export a file to see the columns.",
    zh="首行缺少列“{missing}”，现有：{found}。可先导出一份文件查看各列。",
)
TWICE = Refusal(
    "sheet_column_twice",
    "invalid",
    en="The column {name} stands there twice: remove one of them.",
    zh="列“{name}”出现了两次：请删除其中一列。",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for programs, and what it is called."""

    key: str
    zh: str
    en: str

    def heading(self, lang: Lang) -> str:
        """What it is called in a language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells by column; number: as a spreadsheet counts it, the headings being row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: known columns that it has, headings that nobody knows, rows that are not blank."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str


def write(columns: Sequence[Column], lines: Iterable[Mapping[str, str]], lang: Lang) -> bytes:
    """The table as a CSV file, headed in a language; a cell that is missing is blank."""
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text)
    writer.writerow([column.heading(lang) for column in columns])
    for cells in lines:
        writer.writerow([quoted(cells.get(column.key, "")) for column in columns])
    return text.getvalue().encode()


def read(
    content: bytes, columns: Sequence[Column], needed: Sequence[str], *, bytes_most: int, rows_most: int
) -> Table:
    """The table of a CSV file: headed by keys or by names in either language, in any order.

    UTF-8, UTF-16 with a mark, or GB18030; commas, semicolons, tabs or bars between cells. Refuses a file
    that is too large, no text, broken, or without a needed column.
    """
    if len(content) > bytes_most:
        raise TOO_LARGE.error(size=f"{len(content)} bytes", limit=f"{bytes_most} bytes")
    text, encoding = _decoded(content)
    rows = _rows(text)
    _, header = next(rows, (1, []))
    keys, unknown = _headed(header, columns)
    for key in needed:
        if key not in keys:
            raise _missing(key, columns, header)
    lines: list[Line] = []
    for number, cells in rows:
        if len(lines) == rows_most:
            raise TOO_LARGE.error(size=f"> {rows_most} rows", limit=f"{rows_most} rows")
        told = {key: plain(cell) for key, cell in zip(keys, cells, strict=False) if key}
        lines.append(Line(number, {key: told.get(key, "") for key in keys if key}))
    return Table(tuple(key for key in keys if key), unknown, tuple(lines), encoding)


def quoted(cell: str) -> str:
    """A cell as no spreadsheet runs it."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def plain(cell: str) -> str:
    """The same cell as it was before `quoted`."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell


def same(one: str, other: str) -> bool:
    """Whether two cells say the same: spreadsheets change line ends, people leave blanks at the ends."""
    return normal(one) == normal(other)


def normal(cell: str) -> str:
    """A cell without blanks at its ends, its lines ended alike."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(_WORKBOOKS):
        raise NOT_TEXT.error(found="a workbook or an archive", found_zh="工作簿或压缩包")
    encodings = ["utf-16"] if content.startswith(_WIDE) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NOT_TEXT.error(found="no text", found_zh="非文本文件")
        return text.removeprefix(_BOM), encoding.removesuffix("-sig")
    raise NOT_TEXT.error(found="in an unknown encoding", found_zh="未知编码的文件")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, by the number that a spreadsheet gives them."""
    head, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)", head.strip("\r\n "))
    separator = told[1] if told else _separator(head)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BROKEN.error(row=number, why=error) from None
        if cells is None:
            return
        if len(cells) > COLUMNS_MOST or any(len(cell) > CELL_LONGEST for cell in cells):
            raise BROKEN.error(row=number, why=f"> {COLUMNS_MOST} columns or {CELL_LONGEST} characters")
        if any(cell.strip() for cell in cells):
            yield number, cells


def _separator(head: str) -> str:
    return max(_SEPARATORS, key=lambda sign: (head.count(sign), sign == ","))


def _headed(header: Sequence[str], columns: Sequence[Column]) -> tuple[list[str], tuple[str, ...]]:
    """The key of each column of a file, "" for those that nobody knows, and the names of these."""
    known: dict[str, str] = {}
    for column in columns:
        known |= dict.fromkeys(map(_folded, (column.key, column.zh, column.en)), column.key)
    keys = [known.get(_folded(plain(name)), "") for name in header]
    for key in keys:
        if key and keys.count(key) > 1:
            raise TWICE.error(name=key)
    unknown = [name.strip()[:60] for name, key in zip(header, keys, strict=True) if not key and name.strip()]
    return keys, tuple(unknown)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _missing(key: str, columns: Sequence[Column], header: Sequence[str]) -> ShopError:
    wanted = next(column for column in columns if column.key == key)
    found = ", ".join(name.strip()[:40] for name in header[:8] if name.strip()) or "-"
    return NO_COLUMN.error(missing=f"{wanted.zh} / {wanted.en}", found=found)
