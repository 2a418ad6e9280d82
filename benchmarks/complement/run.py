"""Complement: how many were expected to buy unasked beside how many did, week by week; writes results.json.

`make bench-complement` (ARGS="--weeks 3"). Every week of Complete Journey from 2017-08-06 is a whole cycle of
all plays, as the shop runs it: each origin knows only what was known then. Choices of method were made on
origins before 2017-10-29 only.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shengeng.app import open_shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import read_settings
from shengeng.learn.scorecard import store as scores
from shengeng.plays.day import run_day
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import COMPLETE_JOURNEY
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

RESULTS = Path(__file__).parent / "results.json"
FIRST, WEEKS, CHOSEN_BEFORE = date(2017, 8, 6), 20, date(2017, 10, 29)


def replay(stores: Stores, weeks: int) -> list[dict[str, Any]]:
    """Cycles of so many weeks and one more, which settles the last; a row a slate."""
    connect.import_source(stores, COMPLETE_JOURNEY, progress=Silent(), now=wall_now())
    for week in range(weeks + 1):
        run_day(stores, FIRST + timedelta(weeks=week), Silent(), wall_now())
        print(FIRST + timedelta(weeks=week), flush=True)
    with stores.rows.unit() as uow:
        points = [found.point for found in scores.latest(uow, "complement")]
    days = sorted((p for p in points if (p.level, p.measure) == ("day", "forecast")), key=lambda p: p.day)
    return [
        {
            "origin": p.day.isoformat(),
            "suggestions": p.n,
            "low": round(p.expected.low, 1),
            "expected": round(p.expected.mid, 1),
            "high": round(p.expected.high, 1),
            "bought": round(p.observed),
        }
        for p in days
    ]


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Sums, and how many weeks stood inside their 80% interval."""
    inside = sum(row["low"] <= row["bought"] <= row["high"] for row in rows)
    sums = {name: round(sum(row[name] for row in rows), 1) for name in ("suggestions", "expected", "bought")}
    return {"weeks": len(rows), "inside": inside, **sums}


def main() -> None:
    """Weeks that choices were made on, and those after, each by itself."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--weeks", type=int, default=WEEKS)
    weeks = asked.parse_args().weeks
    with tempfile.TemporaryDirectory() as home, open_shop(read_settings({"SHENGENG_HOME": home})) as stores:
        rows = replay(stores, weeks)
    before = CHOSEN_BEFORE.isoformat()
    parts = {
        "chosen_on": [row for row in rows if row["origin"] < before],
        "after": [row for row in rows if row["origin"] >= before],
    }
    found = {"rows": rows, **{name: summary(part) for name, part in parts.items()}}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps({name: found[name] for name in parts}))


if __name__ == "__main__":
    main()
