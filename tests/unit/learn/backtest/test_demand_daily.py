"""The daily demand backtest: its baselines, no look ahead, days from orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.factories.facts import START, write_folder

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.api import run
from shengeng.learn.backtest.api.rolling import DAILY
from shengeng.learn.backtest.methods.demand import LEVELS, Known
from shengeng.learn.backtest.methods.demand_daily import empirical56, seasonal_naive

HORIZON = 14


def known(units: Floats, horizon: int = HORIZON) -> Known:
    n, days = units.shape
    return Known(units, 100.0 * units, np.zeros((1, n, days + horizon)), np.zeros(n, dtype=np.int64))


def noise(series: int = 10, days: int = 120) -> Floats:
    return np.random.default_rng(5).poisson(1.5, (series, days)).astype(np.float64)


def test_seasonal_naive_repeats_the_last_week_twice() -> None:
    units = np.arange(1.0, 71.0)[None, :]
    assert seasonal_naive(known(units), HORIZON, 1).mean[0].tolist() == [*range(64, 71), *range(64, 71)]


def test_empirical56_is_the_last_56_days_and_nothing_older() -> None:
    units = np.concatenate([np.full(40, 999.0), np.arange(56.0)])[None, :]
    told = empirical56(known(units), 3, 1)
    assert told.mean.tolist() == [[27.5] * 3]
    assert told.quantiles[0, 0].tolist() == np.quantile(np.arange(56.0), LEVELS).tolist()


@pytest.mark.parametrize("name", sorted(DAILY.models))
def test_every_model_answers_with_ordered_quantiles_for_every_day(name: str) -> None:
    told = DAILY.models[name](known(noise()), HORIZON, 1)
    assert told.quantiles.shape == (10, HORIZON, len(LEVELS))
    assert told.mean.shape == (10, HORIZON)
    assert (np.diff(told.quantiles, axis=2) >= -1e-9).all()
    assert (told.quantiles >= 0).all()
    assert 0.7 < told.mean.mean() < 2.5


@pytest.mark.parametrize("name", sorted(DAILY.models))
@pytest.mark.parametrize("spoil", [lambda later: later * 0 + 99, lambda later: later[:, ::-1]])
def test_nothing_after_the_origin_changes_a_forecast(name: str, spoil: Callable[[Floats], Floats]) -> None:
    whole, origin = known(noise(days=150), 0), 120
    other = whole.units.copy()
    other[:, origin:] = spoil(other[:, origin:])
    changed = Known(other, 100.0 * other, whole.plan, whole.kin)
    one, two = (DAILY.models[name](k.until(origin, HORIZON), HORIZON, 1) for k in (whole, changed))
    assert (one.quantiles == two.quantiles).all()
    assert (one.mean == two.mean).all()


def test_days_can_be_made_of_orders(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop", customers=30, products=10, days=7 * 20)
    report = run("demand", folder, cut=START + timedelta(days=100), frequency="daily")
    assert set(report.metrics) == {"shengeng", "seasonal_naive", "empirical56", "auto_ets", "lightgbm"}
    assert report.notes["frequency"] == "daily"
    assert report.notes["horizon_days"] == HORIZON
    assert report.notes["origins"] == "2025-04-16,2025-05-12"
    assert report.notes["source"] == "orders"
    assert report.notes["wql_levels"] == "0.1,0.5,0.9,0.95"
