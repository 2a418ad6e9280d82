"""Laws of the counting model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.value import SHOPS, buyers

from shengeng.kernel.units import Floats
from shengeng.understand.value.methods import counting, prediction
from shengeng.understand.value.methods.correction import Correction, View
from shengeng.understand.value.methods.counting import Counting, Histories

shapes = st.floats(0.05, 30.0)


def one(x: float, t_x: float, age: float) -> Histories:
    return counting.histories(np.array([x]), np.array([t_x]), np.array([age]))


def view_of(model: Counting, rows: Histories, horizon: int) -> View:
    pace = (model.r + rows.x) / (model.alpha + rows.age) * horizon
    if_alive = counting.expected_if_alive(model, rows, horizon)
    who = np.arange(len(rows.x))
    return View(model, who, rows, horizon, pace, if_alive, counting.p_alive(model, rows), {})


models = st.builds(Counting, shapes, shapes, shapes, shapes, st.booleans())


@given(models, st.integers(0, 60), st.integers(1, 200))
def test_the_mean_is_the_sum_of_the_distribution(model: Counting, x: int, horizon: int) -> None:
    rows = one(x, 25.0 if x else 0.0, 40.0)
    future = prediction.outlook(view_of(model, rows, horizon), Correction(), 0.0)
    reach = 20 + int(future.pace[0] + 40 * np.sqrt(future.pace[0] * (1 + future.pace[0] / future.shape[0])))
    tails = prediction.at_least(_repeat(future, reach), np.arange(1.0, reach + 1.0))
    assert counting.expected(model, rows, horizon)[0] == pytest.approx(tails.sum(), rel=1e-4, abs=1e-9)


def _repeat(future: prediction.Outlook, times: int) -> prediction.Outlook:
    alive, shape, pace, slow = (np.repeat(column, times) for column in future[:4])
    return prediction.Outlook(alive, shape, pace, slow, future.a, np.repeat(future.b, times))


@pytest.mark.parametrize("a", [1.0, 1.0 + 1e-12, 1.0 - 1e-9])
def test_a_drop_out_shape_of_one_is_no_special_case(a: float) -> None:
    near = counting.expected(Counting(0.5, 5.0, a, 2.0), one(4, 20, 39), 39.0)[0]
    above, below = (
        counting.expected(Counting(0.5, 5.0, s, 2.0), one(4, 20, 39), 39.0)[0] for s in (1.001, 0.999)
    )
    assert near == pytest.approx((above + below) / 2, rel=1e-5)


def test_the_busiest_customer_over_the_longest_horizon_is_a_finite_number() -> None:
    model = Counting(1.4, 9.4, 0.03, 118.0)
    rows = counting.histories(np.array([2000.0, 300.0]), np.array([360.0, 329.0]), np.array([364.0, 330.0]))
    found = counting.expected(model, rows, 3650.0)
    assert np.all(np.isfinite(found))
    assert np.all(found < rows.x / rows.age * 3650)
    assert np.all(found > 0)


@given(st.integers(1, 50), st.floats(1.0, 50.0), st.floats(0.1, 30.0))
def test_longer_silence_never_makes_a_customer_likelier_alive(x: int, t_x: float, longer: float) -> None:
    model = Counting(0.243, 4.414, 0.793, 2.426, at_first=True)
    rows = counting.histories(np.full(2, float(x)), np.full(2, t_x), np.array([t_x, t_x + longer]))
    sooner, later = counting.p_alive(model, rows)
    assert 0 <= later <= sooner <= 1


def test_a_customer_of_one_purchase_may_be_gone_only_where_the_model_allows_it() -> None:
    rows = one(0, 0, 300)
    assert counting.p_alive(Counting(0.5, 10, 0.8, 2.0), rows)[0] == 1.0
    assert counting.p_alive(Counting(0.5, 10, 0.8, 2.0, at_first=True), rows)[0] < 0.5


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    people = buyers("rare", 200)
    rows, weight = counting.distinct(Histories(*people[:3]))
    theta = np.log([0.4, 3.0, 0.9, 1.7])
    for at_first in (False, True):
        _, slope = counting._log_likelihood(theta, rows, weight, at_first)
        for i in range(4):
            step = np.eye(4)[i] * 1e-5
            up, down = (counting._log_likelihood(theta + s, rows, weight, at_first)[0] for s in (step, -step))
            assert slope[i] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("shop", SHOPS)
def test_the_fit_finds_the_customers_it_was_made_from(shop: str) -> None:
    model = counting.fit(Histories(*buyers(shop, 20_000)[:3]), prior=False)
    truth = SHOPS[shop]
    assert model.r / model.alpha == pytest.approx(truth["r"] / truth["alpha"], rel=0.06)
    assert model.a / (model.a + model.b) == pytest.approx(truth["a"] / (truth["a"] + truth["b"]), rel=0.1)


def test_a_shop_that_nobody_leaves_does_not_run_off() -> None:
    rng = np.random.default_rng(3)
    rate, age = rng.gamma(1.4, 1 / 9.4, 3000), np.full(3000, 330.0)
    x = rng.poisson(rate * age).astype(np.float64)
    t_x: Floats = np.where(x > 0, age * rng.random(3000) ** (1 / np.maximum(x, 1)), 0.0)
    rows = Histories(x, t_x, age)
    free, held = counting.fit(rows, prior=False), counting.fit(rows)
    assert held.converged
    assert held.b < 118 < free.b


def test_the_prior_hardly_moves_a_shop_that_speaks_for_itself() -> None:
    rows = Histories(*buyers("rare", 5000)[:3])
    free, held = counting.fit(rows, prior=False), counting.fit(rows)
    total = counting.expected(free, rows, 39.0).sum()
    assert counting.expected(held, rows, 39.0).sum() == pytest.approx(total, rel=2e-3)


@given(st.permutations(range(12)))
def test_the_order_of_customers_does_not_matter(order: list[int]) -> None:
    x = np.array([0.0, 0, 0, 1, 1, 2, 2, 2, 5, 5, 9, 0])
    t_x = np.where(x > 0, 10.0 + x, 0.0)
    rows = Histories(x, t_x, np.full(12, 30.0))
    mixed = Histories(*(column[order] for column in rows))
    assert counting.log_likelihood(Counting(0.5, 5, 1, 3), mixed) == pytest.approx(
        counting.log_likelihood(Counting(0.5, 5, 1, 3), rows), rel=1e-12
    )


def test_the_unit_of_time_does_not_matter() -> None:
    weeks = Histories(*buyers("frequent", 2000)[:3])
    days = Histories(weeks.x, weeks.t_x * 7, weeks.age * 7)
    one_unit, other = counting.fit(weeks), counting.fit(days)
    assert other.alpha == pytest.approx(one_unit.alpha * 7, rel=1e-4)
    np.testing.assert_allclose(
        counting.expected(other, days, 70.0), counting.expected(one_unit, weeks, 10.0), rtol=1e-4
    )
