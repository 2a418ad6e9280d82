"""Backtest of demand: units of each product over the four weeks after rolling origins."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.api.frame import Trial, trial
from shengeng.learn.backtest.contracts import CUT_OUTSIDE, NOTHING_TO_SCORE, TOO_SHORT, Report
from shengeng.learn.backtest.methods.demand import (
    BASELINES,
    LEVELS,
    Known,
    Model,
    Scored,
    Told,
    demand_metrics,
    steady,
    timed,
)
from shengeng.sense.connect.contracts import Folder
from shengeng.understand.demand import api as demand

HORIZON_WEEKS = 4
MOST_SERIES = 1_500
MOST_ORIGINS = 3
# Weeks before the cut and after it that two origins need.
LEAST_BEFORE, LEAST_AFTER = 8, HORIZON_WEEKS + 1
_STARTS = 2


def run_demand(folder: Folder, cut: date | None = None, seed: int = 1) -> Report:
    """Forecast weekly units after the cut from two or three origins; shengeng beside four baselines.

    Weeks have seven days and are aligned to the cut. The promotion plan of the scored weeks is known to
    shengeng and lightgbm alike. Refused when fewer than LEAST_BEFORE weeks stand before the cut or
    LEAST_AFTER from it on.
    """
    split = trial("demand", folder, cut, seed)
    before, after = _weeks(split)
    end = split.as_of + timedelta(days=7 * after)
    ids, shop = demand.weeks_of(
        folder,
        as_of=end,
        weeks=before + after,
        horizon=0,
        keep=lambda units: steady(units[:, :before], MOST_SERIES, seed),
    )
    if not len(ids):
        raise NOTHING_TO_SCORE.error(cut=split.cut, data=folder.name)
    step = max(min(HORIZON_WEEKS, after - HORIZON_WEEKS), 1)
    starts = list(range(0, after - HORIZON_WEEKS + 1, step))[:MOST_ORIGINS]
    origins = [before + start for start in starts]
    models: dict[str, Model] = {"shengeng": _shengeng} | BASELINES
    metrics, cpu = {}, {}
    for name, model in models.items():
        scored, cpu[name] = _score(model, shop, origins, seed)
        metrics[name] = demand_metrics(scored)
    notes = _notes(split, starts, shop, before) | {
        f"cpu_seconds_{name}": round(seconds, 2) for name, seconds in cpu.items()
    }
    return split.report(metrics, notes=notes, packages=("lightgbm", "statsforecast"))


def _weeks(split: Trial) -> tuple[int, int]:
    """Whole weeks before the cut and from it on; refused when two origins do not fit."""
    before = ((split.cut - split.first).days) // 7
    after = ((split.last - split.cut).days + 1) // 7
    days = (split.last - split.first).days + 1
    if before + after < LEAST_BEFORE + LEAST_AFTER:
        least = 7 * (LEAST_BEFORE + LEAST_AFTER)
        raise TOO_SHORT.error(engine="demand", least=least, data=split.folder.name, days=days)
    if before < LEAST_BEFORE or after < LEAST_AFTER:
        first = split.first + timedelta(days=7 * LEAST_BEFORE)
        last = split.last - timedelta(days=7 * LEAST_AFTER - 1)
        raise CUT_OUTSIDE.error(cut=split.cut, first=first, last=last)
    return before, min(after, HORIZON_WEEKS * MOST_ORIGINS)


def _score(model: Model, shop: demand.Shop, origins: list[int], seed: int) -> tuple[list[Scored], float]:
    """What a model said at each origin beside what came, and its CPU seconds."""
    scored, cpu = [], 0.0
    for origin in origins:
        known = Known(
            shop.units[:, :origin],
            shop.paid_minor[:, :origin],
            shop.plan[:, :, : origin + HORIZON_WEEKS],
            shop.kin,
        )
        told, seconds = timed(model, known, HORIZON_WEEKS, seed)
        came = shop.units[:, origin : origin + HORIZON_WEEKS]
        change = (np.diff(known.units, axis=1) ** 2).mean(axis=1)
        scored.append(Scored(came, told, change, known.paid_minor[:, -4:].sum(axis=1)))
        cpu += seconds
    return scored, cpu


def _shengeng(known: Known, horizon: int, seed: int) -> Told:
    """The engine of understand.demand, learning from the scored series alone."""
    shop = demand.Shop(known.units, known.paid_minor, known.plan, known.kin)
    ahead = demand.forecast(shop, horizon, learn_from=np.arange(len(known.units)), seed=seed, starts=_STARTS)
    flat: Floats = demand.published_quantiles(ahead.mean.ravel(), ahead.dispersion.ravel(), LEVELS)
    return Told(flat.reshape(*ahead.mean.shape, len(LEVELS)), ahead.mean)


def _notes(split: Trial, starts: list[int], shop: demand.Shop, before: int) -> dict[str, str | int | float]:
    days = [split.cut + timedelta(days=7 * start) for start in starts]
    return {
        "frequency": "weekly",
        "horizon_weeks": HORIZON_WEEKS,
        "origins": ",".join(day.isoformat() for day in days),
        "series": len(shop.units),
        "sold_in_share_of_weeks_before_cut": round(float((shop.units[:, :before] > 0).mean(axis=1).min()), 3),
        "weeks_before_cut": before,
        "known_in_advance": f"promotion plan, {len(shop.plan)} kinds" if shop.plan.any() else "nothing",
        "cov95": "share at or below the .95 quantile",
    }
