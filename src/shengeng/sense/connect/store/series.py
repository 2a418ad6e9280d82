"""A canonical `demand` file as a table of series points, without a database and without orders."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.sense.connect.contracts import CODES, REASONS, Reject
from shengeng.sense.connect.contracts.series import DEMAND_FILE, GROUP, OPTIONAL, REQUIRED, SeriesFile
from shengeng.sense.connect.store import columns as c
from shengeng.sense.connect.store import folder, staging
from shengeng.sense.connect.store.columns import Check
from shengeng.sense.connect.store.csv import FAULT, ROW, SHOWN
from shengeng.storage.engine import Engine, EngineError, LakeBackend

# Larger is a slip of the pen; the square of it is still far from the end of a float.
_MOST = 1e9
_YES, _NO = ("true", "yes"), ("false", "no")


def demand_file(source: str | Path) -> Path | None:
    """The demand file of a folder, when there is one."""
    path = Path(source)
    return folder.file_of(path, DEMAND_FILE) if path.is_dir() else None


@contextmanager
def opened_series(file: Path, memory_limit: str, threads: int) -> Iterator[SeriesFile]:
    """The file read once into a temporary place, gone when the context closes."""
    names = folder.header(file)
    folder.check_names(file.name, names, REQUIRED)
    with tempfile.TemporaryDirectory(prefix="shengeng-") as temporary:
        place = Path(temporary)
        engine = Engine(place / "spill", memory_limit, threads)
        try:
            yield _read(engine.backend, file, names, place)
        finally:
            engine.close()


def _read(backend: LakeBackend, file: Path, names: Sequence[str], place: Path) -> SeriesFile:
    groups = tuple(name for name in names if name.startswith(GROUP))
    staged = place / "series.parquet"
    try:
        rows, rejected = staging.write(backend, _normalised(folder.raw(backend, file, place), groups), staged)
    except (EngineError, pa.ArrowException) as error:
        raise folder.damaged(file.name, error) from error
    table = backend.read_parquet(staged)
    good = table.filter(table[FAULT] == 0).select(*REQUIRED, *OPTIONAL, *groups)
    return SeriesFile(
        name=file.parent.name,
        file=file.name,
        data_hash=folder.content_hash([file]),
        rows=rows,
        rejected=rejected,
        first_reject=_first_reject(table, file.name) if rejected else None,
        groups=groups,
        unused=tuple(name for name in names if name not in (*REQUIRED, *OPTIONAL, *groups)),
        beside_orders=folder.file_of(file.parent, "orders") is not None,
        points=good,
    )


def _normalised(raw: ir.Table, groups: Sequence[str]) -> ir.Table:
    """Rows of text to points, and what is wrong with each; of a repeated point the last row counts."""
    text = c.with_all(raw, (*REQUIRED, *OPTIONAL, *groups))
    values = {
        "series_id": text.series_id,
        "date": c.day(text.date),
        "quantity": _number(text.quantity),
        "price": _number(text.price),
        "promo": _promo(text.promo),
    }
    table = text.mutate(**{f"v_{name}": value for name, value in values.items()})
    faults = c.faults(table, text, _checks(text, values))
    found = table.select(
        **faults, **{name: table[f"v_{name}"] for name in values}, **{name: text[name] for name in groups}
    )
    return _last_of_each(found)


def _checks(text: ir.Table, values: Mapping[str, ir.Value]) -> list[Check]:
    day = values["date"]
    era = (day < ibis.date("1970-01-01")) | (day > ibis.date("2100-12-31"))
    return [
        *(Check(name, text[name].isnull(), "missing") for name in REQUIRED),
        c.unread("date", text.date, day, "day"),
        Check("date", era, "era"),
        c.unread("quantity", text.quantity, values["quantity"], "wanted"),
        c.unread("price", text.price, values["price"], "amount"),
        c.unread("promo", text.promo, values["promo"], "promo"),
    ]


def _number(text: ir.StringValue) -> ir.FloatingValue:
    """A number from 0 up to a thousand million; NaN, inf, 1e308 and what is below 0 are null."""
    value = text.try_cast("float64")
    # The engine orders NaN above every number, so the limit leaves it out too.
    return value.between(0, _MOST).ifelse(value, ibis.null().cast("float64"))


def _promo(text: ir.StringValue) -> ir.FloatingValue:
    word = text.lower()
    return ibis.cases((word.isin(_YES), 1.0), (word.isin(_NO), 0.0), else_=_number(text))


def _last_of_each(table: ir.Table) -> ir.Table:
    good = table[FAULT] == 0
    window = ibis.window(group_by=[good.name("good"), "series_id", "date"], order_by=ibis.desc(table[ROW]))
    placed = table.mutate(__place=ibis.row_number().over(window))
    repeated = (placed[FAULT] == 0) & (placed["__place"] > 0)
    return placed.mutate(
        **{
            FAULT: repeated.ifelse(CODES["repeated"], placed[FAULT]).cast("int8"),
            c.FAULTY: repeated.ifelse("series_id, date", placed[c.FAULTY]),
            c.VALUE: repeated.ifelse(placed.series_id + ", " + placed.date.cast("string"), placed[c.VALUE]),
        }
    ).drop("__place")


def _first_reject(table: ir.Table, file: str) -> Reject:
    bad = table.filter(table[FAULT] != 0).order_by(ROW).limit(1).to_pyarrow().to_pylist()[0]
    value = (bad[c.VALUE] or "")[:SHOWN]
    return Reject(file, bad[ROW], bad[c.FAULTY] or "", value, REASONS[bad[FAULT]].en)
