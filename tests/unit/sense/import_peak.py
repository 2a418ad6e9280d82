"""A process that imports one folder and says how much memory it took: HOME URL FOLDER."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from shengeng.kernel.settings import Settings
from shengeng.sense.connect import api
from shengeng.storage.stores import open_stores


def main() -> None:
    home, url, folder = sys.argv[1:]
    with open_stores(Settings(home=Path(home)), url) as stores:
        report = api.import_source(stores, folder, now=datetime.now(UTC))
    status = Path("/proc/self/status").read_text("utf-8")  # getrusage would count the parent before its fork
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{report.files['orders'].accepted} {peak}\n")


main()
