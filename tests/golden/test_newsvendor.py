"""The newsvendor against the textbook's examples and closed forms.

Snyder & Shen, Fundamentals of Supply Chain Theory, 2e: example 4.3 (normal) and example 4.7 (Poisson), with
the digits that the authors' own library stockpyl states for them.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from shengeng.decide.replenish.methods import critical_ratio, order_up_to, profit_minor
from shengeng.kernel.units import Ints

DRAWS = 200_000
LEVELS = (np.arange(DRAWS) + 0.5) / DRAWS


def cost(units: int, wanted: Ints, holding: float, stockout: float) -> float:
    """Holding plus stockout cost: what is lost against knowing the demand, stockout as the margin."""
    price = np.array([1])
    known = stockout * wanted.mean()
    earned = profit_minor(np.array([units]), wanted[None, :], price, margin_rate=stockout, scrap_rate=holding)
    return float(known - earned.mean())


def test_normal_demand_of_example_4_3() -> None:
    holding, stockout = 0.18, 0.70
    thousandths = np.rint(1000 * stats.norm.ppf(LEVELS, 50, 8)).astype(np.int64)
    level = int(order_up_to(thousandths[None, :], critical_ratio(stockout, holding))[0])
    assert level / 1000 == pytest.approx(56.60395592743389, abs=2e-3)
    assert cost(level, thousandths, holding, stockout) / 1000 == pytest.approx(1.9976051931766445, rel=1e-4)
    assert cost(60_000, thousandths, holding, stockout) / 1000 == pytest.approx(2.156131552870387, rel=1e-4)


def test_poisson_demand_of_example_4_7() -> None:
    wanted = stats.poisson.ppf(LEVELS, 6).astype(np.int64)
    assert int(order_up_to(wanted[None, :], critical_ratio(4, 1))[0]) == 8
    assert cost(8, wanted, holding=1, stockout=4) == pytest.approx(3.570106945770946, rel=1e-3)
    assert cost(5, wanted, holding=1, stockout=4) == pytest.approx(6.590296024616344, rel=1e-3)


@pytest.mark.parametrize(("stockout", "holding"), [(1, 1), (3, 1), (1, 4), (9, 1)])
def test_uniform_demand_has_its_closed_form(stockout: float, holding: float) -> None:
    """Demand uniform on 0..b: level b r, cost b p h / (2 (p + h)), with r = p / (p + h)."""
    b = 100_000
    wanted = np.rint(b * LEVELS).astype(np.int64)
    ratio = critical_ratio(stockout, holding)
    level = int(order_up_to(wanted[None, :], ratio)[0])
    assert level == pytest.approx(b * ratio, rel=1e-4)
    expected = b * stockout * holding / (2 * (stockout + holding))
    assert cost(level, wanted, holding, stockout) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("ratio", [0.05, 0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("mean", [0.3, 2.0, 11.0])
def test_discrete_level_is_the_quantile_of_the_distribution(mean: float, ratio: float) -> None:
    wanted = stats.poisson.ppf(LEVELS, mean).astype(np.int64)
    assert int(order_up_to(wanted[None, :], ratio)[0]) == int(stats.poisson.ppf(ratio, mean))
