"""Laws of stocking: what must hold at every price and for every demand."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import arrays

from shengeng.decide.replenish.methods import (
    critical_ratio,
    gain_minor,
    intervals,
    order_up_to,
    profit_minor,
    sum_interval,
)
from shengeng.kernel.units import Ints

rates = st.floats(0.01, 1.0)
weeks = arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 40)), elements=st.integers(0, 500))


@given(weeks, rates, rates, rates)
def test_dearer_scrap_never_orders_more(draws: Ints, margin: float, scrap: float, more: float) -> None:
    cheap = order_up_to(draws, critical_ratio(margin, scrap))
    dear = order_up_to(draws, critical_ratio(margin, scrap + more))
    assert (dear <= cheap).all()


@given(weeks, rates, rates, rates)
def test_a_higher_margin_never_orders_less(draws: Ints, margin: float, scrap: float, more: float) -> None:
    thin = order_up_to(draws, critical_ratio(margin, scrap))
    rich = order_up_to(draws, critical_ratio(margin + more, scrap))
    assert (rich >= thin).all()


@given(weeks, rates, rates, st.integers(0, 500))
def test_no_other_number_of_units_is_expected_to_earn_more(
    draws: Ints, margin: float, scrap: float, other: int
) -> None:
    price = np.full(len(draws), 100)
    best = order_up_to(draws, critical_ratio(margin, scrap))
    chosen = profit_minor(best, draws, price, margin_rate=margin, scrap_rate=scrap).mean(axis=1)
    same = np.full(len(draws), other)
    another = profit_minor(same, draws, price, margin_rate=margin, scrap_rate=scrap).mean(axis=1)
    assert (chosen >= another - 1e-6).all()


@given(weeks, rates, rates)
def test_the_default_gains_nothing_over_itself(draws: Ints, margin: float, scrap: float) -> None:
    units = draws[:, 0]
    gains = gain_minor(units, units, draws, np.full(len(draws), 250), margin_rate=margin, scrap_rate=scrap)
    assert not gains.any()


@given(weeks, rates, rates, st.integers(1, 1000))
def test_gain_is_bounded_by_what_the_difference_in_units_can_earn_or_lose(
    draws: Ints, margin: float, scrap: float, price: int
) -> None:
    default, units = draws[:, 0], draws[:, -1]
    gains = gain_minor(
        units, default, draws, np.full(len(draws), price), margin_rate=margin, scrap_rate=scrap
    )
    most = np.abs(units - default) * price * max(margin, scrap)
    assert (np.abs(gains) <= most[:, None] + 1e-6).all()


@given(weeks)
def test_the_interval_of_a_sum_has_the_mean_of_the_sum(draws: Ints) -> None:
    gains = draws.astype(np.float64)
    whole = sum_interval(gains)
    assert whole.low <= whole.high
    np.testing.assert_allclose(whole.mid, intervals(gains)[:, 1].sum(), rtol=1e-9)


def test_weeks_that_are_good_for_all_make_the_sum_wide() -> None:
    week = np.arange(100.0)
    together = np.tile(week, (50, 1))
    rng = np.random.default_rng(3)
    apart = np.stack([rng.permutation(week) for _ in range(50)])
    wide, narrow = sum_interval(together), sum_interval(apart)
    assert wide.mid == narrow.mid
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


@given(weeks, st.floats(0, 0.5), st.floats(0, 0.5))
def test_what_weeks_miss_together_never_narrows_a_sum(draws: Ints, common: float, more: float) -> None:
    gains = draws.astype(np.float64)
    less, wider = sum_interval(gains, common), sum_interval(gains, common + more)
    assert wider.low <= less.low + 1e-6
    assert wider.high >= less.high - 1e-6
    assert wider.mid == less.mid


@given(weeks)
def test_a_sum_of_weeks_that_miss_nothing_together_is_that_of_its_draws(draws: Ints) -> None:
    total = draws.sum(axis=0, keepdims=True).astype(np.float64)
    said = sum_interval(draws.astype(np.float64))
    assert [said.low, said.high] == [intervals(total)[0, 0], intervals(total)[0, 2]]
