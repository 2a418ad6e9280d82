"""The demand protocol at either frequency: rolling origins, every model beside ours, one set of measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.api.frame import Source, Trial
from shengeng.learn.backtest.contracts import CUT_OUTSIDE, NOTHING_WANTED, TOO_SHORT, Report
from shengeng.learn.backtest.methods import demand as weekly
from shengeng.learn.backtest.methods import demand_daily as daily
from shengeng.learn.backtest.methods.demand import LEVELS, Known, Model, Scored, Told, demand_metrics, timed
from shengeng.understand.demand import api as demand

MOST_SERIES = 1_500
MOST_ORIGINS = 3
_STARTS = 2
Notes = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Protocol:
    """How demand of one frequency is backtested; lengths in periods of `step` days."""

    frequency: str
    step: int
    horizon: int
    gap: int  # between origins
    least_before: int
    most_before: int  # older periods are left out
    month: int  # periods that weigh a series by what was paid in them
    scored: int  # levels that enter WQL
    models: Mapping[str, Model]

    @property
    def least_after(self) -> int:
        """From the cut on, so that two origins fit."""
        return self.horizon + 1

    @property
    def most_after(self) -> int:
        """More than this is not scored."""
        return self.gap * (MOST_ORIGINS - 1) + self.horizon


def _weekly(known: Known, horizon: int, seed: int) -> Told:
    """The engine of understand.demand, learning from the scored series alone."""
    shop = demand.Shop(known.units, known.paid_minor, known.plan, known.kin)
    ahead = demand.forecast(shop, horizon, learn_from=np.arange(len(known.units)), seed=seed, starts=_STARTS)
    flat: Floats = demand.published_quantiles(ahead.mean.ravel(), ahead.dispersion.ravel(), LEVELS)
    return Told(flat.reshape(*ahead.mean.shape, len(LEVELS)), ahead.mean)


def _daily(known: Known, horizon: int, seed: int) -> Told:
    """The daily engine of understand.demand, learning from the scored series alone."""
    days = demand.Days(known.units, known.plan, known.kin, known.weekday)
    ahead = demand.forecast_days(days, horizon, LEVELS.tolist(), seed=seed)
    return Told(ahead.quantiles, ahead.mean)


WEEKLY = Protocol("weekly", 7, 4, 4, 8, 156, 4, weekly.SCORED, {"shengeng": _weekly} | weekly.BASELINES)
DAILY = Protocol("daily", 1, 14, 28, 56, 730, 28, len(LEVELS), {"shengeng": _daily} | daily.BASELINES)
PROTOCOLS = {"weekly": WEEKLY, "daily": DAILY}


def sides(split: Trial, source: Source, protocol: Protocol, before: int, after: int) -> tuple[int, int]:
    """Whole periods before the cut and from it on; refused when two origins do not fit."""
    step, least_before, least_after = protocol.step, protocol.least_before, protocol.least_after
    if before + after < least_before + least_after:
        least, days = step * (least_before + least_after), (split.last - split.first).days + 1
        raise TOO_SHORT.error(engine="demand", least=least, data=source.name, days=days)
    if before < least_before or after < least_after:
        first = split.first + timedelta(days=step * least_before)
        last = split.last - timedelta(days=step * least_after - 1)
        raise CUT_OUTSIDE.error(cut=split.cut, first=first, last=last)
    return min(before, protocol.most_before), min(after, protocol.most_after)


def rolled(split: Trial, whole: Known, before: int, protocol: Protocol, notes: Notes) -> Report:
    """Every model at two or three origins from the cut on; whole: all periods, the plan of them too."""
    after = whole.units.shape[1] - before
    gap = max(min(protocol.gap, after - protocol.horizon), 1)
    starts = list(range(0, after - protocol.horizon + 1, gap))[:MOST_ORIGINS]
    if not whole.units[:, before:].any():
        last = split.cut + timedelta(days=protocol.step * after - 1)
        raise NOTHING_WANTED.error(data=split.source.name, first=split.cut, last=last)
    metrics: dict[str, dict[str, float]] = {}
    cpu: Notes = {}
    for name, model in protocol.models.items():
        scored, seconds = _score(model, whole, [before + start for start in starts], protocol, split.seed)
        metrics[name] = demand_metrics(scored, protocol.scored)
        cpu[f"cpu_seconds_{name}"] = round(seconds, 2)
    days = [split.cut + timedelta(days=protocol.step * start) for start in starts]
    told: Notes = {
        "frequency": protocol.frequency,
        f"horizon_{'days' if protocol.step == 1 else 'weeks'}": protocol.horizon,
        "origins": ",".join(day.isoformat() for day in days),
        "series": len(whole.units),
        "share_of_zeros_before_cut": round(float((whole.units[:, :before] == 0).mean()), 3),
        "wql_levels": ",".join(str(level) for level in LEVELS[: protocol.scored]),
        "cov95": "share at or below the .95 quantile",
        "pinball95": "pinball loss of the .95 quantile per series and period, in units",
    }
    return split.report(metrics, notes=notes | told | cpu, packages=("lightgbm", "statsforecast"))


def _score(
    model: Model, whole: Known, origins: list[int], protocol: Protocol, seed: int
) -> tuple[list[Scored], float]:
    """What a model said at each origin beside what came, and its CPU seconds."""
    scored, cpu = [], 0.0
    for origin in origins:
        known = whole.until(origin, protocol.horizon)
        told, seconds = timed(model, known, protocol.horizon, seed)
        came = whole.units[:, origin : origin + protocol.horizon]
        change = (np.diff(known.units, axis=1) ** 2).mean(axis=1)
        scored.append(Scored(came, told, change, known.paid_minor[:, -protocol.month :].sum(axis=1)))
        cpu += seconds
    return scored, cpu
