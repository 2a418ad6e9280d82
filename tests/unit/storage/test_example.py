"""The worked example of docs/storage.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shengeng.storage.embedded import Server

PAGE = Path(__file__).parents[3] / "docs/storage.md"


def test_the_example_of_the_storage_page_runs_and_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    try:
        exec(compile(example, str(PAGE), "exec"), {})
        (promised,) = re.findall(r"^    # (\{.*\})$", example, re.MULTILINE)
        assert capsys.readouterr().out.strip() == promised
    finally:
        Server(tmp_path / "example-shop").discard()
