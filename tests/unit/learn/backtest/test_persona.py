"""The persona backtest: it refuses what it cannot judge, and its measures are what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.factories.facts import write_folder

from shengeng.kernel.errors import ShopError
from shengeng.learn.backtest.api import run
from shengeng.learn.backtest.methods import persona as protocol


def test_a_shop_with_scenes_is_reported_with_every_figure(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop", customers=120, days=200, seed=3, guest_share=0.0)
    report = run("persona", folder)
    assert set(report.metrics) == {
        "shengeng",
        "rfm",
        "department_frequency",
        "own_frequency+persona",
        "own_frequency+rfm",
    }
    assert set(report.metrics["shengeng"]) == {
        "coverage",
        "stability",
        "stability_seeds",
        "stability_random_starts",
        "next_basket_logloss",
    }
    assert all(np.isfinite(value) for found in report.metrics.values() for value in found.values())
    low, high = (report.notes[f"logloss_gain_over_rfm_{end}"] for end in ("low", "high"))
    assert float(low) <= float(report.notes["logloss_gain_over_rfm"]) <= float(high)


def test_a_folder_without_what_it_needs_is_refused_by_name(tmp_path: Path) -> None:
    bare = write_folder(tmp_path / "bare", tables=("orders",))
    with pytest.raises(ShopError) as refused:
        run("persona", bare)
    assert refused.value.code in {"backtest_lacks_file", "backtest_lacks_column"}
    few = write_folder(tmp_path / "few", customers=20)
    with pytest.raises(ShopError) as refused:
        run("persona", few)
    assert refused.value.code == "too_few_customers"


def test_an_origin_knows_the_past_and_scores_the_first_basket_after_it() -> None:
    holds = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1]], dtype=float)
    one = protocol.origin(
        np.array([0, 0, 1, 0, 2]), np.array([1, 5, 6, 12, 15]), np.full(5, 100.0), holds, as_of=10
    )
    assert one.who.tolist() == [0]  # 1 never comes back, 2 was not known
    assert one.recency.tolist() == [5.0]
    assert one.frequency.tolist() == [2.0]
    assert one.money.tolist() == [200.0]
    assert one.baskets.tolist() == [[2.0, 0.0]]
    assert one.bought.tolist() == [[0.0, 1.0]]


def test_logistic_chances_match_the_rates_of_two_groups() -> None:
    rng = np.random.default_rng(2)
    group = rng.integers(0, 2, 20_000).astype(float)
    bought = (rng.random(20_000) < np.where(group == 1, 0.7, 0.2)).astype(float)[:, None]
    table = np.stack([np.ones(20_000), group], axis=1)
    chance = protocol.chances(table, bought, np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert chance[:, 0] == pytest.approx([0.2, 0.7], abs=0.015)


def test_a_mixture_takes_all_of_the_truth_and_nothing_of_noise() -> None:
    rng = np.random.default_rng(4)
    truth = rng.uniform(0.05, 0.95, (4_000, 2))
    bought = (rng.random(truth.shape) < truth).astype(float)
    noise = rng.uniform(0.05, 0.95, truth.shape)
    assert protocol.mixture(noise, truth, bought) >= 0.9
    assert protocol.mixture(truth, noise, bought) <= 0.1
    assert protocol.mixture(truth, truth, bought) == 0.0


def test_the_gain_of_a_model_over_itself_is_nothing() -> None:
    lost = np.random.default_rng(3).random(50)
    assert protocol.gain(lost, lost, np.random.default_rng(1)) == (0.0, 0.0, 0.0)
