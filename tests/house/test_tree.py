"""Rules on the files themselves: size, addresses, secrets, where SQL may stand."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
UI = [p for p in sorted((ROOT / "ui/console").rglob("*.ts*")) if ".gen." not in p.name]
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 60


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def long_functions(tree: ast.Module) -> list[str]:
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [f.name for f in functions if f.end_lineno and f.end_lineno - f.lineno >= MAX_FUNCTION_LINES]


def test_files_stay_small() -> None:
    sizes = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in [*SOURCES, *UI]}
    assert {name: size for name, size in sizes.items() if size > MAX_FILE_LINES} == {}


def test_functions_stay_small() -> None:
    found = {str(p.relative_to(ROOT)): long_functions(ast.parse(p.read_text("utf-8"))) for p in SOURCES}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_a_long_function_is_noticed() -> None:
    body = "\n".join("    x = 1" for _ in range(MAX_FUNCTION_LINES))
    assert long_functions(ast.parse(f"def endless():\n{body}\n")) == ["endless"]


@pytest.mark.parametrize("library", ["sqlalchemy", "ibis", "duckdb", "psycopg"])
def test_queries_stand_only_in_stores(library: str) -> None:
    allowed = re.compile(r"/(storage|store)(/|\.py)|/app\.py$")
    found = []
    for path in SOURCES:
        if allowed.search(str(path)):
            continue
        for node in runtime_imports(ast.parse(path.read_text("utf-8"))):
            if node.split(".")[0] == library:
                found.append(str(path.relative_to(ROOT)))
    assert found == []


def runtime_imports(tree: ast.Module) -> list[str]:
    """Names imported at run time; what stands under `if TYPE_CHECKING` only names types."""
    typing_only = {id(n) for i in ast.walk(tree) if is_type_checking(i) for n in ast.walk(i)}
    names: list[str] = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def test_no_module_keeps_global_settings_or_reads_the_environment() -> None:
    readers = [p for p in SOURCES if re.search(r"os\.environ|os\.getenv", p.read_text("utf-8"))]
    allowed = re.compile(r"/(app\.py|storage/embedded/)|/cli/")
    assert [str(p.relative_to(ROOT)) for p in readers if not allowed.search(str(p))] == []


def test_no_address_of_a_registry_and_no_path_of_a_machine() -> None:
    machine = r"(?<![\w*])" + re.escape(str(ROOT.parent) + "/") if ROOT.parent != Path("/") else r"\0"
    pattern = re.compile(machine + r'|"resolved": *"http|(extra-)?index-url|(?<![\w])/(root|home/[a-z]+)/')
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "ignore")
        if path.suffix not in (".png", ".lock") and path != Path(__file__) and pattern.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_no_secret_is_tracked() -> None:
    secret = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|sgt_[A-Za-z0-9_-]{30,}")
    found = [
        p
        for p in tracked()
        if p != Path(__file__) and secret.search(p.read_bytes().decode("utf-8", "ignore"))
    ]
    assert found == []
