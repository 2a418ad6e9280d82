"""The engines under the suite, and a small made-up shop they are asked about."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shengeng.storage.engine import Engine

Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("store_id", pa.string()),
        ("ordered_at", pa.timestamp("us", "UTC")),
        ("local_at", pa.timestamp("us")),
        ("local_date", pa.date32()),
        ("quantity", pa.int64()),
        ("total_minor", pa.int64()),
        ("rating", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Asked:
    """An engine with the shop's lines in it."""

    lines: ir.Table
    rows: Callable[[ir.Table], list[Row]]


def made_up_lines() -> list[Row]:
    """600 lines of 25 customers over a year, with nulls, returns, ties and Chinese names; seeded."""
    rng = random.Random(20171126)
    return [_line(rng, number) for number in range(600)]


def _line(rng: random.Random, number: int) -> Row:
    at = datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(365 * 86400))
    local = (at - timedelta(hours=5)).replace(tzinfo=None)
    return {
        "order_id": f"o{number // 2:04d}",
        "customer_id": None
        if rng.random() < 0.1
        else rng.choice("张王李赵abcdeABCDEéöñ") + str(rng.randrange(3)),
        "product_id": f"p{int(rng.paretovariate(1.1)) % 17:02d}",
        "store_id": rng.choice(["s1", "s2", "s3", None]),
        "ordered_at": at,
        "local_at": local,
        "local_date": local.date(),
        "quantity": rng.choice([1, 1, 1, 2, 3, 0, -1, -7]),
        "total_minor": rng.randrange(-500, 5000),
        "rating": rng.choice([None, 0.5, 1.5, 2.5, 3.5, -2.5, round(rng.random() * 5, 3)]),
    }


def _duckdb(folder: Path, files: Sequence[Path]) -> Iterator[Asked]:
    engine = Engine(folder / "spill", "256MB", 2)
    backend = engine.backend
    lines = backend.read_files([str(path) for path in files], "lines", by_name=False)
    yield Asked(lines, lambda table: _plain(backend.to_pyarrow(table)))
    engine.close()


# A second engine is one line here; gaps are declared beside it with a reason.
ENGINES = {"duckdb": _duckdb}


@pytest.fixture(scope="session")
def made_up() -> list[Row]:
    return made_up_lines()


@pytest.fixture(scope="session", params=sorted(ENGINES))
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, made_up: list[Row]
) -> Iterator[Asked]:
    """Each engine in turn, over the same three Parquet files."""
    folder = tmp_path_factory.mktemp("lines")
    files = [folder / f"{part}.parquet" for part in range(3)]
    for part, file in enumerate(files):
        pq.write_table(pa.Table.from_pylist(made_up[part::3], SCHEMA), file, compression="zstd")
    yield from ENGINES[request.param](folder, files)


def _plain(table: pa.Table) -> list[Row]:
    return [{name: _value(value) for name, value in row.items()} for row in table.to_pylist()]


def _value(value: Any) -> Any:
    """Moments as aware UTC, days as dates, numbers as Python's own; one rule for every engine."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return date(value.year, value.month, value.day)
    return value
