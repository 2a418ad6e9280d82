"""Backtest: train on what lies before the cut, score what lies after, beside the simple baselines.

Each engine stands in its own module (`value`, `recommend`, `demand`) as `run_<engine>(folder, cut, seed)`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from shengeng.learn.backtest.api.demand import run_demand
from shengeng.learn.backtest.api.recommend import run_recommend
from shengeng.learn.backtest.api.value import run_value
from shengeng.learn.backtest.contracts import ENGINES, NO_SUCH_ENGINE, Report
from shengeng.sense.connect.api import open_folder
from shengeng.sense.connect.contracts import Folder

__all__ = ["ENGINES", "Report", "run", "run_demand", "run_recommend", "run_value"]

# One line an engine, added with the module that brings it.
_RUNS: dict[str, Callable[[Folder, date | None, int], Report]] = {
    "demand": run_demand,
    "recommend": run_recommend,
    "value": run_value,
}


def run(
    engine: str,
    data: str | Path,
    *,
    cut: date | None = None,
    seed: int = 1,
    timezone: str | None = None,
    currency: str | None = None,
) -> Report:
    """Backtest one engine on a canonical folder (or `complete-journey`), without a database.

    cut: first local day that is scored; None holds out the last quarter of the time span. Refused with the
    name of what is missing when the folder lacks what the engine needs.
    """
    if engine not in _RUNS:
        raise NO_SUCH_ENGINE.error(engine=engine, engines=", ".join(ENGINES))
    with open_folder(data, timezone=timezone, currency=currency) as folder:
        return _RUNS[engine](folder, cut, seed)
