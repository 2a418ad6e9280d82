"""Our value models against the lifetimes package; benchmarks/value/golden.py writes the numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.factories.value import SHOPS, buyers

from shengeng.understand.value.methods import counting, pareto, spend
from shengeng.understand.value.methods.counting import Counting
from shengeng.understand.value.methods.pareto import Pareto

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("value_lifetimes.json").read_text())
# Both fits stop where the slope is about 1e-6, so flat directions agree to a few parts in a thousand.
FIT = 5e-3


def customers() -> counting.Histories:
    rows = GOLDEN["customers"]
    return counting.histories(*(np.array(rows[name]) for name in ("x", "t_x", "age")))


def history(shop: str) -> counting.Histories:
    people = buyers(shop)
    return counting.histories(people.x, people.t_x, people.age)


def test_the_made_up_shops_are_those_the_golden_numbers_were_taken_from() -> None:
    for shop in SHOPS:
        sums = [float(column.sum()) for column in buyers(shop)]
        assert sums == pytest.approx(GOLDEN["fitted"][shop]["checksum"], rel=1e-9)


@pytest.mark.parametrize("name", GOLDEN["fixed"])
def test_p_alive_is_that_of_lifetimes(name: str) -> None:
    golden = GOLDEN["fixed"][name]
    model = Counting(*golden["params"])
    np.testing.assert_allclose(counting.p_alive(model, customers()), golden["p_alive"], rtol=1e-10)


@pytest.mark.parametrize("name", GOLDEN["fixed"])
def test_expected_purchases_are_those_of_lifetimes(name: str) -> None:
    golden = GOLDEN["fixed"][name]
    model = Counting(*golden["params"])
    for horizon, wanted in golden["expected"].items():
        found = counting.expected(model, customers(), float(horizon))
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize("shop", SHOPS)
def test_the_fit_is_that_of_lifetimes(shop: str) -> None:
    golden = GOLDEN["fitted"][shop]["bgnbd"]
    model = counting.fit(history(shop), prior=False)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx(golden, rel=FIT)
    assert model.log_likelihood >= counting.log_likelihood(Counting(*golden), history(shop)) - 1e-6


@pytest.mark.parametrize("shop", SHOPS)
def test_the_fit_with_an_end_at_the_first_purchase_is_that_of_lifetimes(shop: str) -> None:
    golden = GOLDEN["fitted"][shop]["modified"]
    model = counting.fit(history(shop), at_first=True, prior=False)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx(golden, rel=FIT)


@pytest.mark.parametrize("shop", SHOPS)
def test_the_fit_of_spend_is_that_of_lifetimes(shop: str) -> None:
    golden, people = GOLDEN["fitted"][shop], buyers(shop)
    model = spend.fit(people.x + 1, people.spend, prior=False)
    assert [model.p, model.q, model.v] == pytest.approx(golden["gamma_gamma"], rel=FIT)
    found = spend.expected(model, people.x[:8] + 1, people.spend[:8])
    np.testing.assert_allclose(found, golden["expected_spend"], rtol=1e-3)


def test_a_customer_of_the_published_music_shop_is_worth_what_the_paper_says() -> None:
    # Fader, Hardie & Lee (2005), worked example in the spreadsheet note brucehardie.com/notes/004:
    # x = 2, t_x = 30.43, T = 38.86 weeks at the CDNOW estimates buys 1.226 times in the next 39 weeks.
    model = Counting(0.243, 4.414, 0.793, 2.426)
    customer = counting.histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert counting.expected(model, customer, 39.0)[0] == pytest.approx(1.226, abs=5e-4)


@pytest.mark.parametrize("name", GOLDEN["fixed_pareto"])
def test_pareto_is_that_of_lifetimes_at_given_parameters(name: str) -> None:
    golden = GOLDEN["fixed_pareto"][name]
    model = Pareto(*golden["params"])
    np.testing.assert_allclose(pareto.p_alive(model, customers()), golden["p_alive"], rtol=1e-8)
    for horizon, wanted in golden["expected"].items():
        found = pareto.expected(model, customers(), float(horizon))
        np.testing.assert_allclose(found, wanted, rtol=1e-8)


@pytest.mark.parametrize("shop", SHOPS)
def test_the_pareto_fit_is_at_least_as_likely_as_that_of_lifetimes(shop: str) -> None:
    golden = Pareto(*GOLDEN["fitted"][shop]["pareto"])
    model = pareto.fit(history(shop))
    assert model.log_likelihood >= pareto.log_likelihood(golden, history(shop)) - 1e-3
    ours, theirs = (pareto.expected(m, history(shop), 20.0).sum() for m in (model, golden))
    assert ours == pytest.approx(theirs, rel=0.01)
