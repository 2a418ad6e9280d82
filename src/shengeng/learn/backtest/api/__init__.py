"""Backtest: train on what lies before the cut, score what lies after, beside the simple baselines.

Each engine stands in its own module (`value`, `recommend`, `demand`) as `run_<engine>(folder, cut, seed)`;
`series` is demand from a demand file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from shengeng.learn.backtest.api.demand import run_demand
from shengeng.learn.backtest.api.persona import run_persona
from shengeng.learn.backtest.api.recommend import run_recommend
from shengeng.learn.backtest.api.rolling import PROTOCOLS
from shengeng.learn.backtest.api.series import run_series
from shengeng.learn.backtest.api.value import run_value
from shengeng.learn.backtest.contracts import ENGINES, NO_SUCH_ENGINE, NO_SUCH_FREQUENCY, Report
from shengeng.sense.connect.api import open_folder, open_series
from shengeng.sense.connect.contracts import Folder

__all__ = [
    "ENGINES",
    "Report",
    "run",
    "run_demand",
    "run_persona",
    "run_recommend",
    "run_series",
    "run_value",
]

# One line an engine, added with the module that brings it; demand also reads a file of its own.
_RUNS: dict[str, Callable[[Folder, date | None, int], Report]] = {
    "recommend": run_recommend,
    "value": run_value,
    "persona": run_persona,
}


def run(
    engine: str,
    data: str | Path,
    *,
    cut: date | None = None,
    seed: int = 1,
    frequency: str | None = None,
    timezone: str | None = None,
    currency: str | None = None,
) -> Report:
    """Backtest one engine on a canonical folder (or `complete-journey`), without a database.

    cut: first local day that is scored; None holds out the last quarter of the time span. frequency: "daily"
    or "weekly", of demand alone; None is what the demand file has, weekly from orders. Refused with the name
    of what is missing when the folder lacks what the engine needs.
    """
    if engine not in ENGINES:
        raise NO_SUCH_ENGINE.error(engine=engine, engines=", ".join(ENGINES))
    if frequency is not None and (engine != "demand" or frequency not in PROTOCOLS):
        raise NO_SUCH_FREQUENCY.error(frequency=frequency, engine=engine)
    series = open_series(data) if engine == "demand" else None
    if series is not None:
        with series as source:
            return run_series(source, cut, seed, frequency)
    with open_folder(data, timezone=timezone, currency=currency) as folder:
        if engine == "demand":
            return run_demand(folder, cut, seed, frequency)
        return _RUNS[engine](folder, cut, seed)
