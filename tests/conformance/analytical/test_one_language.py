"""Stores ask in Ibis only, so that another engine may answer; what engines answer differently is banned."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import shengeng

SOURCE = Path(shengeng.__file__).parent
# A call of these on anything hands text to one engine.
OWN_SQL = {"raw_sql", "sql", "from_query"}
# Ibis 12 on DuckDB drops include_null=False of these inside a window, without an error.
WINDOWED = {"first", "last", "arbitrary", "argmax", "argmin"}
DIFFERENT = {"asof_join": "use a running max", "approx_median": "use quantile(0.5)"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        if not where.startswith("storage/"):
            yield where, ast.parse(path.read_text())


def violations(where: str, tree: ast.Module) -> Iterator[str]:
    """What in a module ties it to one engine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            if any(name.split(".")[0] in ("duckdb", "sqlglot") for name in names):
                yield f"{where}:{node.lineno} imports {names[0]}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _called(where, node, node.func)


def _called(where: str, node: ast.Call, function: ast.Attribute) -> Iterator[str]:
    if function.attr in OWN_SQL:
        yield f"{where}:{node.lineno} calls {function.attr}"
    if function.attr in DIFFERENT:
        yield f"{where}:{node.lineno} calls {function.attr}: {DIFFERENT[function.attr]}"
    inner = function.value
    windowed = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute)
    if function.attr == "over" and windowed and inner.func.attr in WINDOWED:  # type: ignore[attr-defined]
        yield f"{where}:{node.lineno} asks {inner.func.attr} in a window"  # type: ignore[attr-defined]


def test_no_capability_speaks_the_language_of_one_engine() -> None:
    assert [found for where, tree in modules() for found in violations(where, tree)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import duckdb",
        "from duckdb import connect",
        "lake.connection.raw_sql('select 1')",
        "con.sql('select 1')",
        "t.asof_join(u, 'at')",
        "t.a.approx_median()",
        "t.a.last(include_null=False).over(w)",
    ],
)
def test_each_violation_is_caught(text: str) -> None:
    assert list(violations("x.py", ast.parse(text)))
