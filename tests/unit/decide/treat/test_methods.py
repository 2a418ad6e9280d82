"""The choice of reminders and the arithmetic of those who would buy unasked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom

from shengeng.decide.treat.methods import (
    buyers,
    choose,
    expected_gain,
    fold_small,
    gain_of_each,
    gain_of_sum,
    habits,
    learn_line,
    on_line,
)
from shengeng.kernel.units import Floats

RESPONSE = (0.015, 0.03, 0.06)
chances = arrays(np.float64, st.integers(1, 60), elements=st.floats(0.0, 1.0))
one_chance = st.floats(0.0, 1.0)


@given(one_chance, one_chance, st.floats(0, 1e5), st.floats(0, 0.5), st.floats(0, 1e3))
def test_the_surer_a_customer_buys_unasked_the_less_a_reminder_is_worth(
    one: float, other: float, margin: float, response: float, cost: float
) -> None:
    low, high = sorted((one, other))
    worth = expected_gain(
        np.array([low, high]), np.array([margin, margin]), response=response, cost_minor=cost
    )
    assert worth[0] >= worth[1]
    assert worth[1] >= -cost - 1e-9


@given(st.data())
def test_nobody_gets_more_reminders_than_allowed_nor_one_that_does_not_pay(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 80))
    customer = data.draw(arrays(np.int64, n, elements=st.integers(0, 9)))
    gain = data.draw(arrays(np.float64, n, elements=st.floats(-100, 100)))
    room = data.draw(arrays(np.int64, 10, elements=st.integers(-1, 4)))
    kept = choose(customer, gain, room)
    assert len(set(kept.tolist())) == len(kept)
    assert (gain[kept] > 0).all()
    assert (np.bincount(customer[kept], minlength=10) <= np.maximum(room, 0)).all()
    assert (np.diff(gain[kept]) <= 0).all()


@given(st.data())
def test_each_customer_gets_the_reminders_that_are_worth_most(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 40))
    customer = data.draw(arrays(np.int64, n, elements=st.integers(0, 4)))
    gain = data.draw(arrays(np.float64, n, elements=st.floats(0.5, 100)))
    kept = choose(customer, gain, np.full(5, 2))
    for c in range(5):
        mine = np.sort(gain[customer == c])[::-1][:2]
        got = np.sort(gain[[k for k in kept if customer[k] == c]])[::-1]
        assert np.array_equal(mine, got)


@given(chances)
def test_the_interval_of_buyers_holds_its_middle_and_stays_possible(p: Floats) -> None:
    got = buyers(p)
    assert 0 <= got.low <= got.mid <= got.high <= len(p)
    assert got.mid == pytest.approx(p.sum())


@given(st.integers(1, 400), st.floats(0.02, 0.98))
@settings(max_examples=40)
def test_equal_chances_give_the_binomial_interval(n: int, p: float) -> None:
    got = buyers(np.full(n, p))
    low, high = binom.ppf(0.1, n, p), binom.ppf(0.9, n, p)
    assert abs(got.low - low) <= 1
    assert abs(got.high - high) <= 1


@pytest.mark.parametrize("n", [401, 900, 5000])
def test_large_groups_by_moments_agree_with_the_binomial(n: int) -> None:
    for p in (0.02, 0.15, 0.5):
        got = buyers(np.full(n, p))
        low, high = binom.ppf(0.1, n, p), binom.ppf(0.9, n, p)
        assert (abs(got.low - low), abs(got.high - high)) <= (1, 1)


@given(chances, st.floats(0.05, 0.5))
@settings(max_examples=50)
def test_a_shock_that_moves_everybody_never_narrows_the_interval(p: Floats, shock: float) -> None:
    calm, shaken = buyers(p), buyers(p, shock)
    assert shaken.high - shaken.low >= calm.high - calm.low - 1
    assert shaken.mid == calm.mid


def test_small_groups_too_hold_eighty_of_a_hundred_times() -> None:
    rng = np.random.default_rng(7)
    held = []
    for _ in range(400):
        p = rng.uniform(0.03, 0.3, int(rng.integers(12, 40)))
        interval = buyers(p)
        seen = (rng.random((50, len(p))) < p).sum(axis=1)
        held.append(((seen >= interval.low) & (seen <= interval.high)).mean())
    assert 0.77 < np.mean(held) < 0.83


def test_eighty_of_a_hundred_intervals_hold_when_weeks_are_shaken() -> None:
    rng = np.random.default_rng(5)
    p, shock, sigma = rng.uniform(0.05, 0.3, 800), 0.2, np.sqrt(np.log1p(0.2**2))
    interval = buyers(p, shock)
    factor = rng.lognormal(-(sigma**2) / 2, sigma, 4000)
    seen = rng.binomial(1, np.minimum(factor[:, None] * p, 1.0)).sum(axis=1)
    held = ((seen >= interval.low) & (seen <= interval.high)).mean()
    assert 0.77 < held < 0.83


def test_the_gain_of_many_holds_luck_and_the_doubt_about_the_response() -> None:
    rng = np.random.default_rng(6)
    p, margin = rng.uniform(0.05, 0.5, 500), rng.uniform(50, 400, 500)
    interval = gain_of_sum(p, margin, response=RESPONSE, cost_minor=1.0)
    rate = 0.03 * np.exp(rng.normal(0, np.log(4) / 2 / 1.2815515655446004, 4000))
    bought = rng.random((4000, 500)) < rate[:, None] * (1 - p)
    gained = bought @ margin - 500
    assert 0.77 < ((gained >= interval.low) & (gained <= interval.high)).mean() < 0.83


@given(chances)
@settings(max_examples=50)
def test_the_gain_of_a_group_is_the_sum_of_its_members_gains(p: Floats) -> None:
    margin = np.linspace(10, 500, len(p))
    whole = gain_of_sum(p, margin, response=RESPONSE, cost_minor=1.0)
    each = gain_of_each(p, margin, response=RESPONSE, cost_minor=1.0)
    assert whole.mid == pytest.approx(each[:, 1].sum())
    assert whole.low <= whole.mid <= whole.high
    assert (each[:, 0] <= each[:, 1]).all()
    assert (each[:, 1] <= each[:, 2]).all()


def test_without_anybody_there_is_nothing_to_expect() -> None:
    none = np.zeros(0)
    assert buyers(none).high == 0
    assert gain_of_sum(none, none, response=RESPONSE, cost_minor=1.0).mid == 0
    assert len(choose(none.astype(np.int64), none, np.zeros(0, np.int64))) == 0


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("XY")), max_size=80))
def test_small_groups_are_folded_until_only_the_rest_may_be_small(pairs: list[tuple[str, str]]) -> None:
    fine, coarse = [f"{c}/{f}" for f, c in pairs], [c for _, c in pairs]
    keys = fold_small(fine, coarse, least=5, rest="*")
    assert len(keys) == len(pairs)
    for key in set(keys) - {"*"}:
        assert keys.count(key) >= 5
    assert all(key in (f, c, "*") for key, f, c in zip(keys, fine, coarse, strict=True))


def test_a_line_finds_the_chances_that_made_the_purchases() -> None:
    rng = np.random.default_rng(3)
    size = 40_000
    times = rng.poisson(0.5, size)
    signals = habits(rng.uniform(0.02, 0.5, size), times, rng.integers(1, 13, size) / 12)
    truth = np.array([-4.0, 1.1, 0.9, 0.8])
    line = learn_line(signals, (rng.random(size) < on_line(signals, truth)).astype(np.float64))
    assert line == pytest.approx(truth, abs=0.2)
    often, never = on_line(signals, line)[times >= 2], on_line(signals, line)[times == 0]
    assert often.mean() > 2 * never.mean()


def test_without_a_purchase_seen_the_line_stays_near_what_was_taken_for_given() -> None:
    none = learn_line(np.zeros((0, 4)), np.zeros(0))
    signals = habits(np.full(30, 0.1), np.zeros(30, dtype=np.int64), np.ones(30))
    some = learn_line(signals, np.zeros(30))
    chance = on_line(signals[:1], none)[0], on_line(signals[:1], some)[0]
    assert 0.5 * chance[0] < chance[1] < chance[0] < 0.02


@given(st.floats(0.0, 0.9), st.floats(0.1, 5.0))
def test_who_fits_twice_as_well_gains_twice_as_much_before_the_contact(p: float, fit: float) -> None:
    chance, margin = np.array([p]), np.array([500.0])
    once = expected_gain(chance, margin, response=0.02, cost_minor=0.0, fit=fit)
    twice = expected_gain(chance, margin, response=0.02, cost_minor=0.0, fit=np.array([2 * fit]))
    assert twice == pytest.approx(2 * once)
