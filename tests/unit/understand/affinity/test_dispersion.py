"""How far sums of chances miss, on made-up weeks whose shocks are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.kernel.units import Floats
from shengeng.understand.affinity.methods.dispersion import (
    USUAL_WEEK,
    Cell,
    Dispersion,
    count_interval,
    dispersion,
)


def _weeks(count: int, *, week: float, group: float, seed: int) -> list[Cell]:
    """Weeks of 20 groups of 400 pairs with chances around .2, shaken by normal shocks."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(20), 400)
    cells = []
    for number in range(count):
        chance = rng.uniform(0.1, 0.3, len(codes))
        shaken = chance * (1 + week * rng.normal() + group * rng.normal(size=20)[codes])
        cells.append(Cell(number, codes, chance, rng.random(len(codes)) < np.clip(shaken, 0, 1)))
    return cells


def test_shocks_that_were_put_in_are_found_again() -> None:
    found = dispersion(_weeks(80, week=0.25, group=0.15, seed=1), 0.02)
    assert found.week == pytest.approx(0.25, abs=0.06)
    assert found.group == pytest.approx(0.15, abs=0.03)
    assert found.widen == pytest.approx(1.0, abs=0.03)


def test_independent_purchases_show_no_group_shock_and_a_fading_prior() -> None:
    few = dispersion(_weeks(4, week=0.0, group=0.0, seed=2), 0.02)
    many = dispersion(_weeks(60, week=0.0, group=0.0, seed=2), 0.02)
    assert many.group < 0.03
    assert many.week < few.week < USUAL_WEEK


def test_fewer_weeks_are_trusted_less() -> None:
    assert dispersion(_weeks(3, week=0.1, group=0.1, seed=3), 0.02).widen > 1.3


@given(st.floats(0.5, 300), st.floats(0.3, 6))
def test_an_interval_holds_its_mean_and_widens_with_the_variance(mean: float, factor: float) -> None:
    low, high = count_interval(mean, mean * factor)
    assert 0.0 <= low <= mean + 1.0
    assert high >= mean - 1.0
    wider_low, wider_high = count_interval(mean, mean * factor * 2)
    assert wider_high - wider_low >= high - low - 1.0


def test_groups_apart_are_shaken_less_than_one_group_of_the_same_size() -> None:
    spread = Dispersion(week=0.1, group=0.2, weeks=6, widen=1.0)
    one: Floats = np.array([100.0])
    assert spread.shock(np.full(10, 10.0)) < spread.shock(one) == pytest.approx(0.05**0.5)
    assert spread.variance(one, np.array([80.0])) == pytest.approx(80 + 0.05 * 100**2)
    assert spread.shock(np.zeros(3)) == 0.0
