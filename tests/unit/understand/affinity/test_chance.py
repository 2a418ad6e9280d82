"""The learnt chance: nothing from later days, calibrated on made-up customers whose habits are known."""

from __future__ import annotations

import numpy as np
import pytest

from shengeng.understand.affinity.methods.chance import candidates, learn
from shengeng.understand.affinity.methods.history import History, first_baskets, history
from shengeng.understand.affinity.methods.pairs import (
    SIGNALS,
    bought_within,
    never_bought,
    pairs_at,
    rates_at,
)
from shengeng.understand.affinity.methods.ranking import learn_ranking, rank
from shengeng.understand.affinity.methods.tifuknn import Tifu
from shengeng.understand.affinity.methods.why import strongest, why


@pytest.fixture(scope="module")
def shop() -> History:
    """400 customers over 200 days; each buys its six products by chance, at rates that differ 30-fold."""
    rng = np.random.default_rng(4)
    rows = []
    for customer in range(400):
        for product in rng.choice(80, 6, replace=False):
            days = np.flatnonzero(rng.random(200) < rng.choice([0.005, 0.02, 0.07, 0.15]))
            rows += [(customer, product, customer * 1_000 + day, day) for day in days]
    who, what, order, when = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    category = np.arange(80) // 4
    return history(who, what, order, when, category=category, group=category // 5)


def test_expected_purchases_meet_those_that_came(shop: History) -> None:
    """Independent draws: within three standard errors overall and in each part of the chances."""
    past = shop.until(180)
    chances = learn(past, 180, horizon_days=7, least=0.02, seed=1)
    pairs = candidates(past, 180, rates_at(past, 180), 7, 0.02)
    chance, bought = chances.of(pairs), bought_within(shop, pairs, 7)
    assert chances.method == "hazard-trees-1"
    for low, high in ((0.02, 1.0), (0.02, 0.15), (0.15, 0.4), (0.4, 1.0)):
        part = (chance >= low) & (chance < high)
        error = np.sqrt((chance[part] * (1 - chance[part])).sum())
        assert abs(bought[part].sum() - chance[part].sum()) < 3 * error + 0.05 * chance[part].sum()


def test_later_days_change_no_chance(shop: History) -> None:
    whole, past = shop, shop.until(150)
    pairs = candidates(past, 150, rates_at(past, 150), 7, 0.02)
    with_future = learn(whole, 150, horizon_days=7, least=0.02, seed=1).of(pairs)
    np.testing.assert_array_equal(with_future, learn(past, 150, horizon_days=7, least=0.02, seed=1).of(pairs))


def test_signals_of_some_customers_are_those_of_everybody(shop: History) -> None:
    """A part of the customers with everybody's rates has the same signals as in the whole shop."""
    past = shop.until(120)
    rates = rates_at(past, 120)
    whole, some = pairs_at(past, 120, rates), pairs_at(past.only(past.customer < 50), 120, rates)
    rows = np.flatnonzero(whole.customer < 50)
    np.testing.assert_allclose(some.matrix(SIGNALS), whole.matrix(SIGNALS, rows), rtol=1e-6)


def test_a_pair_reads_as_a_person_would_count_it() -> None:
    """Bought on days 10, 20 and 30 in three baskets of one product, asked on day 40."""
    zero, days = np.zeros(3, dtype=np.int64), np.array([10, 20, 30])
    past = history(
        zero, zero, np.arange(3), days, category=np.zeros(1, np.int64), group=np.zeros(1, np.int64)
    )
    pairs = pairs_at(past, 40, rates_at(past, 40))
    signals = {name: float(column[0]) for name, column in pairs.signals.items()}
    assert (signals["orders"], signals["since"], signals["last_gap"], signals["span"]) == (3, 10, 10, 30)
    assert signals["decay_10"] == pytest.approx(1 / 2 + 1 / 4 + 1 / 8)
    assert signals["recent_90"] == pytest.approx(1 + 0.9 + 0.81)
    assert signals["share"] == 1.0
    assert signals["baskets_since"] == 0
    assert signals["category_since"] == 10
    assert 10 < float(pairs.rhythm[0]) < 20  # ten days, drawn towards the shop's slower rate


def test_a_stranger_to_a_product_has_its_categorys_signals(shop: History) -> None:
    past = shop.until(120)
    rates = rates_at(past, 120)
    known = pairs_at(past, 120, rates)
    same = never_bought(past, 120, rates, known.customer, known.product)
    for name in ("category_since", "category_orders", "customer_month", "product_rate"):
        np.testing.assert_array_equal(same.signals[name], known.signals[name])
    assert not same.signals["own_rate"].any()


def test_the_next_basket_is_ranked_without_its_future(shop: History) -> None:
    past = shop.until(180)
    who = np.arange(0, 100, 3)
    named = [
        rank(past, 180, learn_ranking(known, 180, Tifu(), least_products=1, seed=1), who, 10)
        for known in (shop, past)
    ]
    np.testing.assert_array_equal(named[0], named[1])
    for row in named[0]:
        assert len(set(row.tolist())) == 10


def test_the_first_large_basket_after_a_day_is_the_target(shop: History) -> None:
    target = first_baskets(shop, 180, 2)
    assert (target.day > 180).all()
    assert np.unique(np.column_stack([target.customer, target.basket]), axis=0).shape[0] == len(
        np.unique(target.customer)
    )


def test_only_the_likeliest_are_published() -> None:
    customer = np.array([0, 0, 0, 1, 1])
    chance = np.array([0.1, 0.5, 0.01, 0.3, 0.4])
    assert strongest(customer, chance, 0.02, 1).tolist() == [1, 4]
    assert strongest(customer, chance, 0.02, 9).tolist() == [1, 0, 4, 3]


@pytest.mark.parametrize(
    ("orders", "since", "code"), [(1, 3, "bought_once"), (5, 2, "ahead"), (5, 10, "due"), (5, 30, "overdue")]
)
def test_the_reason_follows_the_rhythm(orders: int, since: int, code: str) -> None:
    assert why(orders, 10.0, since).code == code
