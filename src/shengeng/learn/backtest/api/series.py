"""Backtest of demand from a demand file: its own series, its own frequency, its price and promotion plan."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

import numpy as np
import pandas as pd

from shengeng.kernel.units import Ints
from shengeng.learn.backtest.api.frame import Trial, split_at
from shengeng.learn.backtest.api.rolling import MOST_SERIES, PROTOCOLS, Notes, Protocol, rolled, sides
from shengeng.learn.backtest.contracts import (
    ALL_REJECTED,
    NO_FREQUENCY,
    NOT_FINER,
    NOTHING_WANTED,
    Report,
)
from shengeng.learn.backtest.methods.demand import Known
from shengeng.learn.backtest.methods.panel import DAY, WEEK, Grid, Panel, panel, step_of, usual_gap
from shengeng.learn.backtest.store.series import days_of, points_of, wanted_between
from shengeng.sense.connect.contracts.series import SeriesFile

_EPOCH = date(1970, 1, 1)


def run_series(
    source: SeriesFile, cut: date | None = None, seed: int = 1, frequency: str | None = None
) -> Report:
    """Forecast the series of a demand file after the cut; shengeng beside four baselines.

    frequency: as the file has it when None; days can be summed to weeks (aligned to the cut), weeks cannot
    be split. A day (week) without a row is zero demand. Refused: no row that can be taken, dates that are
    neither daily nor weekly, too short a time.
    """
    started = perf_counter()
    days = days_of(source.points)
    if not len(days):
        raise _all_rejected(source)
    native = step_of(days)
    if native is None:
        raise NO_FREQUENCY.error(file=source.file, gap=usual_gap(days))
    if native == WEEK and frequency == "daily":
        raise NOT_FINER.error(file=source.file)
    protocol = PROTOCOLS[frequency or ("daily" if native == DAY else "weekly")]
    span = _date(days[0]), _date(days[-1] + native - 1)
    split = split_at("demand", source, span, cut, seed, started=started)
    split, grid, before = _periods(split, source, protocol, native)
    found = _panel(source, split, grid, native, before)
    whole = Known(found.units, found.paid, found.plan, found.kin, _date(grid.first).weekday())
    return rolled(split, whole, before, protocol, _notes(source, found, native))


def _date(day: int | np.int64) -> date:
    return _EPOCH + timedelta(days=int(day))


def _all_rejected(source: SeriesFile) -> Exception:
    first = source.first_reject
    row, column, value, reason = (
        (first.row, first.column, first.value, first.reason) if first else (0, "-", "", "the file is empty")
    )
    return ALL_REJECTED.error(
        file=source.file, rows=source.rows, row=row, column=column, value=value, reason=reason
    )


def _periods(split: Trial, source: SeriesFile, protocol: Protocol, native: int) -> tuple[Trial, Grid, int]:
    """The periods on which the series stand, and how many lie before the cut.

    Days summed to weeks are aligned to the cut; of weekly points the cut is the first week that begins on it
    or later.
    """
    cut, first = (split.cut - _EPOCH).days, (split.first - _EPOCH).days
    last = (split.last - _EPOCH).days
    if native == WEEK:
        cut = first - (first - cut) // WEEK * WEEK
    before, after = (cut - first) // protocol.step, (last + 1 - cut) // protocol.step
    before, after = sides(split, source, protocol, before, after)
    moved = Trial(split.engine, source, split.first, _date(cut), split.last, split.seed, split.started)
    return moved, Grid(cut - before * protocol.step, protocol.step, before + after), before


def _panel(source: SeriesFile, split: Trial, grid: Grid, native: int, before: int) -> Panel:
    """The matrices of all series that were wanted before the cut, of a random part when there are many."""
    ids = wanted_between(source.points, _date(grid.first), split.as_of)
    if not ids:
        raise NOTHING_WANTED.error(data=source.name, first=_date(grid.first), last=split.as_of)
    if len(ids) > MOST_SERIES:
        some = np.random.default_rng(split.seed).choice(len(ids), MOST_SERIES, replace=False)
        ids = [ids[i] for i in np.sort(some)]
    points = points_of(source.points, ids, grid.first, grid.first + grid.length * grid.step, source.groups)
    points["place"] = pd.factorize(points["series_id"], sort=True)[0]
    points["kin"] = _kin(points, source.groups)
    return panel(points, grid, native, before)


def _kin(points: pd.DataFrame, groups: tuple[str, ...]) -> Ints:
    """Code of the finest group that holds two series or more on average: whose series move together."""
    series = points["place"].nunique()
    sizes = {name: points[name].nunique() for name in groups}
    fit = [name for name in groups if 1 < sizes[name] <= series / 2]
    if not fit:
        return np.zeros(len(points), dtype=np.int64)
    finest = max(fit, key=lambda name: sizes[name])
    return pd.factorize(points[finest].fillna(""), sort=True)[0].astype(np.int64)


def _notes(source: SeriesFile, found: Panel, native: int) -> Notes:
    unit = "day" if native == DAY else "week"
    notes: Notes = {
        "source": source.file + (" (the folder's orders were not read)" if source.beside_orders else ""),
        "known_in_advance": ", ".join(found.known) or "nothing",
        "missing_rows": f"a {unit} without a row is zero demand",
        "rejected_rows": source.rejected,
    }
    if first := source.first_reject:
        notes["first_rejected"] = (
            f"{first.file} row {first.row}, column {first.column}, value '{first.value}': {first.reason}"
        )
    if found.hidden:
        shares = ", ".join(f"{name} ({share:.0%} of {unit}s)" for name, share in found.hidden.items())
        notes["not_used"] = f"{shares}: what stands only where something was sold would tell the answer"
    if source.unused:
        notes["columns_without_meaning"] = ", ".join(source.unused)
    if found.scale > 1:
        notes["counted_in"] = f"1/{found.scale:.0f} of a unit, because quantities are not whole"
    return notes
