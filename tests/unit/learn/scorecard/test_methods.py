"""Coverage and its standard error, against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.kernel.units import Interval
from shengeng.learn.scorecard.methods import coverage, pooled, sum_over_days


def test_one_day_has_the_binomial_standard_error() -> None:
    found = coverage(np.array([True] * 8 + [False] * 2), ["mon"] * 10)
    assert found == pytest.approx((0.8, math.sqrt(0.8 * 0.2 / 10)))


def test_days_that_miss_together_count_as_days() -> None:
    # c = 6/8; Monday sums to 4 (1 - .75) = 1, Tuesday to 2 - 4 x .75 = -1; sqrt(2 / 1 x (1 + 1)) / 8
    inside = np.array([True] * 4 + [True, True, False, False])
    found = coverage(inside, ["mon"] * 4 + ["tue"] * 4)
    assert found == pytest.approx((0.75, 2 / 8))


def test_counts_give_the_same_as_the_intervals_behind_them() -> None:
    inside = np.array([True] * 7 + [False] * 3 + [True] * 4 + [False])
    days = ["mon"] * 10 + ["tue"] * 5
    assert pooled([7, 4], [10, 5], ["mon", "tue"]) == pytest.approx(coverage(inside, days))
    assert pooled([7], [10], ["mon"]) == pytest.approx(coverage(inside[:10], days[:10]))


def test_without_intervals_nothing_is_claimed() -> None:
    assert coverage(np.array([], dtype=bool), []) is None
    assert pooled([], [], []) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=60))
def test_a_share_lies_between_nothing_and_all(rows: list[tuple[bool, int]]) -> None:
    found = coverage(np.array([held for held, _ in rows]), [day for _, day in rows])
    assert found is not None
    share, se = found
    assert 0 <= share <= 1
    assert se >= 0
    assert share not in (0.0, 1.0) or se == pytest.approx(0.0, abs=1e-12)


def test_days_add_as_independent() -> None:
    both = sum_over_days([Interval(7, 10, 14), Interval(6, 10, 13)])
    assert (both.low, both.mid, both.high) == pytest.approx((15, 20, 25))
