"""A look at files without a shop: what tests of recognition and translation ask."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from shengeng.sense.exports.api.looking import Known, Looked, look
from shengeng.sense.exports.contracts import Choice, KeptColumn

SHANGHAI = Known("Asia/Shanghai", "CNY")


def looked(
    *files: tuple[str, bytes],
    choices: Mapping[str, Choice] | None = None,
    kept: Sequence[KeptColumn] = (),
    known: Known = SHANGHAI,
) -> Looked:
    """The files, written down and looked at."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for place, (name, data) in enumerate(files):
            path = Path(folder) / str(place)
            path.write_bytes(data)
            paths.append((name, path))
        return look("", paths, choices or {}, kept, known)


def codes(found: Looked, level: str | None = None) -> list[str]:
    """What a look found, by code."""
    return [one.code for one in found.preview.problems if level in (None, one.level)]


def orders(found: Looked) -> list[dict[str, Any]]:
    """The order lines that would be imported."""
    assert found.translated, codes(found)
    table = found.translated.tables["orders"]
    return [row for row in rows(table) if row["order_id"] is not None]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows with amounts as text."""
    return [
        {key: v if v is None or isinstance(v, int) else str(v) for key, v in row.items()}
        for row in table.to_pylist()
    ]
