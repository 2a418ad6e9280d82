"""Pieces of an upload put together: canonical files, counts over all of them, each problem told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shengeng.sense.exports.contracts import SAMPLE_ROWS, Problem
from shengeng.sense.exports.methods import catalogue
from shengeng.sense.exports.methods.frame import Frame
from shengeng.sense.exports.methods.orders import Terms
from shengeng.sense.exports.methods.pieces import Pieces
from shengeng.sense.exports.methods.translate import Piece, translated

# Said once however many pieces find it; the counts of the others add up.
_ONCE = ("totals_only", "needs_order_report", "decimal_comma", "dates_chosen", "which_dates")
_ALWAYS = ("order_id", "ordered_at", "product_id", "quantity", "line_total")


@dataclass(slots=True)
class Origin:
    """Where the rows of a canonical file came from: one entry a row, a few bytes each."""

    files: list[str] = field(default_factory=list)
    names: list[dict[str, str]] = field(default_factory=list)  # by file: field -> the column's name
    file: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int16))
    line: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    fault: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))
    faulty: dict[int, tuple[str, str]] = field(default_factory=dict)  # row -> field and value at fault

    def add(self, frame: Frame) -> None:
        """The rows of the next piece."""
        self.files, self.names = frame.files, frame.names
        done = len(self.file)
        for row in np.flatnonzero(~frame.good()).tolist():
            self.faulty[done + row] = (str(frame.culprit[row]), frame.value(row)[:200])
        self.file = np.concatenate([self.file, frame.file.astype(np.int16)])
        self.line = np.concatenate([self.line, frame.line])
        self.fault = np.concatenate([self.fault, frame.fault.astype(np.int8)])

    def column(self, row: int, key: str) -> str:
        """What the row's file calls a field."""
        return self.names[int(self.file[row])].get(key, key)


@dataclass(slots=True)
class Gathered:
    """What an upload comes to. files and origins: canonical files by name, only where they were asked for."""

    files: dict[str, Path] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    samples: dict[tuple[str, str], pa.Table] = field(default_factory=dict)  # (table, file) -> its first rows
    problems: list[Problem] = field(default_factory=list)
    local_times: int = 0
    orders: int = 0
    lines: int = 0
    left_out: int = 0
    products: int = 0
    customers: int = 0
    share_identified: float | None = None
    first_on: str | None = None
    last_on: str | None = None
    empty_screens: tuple[str, ...] = ()


def gathered(
    system: str,
    pieces: Pieces,
    terms: Terms,
    described: pa.Array | None,
    *,
    out: Path | None,
    check: Callable[[], None],
) -> Gathered:
    """Translate piece after piece.

    described: products that orders do not name anew. out: the folder for the canonical files, None for a look
    alone. check: raises where somebody stopped the work.
    """
    done = Gathered()
    whole = _Whole(done, pieces, terms, out)
    if described is not None:
        whole.know(described)
    pieces.dealt()
    try:
        for number in range(pieces.count):
            check()
            whole.add(translated(system, pieces.sheets(number), whole.terms_of))
            pieces.close_piece(number)
    finally:
        whole.close()
    whole.finish()
    return done


