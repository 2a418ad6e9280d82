"""Days to come of intermittent demand: a level that all series teach, its negative binomial, levels held to.

The mean is the series' own decayed level on that weekday, moved by boosted trees that learn from every
series. What a model that never saw the last two horizons leaves over on them says how far its moves are
trusted, how wide the days spread, and how much the highest level holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, special

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.demand.methods.draws import negbin_quantiles
from shengeng.understand.demand.methods.features import decayed
from shengeng.understand.demand.methods.level import first_weeks

# Lessons reach this far back and begin after this many days; fewer rows teach nothing, more not much.
_LESSON_DAYS, _LEAST_DAYS = 182, 56
_LEAST_ROWS, _MOST_ROWS = 300, 125_000
_BASE = 28.0  # half life of the level in days
_HALF_LIVES = (4.0, 10.0, 70.0, 200.0)
_WEEKDAY_UNITS = 40.0  # units sold at which a series' own weekdays weigh as much as everybody's
_ALIKE, _ALIKE_HALF_LIFE = 0.35, 112.0
_TRACE = 0.05
# Weight of a row is 1 / (1 + _SPREAD x mean): the inverse of the variance over the mean at this dispersion.
_SPREAD = 0.3
_DISPERSION = (0.01, 5.0)
_ROUNDS = 200
_LOG_RANGE = (-5.0, 16.0)
_TRUST = (0.5, 1.2)
# Whole units hold more than their level; the highest level may hold this much more than it says.
_TOLERANCE = 0.0075
_STEPS = np.arange(0.0, 0.061, 0.0025)


@dataclass(frozen=True, slots=True)
class Days:
    """What may be looked at: days oldest first, what is planned reaching into the days to come.

    units: (series, day); plan: (kind, series, day + horizon) promotion pressure, 0 = none; kin: (series,)
    code of the category; weekday: of the first day, 0 = Monday.
    """

    units: Floats
    plan: Floats
    kin: Ints
    weekday: int

    def until(self, day: int, horizon: int) -> Days:
        """The first `day` days, and the plan `horizon` days further."""
        return Days(self.units[:, :day], self.plan[:, :, : day + horizon], self.kin, self.weekday)


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """Mean (series, day ahead) and quantiles (series, day ahead, level) in whole units."""

    mean: Floats
    quantiles: Floats


@dataclass(frozen=True, slots=True)
class _Rows:
    """Lessons or questions: features, log of the plain level, own spread, what came, its day; (row, ..)."""

    seen: Floats
    plain: Floats
    spread: Floats
    came: Floats
    target: Ints

    def only(self, chosen: Bools) -> _Rows:
        return _Rows(*(getattr(self, name)[chosen] for name in _Rows.__slots__))


@dataclass(frozen=True, slots=True)
class _Judged:
    """Learned on days that the trees had not seen: trust (slope, shift), spread, the lowering of the top."""

    trust: Floats
    shape: Floats
    lowered: float


def forecast_days(days: Days, horizon: int, levels: Sequence[float], *, seed: int) -> DaysAhead:
    """The `horizon` days after the last one, learned from what came before; levels ascending in (0, 1).

    At least a week has passed. With fewer than _LEAST_ROWS lessons the plain level and the series' own
    spread stand alone.
    """
    day = days.units.shape[1]
    assert day >= 7
    assert days.plan.shape[2] >= day + horizon
    asked = _rows(days, day, range(1, horizon + 1))
    lessons = _lessons(days, horizon, seed)
    if lessons is None or len(lessons.came) < _LEAST_ROWS:
        return _ahead(asked, np.exp(asked.plain), asked.spread, levels, horizon)
    judged = _judge(days, lessons, horizon, levels[-1], seed)
    mean = _trusted(_trees(lessons, seed), asked, judged.trust)
    lowered = [*levels[:-1], max(levels[-1] - judged.lowered, *levels[:-1])] if len(levels) > 1 else levels
    return _ahead(asked, mean, _dispersion(mean, asked.spread, judged.shape), lowered, horizon)


def _ahead(asked: _Rows, mean: Floats, spread: Floats, levels: Sequence[float], horizon: int) -> DaysAhead:
    """Rows (day ahead after day ahead) as (series, day ahead)."""
    found = negbin_quantiles(mean, spread, np.asarray(levels)).astype(np.float64)
    series = len(asked.plain) // horizon
    by_day = found.reshape(horizon, series, len(levels)).transpose(1, 0, 2)
    return DaysAhead(mean.reshape(horizon, series).T, by_day)


def _lessons(days: Days, horizon: int, seed: int) -> _Rows | None:
    """Past days as targets, seen from 1..horizon days before with what was known then; some when many."""
    (series, end), rng = days.units.shape, np.random.default_rng(seed)
    origins = range(end - 7, max(end - _LESSON_DAYS, min(_LEAST_DAYS, end // 2), 7) - 1, -7)
    share = min(_MOST_ROWS / max(series * horizon * len(origins), 1), 1.0)
    found = []
    for origin in origins:
        ahead = np.arange(1, min(horizon, end - origin) + 1)
        taught = rng.choice(ahead, max(1, round(share * len(ahead))), replace=False)
        found.append(_rows(days, origin, np.sort(taught).tolist()))
    return _joined(found) if found else None


def _joined(parts: Sequence[_Rows]) -> _Rows:
    return _Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Rows.__slots__))


def _judge(days: Days, lessons: _Rows, horizon: int, top: float, seed: int) -> _Judged:
    """Trees that saw nothing of the last two horizons forecast them, each from the day before it.

    In a history too short for that the lessons judge themselves: no trust is taken back, none is added.
    """
    end = days.units.shape[1]
    held = end - 2 * horizon
    known = lessons.only(lessons.target < held)
    if len(known.came) < _LEAST_ROWS:
        mean = _trusted(_trees(lessons, seed), lessons, np.array([1.0, 0.0]))
        return _Judged(np.array([1.0, 0.0]), _learn_dispersion(mean, lessons.came, lessons.spread, seed), 0.0)
    test = _joined([_rows(days, origin, range(1, horizon + 1)) for origin in (held, held + horizon)])
    trees = _trees(known, seed)
    trust = _trust(_moves(trees, test), test)
    mean = _trusted(trees, test, trust)
    shape = _learn_dispersion(mean, test.came, test.spread, seed)
    return _Judged(trust, shape, _lowered(mean, _dispersion(mean, test.spread, shape), test.came, top))


def _lowered(mean: Floats, spread: Floats, came: Floats, top: float) -> float:
    """The least by which the top level is lowered so that it holds at most _TOLERANCE more than it says."""
    levels = top - _STEPS[::-1]
    held = (came[:, None] <= negbin_quantiles(mean, spread, levels)).mean(axis=0)[::-1]
    fine = np.flatnonzero(held <= top + _TOLERANCE)
    return float(_STEPS[fine[0]] if len(fine) else _STEPS[-1])


def _own_spread(past: Floats) -> Floats:
    """Dispersion (variance - mean) / mean^2 of each series, shrunk to what is usual."""
    mean = past.mean(axis=1)
    units, excess = mean * past.shape[1], past.var(axis=1) - mean
    own = np.divide(excess, mean**2, out=np.full_like(mean, 0.5), where=mean > 0)
    usual = float(np.median(own[units > 20])) if (units > 20).any() else 0.5
    weight = units / (units + 20.0)
    return np.asarray(np.clip(weight * own + (1 - weight) * usual, 0.02, 4.0))


def _dispersion(mean: Floats, spread: Floats, shape: Floats) -> Floats:
    """log a = shape . (1, log spread, log mean): the spread that is left once the mean is known."""
    found = shape[0] + shape[1] * np.log(spread) + shape[2] * np.log(mean)
    return np.asarray(np.clip(np.exp(found), *_DISPERSION))


def _learn_dispersion(mean: Floats, came: Floats, spread: Floats, seed: int) -> Floats:
    """The shape that makes what came most likely (negative binomial), on 20,000 rows."""
    some = np.random.default_rng(seed).permutation(len(mean))[:20_000]
    m, y, own = mean[some], came[some], spread[some]

    def surprise(shape: Floats) -> float:
        size = 1.0 / _dispersion(m, own, shape)
        found = special.gammaln(y + size) - special.gammaln(size) + size * np.log(size / (size + m))
        return -float((found + y * np.log(m / (size + m))).mean())

    best = optimize.minimize(
        surprise, np.array([0.0, 1.0, 0.0]), method="Nelder-Mead", options={"maxiter": 150}
    )
    return np.asarray(best.x)


def _trust(moves: Floats, test: _Rows) -> Floats:
    """Slope and shift of what came on what was promised, as moves of the log level (Poisson likelihood)."""
    features = np.stack([moves, np.ones_like(moves)], axis=1)
    found = np.array([1.0, 0.0])
    for _ in range(10):
        mean = np.exp(np.clip(test.plain + features @ found, *_LOG_RANGE))
        heavy = features * (mean / (1 + _SPREAD * mean))[:, None]
        step = heavy.T @ ((test.came - mean) / mean)
        found = found + np.linalg.solve(heavy.T @ features + 1e-3 * np.eye(2), step)
    return np.array([np.clip(found[0], *_TRUST), np.clip(found[1], -0.5, 0.5)])


def _moves(trees: Any, rows: _Rows) -> Floats:
    return np.asarray(trees.predict(rows.seen, raw_score=True), dtype=np.float64)


def _trusted(trees: Any, rows: _Rows, trust: Floats) -> Floats:
    log_mean = rows.plain + trust[0] * _moves(trees, rows) + trust[1]
    return np.asarray(np.exp(np.clip(log_mean, *_LOG_RANGE)))


def _trees(rows: _Rows, seed: int) -> Any:
    """Small boosted trees on what the plain level leaves over (Poisson deviance)."""
    import lightgbm  # noqa: PLC0415 (a second to load, and only here)

    settings = {
        "objective": "poisson",
        "learning_rate": 0.08,
        "num_leaves": 8,
        "min_data_in_leaf": min(200, max(20, len(rows.came) // 50)),
        "feature_fraction": 0.6,
        "bagging_fraction": 0.6,
        "bagging_freq": 1,
        "max_bin": 63,
        "lambda_l2": 10.0,
        "seed": seed,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    weight = 1 / (1 + _SPREAD * np.exp(rows.plain))
    lessons = lightgbm.Dataset(rows.seen, rows.came, init_score=rows.plain, weight=weight)
    return lightgbm.train(settings, lessons, num_boost_round=_ROUNDS)


def _rows(days: Days, origin: int, ahead: Sequence[int]) -> _Rows:
    """What is known when `origin` days have passed, of the days `ahead`; series by series, day after day."""
    past = days.units[:, :origin]
    level = _level(past)
    weekdays = _weekdays(past, days.weekday)
    still, spread = _standing(days, origin, level), _own_spread(past[:, -_LESSON_DAYS:])
    seen, plain, came, target = [], [], [], []
    for h in ahead:
        day = origin + h - 1
        usual = np.log(weekdays[:, (days.weekday + day) % 7])
        seen.append(
            np.column_stack([still, usual, np.full(len(past), float(h)), *_on(days, origin, day, level)])
        )
        plain.append(np.clip(level + usual, *_LOG_RANGE))
        beyond = day >= days.units.shape[1]
        came.append(np.zeros(len(past)) if beyond else days.units[:, day])
        target.append(np.full(len(past), day))
    spreads = np.tile(spread, len(seen))
    return _Rows(
        np.concatenate(seen), np.concatenate(plain), spreads, np.concatenate(came), np.concatenate(target)
    )


def _level(past: Floats) -> Floats:
    """Log of the decayed level over the days since the first sale."""
    kept = 0.5 ** (1 / _BASE)
    lived = (1 - kept ** first_weeks(past)) / (1 - kept ** past.shape[1])
    return np.asarray(np.log(decayed(past, _BASE) / np.maximum(lived, 0.05) + 0.01))


def _weekdays(past: Floats, first: int) -> Floats:
    """Units of each weekday over the average day, (series, weekday), shrunk to what is usual."""
    day = (first + np.arange(past.shape[1])) % 7
    weight = 0.5 ** (np.arange(past.shape[1])[::-1] / (2 * _BASE))
    sums = np.stack([past[:, day == k] @ weight[day == k] for k in range(7)], axis=1)
    share = np.array([weight[day == k].sum() for k in range(7)])
    share = np.maximum(share / share.sum(), 1e-3)
    usual = (sums.sum(axis=0) / share + 1.0) / (sums.sum() + 1.0)
    own = sums.sum(axis=1, keepdims=True)
    return np.asarray((sums / share + _WEEKDAY_UNITS * usual) / (own + _WEEKDAY_UNITS))


def _standing(days: Days, origin: int, level: Floats) -> Floats:
    """Features that do not depend on the target day, (series, feature)."""
    past = days.units[:, :origin]
    quarter, month = past[:, -91:], past[:, -28:]
    kin = np.zeros((int(days.kin.max(initial=0)) + 1, origin))
    np.add.at(kin, days.kin, past)
    week, usual, season = (np.log(decayed(kin, h) + 0.1)[days.kin] for h in (7.0, _BASE, 100.0))
    silent = np.where(past.any(axis=1), (past[:, ::-1] > 0).argmax(axis=1), origin).clip(0, 60)
    ends = [max(origin - 7 * k, 0) for k in range(4)]
    weeks = [np.log(past[:, max(end - 7, 0) : max(end, 1)].mean(axis=1) + _TRACE) for end in ends]
    found = [np.log(decayed(past, h) + 0.01) - level for h in _HALF_LIVES]
    found += [level, week - usual, usual - season, silent.astype(np.float64), days.kin.astype(np.float64)]
    found += [(month == 0).mean(axis=1), (quarter == 0).mean(axis=1), np.log(month.max(axis=1) + 1) - level]
    found += [np.log((quarter.std(axis=1) + 0.1) / (quarter.mean(axis=1) + 0.1))]
    return np.column_stack([*found, *(week - level for week in weeks)]).astype(np.float64)


def _on(days: Days, origin: int, day: int, level: Floats) -> list[Floats]:
    """Features of the target day: its weekday lately, its promotions against past ones, days alike."""
    past, plan = days.units[:, :origin], days.plan
    same = past[:, (day - origin) % 7 + origin - 7 :: -7]
    found = [np.full(len(past), float((days.weekday + day) % 7))]
    found += [np.log(same[:, :n].mean(axis=1) + _TRACE) - level for n in (4, 8)]
    for kind in plan:
        now, usual = kind[:, day], decayed(kind[:, :origin], _BASE)
        found += [now - usual, now, now - kind[:, origin - 7 : origin].mean(axis=1), usual]
    return [*found, *_alike(plan[:, :, :origin], plan[:, :, day], past, np.exp(level))]


def _alike(plan: Floats, now: Floats, past: Floats, level: Floats) -> list[Floats]:
    """Log mean of past days in a like promotion state over the level, shrunk much and little; weight."""
    distance = ((plan - now[:, :, None]) ** 2).sum(axis=0) / _ALIKE**2
    weight = np.exp(-0.5 * distance) * 0.5 ** (np.arange(past.shape[1])[::-1] / _ALIKE_HALF_LIFE)
    units, count = (weight * past).sum(axis=1), weight.sum(axis=1)
    shrunk = [np.log((units + k * level + _TRACE) / (count + k) / level) for k in (7.0, 2.0)]
    return [*shrunk, np.log(count + 0.1)]
