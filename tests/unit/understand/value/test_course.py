"""The course of cohorts: the level of a shop, without a word about single customers."""

from __future__ import annotations

import numpy as np
import pytest

from shengeng.kernel.units import Floats
from shengeng.understand.value.methods import correction, course, engine, purchases
from shengeng.understand.value.methods.purchases import PurchaseDays

DAYS, CUT = 300, 150


def shop(rate_at: Floats, *, customers: int = 4000, arrive: int = 60, seed: int = 2) -> PurchaseDays:
    """Customers who arrive within some days and buy at a rate by age."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, arrive, customers)
    who, when = [np.arange(customers)], [start]
    for day in range(DAYS):
        age = day - start
        buys = (age > 0) & (rng.random(customers) < rate_at[np.maximum(age, 0)])
        who.append(np.flatnonzero(buys))
        when.append(np.full(int(buys.sum()), day))
    return purchases.purchase_days(np.concatenate(who), np.concatenate(when), customers)


def ahead_and_actual(days: PurchaseDays, cut: int = CUT) -> tuple[float, float]:
    guess = course.total_ahead(days, 0, cut, DAYS - cut)
    assert guess is not None
    known = purchases.known_at(days, cut)
    return guess, float(purchases.between(days, known.who, cut, DAYS).sum())


@pytest.mark.parametrize("floor", [0.002, 0.01])
def test_a_cohort_that_falls_to_a_floor_keeps_the_floor(floor: float) -> None:
    age = np.arange(DAYS, dtype=np.float64)
    guess, actual = ahead_and_actual(shop(0.03 * (1 + age / 10) ** -1.5 + floor, customers=20_000))
    assert guess == pytest.approx(actual, rel=0.06)


def test_a_steady_shop_goes_on_as_it_is() -> None:
    guess, actual = ahead_and_actual(shop(np.full(DAYS, 0.02)))
    assert guess == pytest.approx(actual, rel=0.03)


def test_a_cohort_twice_as_keen_stays_twice_as_keen() -> None:
    keen, calm = (shop(np.full(DAYS, rate), arrive=28, customers=1500) for rate in (0.04, 0.02))
    later = calm.day + 28  # the calm cohort arrives after the keen one
    seen = later < DAYS
    both = purchases.purchase_days(
        np.concatenate((keen.customer, calm.customer[seen] + 1500)),
        np.concatenate((keen.day, later[seen])),
        3000,
    )
    guess, actual = ahead_and_actual(both)
    assert guess == pytest.approx(actual, rel=0.05)


def test_nothing_after_the_cut_is_read() -> None:
    days = shop(np.full(DAYS, 0.02))
    before = days.day < CUT
    cut_off = PurchaseDays(days.customer[before], days.day[before], days.customers)
    assert course.total_ahead(days, 0, CUT, 90) == course.total_ahead(cut_off, 0, CUT, 90)


def test_a_shop_with_few_repeats_has_no_course() -> None:
    assert course.total_ahead(shop(np.full(DAYS, 0.0002), customers=300), 0, CUT, 90) is None


def test_the_forecast_meets_the_course_halfway() -> None:
    days = shop(np.full(DAYS, 0.02))
    orders = engine.learn(days, 0, CUT, 90)
    assert orders is not None
    view = correction.view_at(days, purchases.known_at(days, CUT), CUT, 90, orders.model)
    own = correction.expected(
        correction.Correction(orders.correction.slumber, orders.correction.weights), view
    )
    by_course = course.total_ahead(days, 0, CUT, 90)
    assert by_course is not None
    halfway = np.sqrt(own.sum() * by_course)
    assert engine.forecast(orders, days, CUT, 90).orders.sum() == pytest.approx(halfway, rel=1e-9)


def test_the_curves_slope_is_the_likelihoods() -> None:
    found = course.seen(shop(np.full(DAYS, 0.02)), 0, CUT)
    best = course.fit(found)
    age = np.arange(1, CUT, dtype=np.float64)

    def likelihood(theta: Floats) -> float:
        mean = course.rate(theta, age)
        return float(found.repeats[1:] @ np.log(mean) - found.exposed[1:] @ mean)

    rng = np.random.default_rng(1)
    others = [likelihood(best + 0.05 * rng.standard_normal(4)) for _ in range(50)]
    assert likelihood(best) >= max(others) - 0.05
