"""What `exports` publishes: fields, reports, what a look at files found, and what people chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

IMPORT_EXPORTS_TASK = "exports.import"

System = Literal["shopify", "tmall", "douyin", "woocommerce"]
Kind = Literal["id", "text", "time", "amount", "quantity"]
How = Literal["exact", "alias", "kept", "hand"]
Level = Literal["stop", "odd", "note"]
Encoding = Literal["utf-8", "utf-16", "gb18030", "latin-1"]
Dates = Literal["day_first", "month_first"]

FILE_BYTES = 256 * 2**20  # of all files together, about two million lines
PIECE_BYTES = 16 * 2**20  # of text at once in memory, in ten times its size
FILES = 20
COLUMNS = 1000
SHEET_BYTES = 1024 * 2**20  # a spreadsheet unpacked: more is no order list, or a trap
SHEET_CELLS = 30_000_000
JSON_BYTES = 128 * 2**20
SAMPLE_ROWS = 20

# Where a system's shops live and pay, said in the preview and never taken silently.
USUAL: Mapping[str, tuple[str, str]] = {
    "tmall": ("Asia/Shanghai", "CNY"),
    "douyin": ("Asia/Shanghai", "CNY"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a column means to us. aliases: names it has in exports; the first is the documented one."""

    key: str
    kind: Kind
    aliases: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One kind of file of one system. needs: groups of fields of which one is enough."""

    system: System
    key: str  # orders | items | totals | products | customers
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...] = ()

    def field(self, key: str) -> Field:
        """The field of that key; a key that the report does not have is our bug."""
        return next(one for one in self.fields if one.key == key)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decided about one file; None = as recognised."""

    system: str | None = None
    report: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)  # column -> field, None = leave it out
    encoding: Encoding | None = None
    dates: Dates | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, what it is taken for, and by which rule."""

    name: str
    field: str | None
    how: How | None
    alias: str | None = None  # the known name that it matched
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something missing, odd or assumed. stop: nothing is imported before it is put right."""

    code: str
    level: Level
    file: str | None = None
    column: str | None = None
    row: int | None = None  # the line in the file as a text editor or spreadsheet counts it
    value: str | None = None
    count: int = 1
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileLook:
    """What was found in one file. sample: the first rows as they would be imported, by canonical column."""

    name: str
    system: str | None
    report: str | None
    encoding: str | None
    separator: str | None
    header_line: int | None
    rows: int
    columns: tuple[Column, ...] = ()
    missing: tuple[str, ...] = ()
    sample_columns: tuple[str, ...] = ()
    sample: tuple[tuple[str | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A look at files before anything counts. share_identified: orders with a known buyer among all."""

    upload: str
    system: str | None
    timezone: str | None
    currency: str | None
    timezone_from: str | None  # shop | usual | file | given
    currency_from: str | None
    files: tuple[FileLook, ...]
    problems: tuple[Problem, ...]
    orders: int
    lines: int
    left_out: int
    products: int
    customers: int
    share_identified: float | None
    first_on: str | None
    last_on: str | None
    empty_screens: tuple[str, ...]
    ready: bool


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """A mapping that somebody confirmed: this column of this report means this field."""

    system: str
    report: str
    column: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the import of an upload came to."""

    import_id: str
    share_identified: float | None
    empty_screens: tuple[str, ...]
    problems: tuple[Problem, ...]
