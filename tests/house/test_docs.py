"""The docs tell the truth: each setting, command, capability and arrow exists, and none is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import grimp
import pytest

from shengeng.kernel.settings import Settings
from tests.house.picture import mermaid

ROOT = Path(__file__).parents[2]
STAGES = ("govern", "trade", "sense", "understand", "decide", "learn")
DOCS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def capabilities() -> set[str]:
    stages = [ROOT / "src/shengeng" / stage for stage in STAGES]
    return {f"{s.name}.{c.name}" for s in stages for c in s.iterdir() if (c / "__init__.py").is_file()}


def test_every_setting_is_documented_with_its_default_and_nothing_else_is() -> None:
    rows = dict(
        re.findall(r"^\| `SHENGENG_(\w+)` \| `?([^`|]+?)`? \|", read("docs/settings.md"), re.MULTILINE)
    )
    shown = {"True": "1", "False": "0", "": "empty"}
    defaults = {f.name.upper(): shown.get(str(f.default), str(f.default)) for f in fields(Settings)}
    built = {"SKIP_UI", "CHROMIUM"}
    assert {name: default for name, default in rows.items() if name not in built} == defaults


def test_every_setting_named_in_the_tree_exists() -> None:
    known = {f"SHENGENG_{f.name.upper()}" for f in fields(Settings)} | {
        "SHENGENG_SKIP_UI",
        "SHENGENG_CHROMIUM",
    }
    texts = [*DOCS, ROOT / "Makefile", ROOT / "hatch_build.py", *(ROOT / "src").rglob("*.py")]
    named = {name for path in texts for name in re.findall(r"SHENGENG_[A-Z_]*[A-Z]", path.read_text("utf-8"))}
    assert named <= known


def test_every_capability_has_its_page() -> None:
    listed = dict(
        re.findall(r"^\| `([a-z_.]+)` \| \[[^\]]+\]\(([\w-]+\.md)\)", read("docs/README.md"), re.MULTILINE)
    )
    assert set(listed) == capabilities()
    assert [page for page in listed.values() if not (ROOT / "docs" / page).is_file()] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_make_target_that_the_docs_name_exists() -> None:
    targets = set(re.findall(r"^([a-z][\w -]*?):", read("Makefile"), re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    called = re.compile(r"(?:`|^)make ([a-z][a-z-]*)", re.MULTILINE)
    named = {name for path in DOCS for name in called.findall(path.read_text("utf-8"))}
    assert {"demo", "test"} <= named <= known


def test_every_command_that_the_docs_name_exists() -> None:
    shengeng = Path(sys.executable).parent / "shengeng"
    shown = subprocess.run([str(shengeng), "--help"], capture_output=True, text=True, check=True).stdout
    commands = set(re.findall(r"^[│ ]+([a-z]+)  ", shown, re.MULTILINE))
    named = {c for path in DOCS for c in re.findall(r"`shengeng ([a-z]+)", path.read_text("utf-8"))}
    assert len(commands) > 5
    assert named <= commands


def test_help_fits_a_screen() -> None:
    shengeng = Path(sys.executable).parent / "shengeng"
    shown = subprocess.run([str(shengeng), "--help"], capture_output=True, text=True, check=True).stdout
    assert len(shown.splitlines()) <= 40


def test_the_architecture_picture_shows_the_imports_of_today() -> None:
    graph = grimp.build_graph("shengeng", cache_dir=None)
    page = read("docs/architecture.md")
    drawn = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)
    assert drawn, "docs/architecture.md has no picture"
    assert drawn.group(1) == mermaid(graph), "run: python -m tests.house.picture"


def test_both_readmes_have_the_same_shape() -> None:
    shape = [
        [line.split()[0] for line in read(n).splitlines() if line.startswith("#")]
        for n in ("README.md", "README.zh.md")
    ]
    assert shape[0] == shape[1]
    blocks = [re.findall(r"```sh\n(.*?)```", read(n), re.DOTALL) for n in ("README.md", "README.zh.md")]
    assert blocks[0] == blocks[1]
