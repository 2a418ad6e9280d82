"""Laws of the weekly estimate: distributions, joint draws, promotions, and what must not teach."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from shengeng.kernel.units import Floats
from shengeng.understand.demand.methods.draws import (
    band_quantiles,
    joint_draws,
    negbin_quantiles,
    outcomes,
    published_quantiles,
)
from shengeng.understand.demand.methods.features import Shop
from shengeng.understand.demand.methods.level import forecast
from shengeng.understand.demand.methods.record import Reading
from shengeng.understand.demand.methods.trailing import teachers
from shengeng.understand.demand.methods.weeks import spread_weekly

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])


@given(st.floats(0.01, 55), st.floats(0.02, 3))
def test_quantiles_are_those_of_the_negative_binomial(mean: float, dispersion: float) -> None:
    size = 1 / dispersion
    expected = stats.nbinom.ppf(LEVELS, size, size / (size + mean))
    found = negbin_quantiles(np.array([mean]), np.array([dispersion]), LEVELS)[0]
    assert np.abs(found - expected).max() <= 1  # a level that falls on a count's own probability
    assert (found == expected).mean() > 0.8


def test_large_counts_go_on_where_counting_stops() -> None:
    mean, dispersion = np.array([59.9, 60.1]), np.array([0.2, 0.2])
    below, above = negbin_quantiles(mean, dispersion, LEVELS)
    assert np.abs(below - above).max() <= 2


@given(st.floats(1, 50), st.floats(0.02, 2))
def test_bands_lie_within_a_unit_of_the_whole_quantiles(mean: float, dispersion: float) -> None:
    found = band_quantiles(np.array([mean]), np.array([dispersion]), LEVELS)[0]
    whole = negbin_quantiles(np.array([mean]), np.array([dispersion]), LEVELS)[0]
    assert (np.diff(found) >= 0).all()
    assert np.abs(found - whole).max() <= 1.0 + 1e-9


def test_a_band_between_the_counts_holds_close_to_what_it_says() -> None:
    rng = np.random.default_rng(2)
    mean, dispersion = rng.uniform(2, 12, 20_000), np.full(20_000, 0.2)
    came = rng.negative_binomial(5, 5 / (5 + mean))
    levels = published_quantiles(mean, dispersion, np.array([0.1, 0.9]))
    whole = negbin_quantiles(mean, dispersion, np.array([0.1, 0.9]))
    inside = ((came >= levels[:, 0]) & (came <= levels[:, 1])).mean()
    assert 0.77 < inside < 0.83
    assert ((came >= whole[:, 0]) & (came <= whole[:, 1])).mean() > 0.84


def test_thin_products_and_medians_are_told_in_whole_units() -> None:
    thin = published_quantiles(np.array([0.3]), np.array([0.5]), LEVELS)
    thick = published_quantiles(np.array([7.3]), np.array([0.5]), LEVELS)
    assert (thin == np.rint(thin)).all()
    assert thick[0, 3] == np.rint(thick[0, 3])


def test_draws_have_the_quantiles_they_are_made_of() -> None:
    mean, dispersion, last = np.array([3.0, 20.0]), np.array([0.3, 0.1]), np.array([2.0, 30.0])
    said = outcomes(mean, dispersion, last, Reading(), 100)
    draws = joint_draws(said, np.zeros((2, 20)), np.random.default_rng(1))
    levels = (np.arange(100) + 0.5) / 100
    assert (np.sort(draws, axis=1) == negbin_quantiles(mean, dispersion, levels)).all()


def test_products_that_rose_and_fell_together_do_so_in_the_draws() -> None:
    rng = np.random.default_rng(4)
    weeks = rng.gamma(4.0, 1.0, 40)
    past = np.stack([weeks * 5, weeks * 9, -weeks])
    said = outcomes(np.full(3, 20.0), np.full(3, 0.2), np.full(3, 20.0), Reading(), 120)
    draws = joint_draws(said, past, rng)
    together = np.asarray(np.corrcoef(draws))
    assert together[0, 1] > 0.9
    assert together[0, 2] < -0.8


def test_units_fall_into_the_weeks_they_were_sold_in() -> None:
    series, ago = np.array([0, 0, 1, 1]), np.array([0, 2, 1, 9])
    found = spread_weekly(series, ago, np.array([1.0, 2.0, 4.0, 8.0]), (2, 3))
    assert found.tolist() == [[2, 0, 1], [0, 4, 0]]


def shop(seed: int, promoted: bool) -> Shop:
    """300 products over 40 weeks; promotions treble sales; a tenth has one in the coming week."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(2, 15, 300)[:, None]
    share = 0.1 if promoted else 0.0
    plan = np.where(rng.random((1, 300, 41)) < share, 1.4, 0.0)
    mean = level * np.where(plan[0, :, :40] > 0, 3.0, 1.0)
    units = rng.poisson(mean).astype(np.float64)
    return Shop(units, 100 * units, plan, np.zeros(300, dtype=np.int64))


def asked(of: Shop, seed: int = 1) -> Floats:
    found = forecast(of, 1, learn_from=np.arange(300), seed=seed)
    return found.mean[:, 0]


def test_a_promotion_that_trebled_sales_before_is_expected_to_do_so_again() -> None:
    found = shop(3, promoted=True)
    usual = np.where(found.plan[0, :, :40] == 0, found.units, np.nan)
    ratio = asked(found) / np.nanmean(usual, axis=1)
    promoted = found.plan[0, :, 40] > 0
    assert 2.3 < np.median(ratio[promoted]) < 3.5
    assert np.median(ratio[~promoted]) == pytest.approx(1, abs=0.15)


def test_the_same_seed_gives_the_same_forecast() -> None:
    assert asked(shop(3, promoted=True)).tolist() == asked(shop(3, promoted=True)).tolist()


def test_no_mean_tops_what_was_ever_sold() -> None:
    found = shop(5, promoted=True)
    wild = Shop(found.units, found.paid_minor, found.plan.copy(), found.kin)
    wild.plan[0, :, 40] = 50.0
    assert (asked(wild) <= np.maximum(found.units.max(axis=1), 1.0)).all()


def test_quiet_weeks_are_forecast_as_they_are() -> None:
    found = shop(7, promoted=False)
    assert asked(found).sum() == pytest.approx(found.units.mean(axis=1).sum(), rel=0.05)


def test_a_short_history_rests_on_its_own_level() -> None:
    units = np.tile(np.array([4.0, 6.0, 5.0]), (5, 1))
    of = Shop(units, units * 100, np.zeros((1, 5, 4)), np.zeros(5, dtype=np.int64))
    found = forecast(of, 1, learn_from=np.arange(5), seed=1)
    assert found.mean[:, 0] == pytest.approx(np.full(5, 5.0), abs=0.5)


def test_a_product_of_two_weeks_is_not_watered_down_by_the_weeks_before_it() -> None:
    units = np.zeros((1, 10))
    units[0, -2:] = 8
    of = Shop(units, units * 100, np.zeros((1, 1, 11)), np.zeros(1, dtype=np.int64))
    assert forecast(of, 1, learn_from=np.arange(1), seed=1).mean[0, 0] > 6


def test_teachers_are_not_chosen_by_the_weeks_they_teach() -> None:
    rng = np.random.default_rng(date(2025, 1, 1).toordinal())
    units = rng.poisson(1.0, (9_000, 40)).astype(np.float64)
    chosen = teachers(units, rng)
    assert len(np.unique(chosen)) == len(chosen) < 9_000
    assert units[chosen][:, 20:].mean() == pytest.approx(1.0, abs=0.02)
