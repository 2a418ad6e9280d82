"""Which report a header belongs to, which line the header is, and which column is which field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shengeng.sense.exports.contracts import Column, How, Report

_EXACT, _ALIAS, _MISSING = 1.0, 0.7, 2.0
_ENOUGH = 3.0  # about four known names: fewer may be chance
_TIE = 0.3
HEADER_LINES = 12  # titles and notes that people put above a header are not longer


@dataclass(frozen=True, slots=True)
class Kept:
    """What people confirmed before: by report, normal column name -> field."""

    fields: Mapping[tuple[str, str], Mapping[str, str | None]] = field(default_factory=dict)

    def of(self, report: Report) -> Mapping[str, str | None]:
        """The confirmed columns of one report."""
        return self.fields.get((report.system, report.key), {})


@dataclass(frozen=True, slots=True)
class Match:
    """A header read as one report: a column for each name, what is missing, and how sure that is."""

    report: Report
    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    score: float

    def place(self, key: str) -> int | None:
        """Which column holds a field."""
        return next((i for i, column in enumerate(self.columns) if column.field == key), None)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands: lines [top, top + height) of the file, its names, and what they match."""

    top: int
    height: int
    names: tuple[str, ...]
    match: Match | None


def normal(name: str) -> str:
    """A column name without case, blanks, marks and the width of its letters."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def match(
    report: Report,
    names: Sequence[str],
    kept: Kept | None = None,
    by_hand: Mapping[str, str | None] | None = None,
) -> Match:
    """Read a header as one report: by hand first, then as confirmed before, by documented name, by alias."""
    confirmed = (kept or Kept()).of(report)
    known = {None, *(one.key for one in report.fields)}
    chosen: dict[int, tuple[str | None, How, str | None]] = {}
    taken: set[str] = set()
    for place, name in enumerate(names):
        if by_hand and name in by_hand:
            chosen[place] = (by_hand[name], "hand", None)
        elif normal(name) in confirmed and confirmed[normal(name)] in known:
            chosen[place] = (confirmed[normal(name)], "kept", None)
        taken |= {found for found, *_ in chosen.values() if found}
    plain = [normal(name) for name in names]
    for one in report.fields:
        if one.key in taken:
            continue
        found = _place(one.aliases, plain, chosen)
        if found:
            place, rank = found
            chosen[place] = (one.key, "alias" if rank else "exact", one.aliases[rank])
    columns = tuple(Column(name, *chosen.get(place, (None, None, None))) for place, name in enumerate(names))
    have = {column.field for column in columns}
    missing = [one.key for one in report.fields if one.required and one.key not in have]
    missing += [" / ".join(group) for group in report.needs if not have & set(group)]
    worth = sum({"exact": _EXACT, "alias": _ALIAS}.get(c.how or "", _EXACT) for c in columns if c.field)
    return Match(report, columns, tuple(missing), worth - _MISSING * len(missing))


def _place(
    aliases: Sequence[str], plain: Sequence[str], chosen: Mapping[int, object]
) -> tuple[int, int] | None:
    """The free column of the best alias, and the alias's place in the list."""
    for rank, alias in enumerate(aliases):
        wanted = normal(alias)
        for place, name in enumerate(plain):
            if name == wanted and place not in chosen:
                return place, rank
    return None


def best(reports: Sequence[Report], names: Sequence[str], kept: Kept) -> Match | None:
    """The report that a header is, or None: nothing known, or two systems are as likely."""
    found = sorted((match(report, names, kept) for report in reports), key=lambda m: -m.score)
    if not found or found[0].score < _ENOUGH:
        return None
    rivals = [m for m in found[1:] if m.report.system != found[0].report.system]
    if rivals and found[0].score - rivals[0].score < _TIE:
        return None
    return found[0]


def find_header(lines: Sequence[Sequence[str]], reports: Sequence[Report], kept: Kept) -> Header:
    """The header among the first lines: the line, or two lines read together, that is known best.

    Where nothing is known, the first line with two values is shown as the header.
    """
    found: list[Header] = []
    for top, line in enumerate(lines[:HEADER_LINES]):
        names = unique(line)
        found.append(Header(top, 1, names, best(reports, names, kept)))
        if top + 1 < len(lines) and "" in [cell.strip() for cell in lines[top + 1][: len(line)]]:
            merged = unique(_merged(line, lines[top + 1]))
            found.append(Header(top, 2, merged, best(reports, merged, kept)))
    known = [header for header in found if header.match]
    if known:
        return max(known, key=lambda h: (round(h.match.score if h.match else 0.0, 3), -h.height, -h.top))
    return next((h for h in found if sum(map(bool, h.names)) > 1), found[0])


def _merged(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    first = [*above, *[""] * (width - len(above))]
    second = [*below, *[""] * (width - len(below))]
    return [low.strip() or high.strip() for high, low in zip(first, second, strict=True)]


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names without blanks around them; the second of a name gets its place behind it."""
    seen: dict[str, int] = {}
    found = []
    for name in (one.replace("\0", "").strip().strip("\ufeff") for one in names):
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return tuple(found)