class _Whole:
    """What the pieces so far come to."""

    def __init__(self, done: Gathered, pieces: Pieces, terms: Terms, out: Path | None) -> None:
        self._done, self._out, self._terms = done, out, terms
        self._marks = pieces.marks
        self._reports = {key for _, key in pieces.reports}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._told: set[str] = set()  # columns of orders that say something
        self._pays = False
        self._known: list[pa.Array] = []
        self._named: list[pa.Table] = []
        self._buyers = 0
        self._goods = False
        self._ends: list[str] = []
        self._problems: dict[tuple[object, ...], Problem] = {}

    def terms_of(self, group: str) -> Terms:
        """The terms, with what the whole columns of a group of reports have shown."""
        return replace(
            self._terms, marks={key: mark for (of, key), mark in self._marks.items() if of == group}
        )

    def know(self, products: pa.Array) -> None:
        """Products that orders do not name."""
        self._known.append(products)

    def add(self, piece: Piece) -> None:
        """The next piece."""
        done = self._done
        done.local_times += piece.local_times
        done.orders += piece.orders
        done.lines += piece.lines
        self._buyers += piece.known
        self._goods = self._goods or piece.goods
        self._ends += [one for one in (piece.first, piece.last) if one]
        for problem in piece.problems:
            self._tell(problem)
        if piece.named is not None:
            self._named.append(piece.named)
        for name, table in piece.tables.items():
            frame = piece.frames[name]
            self._sample(name, table, frame)
            done.left_out += int((~frame.good()).sum())
            self._count(name, table, frame)
            if self._out:
                done.origins.setdefault(name, Origin()).add(frame)
                self._write(name, table)

    def _count(self, name: str, table: pa.Table, frame: Frame) -> None:
        if name == "orders":
            self._told |= {key for key in table.column_names if table[key].null_count < len(table)}
            self._pays = frame.has("paid") or frame.has("status")  # without either every order counts as paid
        elif name == "products":
            self._done.products += len(table)
            self._known.append(table["product_id"].combine_chunks())
        else:
            self._done.customers += len(table)

    def _tell(self, one: Problem) -> None:
        """Keep a problem; the same one of another piece adds its count, and the first place stays."""
        where = one.params.get("reason") if one.code == "rows_left_out" else one.column
        key = (one.code, one.file, where)
        kept = self._problems.get(key)
        if kept is None:
            self._problems[key] = one
            return
        first = min(kept, one, key=lambda each: each.row if each.row is not None else 0)
        count = first.count if one.code in _ONCE else kept.count + one.count
        self._problems[key] = replace(first, count=count)

    def _sample(self, name: str, table: pa.Table, frame: Frame) -> None:
        good = frame.good()
        for place, file in enumerate(frame.files):
            rows = np.flatnonzero(good & (frame.file == place))[:SAMPLE_ROWS]
            found = table.take(pa.array(rows)).append_column("\tline", pa.array(frame.line[rows]))
            kept = self._done.samples.get((name, file))
            both = found if kept is None else pa.concat_tables([kept, found], promote_options="permissive")
            self._done.samples[name, file] = both.sort_by("\tline").slice(0, SAMPLE_ROWS)

    def _write(self, name: str, table: pa.Table) -> None:
        assert self._out
        writer = self._writers.get(name)
        if writer is None:
            path = self._out / f"{name}.parquet"
            writer = pq.ParquetWriter(path, table.schema, compression="lz4")
            self._writers[name], self._done.files[name] = writer, path
        writer.write_table(table.cast(writer.schema))

    def close(self) -> None:
        """The files are whole, or given up."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def finish(self) -> None:
        """Counts over everything, products that only orders name, columns that nobody told left out."""
        done = self._done
        self._name_products()
        if "orders" in done.files:
            always = {*_ALWAYS, *(("paid_at",) if self._pays else ())}
            _only(done.files["orders"], self._told | always)
        if done.orders:
            done.share_identified = self._buyers / done.orders
            place = ZoneInfo(self._terms.timezone)
            moments = (datetime.fromisoformat(one) for one in (min(self._ends), max(self._ends)))
            done.first_on, done.last_on = (one.astimezone(place).date().isoformat() for one in moments)
            done.empty_screens = _empty(bool(self._buyers), self._goods)
        done.problems = [*self._about_orders(), *self._problems.values()]

    def _about_orders(self) -> list[Problem]:
        if not self._reports & {"orders", "items"}:
            entities = sorted(self._reports & {"products", "customers"})
            if not entities:
                return [Problem("no_orders", "stop")]
            counts = {"products": self._done.products, "customers": self._done.customers}
            return [Problem("entities_only", "note", params=counts)]
        return [Problem("no_buyers", "odd")] if self._done.orders and not self._buyers else []

    def _name_products(self) -> None:
        if not self._named:
            return
        known = pa.concat_arrays([pa.array([], pa.string()), *(one.cast(pa.string()) for one in self._known)])
        named = catalogue.last_named(self._named, known)
        self._done.products += len(named)
        if not self._out or not len(named):
            return
        path = self._out / "products.parquet"
        before = [pq.read_table(path)] if "products" in self._done.files else []
        pq.write_table(
            pa.concat_tables([*before, named], promote_options="permissive"), path, compression="lz4"
        )
        self._done.files["products"] = path


def _only(path: Path, columns: set[str]) -> None:
    """Leave a file's other columns out: to an import a column that is absent says nothing."""
    old = pq.ParquetFile(path)
    names = [name for name in old.schema_arrow.names if name in columns]
    if names == old.schema_arrow.names:
        return
    fresh = path.with_suffix(".fresh")
    schema = pa.schema([old.schema_arrow.field(name) for name in names])
    with pq.ParquetWriter(fresh, schema, compression="lz4") as writer:
        for group in range(old.num_row_groups):
            writer.write_table(old.read_row_group(group, columns=names))
    old.close()
    fresh.replace(path)


def _empty(buyers: bool, goods: bool) -> tuple[str, ...]:
    """Screens that nothing in these files can fill."""
    about_customers = ("customers", "value", "reminders")
    about_goods = ("demand", "stock_up")
    return (*(() if buyers and goods else about_customers), *(() if goods else about_goods))


def sample_rows(table: pa.Table) -> tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]:
    """Names and rows of a sample: the columns that say something, as text."""
    table = table.drop_columns("\tline")
    shown = [name for name in table.column_names if table[name].null_count < max(len(table), 1)]
    columns = [[None if v is None else str(v) for v in table[name].to_pylist()] for name in shown]
    return tuple(shown), tuple(zip(*columns, strict=True))


def no_orders(path: Path) -> None:
    """An order file without an order, for files that bring products or customers only."""
    types: Mapping[str, pa.DataType] = {"quantity": pa.int64(), "line_total": pa.decimal128(20, 2)}
    empty = {name: pa.array([], types.get(name, pa.string())) for name in _ALWAYS}
    pq.write_table(pa.table(empty), path)
