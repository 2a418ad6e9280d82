"""A look at files before anything counts: what they are, what is missing, what would be imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from shengeng.kernel.clock import zone
from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import currency_code
from shengeng.sense.exports.contracts import (
    COLUMNS,
    PIECE_BYTES,
    USUAL,
    Choice,
    Column,
    FileLook,
    KeptColumn,
    Preview,
    Problem,
)
from shengeng.sense.exports.methods import opening
from shengeng.sense.exports.methods.gather import Gathered, gathered, sample_rows
from shengeng.sense.exports.methods.opening import Opened
from shengeng.sense.exports.methods.orders import Terms
from shengeng.sense.exports.methods.pieces import Pieces
from shengeng.sense.exports.methods.recognise import Kept

_AS_YET = "UTC"  # until somebody says where the shop lives; nothing is imported before
_NO_CURRENCY = "XXX"
_UNPACKED = 8
_MOST_PIECES = 64


@dataclass(frozen=True, slots=True)
class Known:
    """What the shop and the caller say already. described: products that need no words of an order."""

    timezone: str | None = None  # given by the caller
    currency: str | None = None
    shop_timezone: str | None = None
    shop_currency: str | None = None
    described: pa.Array | None = None


@dataclass(slots=True)
class Looked:
    """A preview, and what an import needs of it: canonical files and origins, where they were asked for."""

    preview: Preview
    gathered: Gathered | None


def _never() -> None:
    """Nobody stops a look."""


def look(
    upload: str,
    files: Sequence[tuple[str, Path]],
    choices: Mapping[str, Choice],
    kept: Sequence[KeptColumn],
    known: Known,
    *,
    scratch: Path,
    out: Path | None = None,
    check: Callable[[], None] = _never,
    piece_bytes: int = PIECE_BYTES,
) -> Looked:
    """Read every file piece by piece, translate them together, and say everything that was found on the way.

    scratch: a folder of the caller's for the pieces. out: where canonical files are written, None for a look
    alone. check: raises where somebody stopped the work. piece_bytes: of text that one piece has.
    """
    given = Known(
        zone(known.timezone).key if known.timezone else None,
        currency_code(known.currency) if known.currency else None,
        known.shop_timezone,
        known.shop_currency,
        known.described,
    )
    pieces = Pieces(scratch, _pieces(files, piece_bytes))
    opened, problems = _opened(files, choices, _kept(kept), pieces, scratch=scratch, check=check)
    systems = sorted({one.match.report.system for one in opened if one.match})
    for one in opened:
        problems += one.problems
    if len(systems) > 1:
        problems.append(Problem("several_systems", "stop", params={"systems": ", ".join(systems)}))
    system = systems[0] if len(systems) == 1 else None
    timezone, timezone_from = _timezone(given, system)
    currency, currency_from = _currency(given, system, pieces.currencies)
    done = None
    if system and not any(one.match.missing for one in opened if one.match):
        dates = next((choice.dates for choice in choices.values() if choice.dates), None)
        terms = Terms(timezone or _AS_YET, currency or _NO_CURRENCY, dates)
        done = gathered(system, pieces, terms, known.described, out=out, check=check)
        problems += done.problems
    if system:
        problems += _times_and_money(done, timezone, currency)
    names = [name for name, _ in files]
    looks = sorted((_file(one, done) for one in opened), key=lambda one: names.index(one.name))
    order = {"stop": 0, "odd": 1, "note": 2}
    told = tuple(sorted(problems, key=lambda one: order[one.level]))
    preview = _preview(upload, system, done, looks, told)
    preview = replace(
        preview,
        timezone=timezone,
        currency=currency,
        timezone_from=timezone_from,
        currency_from=currency_from,
    )
    return Looked(preview, done)


def _pieces(files: Sequence[tuple[str, Path]], piece_bytes: int) -> int:
    """Into how many pieces the files go; a spreadsheet unpacks to several times its size."""
    size = 0
    for _, path in files:
        with path.open("rb") as file:
            packed = file.read(2) == b"PK"
        size += path.stat().st_size * (_UNPACKED if packed else 1)
    return max(1, min(_MOST_PIECES, -(-size // piece_bytes)))


def _kept(columns: Sequence[KeptColumn]) -> Kept:
    found: dict[tuple[str, str], dict[str, str | None]] = {}
    for one in columns:
        found.setdefault((one.system, one.report), {})[one.column] = one.field
    return Kept(found)


def _opened(
    files: Sequence[tuple[str, Path]],
    choices: Mapping[str, Choice],
    kept: Kept,
    pieces: Pieces,
    *,
    scratch: Path,
    check: Callable[[], None],
) -> tuple[list[Opened], list[Problem]]:
    """Files that could be opened and read; the others as problems, so that a bad one hides no other."""
    opened: list[Opened] = []
    problems: list[Problem] = []
    for name, path in files:
        check()
        try:
            one = opening.opened(name, path, scratch, choices.get(name, Choice()), kept)
            if one.blocks:
                one.rows = pieces.put(one.blocks, check)
            opened.append(one)
        except ShopError as refused:
            words: dict[str, object] = {
                "en": refused.text("en"),
                "zh": refused.text("zh"),
                "code": refused.code,
            }
            problems.append(Problem("refused", "stop", name, params=words))
    return opened, problems


def _timezone(known: Known, system: str | None) -> tuple[str | None, str | None]:
    if known.timezone:
        return known.timezone, "given"
    if known.shop_timezone:
        return known.shop_timezone, "shop"
    usual = USUAL.get(system or "")
    return (usual[0], "usual") if usual else (None, None)


def _currency(known: Known, system: str | None, written: set[str]) -> tuple[str | None, str | None]:
    """Given, the shop's, the only one in the files, or the one that a system's shops are paid in."""
    if known.currency:
        return known.currency, "given"
    if known.shop_currency:
        return known.shop_currency, "shop"
    if len(written) == 1:
        [value] = written
        return currency_code(value) if len(value) == 3 and value.isalpha() else None, "file"
    usual = USUAL.get(system or "")
    return (usual[1], "usual") if usual else (None, None)


def _times_and_money(done: Gathered | None, timezone: str | None, currency: str | None) -> list[Problem]:
    found = []
    local = done.local_times if done else 0
    if timezone is None:
        found.append(Problem("no_timezone", "stop", count=local))
    elif local:
        found.append(Problem("local_times", "note", count=local, params={"timezone": timezone}))
    if currency is None:
        found.append(Problem("no_currency", "stop"))
    return found


def _file(one: Opened, done: Gathered | None) -> FileLook:
    match = one.match
    columns = match.columns if match else ()
    with_examples = tuple(
        replace(column, example=one.examples[place] or None) for place, column in enumerate(columns)
    )
    names, sample = _sample(one, done)
    return FileLook(
        one.name,
        match.report.system if match else None,
        match.report.key if match else None,
        one.encoding,
        one.separator,
        one.header.top + 1,
        one.rows,
        with_examples or _unknown(one),
        match.missing if match else (),
        names,
        sample,
    )


def _unknown(one: Opened) -> tuple[Column, ...]:
    pairs = zip(one.header.names[:COLUMNS], one.examples, strict=False)
    return tuple(Column(name, None, None, None, example or None) for name, example in pairs)


def _sample(one: Opened, done: Gathered | None) -> tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]:
    """The first rows of a file as they would be imported."""
    if done is None or one.match is None:
        return (), ()
    key = {"items": "orders"}.get(one.match.report.key, one.match.report.key)
    table = done.samples.get((key, one.name))
    return ((), ()) if table is None else sample_rows(table)


def _preview(
    upload: str,
    system: str | None,
    done: Gathered | None,
    looks: Sequence[FileLook],
    problems: tuple[Problem, ...],
) -> Preview:
    found = done or Gathered()
    return Preview(
        upload,
        system,
        None,
        None,
        None,
        None,
        tuple(looks),
        problems,
        found.orders,
        found.lines,
        found.left_out,
        found.products,
        found.customers,
        found.share_identified,
        found.first_on,
        found.last_on,
        found.empty_screens,
        bool(found.orders or found.products or found.customers)
        and not any(one.level == "stop" for one in problems),
    )
