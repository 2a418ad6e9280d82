"""Laws of the boundaries: what makes a customer late, what holds them, who is in the high tier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shengeng.understand.lifecycle import methods
from shengeng.understand.lifecycle.contracts import STAGE_NAMES, Thresholds
from shengeng.understand.lifecycle.methods import Before, Known, Placed

LIMITS = Thresholds()


def shop(size: int = 400, seed: int = 3) -> Known:
    """Customers with rhythms of their own, seen at a random moment of their gaps."""
    rng = np.random.default_rng(seed)
    rhythm = rng.uniform(3, 60, size)
    days = rng.integers(1, 40, size)
    age = (rhythm * days).astype(np.int64)
    recent = rng.binomial(days, np.minimum(28 / np.maximum(age, 28), 1))
    return Known(
        purchase_days=days,
        gap_mean=np.where(days > 1, rhythm, 0.0),
        gap_spread=np.where(days > 2, rhythm * 0.8, 0.0),
        silent_days=rng.exponential(rhythm).astype(np.int64),
        age_days=age,
        orders=days,
        orders_28=recent,
        orders_90=np.minimum(recent * 3, days),
        p_alive=rng.uniform(0, 1, size),
        value_minor=rng.integers(0, 100_000, size),
    )


def nobody(size: int) -> Before:
    none = np.full(size, methods.UNKNOWN)
    return Before(none, none, np.zeros(size, dtype=np.int64))


def place(known: Known, before: Before | None = None, limits: Thresholds = LIMITS) -> Placed:
    return methods.place(known, before or nobody(len(known.orders)), limits)


def after(found: Placed) -> Before:
    return Before(found.stage, found.tier, found.purchases_at)


def test_a_longer_silence_is_never_less_late() -> None:
    known = shop()
    late, _ = methods.lateness(known)
    later, _ = methods.lateness(known._replace(silent_days=known.silent_days + 5))
    assert (later >= late).all()
    assert (later > late).mean() > 0.9


def test_the_same_silence_alarms_about_the_quick_and_not_about_the_slow() -> None:
    known = shop()
    quick, slow = (
        known._replace(gap_mean=np.full(400, g), gap_spread=np.full(400, g / 2)) for g in (4.0, 50.0)
    )
    silent = np.full(400, 45)
    of_quick, _ = methods.lateness(quick._replace(silent_days=silent))
    of_slow, _ = methods.lateness(slow._replace(silent_days=silent))
    many = known.purchase_days >= 6
    assert of_quick[many].min() > LIMITS.at_risk_lateness > of_slow[many].max()


def test_lateness_is_calibrated_where_gaps_are_as_they_were() -> None:
    rng = np.random.default_rng(8)
    size, gaps = 4000, 12
    rhythm = rng.gamma(4, 3, size)
    past = rng.gamma(2, rhythm[:, None] / 2, (size, gaps)).round().clip(1)
    coming = rng.gamma(2, rhythm / 2).round().clip(1)
    known = shop(size)._replace(
        purchase_days=np.full(size, gaps + 1),
        gap_mean=past.mean(axis=1),
        gap_spread=past.std(axis=1, ddof=1),
        silent_days=coming.astype(np.int64),
    )
    late, _ = methods.lateness(known)
    for level in (0.5, 0.8, 0.95):
        assert (late >= level).mean() == pytest.approx(1 - level, abs=0.06)


def test_where_nobody_came_twice_nobody_is_late_and_no_rhythm_is_known() -> None:
    known = shop()._replace(purchase_days=np.ones(400, dtype=np.int64), p_alive=np.ones(400))
    found = place(known)
    assert np.isnan(found.rhythm).all()
    assert {STAGE_NAMES[code] for code in found.stage} == {"new"}


def test_a_shop_that_speeds_up_as_a_whole_makes_nobody_grow() -> None:
    known = shop()
    size = len(known.orders)
    doubled = known._replace(
        purchase_days=np.full(size, 30),
        gap_mean=np.full(size, 7.0),
        gap_spread=np.full(size, 5.0),
        silent_days=np.full(size, 2),
        age_days=np.full(size, 200),
        orders=np.full(size, 30),
        orders_28=np.full(size, 9),
        p_alive=np.ones(size),
    )
    assert (place(doubled).stage == methods.SETTLED).all()
    one = doubled._replace(orders_28=np.where(np.arange(size) == 0, 20, 9))
    assert np.flatnonzero(place(one).stage == methods.GROWING).tolist() == [0]


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(0.2, 0.8), st.floats(0.01, 0.15))
def test_the_high_tier_is_the_fewest_who_bring_their_share(seed: int, high: float, more: float) -> None:
    value = np.random.default_rng(seed).integers(1, 1000, 200)
    limits = replace(LIMITS, tier_high_share=high, tier_mid_share=high + more)
    tiers = methods.tiers(value, np.full(200, methods.UNKNOWN), limits)
    top = value[tiers == methods.HIGH]
    assert top.sum() >= high * value.sum() - 1e-6
    assert top.sum() - (top == top.min()).sum() * top.min() < high * value.sum()
    assert top.min() > value[tiers != methods.HIGH].max()
    assert value[tiers <= methods.MID].sum() >= (high + more) * value.sum() - 1e-6


def test_equal_customers_share_a_tier_and_the_worthless_are_low() -> None:
    nobody_known = np.full(5, methods.UNKNOWN)
    assert len(set(methods.tiers(np.full(5, 70), nobody_known, LIMITS))) == 1
    assert (methods.tiers(np.zeros(5, dtype=np.int64), nobody_known, LIMITS) == methods.LOW).all()


def test_the_same_day_again_moves_nobody() -> None:
    known = shop()
    first = place(known)
    again = place(known, after(first))
    assert (again.stage == first.stage).all()
    assert (again.tier == first.tier).all()
    assert (again.purchases_at == first.purchases_at).all()


def test_a_boundary_holds_whom_it_took_until_they_are_well_past_it() -> None:
    known = shop()._replace(
        p_alive=np.ones(400), purchase_days=np.full(400, 20), silent_days=np.full(400, 300)
    )
    first = place(known)
    dormant = first.stage == methods.DORMANT
    assert dormant.sum() > 20
    # A boundary drawn just beyond them lets them go at once, unless it is steady.
    beyond = replace(LIMITS, dormant_lateness=0.9999, return_purchases=1)
    taken = dormant & (first.lateness < beyond.dormant_lateness)
    assert taken.any()
    assert (place(known, after(first), beyond).stage[taken] == methods.DORMANT).all()
    loose = replace(beyond, steadiness=0.0)
    assert (place(known, after(first), loose).stage[taken] == methods.AT_RISK).all()


def test_whoever_was_silent_is_back_after_so_many_purchases_and_not_before() -> None:
    known = shop()._replace(p_alive=np.ones(400), purchase_days=np.full(400, 20))
    first = place(known._replace(silent_days=np.full(400, 5000)))
    assert (first.stage == methods.DORMANT).all()
    once = known._replace(purchase_days=np.full(400, 21), silent_days=np.zeros(400, dtype=np.int64))
    second = place(once, after(first))
    assert (second.stage == methods.AT_RISK).all()
    assert (second.reason == methods.RETURNING).all()
    third = place(once._replace(purchase_days=np.full(400, 22)), after(second))
    assert set(third.stage) <= {methods.SETTLED, methods.GROWING}
