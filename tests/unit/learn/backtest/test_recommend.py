"""The next-basket protocol and the backtest that prints it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.factories.facts import START, line, write_folder

from shengeng.kernel.errors import ShopError
from shengeng.learn.backtest.api import run
from shengeng.learn.backtest.api.recommend import basis_at, catalogue
from shengeng.learn.backtest.contracts import Report
from shengeng.learn.backtest.methods.recommend import (
    Targets,
    averages,
    first_of,
    hits,
    measures,
    ndcg,
    ratio_interval,
)
from shengeng.understand.affinity.methods.history import history, threshold

MODELS = {"popularity", "own_frequency", "tifuknn", "habit", "shengeng"}
METRICS = {"ndcg@10", "recall@10", "ndcg@20", "recall@20", "repeat_recall@10", "explore_recall@10"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A made-up shop of 80 customers over 200 days, cut at its last quarter."""
    folder = write_folder(
        tmp_path_factory.mktemp("shop") / "folder", customers=80, days=200, guest_share=0.05
    )
    return run("recommend", folder, seed=3)


def _targets(baskets: list[list[int]], before: list[list[int]], products: int) -> Targets:
    rows = [(c, p, p in before[c]) for c, basket in enumerate(baskets) for p in basket]
    customer, product, repeat = (np.array(column) for column in zip(*rows, strict=True))
    return Targets(customer, product, repeat, len(baskets), products)


def test_ndcg_is_the_textbooks() -> None:
    """Hits at ranks 1 and 3 of a target of four: (1 + 1/2) / (1 + 1/log2(3) + 1/2 + 1/log2(5))."""
    hit = np.array([[True, False, True, *[False] * 7]])
    ideal = 1 + 1 / np.log2(3) + 1 / 2 + 1 / np.log2(5)
    np.testing.assert_allclose(ndcg(hit, np.array([4.0]), 10), [1.5 / ideal])


def test_a_perfect_list_has_ndcg_one_however_large_the_basket() -> None:
    targets = _targets([[0, 1], list(range(15))], [[], []], 15)
    named = np.array([[0, 1, *range(2, 15), *[-1] * 5], [*range(15), *[-1] * 5]])
    found = measures(named, targets)
    np.testing.assert_allclose(found["ndcg@10"], [1.0, 1.0])
    np.testing.assert_allclose(found["recall@10"], [1.0, 10 / 15])


def test_repeats_and_explorations_are_measured_apart() -> None:
    targets = _targets([[0, 1, 2]], [[0, 1]], 5)
    found = averages(measures(np.array([[0, 2, *[-1] * 18]]), targets))
    assert found["repeat_recall@10"] == pytest.approx(1 / 2)
    assert found["explore_recall@10"] == pytest.approx(1.0)


def test_an_empty_place_is_never_a_hit() -> None:
    targets = _targets([[4], [0]], [[], []], 5)
    assert not hits(np.full((2, 20), -1), targets).any()


def test_ties_are_broken_the_same_way_every_time() -> None:
    scores = np.array([[1.0, 3.0, 3.0, 0.0]])
    assert first_of(iter([(np.array([0]), scores)]), 3).tolist() == [[1, 2, 0]]


def test_the_threshold_falls_in_a_small_shop() -> None:
    assert [threshold(n) for n in (0, 500, 6_000, 20_000, 150_000)] == [1, 1, 3, 10, 10]


def test_a_ratio_of_equal_models_is_one() -> None:
    same = np.random.default_rng(1).random(50)
    assert ratio_interval(same, same, np.random.default_rng(2)) == pytest.approx((1.0, 1.0, 1.0))


def test_the_target_is_the_first_large_basket_and_small_ones_before_it_are_passed_over() -> None:
    """One customer: three baskets before day 10, one product on day 11, three products on days 12 and 13."""
    rows = [(0, 0), (1, 0), (2, 0), (11, 1), (12, 1), (12, 2), (12, 3), (13, 4), (13, 5), (13, 6)]
    day, product = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    none = np.zeros(7, dtype=np.int64)
    customer = np.tile(np.arange(40), (len(day), 1)).T.ravel()
    every_day, every_product = np.tile(day, 40), np.tile(product, 40)
    shop = history(customer, every_product, customer * 100 + every_day, every_day, category=none, group=none)
    basis = basis_at(shop, 10)
    assert basis is not None
    assert basis.least_products == 3
    assert np.unique(basis.targets.product).tolist() == [1, 2, 3]
    assert len(basis.who) == 40
    least, kept = catalogue(shop, 10)
    assert (least, kept.products) == (1, 1)  # only product 0 was bought before the cut


def test_the_report_names_every_model_and_measure(report: Report) -> None:
    assert set(report.metrics) == MODELS
    assert all(set(values) == METRICS for values in report.metrics.values())
    assert all(0.0 <= value <= 1.0 for values in report.metrics.values() for value in values.values())


def test_favourites_are_found_better_than_by_popularity(report: Report) -> None:
    for model in ("own_frequency", "tifuknn", "shengeng"):
        assert report.metrics[model]["ndcg@10"] > 1.2 * report.metrics["popularity"]["ndcg@10"]


def test_the_report_prints_what_was_scaled(report: Report) -> None:
    assert {"catalogue_least_baskets", "target_least_products", "left_out_departments"} <= set(report.notes)


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop", customers=40, days=100)
    assert run("recommend", folder, seed=5).metrics == run("recommend", folder, seed=5).metrics


def test_what_happens_after_the_target_changes_nothing(tmp_path: Path) -> None:
    """Orders that arrive after every target basket must not reach any model."""
    start = datetime.combine(START, datetime.min.time()) + timedelta(hours=9)
    rows = [
        line(f"c{c:02d}", start + timedelta(days=7 * week + c % 5), f"p{p:04d}", line_no=p + 1)
        for c in range(40)
        for week in range(12)
        for p in sorted({c % 6, (c + week) % 6, 6 + week % 3})
    ]
    cut = START + timedelta(days=70)
    late = [
        line(
            f"c{c:02d}",
            start + timedelta(days=90, minutes=p),
            f"p{p:04d}",
            order_id=f"late{c}",
            line_no=p + 1,
        )
        for c in range(40)
        for p in range(20, 24)
    ]
    before = run("recommend", write_folder(tmp_path / "a", rows=rows), cut=cut)
    after = run("recommend", write_folder(tmp_path / "b", rows=rows + late), cut=cut)
    assert before.metrics == after.metrics


def test_a_shop_of_guests_is_refused_by_column(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "guests", guest_share=1.1)
    with pytest.raises(ShopError) as refused:
        run("recommend", folder)
    assert refused.value.code == "backtest_lacks_column"


def test_a_cut_without_customers_to_score_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop", customers=5, days=60)
    with pytest.raises(ShopError) as refused:
        run("recommend", folder, cut=date(2025, 1, 8))
    assert refused.value.code == "too_few_customers"
