"""One file, whatever it is, opened as rows of one report: what it was found to be, its cleaned columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from shengeng.sense.exports.contracts import COLUMNS, Choice, Problem, Report
from shengeng.sense.exports.contracts.refusals import EMPTY, NO_FIELD, NO_REPORT, TOO_WIDE
from shengeng.sense.exports.methods import clean, decode, orders_json, reading, recognise, spreadsheet
from shengeng.sense.exports.methods.frame import Sheet
from shengeng.sense.exports.methods.recognise import Header, Kept, Match
from shengeng.sense.exports.methods.reports import REPORTS, report_of

_GRID_ROWS = 20_000


@dataclass(slots=True)
class Opened:
    """A file that was opened. match and blocks are None where nobody knows which report it is."""

    name: str
    encoding: str
    separator: str | None
    header: Header
    match: Match | None
    blocks: Iterator[Sheet] | None  # the rows piece by piece, read as they are asked for
    rows: int  # what has been read of them
    examples: tuple[str, ...]  # the first value of each column
    problems: list[Problem] = field(default_factory=list)


def opened(name: str, path: Path, scratch: Path, choice: Choice, kept: Kept) -> Opened:
    """Open a file as recognised, or as somebody chose. Refuses what is no table, too large or too wide."""
    kind = decode.kind_of(name, path)
    if kind == "text":
        return _delimited(name, path, scratch, choice, kept)
    if kind == "json":
        report, rows = orders_json.grid(name, path.read_bytes())
        return _from_grid(name, iter(rows), choice, kept, kind="JSON", reports=(report,))
    sheet = spreadsheet.grid(name, path)
    found = _from_grid(name, sheet.rows, choice, kept, kind="XLSX", reports=REPORTS)
    if sheet.sheets > 1:
        found.problems.append(Problem("sheets", "note", name, value=sheet.title, count=sheet.sheets))
    return found


def _delimited(name: str, path: Path, scratch: Path, choice: Choice, kept: Kept) -> Opened:
    text = decode.decoded(name, path, scratch, choice.encoding)
    reports = _possible(choice, REPORTS)
    lines = reading.first_lines(text.path, recognise.HEADER_LINES + 3)
    tried = {
        separator: recognise.find_header([reading.cells(line, separator) for line in lines], reports, kept)
        for separator in reading.SEPARATORS
    }
    separator = max(tried, key=lambda one: (_score(tried[one]), len(tried[one].names)))
    header = tried[separator]
    match = _as_chosen(name, header, choice, kept)
    below = header.top + header.height
    examples = _examples(header, [reading.cells(line, separator) for line in lines[below:]])
    found = Opened(name, text.encoding, separator, header, match, None, 0, examples)
    if match:
        wanted, width = _wanted(match), len(header.names)
        body = reading.rows(text.path, below + 1, wanted, width=width, separator=separator)
        found.blocks = (_sheet(name, match, wanted, rows.blamed(text.broken)) for rows in body)
    else:
        found.rows = max(reading.line_ends(text.path) - below, 0)
    return _told(found)


def _from_grid(
    name: str,
    rows: Iterator[list[str]],
    choice: Choice,
    kept: Kept,
    *,
    kind: str,
    reports: Sequence[Report],
) -> Opened:
    first = list(islice(rows, recognise.HEADER_LINES + 20))
    if not first:
        raise EMPTY.error(file=name)
    header = recognise.find_header(first[: recognise.HEADER_LINES + 1], _possible(choice, reports), kept)
    match = _as_chosen(name, header, choice, kept)
    below = header.top + header.height
    filled = (
        (line, row)
        for line, row in enumerate(chain(first[below:], rows), below + 1)
        if any(cell.strip() for cell in row)
    )
    examples = _examples(header, first[below:])
    found = Opened(name, kind, None, header, match, None, 0, examples)
    if match:
        found.blocks = _grid_blocks(name, match, filled)
    else:
        found.rows = sum(1 for _ in filled)
    return _told(found)


def _grid_blocks(name: str, match: Match, filled: Iterator[tuple[int, list[str]]]) -> Iterator[Sheet]:
    wanted = _wanted(match)
    more = True
    while more:
        body = list(islice(filled, _GRID_ROWS))
        more = bool(body)
        columns = [pa.array([row[i] if i < len(row) else "" for _, row in body], pa.string()) for i in wanted]
        faults = np.zeros(len(body), np.int8)
        lines = np.array([line for line, _ in body], np.int64)
        yield _sheet(name, match, wanted, reading.Rows(columns, lines, faults, {}))


def _score(header: Header) -> float:
    return header.match.score if header.match else -99.0


def _possible(choice: Choice, reports: Sequence[Report]) -> Sequence[Report]:
    """The reports a header may belong to: the chosen one, where somebody chose."""
    chosen = [one for one in REPORTS if (one.system, one.key) == (choice.system, choice.report)]
    return chosen or reports


def _as_chosen(name: str, header: Header, choice: Choice, kept: Kept) -> Match | None:
    """The header's match with what somebody chose put over it."""
    if len(header.names) > COLUMNS:
        raise TOO_WIDE.error(file=name, count=len(header.names), limit=COLUMNS)
    report = header.match.report if header.match else None
    if choice.system and choice.report:
        report = report_of(choice.system, choice.report)
        if report is None:
            known = ", ".join(one.key for one in REPORTS if one.system == choice.system) or "-"
            raise NO_REPORT.error(system=choice.system, report=choice.report, known=known)
    if report is None:
        return None
    known_keys = [one.key for one in report.fields]
    for column, chosen in choice.columns.items():
        if chosen is not None and chosen not in known_keys:
            raise NO_FIELD.error(
                system=report.system,
                report=report.key,
                field=chosen,
                column=column,
                known=", ".join(known_keys),
            )
    return recognise.match(report, header.names, kept, choice.columns)


