"""A look at files without a shop: what tests of recognition and translation ask."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shengeng.sense.exports.api.looking import Known, look
from shengeng.sense.exports.contracts import Choice, KeptColumn, Preview


@dataclass(frozen=True, slots=True)
class Seen:
    """A preview and the canonical tables that an import would read."""

    preview: Preview
    tables: dict[str, pa.Table]


SHANGHAI = Known("Asia/Shanghai", "CNY")


def looked(
    *files: tuple[str, bytes],
    choices: Mapping[str, Choice] | None = None,
    kept: Sequence[KeptColumn] = (),
    known: Known = SHANGHAI,
) -> Seen:
    """The files, written down and looked at."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for place, (name, data) in enumerate(files):
            path = Path(folder) / str(place)
            path.write_bytes(data)
            paths.append((name, path))
        out = Path(folder) / "out"
        out.mkdir()
        found = look("", paths, choices or {}, kept, known, scratch=Path(folder), out=out)
        written = (
            {name: pq.read_table(path) for name, path in found.gathered.files.items()}
            if found.gathered
            else {}
        )
        return Seen(found.preview, written)


def codes(found: Seen, level: str | None = None) -> list[str]:
    """What a look found, by code."""
    return [one.code for one in found.preview.problems if level in (None, one.level)]


def orders(found: Seen) -> list[dict[str, Any]]:
    """The order lines that would be imported."""
    assert found.tables, codes(found)
    table = found.tables["orders"]
    return [row for row in rows(table) if row["order_id"] is not None]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows with amounts as text."""
    return [
        {key: v if v is None or isinstance(v, int) else str(v) for key, v in row.items()}
        for row in table.to_pylist()
    ]
