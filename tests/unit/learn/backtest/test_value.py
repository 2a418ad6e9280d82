"""Backtest of lifetime value on folders that nobody has seen."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.facts import Line, line, shop_lines, write_folder

from shengeng.kernel.errors import ShopError
from shengeng.learn.backtest import api
from shengeng.learn.backtest.contracts import Report
from shengeng.learn.backtest.methods import default_cut
from shengeng.learn.backtest.methods.value import rate_forecast, value_metrics

START = date(2025, 1, 6)


def backtest(path: Path, rows: list[Line], cut: date | None = None) -> Report:
    return api.run("value", write_folder(path, rows=rows), cut=cut)


def bought(customer: str | None, *days: int) -> list[Line]:
    start = datetime.combine(START, time(9))
    return [line(customer, start + timedelta(days=day), "p0001") for day in days]


def test_every_model_is_scored_on_every_metric(tmp_path: Path) -> None:
    report = backtest(tmp_path / "shop", shop_lines(customers=60, days=200))
    assert set(report.metrics) == {"shengeng", "bgnbd", "pareto_nbd", "rate"}
    for scores in report.metrics.values():
        assert set(scores) == {"rmse", "total_error", "top_decile_capture", "mae"}
        assert all(np.isfinite(score) for score in scores.values())


def test_the_json_has_the_keys_that_the_manual_promises(tmp_path: Path) -> None:
    found = json.loads(json.dumps(backtest(tmp_path / "shop", shop_lines(days=120)).as_json()))
    wanted = {"engine", "data", "cut", "seed", "versions", "rows", "seconds", "metrics"}
    assert wanted <= set(found)
    assert found["engine"] == "value"
    assert found["data"].startswith("shop sha256:")
    assert found["rows"] > 0


def test_the_last_quarter_is_held_out_when_nobody_names_a_cut(tmp_path: Path) -> None:
    rows = shop_lines(customers=30, days=100)
    days = [row.local_at.date() for row in rows]
    report = backtest(tmp_path / "shop", rows)
    assert report.cut == default_cut(min(days), max(days))


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 2000))
def test_the_default_cut_holds_out_a_quarter_of_the_days(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    held = (last - default_cut(first, last)).days + 1
    assert held == max(1, (days + 1) // 4)


def test_what_happens_after_the_cut_moves_no_forecast(tmp_path: Path) -> None:
    rows = shop_lines(customers=40, days=120)
    cut, last = START + timedelta(days=80), max(row.local_at for row in rows)
    early = [row for row in rows if row.local_at.date() < cut]
    busy = [*early, line("c0001", last, "p0001"), *bought("c0002", *range(80, (last.date() - START).days))]
    quiet = [*early, line("c0001", last, "p0001")]
    totals = []
    for name, shop in (("busy", busy), ("quiet", quiet)):
        report = backtest(tmp_path / name, shop, cut)
        scores, actual = report.metrics, report.notes["purchase_days"]
        assert isinstance(actual, int)
        totals.append([(scores[model]["total_error"] + 1) * actual for model in sorted(scores)])
    assert totals[0] == pytest.approx(totals[1])


def test_the_answer_is_the_same_twice(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shop", days=120)
    assert api.run("value", folder).metrics == api.run("value", folder).metrics


def refusal(path: Path, rows: list[Line], cut: date | None = None) -> ShopError:
    with pytest.raises(ShopError) as refused:
        backtest(path, rows, cut)
    return refused.value


def test_a_folder_of_guests_is_refused_by_the_column_it_lacks(tmp_path: Path) -> None:
    error = refusal(tmp_path / "shop", bought(None, 1, 5, 40))
    assert error.code == "backtest_lacks_column"
    assert "customer_id" in str(error)
    assert "orders" in str(error)


def test_a_cut_outside_the_data_is_refused_with_the_days_that_are_good(tmp_path: Path) -> None:
    rows = bought("a", 0, 10, 40)
    for day in (0, 41):
        error = refusal(tmp_path / f"{day}", rows, START + timedelta(days=day))
        assert error.code == "cut_outside"
        assert "2025-01-07" in str(error)
        assert "2025-02-15" in str(error)


def test_a_shop_of_one_order_and_one_of_few_customers_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "one", bought("a", 1)).code == "span_too_short"
    assert refusal(tmp_path / "few", bought("a", 0, 9, 30) + bought("b", 3, 39)).code == "too_few_customers"


def test_an_engine_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(ShopError, match="recommend, value, demand"):
        api.run("horoscope", tmp_path)


def test_a_perfect_forecast_scores_perfectly() -> None:
    actual = np.arange(40.0)
    scores = value_metrics(actual, actual)
    assert (scores["rmse"], scores["total_error"], scores["mae"]) == (0, 0, 0)
    assert scores["top_decile_capture"] == pytest.approx(sum(range(36, 40)) / sum(range(40)))


@given(st.permutations(range(30)))
def test_the_order_of_customers_moves_no_score(order: list[int]) -> None:
    predicted, actual = np.repeat([0.5, 1.0, 3.0], 10), np.arange(30.0) % 7
    mixed = value_metrics(predicted[order], actual[order])
    assert mixed == pytest.approx(value_metrics(predicted, actual))


def test_a_forecast_of_nothing_for_nobody_is_no_crash() -> None:
    scores = value_metrics(np.zeros(5), np.zeros(5))
    assert scores == {"rmse": 0.0, "total_error": -1.0, "top_decile_capture": 0.0, "mae": 0.0}


def test_the_rate_is_repeats_a_day_carried_on() -> None:
    np.testing.assert_allclose(rate_forecast(np.array([0.0, 3, 1]), np.array([0.0, 30, 10]), 20), [0, 2, 2])
