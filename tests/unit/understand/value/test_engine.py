"""The engine in a made-up world of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shengeng.kernel.units import Floats
from shengeng.understand.value.methods import correction, counting, engine, prediction, purchases, spend
from shengeng.understand.value.methods.purchases import PurchaseDays
from shengeng.understand.value.methods.spend import Spend

DAYS, CUT = 360, 240


def world(customers: int = 3000, *, seed: int = 5, leave: float = 0.05, swing: float = 0.0) -> PurchaseDays:
    """Purchase days of a shop over DAYS days; swing: how much a pace wanders from month to month."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.5, 1 / 30.0, customers)
    pace = rate[:, None] * np.exp(np.cumsum(swing * rng.standard_normal((customers, DAYS // 30)), axis=1))
    start = rng.integers(0, 120, customers)
    who, when = [], []
    alive = np.ones(customers, dtype=bool)
    for day in range(DAYS):
        buys = (start == day) | (alive & (start < day) & (rng.random(customers) < pace[:, day // 30]))
        who.append(np.flatnonzero(buys))
        when.append(np.full(int(buys.sum()), day))
        alive &= ~(buys & (rng.random(customers) < leave))
    return purchases.purchase_days(np.concatenate(who), np.concatenate(when), customers)


def fit_and_look(days: PurchaseDays) -> tuple[engine.Orders, engine.Forecast, Floats]:
    orders = engine.learn(days, 0, CUT, DAYS - CUT)
    assert orders is not None
    ahead = engine.forecast(orders, days, CUT, DAYS - CUT)
    return orders, ahead, purchases.between(days, ahead.who, CUT, DAYS)


def rmse(guess: Floats, actual: Floats) -> float:
    return float(np.sqrt(np.mean((guess - actual) ** 2)))


def coverage(ahead: engine.Forecast, actual: Floats) -> float:
    """Share of randomised probability-integral transforms inside the middle 80%."""
    future = ahead.outlook
    below = 1 - np.where(actual > 0, prediction.at_least(future, np.maximum(actual, 1)), 1.0)
    upto = 1 - prediction.at_least(future, actual + 1)
    place = below + np.random.default_rng(0).random(len(actual)) * (upto - below)
    return float(np.mean((place >= 0.1) & (place <= 0.9)))


@pytest.mark.parametrize("swing", [0.0, 0.4])
def test_four_in_five_customers_fall_into_their_interval(swing: float) -> None:
    _, ahead, actual = fit_and_look(world(swing=swing))
    assert coverage(ahead, actual) == pytest.approx(0.8, abs=0.04)


def test_customers_who_change_their_pace_get_wider_intervals() -> None:
    steady, swinging = (fit_and_look(world(swing=s))[0].spread for s in (0.0, 0.4))
    assert swinging > 2 * steady


def test_earlier_cuts_help_where_pace_wanders() -> None:
    days = world(swing=0.4)
    orders, ahead, actual = fit_and_look(days)
    known = purchases.known_at(days, CUT)
    plain = counting.expected(counting.fit(known.histories), known.histories, DAYS - CUT)
    assert orders.correction.windows
    assert rmse(ahead.orders, actual) < 0.99 * rmse(plain, actual)


def test_earlier_cuts_do_no_harm_where_the_model_is_right() -> None:
    days = world()
    _, ahead, actual = fit_and_look(days)
    known = purchases.known_at(days, CUT)
    plain = counting.expected(counting.fit(known.histories), known.histories, DAYS - CUT)
    assert rmse(ahead.orders, actual) < 1.01 * rmse(plain, actual)


def test_nothing_after_the_cut_is_read() -> None:
    days = world(800)
    past = days.day < CUT
    alone = PurchaseDays(days.customer[past], days.day[past], days.customers)
    for found, wanted in zip(fit_and_look(days)[1][:3], fit_and_look(alone)[1][:3], strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_the_correction_leaves_the_pace_of_the_shop_at_the_cut() -> None:
    days = world(1500, swing=0.4)
    orders, _, _ = fit_and_look(days)
    known = purchases.known_at(days, CUT)
    tomorrow = correction.view_at(days, known, CUT, 1, orders.model)
    plain = float(np.sum(tomorrow.pace * tomorrow.alive))
    unlevelled = replace(orders.correction, level=1.0)
    assert correction.expected(unlevelled, tomorrow).sum() == pytest.approx(plain, rel=0.02)


def test_a_young_shop_is_not_corrected() -> None:
    days = purchases.purchase_days(np.array([0, 0, 1, 2]), np.array([0, 3, 1, 2]), 3)
    orders = engine.learn(days, 0, 5, 30)
    assert orders is not None
    assert orders.correction == correction.Correction()
    assert orders.spread == engine.DEFAULT_SPREAD


def test_a_shop_on_its_first_day_has_nothing_to_learn_from() -> None:
    assert engine.learn(purchases.purchase_days(np.array([0]), np.array([7]), 1), 7, 8, 30) is None
    assert engine.learn(purchases.purchase_days(np.zeros(0, int), np.zeros(0, int), 0), 0, 8, 30) is None


def test_two_purchases_on_one_day_are_one_purchase_day() -> None:
    days = purchases.purchase_days(np.array([1, 0, 0, 1]), np.array([4, 2, 2, 9]), 2)
    assert days.customer.tolist() == [0, 1, 1]
    known = purchases.known_at(days, 10)
    assert known.histories.x.tolist() == [0, 1]
    assert known.histories.t_x.tolist() == [0, 5]
    assert known.histories.age.tolist() == [7, 5]
    assert purchases.known_at(days, 4).who.tolist() == [0]


def test_a_quantile_is_the_first_count_that_reaches_its_level() -> None:
    _, ahead, _ = fit_and_look(world(400))
    for level in (0.1, 0.5, 0.9):
        found = prediction.quantile(ahead.outlook, level)
        assert np.all(1 - prediction.at_least(ahead.outlook, found + 1) >= level)
        reached = 1 - prediction.at_least(ahead.outlook, np.maximum(found, 1))
        assert np.all((found == 0) | (reached < level))


def test_drawn_spend_has_the_mean_that_the_formula_says() -> None:
    _, ahead, _ = fit_and_look(world(600))
    model = Spend(6.0, 8.0, 1500.0)
    count, mean = np.full(len(ahead.who), 3.0), np.full(len(ahead.who), 1200.0)
    future = ahead.outlook
    rate = (model.q + model.p * count, model.v + count * mean)
    columns = (future.alive, future.shape, future.pace, future.slow, future.b, *rate)
    drawn = 0.0
    for seed, one in enumerate(zip(*columns, strict=True)):
        drawn += prediction._spend_draws(one, future.a, model.p, np.random.default_rng(seed)).mean()
    wanted = float(np.sum(ahead.orders * spend.expected(model, count, mean)))
    assert drawn == pytest.approx(wanted, rel=0.03)


def test_worth_lies_inside_its_interval_and_grows_with_spend() -> None:
    _, ahead, _ = fit_and_look(world(300))
    count = np.full(len(ahead.who), 3.0)
    small, large = (
        engine.worth(ahead, Spend(6.0, 8.0, 1500.0), count, np.full(len(ahead.who), m), range(len(ahead.who)))
        for m in (500.0, 5000.0)
    )
    assert np.all((small.low <= small.mid) & (small.mid <= small.high))
    assert np.all(large.mid > small.mid)
