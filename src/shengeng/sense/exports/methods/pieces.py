"""Blocks of files dealt into pieces on disk: all rows of an order, or of a customer, in one piece.

What a file costs in memory is what a piece costs, however large the file is.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.exports.methods import clean, systems
from shengeng.sense.exports.methods.frame import Frame, Sheet, joined, numbered

_LINE, _FAULT, _RUN, _BEGIN = "\tline", "\tfault", "\trun", "\tbegin"
_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


class Pieces:
    """The rows of an upload, dealt out as they are read; a single piece stays in memory."""

    def __init__(self, folder: Path, count: int) -> None:
        self.count = count
        self.currencies: set[str] = set()
        self.marks: defaultdict[tuple[str, str], clean.Marks] = defaultdict(clean.Marks)
        self.reports: list[tuple[str, str]] = []  # (system, report) of each file
        self._folder = folder
        self._kept: list[list[Sheet]] = []  # of each file, where there is one piece only
        self._empty: list[Sheet] = []
        self._writers: dict[tuple[int, int], pa.ipc.RecordBatchStreamWriter] = {}
        self._runs = _Runs()

    def put(self, blocks: Iterable[Sheet], check: Callable[[], None]) -> int:
        """Deal out the blocks of one file; returns how many rows they have. check: may stop it by raising."""
        place, rows = len(self.reports), 0
        for number, block in enumerate(blocks):
            check()
            if number == 0:
                self._begin(block)
            sheet = replace(block, run=self._runs.of(block))
            self._look(sheet)
            rows += len(sheet.lines)
            if self.count == 1:
                self._kept[place].append(sheet)
            else:
                self._deal(place, sheet)
        return rows

    def sheets(self, piece: int) -> list[Sheet]:
        """The rows of one piece, a sheet for each file, in the order of the files."""
        if self.count == 1:
            return [_stacked(parts) for parts in self._kept]
        return [self._read(place, piece) for place in range(len(self.reports))]

    def close_piece(self, piece: int) -> None:
        """A piece that was read is not needed again."""
        for place in range(len(self.reports)):
            self._path(place, piece).unlink(missing_ok=True)

    def dealt(self) -> None:
        """Nothing more comes: what is written may be read."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _begin(self, block: Sheet) -> None:
        self.reports.append((block.report.system, block.report.key))
        self._kept.append([])
        self._runs = _Runs()
        none = pa.array([], pa.string())
        nothing = np.zeros(0, np.int64)
        text = dict.fromkeys(block.text, none)
        fine = np.zeros(0, np.int8)
        self._empty.append(Sheet(block.file, block.report, text, block.names, nothing, fine, {}, nothing))

    def _look(self, sheet: Sheet) -> None:
        """What only the whole of a column can tell."""
        group = sheet.report.key if sheet.report.key in ("customers", "products") else "orders"
        for field in sheet.report.fields:
            if field.key in sheet.text and field.kind == "amount":
                self.marks[group, field.key].see_amounts(sheet.text[field.key])
            elif field.key in sheet.text and field.kind == "time":
                self.marks[group, field.key].see_times(sheet.text[field.key])
        if "currency" in sheet.text and len(self.currencies) < 10:
            found = pc.unique(pc.utf8_upper(sheet.text["currency"])).to_pylist()
            self.currencies |= {value for value in found if value}

    def _deal(self, place: int, sheet: Sheet) -> None:
        of = _piece_of(sheet, self.count)
        rows: pa.Table = _table(sheet)
        for piece in np.unique(of).tolist():
            writer = self._writers.get((place, piece))
            if writer is None:
                writer = pa.ipc.new_stream(self._path(place, piece), rows.schema, options=_PACKED)
                self._writers[place, piece] = writer
            writer.write_table(rows.filter(pa.array(of == piece)))

    def _read(self, place: int, piece: int) -> Sheet:
        path, empty = self._path(place, piece), self._empty[place]
        if not path.is_file():
            return empty
        with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
            table = reader.read_all().combine_chunks()
        columns = {name: _one(table[name]) for name in table.column_names}
        begin = columns.pop(_BEGIN)
        begins = {int(row): begin[int(row)].as_py() for row in np.flatnonzero(clean.present(begin))}
        lines, run = (columns.pop(name).to_numpy() for name in (_LINE, _RUN))
        faults = columns.pop(_FAULT).to_numpy().copy()
        return replace(empty, text=columns, lines=lines, faults=faults, begins=begins, run=run)

    def _path(self, place: int, piece: int) -> Path:
        return self._folder / f"rows-{place}-{piece}.arrow"


class _Runs:
    """Numbers of the runs of one file: a new one wherever another order begins."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._run = 0

    def of(self, sheet: Sheet) -> np.ndarray:
        """(row,) the run of each row of the next block; rows without an order begin none."""
        found = np.full(len(sheet.lines), self._run, np.int64)
        order = sheet.text.get("order")
        if order is None:
            return found
        rows = np.flatnonzero(clean.present(order) & (sheet.faults == 0))
        if not len(rows):
            return found
        numbers = numbered(order)[0][rows]
        new = np.concatenate([[order[int(rows[0])].as_py() != self._last], numbers[1:] != numbers[:-1]])
        found[rows] = self._run + np.cumsum(new)
        self._last, self._run = order[int(rows[-1])].as_py(), int(found[rows[-1]])
        return found


def _piece_of(sheet: Sheet, count: int) -> np.ndarray:
    """(row,) the piece of each row, by its order or its customer; products are few and stay together."""
    if sheet.report.key == "customers":
        key, _ = systems.buyer(Frame([sheet]), systems.TRADES[sheet.report.system])
    elif "order" in sheet.text:
        key = sheet.text["order"]
    else:
        return np.zeros(len(sheet.lines), np.int64)
    coded = pc.dictionary_encode(key, null_encoding="encode")
    names = (value or "" for value in coded.dictionary.to_pylist())
    pieces = np.array([zlib.crc32(name.encode()) % count for name in names], np.int64)
    return np.asarray(pieces[np.asarray(coded.indices)])


def _table(sheet: Sheet) -> pa.Table:
    begin = pa.array([sheet.begins.get(row) for row in range(len(sheet.lines))], pa.string())
    return pa.table(
        sheet.text
        | {_LINE: pa.array(sheet.lines), _FAULT: pa.array(sheet.faults, pa.int8())}
        | {_RUN: pa.array(sheet.run), _BEGIN: begin}
    )


def _stacked(parts: list[Sheet]) -> Sheet:
    """Blocks of one file, one below the other."""
    begins: dict[int, str] = {}
    done = 0
    for part in parts:
        begins |= {done + row: text for row, text in part.begins.items()}
        done += len(part.lines)
    first = parts[0]
    return replace(
        first,
        text={key: joined([part.text[key] for part in parts]) for key in first.text},
        lines=np.concatenate([part.lines for part in parts]),
        faults=np.concatenate([part.faults for part in parts]),
        begins=begins,
        run=np.concatenate([_run(part) for part in parts]),
    )


def _run(part: Sheet) -> np.ndarray:
    assert part.run is not None
    return part.run


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)
