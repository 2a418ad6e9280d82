"""Look for words in everything that a shop keeps: rows of every table, files of the lake, other files."""

from __future__ import annotations

import mmap
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import sqlalchemy as sa

from shengeng.storage import manifest
from shengeng.storage.lake import Lake
from shengeng.storage.rows import Rows, UnitOfWork
from shengeng.storage.tables import files

# A shorter word stands everywhere by chance ("17" is a product too): it is looked for as the whole value of
# a column that says whose a row is, and nowhere else.
SHORT = 5
WHOSE = frozenset({"customer_id", "person_id", "anonymous_id", "people"})
_EDGE = "[^0-9A-Za-z_]"
_TEXT = ("text", "character varying", "jsonb", "json", "ARRAY", "bytea")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a word stands: a table's or dataset's column, or a file; rows (1 for a file)."""

    place: str
    rows: int


def pattern(words: Iterable[str]) -> str:
    """Words as they stand by themselves in a text; understood by PostgreSQL, RE2 and Python alike."""
    known = "|".join(re.escape(word) for word in sorted(words))
    return f"(^|{_EDGE})({known})($|{_EDGE})"


def in_rows(uow: UnitOfWork, words: Collection[str]) -> list[Found]:
    """Columns of tables, of ours and of the queue, in which a word stands."""
    found = []
    for schema, table, column, kind in _columns(uow):
        where = stands(sa.column(column), kind, words)
        counted = sa.select(sa.func.count()).select_from(sa.table(table, schema=schema)).where(where)
        if rows := uow.conn.execute(counted).scalar_one():
            found.append(Found(f"{schema}.{table}.{column}", rows))
    return found


def in_lake(uow: UnitOfWork, lake: Lake, words: Collection[str]) -> list[Found]:
    """Columns of the lake's datasets, as they stand now, in which a word stands."""
    found = []
    for dataset in sorted({file.dataset for file in manifest.listed(uow.conn)}):
        table = lake.inside(uow).table(dataset)
        texts = [name for name, kind in table.schema().items() if _is_text(kind)]
        if all(len(word) < SHORT for word in words):
            texts = [name for name in texts if name in WHOSE]
        if not texts:
            continue
        counts = table.aggregate(**{name: _holds(table[name], words).sum() for name in texts})
        for name, rows in counts.to_pyarrow().to_pylist()[0].items():
            if rows:
                found.append(Found(f"lake/{dataset}.{name}", int(rows)))
    return found


def in_files(paths: Iterable[Path], words: Collection[str]) -> list[Found]:
    """Files in which a word stands; of words that are too short to mean anything there, none."""
    long = [word for word in words if len(word) >= SHORT]
    if not long:
        return []
    wanted = re.compile(pattern(long).encode())
    return [Found(str(path), 1) for path in paths if _file_holds(path, wanted)]


def retired_files(uow: UnitOfWork) -> int:
    """Files that have left the newest snapshot and still stand on the disk."""
    return uow.conn.execute(sa.select(sa.func.count()).where(files.c.removed.is_not(None))).scalar_one()


def retired_by(uow: UnitOfWork, snapshot: int) -> int:
    """Files that left the newest snapshot up to this one and are still kept for older ones."""
    left = sa.select(sa.func.count()).where(files.c.removed <= snapshot)
    return uow.conn.execute(left).scalar_one()


def newest_snapshot(uow: UnitOfWork) -> int:
    """The newest snapshot of the lake, 0 before the first write."""
    return manifest.newest_snapshot(uow.conn)


def distinct(uow: UnitOfWork, lake: Lake, columns: Sequence[str]) -> set[str]:
    """Every value of some columns, wherever a dataset or a table of ours has one of them."""
    values: set[str] = set()
    for dataset in {file.dataset for file in manifest.listed(uow.conn)}:
        table = lake.inside(uow).table(dataset)
        for name in set(columns) & set(table.columns):
            values.update(table.select(name).distinct().to_pyarrow().column(0).to_pylist())
    for schema, table_name, name, kind in _columns(uow):
        if name in columns and kind in ("text", "character varying"):
            asked = (
                sa.select(sa.column(name, sa.Text))
                .select_from(sa.table(table_name, schema=schema))
                .distinct()
            )
            values.update(uow.conn.execute(asked).scalars())
    return {value for value in values if value}


def vacuum(rows: Rows) -> None:
    """Let go of what deleted and rewritten rows still fill in the database's files."""
    with rows.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("vacuum (skip_locked)"))


def _columns(uow: UnitOfWork) -> list[tuple[str, str, str, str]]:
    listed = sa.text(
        "select c.table_schema, c.table_name, c.column_name, c.data_type from information_schema.columns c "
        "join information_schema.tables t using (table_schema, table_name) "
        "where t.table_type = 'BASE TABLE' and c.table_schema in ('public', 'jobs') "
        "and c.data_type = any(:kinds) order by 1, 2, c.ordinal_position"
    )
    return [(row[0], row[1], row[2], row[3]) for row in uow.conn.execute(listed, {"kinds": list(_TEXT)})]


def stands(column: sa.ColumnElement[Any], kind: str, words: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether a word stands in a column of a kind (text, jsonb, ARRAY or bytea); a short one as its value."""
    short = [word for word in words if len(word) < SHORT]
    long = [word for word in words if len(word) >= SHORT]
    tests: list[sa.ColumnElement[bool]] = []
    if kind == "bytea":
        digits = sa.func.encode(column, "hex")
        return sa.or_(sa.false(), *(sa.func.strpos(digits, word.encode().hex()) > 0 for word in long))
    if long:
        tests.append(sa.cast(column, sa.Text).op("~")(pattern(long)))
    if short and str(getattr(column, "name", "")) in WHOSE:
        whole = sa.cast(column, sa.Text).in_(short)
        tests.append(
            whole if kind != "ARRAY" else sa.or_(*(sa.literal(one) == sa.any_(column) for one in short))
        )
    return sa.or_(sa.false(), *tests)


def _is_text(kind: object) -> bool:
    told = str(kind)
    return "string" in told or "json" in told


def _holds(column: ir.Column, words: Collection[str]) -> ir.BooleanValue:
    short = [word for word in words if len(word) < SHORT]
    long = [word for word in words if len(word) >= SHORT]
    text = column.cast("string")
    held = text.isin(short if column.get_name() in WHOSE else [])
    if long:
        held = held | (ibis.or_(*(text.contains(word) for word in long)) & text.re_search(pattern(long)))
    return held.fill_null(False)


def _file_holds(path: Path, wanted: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
                return wanted.search(text) is not None
    except FileNotFoundError:
        return False
