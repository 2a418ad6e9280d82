"""A process that imports until somebody kills it: python import_killed.py HOME URL FOLDER STEP.

It says "here" and then waits at the given step, so that the test knows where it dies.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from shengeng.kernel.settings import Settings
from shengeng.sense.connect import api
from shengeng.storage.stores import open_stores


class Waiting:
    """Progress that stops for good at its nth step."""

    def __init__(self, stop_at: int) -> None:
        self.left = stop_at

    def step(self, name: str, share: float) -> None:
        self.left -= 1
        if self.left == 0:
            sys.stdout.write("here\n")
            sys.stdout.flush()
            time.sleep(600)

    def note(self, line: str) -> None:
        pass

    def check(self) -> None:
        pass


def main() -> None:
    home, url, folder, stop_at = sys.argv[1:]
    with open_stores(Settings(home=Path(home), memory_limit="512MB"), url) as stores:
        api.import_source(stores, folder, progress=Waiting(int(stop_at)), now=datetime.now(UTC))


main()
