"""How commands speak: one JSON line for programs, few plain lines for people, bars for long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from shengeng.kernel.errors import Lang


def language(env_lang: str) -> Lang:
    """The language of a terminal, from the environment's LANG."""
    return "zh" if env_lang.lower().startswith("zh") else "en"


def emit(as_json: bool, facts: dict[str, Any], *lines: str) -> None:
    """Prints the facts as one JSON line, or the lines for people."""
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, default=str), flush=True)
        return
    for line in lines:
        print(line, flush=True)


class Bar:
    """A progress bar on standard error; satisfies storage.progress.Progress."""

    def __init__(self, progress: Progress, task: TaskID, title: str) -> None:
        self._progress, self._task, self._title = progress, task, title

    def step(self, name: str, share: float) -> None:
        """Names the current step and moves the bar to a share of the whole (0 to 1)."""
        self._progress.update(self._task, description=f"{self._title}: {name}", completed=share)

    def note(self, line: str) -> None:
        """Prints a line of the log above the bar."""
        self._progress.console.print(line, style="dim", highlight=False)

    def check(self) -> None:
        """Never cancelled: a terminal cancels with Ctrl-C."""


@contextmanager
def bar(title: str) -> Iterator[Bar]:
    """A bar while the block runs; nothing but the notes where standard error is no terminal."""
    console = Console(file=sys.stderr)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Bar(progress, progress.add_task(title, total=1.0), title)
