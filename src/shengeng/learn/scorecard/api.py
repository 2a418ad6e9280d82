"""Settles decisions whose window is over, and says how well expectations came true."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

import numpy as np
import pyarrow as pa

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import Outcome, Play, Settlement, SlateSums
from shengeng.kernel.units import Floats, Interval
from shengeng.learn.scorecard import store
from shengeng.learn.scorecard.contracts import (
    LATE_DAYS,
    MINOR,
    Held,
    Level,
    Measure,
    Point,
    Score,
    Scorecard,
    Settled,
)
from shengeng.learn.scorecard.methods import coverage, pooled, sum_over_days
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

_LEVELS: tuple[Level, ...] = ("decision", "group", "day")
_MEASURES: tuple[Measure, ...] = ("forecast", "gain")


def settle(uow: UnitOfWork, lake: Lake, as_of: date, plays: Iterable[Play]) -> Settled:
    """Settle every decision whose window ended by as_of, from order lines known by then.

    Whatever became of a decision, its expectation is held against the facts. Facts that came late settle
    anew, as a further version. A second call changes nothing.
    """
    done = [_settle_play(uow, lake, as_of, play) for play in plays]
    return Settled(sum(d.first for d in done), sum(d.again for d in done))


def _settle_play(uow: UnitOfWork, lake: Lake, as_of: date, play: Play) -> Settled:
    late_from = as_of - timedelta(days=LATE_DAYS)
    over = ledger.windows(uow, play.key, play.settlement, late_from=late_from, until=as_of)
    if not over.num_rows:
        return Settled(0, 0)
    observed = _observe(lake, as_of, play, over)
    known = over["observed"].to_numpy(zero_copy_only=False)
    changed = np.flatnonzero(np.isnan(known) | (known != observed))
    versions = over["version"].to_numpy()[changed]
    ids = [UUID(key) for key in over["id"].take(pa.array(changed)).to_pylist()]
    ledger.settle(
        uow, _settlements(uow, play, as_of, ids, observed=observed[changed], versions=versions.tolist())
    )
    touched = {UUID(key) for key in over["slate_id"].take(pa.array(changed)).to_pylist()}
    _add_points(uow, touched, as_of)
    return Settled(int((versions == 0).sum()), int((versions > 0).sum()))


def _observe(lake: Lake, as_of: date, play: Play, over: pa.Table) -> Floats:
    asked = over.select(["customer_id", "product_id", "window_start", "window_end"])
    placed = asked.append_column("place", pa.array(np.arange(asked.num_rows)))
    if play.subject_kind == "customer_product":
        return store.bought(lake, as_of, placed)
    if play.subject_kind == "customer":
        return store.came(lake, as_of, placed)
    return store.sold(lake, placed)


def _settlements(
    uow: UnitOfWork,
    play: Play,
    as_of: date,
    ids: Sequence[UUID],
    *,
    observed: Floats,
    versions: Sequence[int],
) -> list[tuple[UUID, Settlement]]:
    found = ledger.details(uow, ids)
    gains = play.realised(found, observed.tolist())
    return [
        (
            detail.row.id,
            Settlement(
                kind=play.settlement,
                settled_on=as_of,
                forecast_observed=float(seen),
                gain_observed_minor=None if gain is None else round(gain),
                inside=_inside(play, detail.row.forecast, float(seen)),
                version=version + 1,
            ),
        )
        for detail, seen, gain, version in zip(found, observed, gains, versions, strict=True)
    ]


def _inside(play: Play, forecast: Interval, seen: float) -> bool | None:
    # One customer either buys or does not: the interval of a single chance says nothing worth counting.
    return None if play.subject_kind != "product" else forecast.low <= seen <= forecast.high


def _add_points(uow: UnitOfWork, slate_ids: Collection[UUID], as_of: date) -> None:
    if not slate_ids:
        return
    there = {_key(p.point): p for p in store.latest(uow, slates=list(slate_ids))}
    outcomes = ledger.outcomes(uow, slate_ids)
    fresh: list[store.StoredPoint] = []
    for slate in ledger.slates_of(uow, ids=slate_ids):
        mine = [outcome for outcome in outcomes if outcome.slate_id == slate.id]
        fresh += [_next(found, there.get(_key(found.point))) for found in _points(slate, mine)]
    store.add(uow, [p for p in fresh if _differs(p, there.get(_key(p.point)))], as_of)


def _key(point: Point) -> tuple[UUID, str, str, str]:
    return point.slate_id, point.level, point.measure, point.group_key


def _next(found: store.StoredPoint, before: store.StoredPoint | None) -> store.StoredPoint:
    return store.StoredPoint(found.point, before.version + 1 if before else 1, found.basis, found.inside_n)


def _differs(found: store.StoredPoint, before: store.StoredPoint | None) -> bool:
    return before is None or (found.point, found.inside_n) != (before.point, before.inside_n)


def _points(slate: SlateSums, outcomes: Sequence[Outcome]) -> list[store.StoredPoint]:
    """Points of a wholly or partly settled day: each group's, and the day's own once every group is in."""
    found = []
    for measure in _MEASURES:
        if measure == "gain" and slate.basis == "assumed":
            continue  # assumed gains never enter gain calibration
        parts = [_group_point(slate, outcome, measure) for outcome in outcomes]
        found += parts
        if parts and sum(part.point.n for part in parts) == slate.count:
            found.append(_day_point(slate, parts, measure))
    return found


def _group_point(slate: SlateSums, outcome: Outcome, measure: Measure) -> store.StoredPoint:
    gain = measure == "gain"
    seen = outcome.gain_observed_minor if gain else outcome.forecast_observed
    assert seen is not None, "a play with a policy basis knows its realised gain"
    point = Point(
        slate_id=slate.id,
        play=slate.play,
        kind=outcome.kind,
        level="group",
        measure=measure,
        group_key=outcome.group_key,
        day=slate.proposed_on,
        window_end=slate.window_end,
        n=outcome.n,
        unit=MINOR if gain else slate.forecast_unit,
        expected=outcome.gain if gain else outcome.forecast,
        observed=seen,
    )
    return store.StoredPoint(point, 1, slate.basis, outcome.gain_inside if gain else outcome.forecast_inside)


def _day_point(slate: SlateSums, parts: Sequence[store.StoredPoint], measure: Measure) -> store.StoredPoint:
    counts = [part.inside_n for part in parts if part.inside_n is not None]
    point = Point(
        slate_id=slate.id,
        play=slate.play,
        kind=parts[0].point.kind,
        level="day",
        measure=measure,
        group_key="",
        day=slate.proposed_on,
        window_end=slate.window_end,
        n=slate.count,
        unit=parts[0].point.unit,
        expected=slate.gain if measure == "gain" else slate.forecast,
        observed=sum(part.point.observed for part in parts),
    )
    return store.StoredPoint(point, 1, slate.basis, sum(counts) if counts else None)


def scorecard(uow: UnitOfWork, play: str | None = None) -> Scorecard:
    """Every play's expectations beside what came, over all settled days; play: only that one.

    A play is scored in money where its gain can be settled, else in its forecast's unit.
    """
    found = store.latest(uow, play)
    by_play = groupby(sorted(found, key=lambda p: p.point.play), key=lambda p: p.point.play)
    scores, shown = [], []
    for _, points in by_play:
        mine = list(points)
        measure: Measure = "gain" if any(p.point.measure == "gain" for p in mine) else "forecast"
        scores.append(_score(mine, measure))
        shown += [p.point for p in mine if p.point.measure == measure and p.point.level == "group"]
    days = [p.point for p in found]
    since = min((p.day + timedelta(days=1) for p in days), default=None)
    return Scorecard(scores, shown, since, max((p.window_end for p in days), default=None))


def _score(mine: Sequence[store.StoredPoint], measure: Measure) -> Score:
    days = [p.point for p in mine if p.point.measure == measure and p.point.level == "day"]
    groups = [p.point for p in mine if p.point.measure == measure and p.point.level == "group"]
    base = days or groups
    return Score(
        play=mine[0].point.play,
        kind=mine[0].point.kind,
        n=sum(p.n for p in base),
        days=len({p.day for p in base}),
        expected=sum_over_days([p.expected for p in base]),
        observed=sum(p.observed for p in base),
        unit=base[0].unit,
        held=_held(mine, "group", measure),
        in_calibration=measure == "gain",
        levels=[
            held
            for level in _LEVELS
            for m in _MEASURES
            if (held := _held(mine, level, m)).coverage is not None
        ],
    )


def _held(mine: Sequence[store.StoredPoint], level: Level, measure: Measure) -> Held:
    if level == "decision":
        rows = [
            p for p in mine if (p.point.level, p.point.measure) == ("day", measure) and p.inside_n is not None
        ]
        days, n = [p.point.day for p in rows], [p.point.n for p in rows]
        found = pooled([p.inside_n or 0 for p in rows], n, days)
        count = sum(n)
    else:
        rows = [p for p in mine if (p.point.level, p.point.measure) == (level, measure)]
        days, count = [p.point.day for p in rows], len(rows)
        found = coverage(np.array([p.point.inside for p in rows], dtype=bool), days)
    share, se = found or (None, None)
    return Held(level, measure, count, len(set(days)), share, se)