def _wanted(match: Match) -> list[int]:
    return [place for place, column in enumerate(match.columns) if column.field]


def _sheet(name: str, match: Match, wanted: Sequence[int], rows: reading.Rows) -> Sheet:
    """Cleaned text by field; ids that a spreadsheet destroyed stay as they are, for the look to name."""
    text: dict[str, pa.Array] = {}
    names: dict[str, str] = {}
    for place, column in zip(wanted, rows.columns, strict=True):
        key = match.columns[place].field
        assert key is not None
        kind = match.report.field(key).kind
        found = clean.text(column)
        text[key] = clean.number_as_id(found) if kind == "id" else found
        names[key] = match.columns[place].name
    return Sheet(name, match.report, text, names, rows.lines, rows.faults, rows.begins)


def _examples(header: Header, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The first value that each column has, cut to a line."""
    found = []
    for place in range(len(header.names)):
        values = (row[place].strip() for row in rows if place < len(row))
        found.append(next((value for value in values if value), "")[:80])
    return tuple(found)


def _told(found: Opened) -> Opened:
    """Say where the header stood when that was not the first line, and what is missing or unknown."""
    name, header = found.name, found.header
    if header.top and found.match:
        found.problems.append(Problem("header_below", "note", name, row=header.top + 1))
    if header.height > 1:
        found.problems.append(Problem("header_merged", "note", name))
    if found.match is None:
        shown = ", ".join(one for one in header.names if one)[:200]
        found.problems.append(Problem("unknown", "stop", name, params={"columns": shown}))
    elif found.match.missing:
        fields = ", ".join(_named(found.match.report, key) for key in found.match.missing)
        found.problems.append(Problem("missing", "stop", name, params={"fields": fields}))
    return found


def _named(report: Report, keys: str) -> str:
    """Fields as their system calls them."""
    return " / ".join(report.field(key).aliases[0] for key in keys.split(" / "))
