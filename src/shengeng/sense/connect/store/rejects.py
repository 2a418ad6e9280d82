"""rejects.csv of an import: one line a rejected row, in both languages, read back in pages."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv as pa_csv

from shengeng.sense.connect.contracts import REASONS, Reject
from shengeng.sense.connect.store.columns import FAULTY, VALUE
from shengeng.sense.connect.store.csv import FAULT, ROW, SHOWN
from shengeng.sense.connect.store.staging import BATCH_ROWS, Staged
from shengeng.storage.engine import LakeBackend
from shengeng.storage.searching import SHORT

_COLUMNS = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("reason_zh", pa.string()),
    ]
)


def write(backend: LakeBackend, staged: Staged, path: Path) -> Path | None:
    """Stream every rejected row into rejects.csv, in the order of the files; None when there is none."""
    bad = [staged.files[name] for name in staged.files if staged.files[name].rejected]
    if not bad:
        return None
    with pa_csv.CSVWriter(path, _COLUMNS) as writer:
        for file in bad:
            rows = _rejected(backend.read_parquet(file.path), file.file)
            for batch in backend.to_pyarrow_batches(rows, chunk_size=BATCH_ROWS):
                writer.write_batch(batch.cast(_COLUMNS))
    return path


def _rejected(table: ir.Table, file: str) -> ir.Table:
    """One line each: line ends inside a value are shown as blanks, so that a reader can page by line."""
    bad = table.filter(table[FAULT] != 0)
    found = bad[VALUE].fill_null("").substr(0, SHOWN).re_replace(r"[\r\n]+", " ")
    codes = range(1, len(REASONS))
    english = ibis.cases(*((bad[FAULT] == code, REASONS[code].en) for code in codes), else_="")
    chinese = ibis.cases(*((bad[FAULT] == code, REASONS[code].zh) for code in codes), else_="")
    return bad.select(
        file=ibis.literal(file),
        row=bad[ROW],
        column=bad[FAULTY].fill_null(""),
        value=found,
        reason=english,
        reason_zh=chinese,
    )


def forget(path: Path, words: Collection[str]) -> int:
    """Cut the rows whose value is, or has in it, one of the words out of a rejects.csv; returns how many."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(word in line for word in words if len(word) >= SHORT)]
    if len(kept) < len(lines):
        aside = path.with_suffix(".part")
        aside.write_text("".join(kept), encoding="utf-8")
        aside.rename(path)
    return len(lines) - len(kept)


def page(path: Path, lang: str, start: int, limit: int) -> tuple[list[Reject], int | None]:
    """Up to `limit` rejects from a byte offset (0 = the first), and the offset of the next page."""
    with path.open("rb") as file:
        first = file.readline()
        file.seek(max(start, len(first)))
        lines = [line for _ in range(limit) if (line := file.readline())]
        after = file.tell()
        more = bool(file.readline())
    rows = csv.reader(line.decode("utf-8") for line in lines)
    reason = 5 if lang == "zh" else 4
    found = [Reject(row[0], int(row[1]), row[2], row[3], row[reason]) for row in rows]
    return found, after if more else None
