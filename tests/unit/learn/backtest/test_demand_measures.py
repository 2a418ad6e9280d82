"""What a demand backtest measures, on weeks whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.methods.demand import (
    BASELINES,
    LEVELS,
    Known,
    Scored,
    Told,
    demand_metrics,
    empirical56,
    seasonal_naive,
    steady,
)


def known(units: Floats, horizon: int = 4) -> Known:
    n, weeks = units.shape
    return Known(units, 100.0 * units, np.zeros((1, n, weeks + horizon)), np.zeros(n, dtype=np.int64))


def scored(came: Floats, told: Told) -> Scored:
    return Scored(came, told, np.ones(len(came)), np.ones(len(came)))


def sure(values: Floats) -> Told:
    return Told(np.repeat(values[:, :, None], len(LEVELS), axis=2), values)


def test_who_knows_the_future_has_no_loss_and_covers_all() -> None:
    came = np.array([[3.0, 0.0, 5.0, 1.0]])
    found = demand_metrics([scored(came, sure(came))])
    none = dict.fromkeys(("wql", "rmsse", "wrmsse", "wape", "pinball95"), 0.0)
    assert found == none | {"cov80": 1, "cov95": 1}


def test_wql_of_a_sure_zero_is_twice_the_mean_level() -> None:
    """All units are missed: 2 x level x units over units, averaged over .1 .5 .9."""
    came = np.array([[2.0, 4.0, 0.0, 6.0]])
    found = demand_metrics([scored(came, sure(np.zeros((1, 4))))])
    assert found["wql"] == pytest.approx(2 * (0.1 + 0.5 + 0.9) / 3)
    assert found["wape"] == 1
    assert found["cov80"] == 0.25
    assert found["pinball95"] == pytest.approx(0.95 * 12 / 4)


def test_wql_of_days_is_averaged_over_the_level_of_95_too() -> None:
    came = np.array([[2.0, 4.0, 0.0, 6.0]])
    found = demand_metrics([scored(came, sure(np.zeros((1, 4))))], 4)
    assert found["wql"] == pytest.approx(2 * (0.1 + 0.5 + 0.9 + 0.95) / 4)


def test_errors_are_scaled_by_the_naive_step_and_weighted_by_revenue() -> None:
    came = np.array([[3.0, 3.0], [1.0, 1.0]])
    told = sure(np.array([[1.0, 1.0], [1.0, 1.0]]))
    found = demand_metrics([Scored(came, told, np.array([4.0, 1.0]), np.array([30.0, 10.0]))])
    assert found["rmsse"] == pytest.approx((1.0 + 0.0) / 2)
    assert found["wrmsse"] == pytest.approx(0.75)


def test_a_series_that_never_moved_has_no_scaled_error() -> None:
    came = np.array([[3.0]])
    found = demand_metrics([Scored(came, sure(came), np.zeros(1), np.ones(1))])
    assert np.isnan(found["rmsse"])


def test_seasonal_naive_repeats_the_week_of_a_year_ago() -> None:
    units = np.arange(1.0, 66.0)[None, :]
    assert seasonal_naive(known(units), 4, 1).mean.tolist() == [units[0, 13:17].tolist()]


def test_seasonal_naive_without_a_year_repeats_four_weeks_ago() -> None:
    units = np.arange(1.0, 21.0)[None, :]
    assert seasonal_naive(known(units), 4, 1).mean.tolist() == [[17.0, 18.0, 19.0, 20.0]]


def test_empirical56_is_the_last_eight_weeks_and_nothing_older() -> None:
    units = np.concatenate([np.full(30, 999.0), np.arange(8.0)])[None, :]
    told = empirical56(known(units), 2, 1)
    assert told.mean.tolist() == [[3.5, 3.5]]
    assert told.quantiles[0, 0, 1] == 3.5
    assert told.quantiles.max() < 8


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_every_baseline_answers_with_ordered_quantiles_for_every_week(name: str) -> None:
    units = np.random.default_rng(5).poisson(4.0, (12, 30)).astype(np.float64)
    told = BASELINES[name](known(units), 4, 1)
    assert told.quantiles.shape == (12, 4, len(LEVELS))
    assert told.mean.shape == (12, 4)
    assert (np.diff(told.quantiles, axis=2) >= -1e-9).all()
    assert (told.quantiles >= 0).all()
    assert 2 < told.mean.mean() < 6


def test_steady_series_sell_in_most_weeks_and_the_seed_chooses_among_too_many() -> None:
    units = np.ones((100, 20))
    units[:40, ::2] = 0
    assert steady(units, 1000, 1).tolist() == list(range(40, 100))
    some = steady(units, 10, 1)
    assert len(some) == 10
    assert some.tolist() == steady(units, 10, 1).tolist() != steady(units, 10, 2).tolist()


def test_a_shop_of_rare_goods_is_scored_on_what_it_sells_most_often() -> None:
    units = np.zeros((50, 20))
    units[:, ::4] = 1
    assert len(steady(units, 1000, 1)) == 50
