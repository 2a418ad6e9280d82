"""The demand backtest of a folder: five models, no look ahead, short shops refused by what is short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.factories.facts import START, write_folder

from shengeng.kernel.errors import ShopError
from shengeng.learn.backtest.api import Report, run, run_demand
from shengeng.sense.connect.api import open_folder
from shengeng.sense.connect.contracts import Folder

MODELS = {"shengeng", "seasonal_naive", "empirical56", "auto_ets", "lightgbm"}
METRICS = {"wql", "rmsse", "wrmsse", "wape", "cov80", "cov95", "pinball95"}
DAYS = 7 * 26


@contextmanager
def folder(path: Path, days: int = DAYS) -> Iterator[Folder]:
    write_folder(path, customers=30, products=10, days=days)
    with open_folder(path) as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The backtest of half a year of a made-up shop."""
    path = tmp_path_factory.mktemp("shop")
    write_folder(path, customers=30, products=10, days=DAYS)
    return run("demand", path, cut=START + timedelta(days=7 * 16), seed=3)


def test_ours_stands_beside_four_baselines_in_every_measure(report: Report) -> None:
    assert set(report.metrics) == MODELS
    assert all(set(found) == METRICS for found in report.metrics.values())
    assert all(0 <= found["cov80"] <= 1 and found["wql"] > 0 for found in report.metrics.values())


def test_the_origins_and_the_series_are_told(report: Report) -> None:
    assert report.notes["origins"] == "2025-04-28,2025-05-26"
    assert report.notes["series"] == 10
    assert report.notes["known_in_advance"] == "nothing"


def test_what_comes_after_the_last_scored_week_changes_nothing(tmp_path: Path) -> None:
    cut = START + timedelta(days=7 * 16)
    with folder(tmp_path / "long", DAYS) as long:
        whole = run_demand(long, cut)
        last = cut + timedelta(days=7 * 8 - 1)
        lines = long.lines.filter(long.lines.local_date <= last)
        ended = Folder(**{name: getattr(long, name) for name in Folder.__slots__} | {"lines": lines})
        assert run_demand(ended, cut).metrics == whole.metrics


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    with folder(tmp_path) as found:
        assert run_demand(found, None, 5).metrics == run_demand(found, None, 5).metrics


def test_a_shop_of_ten_weeks_is_refused_with_the_days_it_needs(tmp_path: Path) -> None:
    with folder(tmp_path, 70) as found, pytest.raises(ShopError, match="at least 91 days"):
        run_demand(found)


def test_a_cut_that_leaves_no_second_origin_names_the_days_that_do(tmp_path: Path) -> None:
    with folder(tmp_path) as found, pytest.raises(ShopError, match="choose a day from 2025-03-0"):
        run_demand(found, date(2025, 7, 1))
