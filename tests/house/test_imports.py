"""The layer rules hold, and each of them would notice when it did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
CAPABILITY_STAGES = ("govern", "trade", "sense", "understand", "decide", "act", "learn")
PRIVATE = ("store", "methods", "routes", "jobs")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    env = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def capability(module: str) -> tuple[str, str, str] | None:
    """(stage, capability, part) of a module such as shengeng.decide.ledger.store."""
    parts = module.split(".")
    if len(parts) >= 4 and parts[1] in CAPABILITY_STAGES:
        return parts[1], parts[2], parts[3]
    return None


def peers_private_imports(graph: grimp.ImportGraph) -> list[str]:
    """Imports of another capability's store, methods, routes or jobs."""
    found = []
    for importer in graph.modules:
        mine = capability(importer)
        for imported in graph.find_modules_directly_imported_by(importer):
            theirs = capability(imported)
            if mine and theirs and mine[:2] != theirs[:2] and theirs[2] in PRIVATE:
                found.append(f"{importer} -> {imported}")
    return sorted(found)


def test_every_import_contract_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_no_capability_reaches_into_a_peer() -> None:
    assert peers_private_imports(grimp.build_graph("shengeng", cache_dir=None)) == []


# contract -> (file to write or append to, line that breaks it)
VIOLATIONS = {
    "flow": ("kernel/breach.py", "import shengeng.plays"),
    "shape": ("decide/ledger/utils.py", ""),
    "pure": ("understand/value/methods.py", "import sqlalchemy"),
    "http": ("decide/ledger/contracts.py", "import fastapi"),
    "engine": ("storage/breach.py", "import shengeng.storage.embedded"),
    "edges": ("plays/breach.py", "import shengeng.decide.ledger.store"),
    "siblings": ("decide/treat/contracts.py", "import shengeng.decide.ledger.api"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter prints over a copy of the tree into which every violation was written."""
    folder = tmp_path_factory.mktemp("broken")
    ignore = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignore)
    shutil.copy(ROOT / ".importlinter", folder)
    for name, line in VIOLATIONS.values():
        path = folder / "src/shengeng" / name
        if path.with_suffix("").is_dir():
            path = path.with_suffix("") / "__init__.py"
        path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    ledger = folder / "src/shengeng/decide/ledger/contracts.py"
    ledger.write_text(ledger.read_text() + "\nimport shengeng.decide.treat.contracts\n")
    return lint(folder).stdout


@pytest.mark.parametrize("contract", sorted(VIOLATIONS))
def test_an_injected_violation_breaks_its_contract(broken: str, contract: str) -> None:
    verdicts = {line.split(":")[0]: line for line in broken.splitlines() if line.endswith(("KEPT", "BROKEN"))}
    assert verdicts[contract].endswith("BROKEN"), broken


def test_reaching_into_a_peer_is_noticed() -> None:
    graph = grimp.ImportGraph()
    graph.add_import(importer="shengeng.decide.treat.api", imported="shengeng.decide.ledger.store")
    graph.add_import(importer="shengeng.decide.treat.api", imported="shengeng.decide.ledger.api")
    assert peers_private_imports(graph) == ["shengeng.decide.treat.api -> shengeng.decide.ledger.store"]
