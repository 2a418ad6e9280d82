"""One small CSV file as rows of text, for capabilities that bring a table of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shengeng.sense.connect.contracts import REASONS, Reason
from shengeng.sense.connect.store import csv


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line of a file. reason, found: why it is no row, and how it begins; then there are no values."""

    row: int
    values: Mapping[str, str]
    reason: Reason | None = None
    found: str = ""


def read_header(path: Path) -> list[str]:
    """Column names of a CSV file in UTF-8 or GB18030; a file that has no readable first line is refused."""
    return csv.header(path)


def read_rows(path: Path) -> Iterator[TextRow]:
    """Every row under the header in order, its values trimmed; a broken one says what is wrong with it."""
    names = csv.header(path)
    for batch in csv.batches(path, names):
        for row in batch.to_pylist():
            if row[csv.FAULT]:
                yield TextRow(row[csv.ROW], {}, REASONS[row[csv.FAULT]], row[csv.FOUND] or "")
            else:
                yield TextRow(row[csv.ROW], {name: (row[name] or "").strip() for name in names})
