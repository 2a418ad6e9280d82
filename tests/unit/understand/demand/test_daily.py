"""The daily engine: laws of its forecasts on series whose making is known."""

from __future__ import annotations

import numpy as np
import pytest

from shengeng.kernel.units import Floats
from shengeng.understand.demand.methods.daily import Days, DaysAhead, forecast_days

LEVELS = [0.1, 0.5, 0.9, 0.95]
HORIZON = 14


def days(units: Floats, plan: Floats | None = None, weekday: int = 0) -> Days:
    n, length = units.shape
    planned = np.zeros((1, n, length + HORIZON)) if plan is None else plan
    return Days(units, planned, np.arange(n) % 3, weekday)


def told(units: Floats, plan: Floats | None = None, weekday: int = 0) -> DaysAhead:
    return forecast_days(days(units, plan, weekday), HORIZON, LEVELS, seed=1)


def counts(means: Floats, length: int, seed: int = 5) -> Floats:
    """Poisson days, (series, day); means: (series,) or (series, day)."""
    rng = np.random.default_rng(seed)
    wide = means if means.ndim == 2 else np.repeat(means[:, None], length, axis=1)
    return rng.poisson(wide).astype(np.float64)


def test_the_level_of_steady_series_comes_out() -> None:
    means = np.tile([0.2, 1.0, 4.0], 20)
    found = told(counts(means, 200)).mean.mean(axis=1)
    for level in (0.2, 1.0, 4.0):
        assert found[means == level].mean() == pytest.approx(level, rel=0.12)


def test_quantiles_are_whole_ascending_and_hold_about_what_they_say() -> None:
    whole = counts(np.tile([0.2, 1.0, 4.0], 30), 200 + HORIZON)
    found = told(whole[:, :200]).quantiles
    assert (np.diff(found, axis=2) >= 0).all()
    assert (found == np.rint(found)).all()
    assert 0.93 <= (whole[:, 200:] <= found[:, :, 3]).mean() <= 0.985


def test_week_ends_are_learned_on_the_weekdays_they_stand_on() -> None:
    weekday = (2 + np.arange(210)) % 7
    means = np.repeat(np.where(weekday >= 5, 6.0, 2.0)[None, :], 40, axis=0)
    mean = told(counts(means, 210), weekday=2).mean.mean(axis=0)
    ahead = (2 + 210 + np.arange(HORIZON)) % 7
    assert mean[ahead >= 5].min() > 2 * mean[ahead < 5].max()


def test_a_promotion_that_is_planned_raises_its_days_and_no_others() -> None:
    rng = np.random.default_rng(9)
    planned = (rng.random((60, 200 + HORIZON)) < 0.15).astype(np.float64)
    units = counts(np.where(planned[:, :200] > 0, 6.0, 2.0), 200)
    mean = told(units, planned[None]).mean
    promoted = planned[:, 200:] > 0
    assert mean[promoted].mean() == pytest.approx(6.0, rel=0.15)
    assert mean[~promoted].mean() == pytest.approx(2.0, rel=0.15)


def test_a_short_history_stands_on_its_level() -> None:
    found = told(np.full((3, 20), 2.0))
    assert found.mean == pytest.approx(np.full((3, HORIZON), 2.0), rel=0.05)


def test_series_that_never_sold_are_forecast_to_stay_near_nothing() -> None:
    units = counts(np.repeat(1.0, 30), 150)
    units[0] = 0
    found = told(units)
    assert found.mean[0].max() < 0.1
    assert np.isfinite(found.mean).all()


def test_the_same_seed_says_the_same() -> None:
    units = counts(np.tile([0.5, 3.0], 20), 150)
    assert (told(units).quantiles == told(units).quantiles).all()


def test_what_is_beyond_the_horizon_of_the_plan_is_not_looked_at() -> None:
    units = counts(np.tile([0.5, 3.0], 20), 150)
    plan = np.zeros((1, 40, 150 + HORIZON + 30))
    later = plan.copy()
    later[:, :, 150 + HORIZON :] = 9.0
    assert (told(units, plan).mean == told(units, later).mean).all()
