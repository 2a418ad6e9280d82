"""Pareto/NBD: laws of leaving at any moment."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from shengeng.understand.value.methods import pareto
from shengeng.understand.value.methods.counting import histories
from shengeng.understand.value.methods.pareto import Pareto

CDNOW = Pareto(0.553, 10.578, 0.606, 11.669)
shapes = st.floats(0.05, 5.0)
scales = st.floats(0.5, 80.0)


models = st.builds(Pareto, shapes, scales, shapes, scales)


@given(models, st.integers(0, 60), st.floats(0.0, 1.0), st.floats(1.0, 100.0))
def test_the_quadrature_is_the_integral_of_the_paper(model: Pareto, x: int, last: float, age: float) -> None:
    r, alpha, s, beta = model.r, model.alpha, model.s, model.beta
    t_x = last * age if x else 0.0
    k = r + x

    def leaving(y: float) -> float:
        return float(np.exp(-k * np.log((alpha + y) / (alpha + t_x)) - (s + 1) * np.log(beta + y)))

    points = t_x + (age - t_x) * np.geomspace(1e-6, 1, 12)
    edges = np.concatenate(([t_x], points))
    parts = [quad(leaving, a, b, epsabs=0, epsrel=1e-10)[0] for a, b in pairwise(edges)]
    odds = s * ((alpha + age) / (alpha + t_x)) ** k * (beta + age) ** s * sum(parts)
    found = pareto.p_alive(model, histories(*np.array([[x], [t_x], [age]], dtype=np.float64)))
    assert found[0] == pytest.approx(1 / (1 + odds), rel=1e-5, abs=1e-9)


def test_a_frequent_buyer_of_hundreds_of_days_has_finite_numbers() -> None:
    rows = histories(np.full(2, 300.0), np.array([299.0, 150.0]), np.full(2, 300.0))
    assert np.isfinite(pareto.expected(CDNOW, rows, 50.0)).all()
    fresh, gone = pareto.p_alive(CDNOW, rows)
    assert fresh > 0.99
    assert gone < 1e-9


def test_longer_silence_never_makes_anybody_livelier() -> None:
    last = np.linspace(1, 39, 30)
    alive = pareto.p_alive(CDNOW, histories(np.full(30, 4.0), last, np.full(30, 39.0)))
    assert np.all(np.diff(alive) > 0)


def test_the_fit_finds_the_shop_that_it_was_drawn_from() -> None:
    rng = np.random.default_rng(3)
    n, age = 20_000, 52.0
    rate, stay = rng.gamma(0.8, 1 / 6.0, n), rng.exponential(1 / rng.gamma(0.7, 1 / 9.0, n))
    until = np.minimum(stay, age)
    x = rng.poisson(rate * until).astype(float)
    t_x = np.where(x > 0, until * rng.random(n) ** (1 / np.maximum(x, 1)), 0.0)
    model = pareto.fit(histories(x, t_x, np.full(n, age)))
    true = Pareto(0.8, 6.0, 0.7, 9.0)
    rows = histories(x, t_x, np.full(n, age))
    assert model.log_likelihood >= pareto.log_likelihood(true, rows)
    assert [model.r, model.alpha] == pytest.approx([true.r, true.alpha], rel=0.1)
    ours, best = (pareto.expected(m, rows, 52.0).sum() for m in (model, true))
    assert ours == pytest.approx(best, rel=0.03)
