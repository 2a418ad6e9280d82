"""The learnt order: calibrated, explained to the last digit, and blind to the days after."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from shengeng.decide.recommend.api.ranking import learn_order, ordered
from shengeng.decide.recommend.contracts import REASONS, SPEAKS_FOR
from shengeng.decide.recommend.methods.order import Example, Order, first, from_text, learn, line
from shengeng.kernel.units import Floats
from shengeng.understand.affinity import api as affinity
from shengeng.understand.affinity.methods.history import history

SIGNALS = 6
GROUPS = np.array([0, 0, 1, 2, 2, 3])
SETTINGS = affinity.Tifu(1, 1.0, 0.95, 30, 0.5)


def _truth(signals: Floats) -> Floats:
    return expit(-2.0 + 1.5 * signals[:, 0] - signals[:, 3])


def _week(seed: int, rows: int = 4_000) -> Example:
    rng = np.random.default_rng(seed)
    signals = rng.normal(size=(rows, SIGNALS))
    return Example(signals.astype(np.float32), rng.random(rows) < _truth(signals), np.ones(rows))


@pytest.fixture(scope="module")
def order() -> Order:
    found = learn([_week(seed) for seed in range(5)], seed=1)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def shop() -> affinity.History:
    """300 customers over 40 weeks; each buys two favourites every week and four products at random."""
    rng = np.random.default_rng(5)
    rows = [
        (c, p, week * 1_000 + c, 7 * week + c % 7)
        for week in range(40)
        for c in range(300)
        for p in {c % 40, (c * 7) % 40, *rng.integers(40, 120, 4).tolist()}
    ]
    customer, product, basket, day = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    kind = np.arange(120) // 10
    return history(customer, product, basket, day, category=kind, group=kind)


def test_reasons_and_base_sum_to_the_score(order: Order) -> None:
    signals = _week(9).signals
    parts = order.parts(signals, GROUPS, 4)
    assert parts.shape == (len(signals), 5)
    assert np.abs(parts.sum(axis=1) - order.score(signals)).max() < 1e-9
    assert np.ptp(parts[:, 4]) < 1e-9  # the base is the same for everybody


def test_a_reason_without_any_say_adds_little(order: Order) -> None:
    parts = order.parts(_week(9).signals, GROUPS, 4)
    told = np.abs(parts[:, :4]).mean(axis=0)
    assert told[1] < 0.2 * told[0]  # group 1 is pure noise, group 0 holds the strongest signal


def test_chances_hold_on_a_week_that_nothing_was_learnt_from(order: Order) -> None:
    unseen = _week(77, rows=20_000)
    chance = expit(order.score(unseen.signals))
    assert unseen.bought.sum() / chance.sum() == pytest.approx(1.0, abs=0.06)


def test_rows_that_stand_for_others_set_the_level() -> None:
    """Every second row not bought is left out and the others count twice: the line hardly moves."""
    rng = np.random.default_rng(3)
    score = rng.normal(size=40_000)
    bought = rng.random(40_000) < expit(-1.0 + 0.8 * score)
    keep = bought | (np.arange(40_000) % 2 == 0)
    weight = np.where(bought, 1.0, 2.0)
    assert line(score[keep], bought[keep], weight[keep]) == pytest.approx((-1.0, 0.8), abs=0.05)


def test_a_stored_order_scores_the_same(order: Order) -> None:
    again = from_text(order.booster.model_to_string(), order.level, order.slope)
    np.testing.assert_array_equal(again.score(_week(4).signals), order.score(_week(4).signals))


def test_a_thin_shop_has_no_order() -> None:
    assert learn([_week(1, rows=50), _week(2, rows=50)], seed=1) is None
    assert learn([_week(1)], seed=1) is None


def test_the_best_of_each_customer_come_first() -> None:
    customer = np.array([0, 0, 0, 1, 1])
    rows = first(customer, np.array([0.1, 0.9, 0.5, 0.2, 0.3]), np.array([True, True, True, True, False]), 2)
    assert rows.tolist() == [1, 2, 3]


def test_every_signal_speaks_for_a_reason() -> None:
    assert set(SPEAKS_FOR) == set(affinity.WIDE)
    assert set(SPEAKS_FOR.values()) == set(REASONS)


@pytest.mark.slow
def test_later_days_change_neither_order_nor_lists(shop: affinity.History) -> None:
    as_of, who = 250, np.arange(0, 300, 9)
    blind = learn_order(shop.until(as_of), as_of, SETTINGS, least_products=3, seed=1)
    seeing = learn_order(shop, as_of, SETTINGS, least_products=3, seed=1)
    assert blind is not None
    assert seeing is not None
    lists = [ordered(shop.until(as_of), as_of, one, SETTINGS, who, most=5) for one in (blind, seeing)]
    np.testing.assert_array_equal(lists[0], lists[1])
    favourites = np.column_stack([who % 40, who * 7 % 40])
    assert np.mean([len(set(f) & set(row)) > 0 for f, row in zip(favourites, lists[0], strict=True)]) > 0.95


def test_candidates_hold_products_never_bought_and_each_pair_once(shop: affinity.History) -> None:
    past, who = shop.until(100), np.arange(20)
    slate = affinity.wide_slate(past, 100, who, SETTINGS, affinity.linked(past, 100))
    pairs = slate.customer * shop.products + slate.product
    assert len(np.unique(pairs)) == len(pairs)
    owned = np.isin(pairs, past.customer * shop.products + past.product)
    np.testing.assert_array_equal(owned, slate.bought)
    assert (~slate.bought).sum() > 20 * len(who)
    assert np.isfinite(slate.signals).all()
