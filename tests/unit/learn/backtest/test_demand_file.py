"""The demand backtest of a demand file: frequency, covariates, silence, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.factories.facts import write_folder
from tests.factories.series import Row, day, demand_rows, write_demand

from shengeng.kernel.errors import ShopError
from shengeng.learn.backtest.api import Report, run
from shengeng.learn.backtest.methods.panel import DAY, WEEK, Grid, panel, step_of, usual_gap

CUT = day(100)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve daily series of twenty weeks with price and promotion."""
    return write_demand(tmp_path_factory.mktemp("file") / "f", demand_rows())


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return run("demand", folder, cut=CUT)


def test_a_daily_file_is_backtested_by_day_with_its_price_and_promotions(report: Report) -> None:
    assert report.notes["frequency"] == "daily"
    assert report.notes["series"] == 12
    assert report.notes["known_in_advance"] == "promo, price"
    assert report.notes["source"] == "demand.csv"
    assert report.rows == 12 * 140
    assert report.metrics["shengeng"]["wql"] < report.metrics["empirical56"]["wql"]


def test_a_daily_file_can_be_summed_to_weeks_aligned_to_the_cut(folder: Path) -> None:
    found = run("demand", folder, cut=CUT, frequency="weekly")
    assert (found.notes["frequency"], found.notes["horizon_weeks"]) == ("weekly", 4)
    assert str(found.notes["origins"]).startswith(CUT.isoformat())


def test_a_weekly_file_is_told_by_its_dates(tmp_path: Path) -> None:
    folder = write_demand(tmp_path / "f", demand_rows(series=4, periods=40, step=7), parquet=True)
    found = run("demand", folder)
    assert (found.notes["frequency"], found.notes["source"]) == ("weekly", "demand.parquet")
    assert found.cut.weekday() == day(0).weekday()
    with pytest.raises(ShopError, match="weekly points"):
        run("demand", folder, frequency="daily")


def test_a_monthly_file_is_refused_with_its_gap(tmp_path: Path) -> None:
    rows = [r | {"date": date(2020 + i // 12, 1 + i % 12, 1)} for i, r in enumerate(demand_rows(series=1))]
    with pytest.raises(ShopError, match=r"neither daily nor weekly .most often 31 days"):
        run("demand", write_demand(tmp_path / "f", rows))


def test_what_comes_after_the_last_scored_day_changes_nothing(folder: Path, report: Report) -> None:
    rows = demand_rows()
    last = date.fromisoformat(str(report.notes["origins"]).split(",")[-1]) + timedelta(days=13)
    later = [r | {"quantity": 77} if str(r["date"]) > last.isoformat() else r for r in rows]
    changed = run("demand", write_demand(folder.parent / "later", later), cut=CUT)
    assert changed.metrics == report.metrics


def test_a_day_without_a_row_is_a_day_without_demand(folder: Path, report: Report) -> None:
    """Price and promotion are dropped here, or the rows that are left would tell where nothing was sold."""
    bare = [{k: r[k] for k in ("series_id", "date", "quantity", "group_shelf")} for r in demand_rows()]
    sparse = [r for r in bare if r["quantity"] or r["date"] in (day(0).isoformat(), day(139).isoformat())]
    full, thin = (
        run("demand", write_demand(folder.parent / name, rows), cut=CUT)
        for name, rows in (("full", bare), ("thin", sparse))
    )
    assert len(sparse) < len(bare)
    assert full.metrics == thin.metrics


def test_a_price_that_stands_only_where_something_was_sold_is_not_used(tmp_path: Path) -> None:
    sold = [r for r in demand_rows() if r["quantity"]]
    found = run("demand", write_demand(tmp_path / "f", sold), cut=CUT)
    assert found.notes["known_in_advance"] == "nothing"
    assert str(found.notes["not_used"]).startswith("promo (")


def test_the_file_wins_over_orders_and_says_so(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", customers=5, days=30)
    write_demand(folder, demand_rows(series=3))
    assert "orders were not read" in str(run("demand", folder, cut=CUT).notes["source"])


def test_rejected_rows_are_counted_and_the_first_is_named(tmp_path: Path) -> None:
    bad: list[Row] = [{"series_id": "s00", "date": "2025-02-30", "quantity": 1}, {"quantity": "NaN"}]
    found = run("demand", write_demand(tmp_path / "f", [*demand_rows(series=3), *bad]), cut=CUT)
    assert found.notes["rejected_rows"] == 2
    said = "demand.csv row 422, column date, value '2025-02-30': not a date such as 2025-01-31"
    assert found.notes["first_rejected"] == said


def test_a_file_without_one_good_row_is_refused_with_its_first(tmp_path: Path) -> None:
    rows: list[Row] = [{"series_id": "a", "date": "2025-01-01", "quantity": -4}]
    with pytest.raises(ShopError, match="row 2, column quantity, value '-4': not a number of units"):
        run("demand", write_demand(tmp_path / "f", rows))


def test_a_file_of_zeros_is_refused(tmp_path: Path) -> None:
    rows = [r | {"quantity": 0} for r in demand_rows(series=2)]
    with pytest.raises(ShopError, match="Nothing of f was wanted from 2025-01-06 to"):
        run("demand", write_demand(tmp_path / "f", rows))


def test_a_date_far_away_is_refused_by_the_days_that_are_empty(tmp_path: Path) -> None:
    rows = [*demand_rows(series=2), demand_rows(series=1)[0] | {"date": "2099-12-31"}]
    with pytest.raises(ShopError, match=r"Nothing of f was wanted from 2079-\d\d-\d\d to 2081"):
        run("demand", write_demand(tmp_path / "f", rows))


def test_one_series_of_huge_demand_has_finite_measures(tmp_path: Path) -> None:
    rows = [r | {"quantity": int(str(r["quantity"])) * 10**8} for r in demand_rows(series=1)]
    found = run("demand", write_demand(tmp_path / "f", rows), cut=CUT)
    assert all(np.isfinite(list(metrics.values())).all() for metrics in found.metrics.values())


def test_too_few_days_are_refused_with_the_days_that_are_needed(tmp_path: Path) -> None:
    with pytest.raises(ShopError, match="at least 71 days, f spans 40"):
        run("demand", write_demand(tmp_path / "f", demand_rows(series=2, periods=40)))


@pytest.mark.parametrize(("engine", "frequency"), [("demand", "hourly"), ("value", "daily")])
def test_a_frequency_that_there_is_not_is_refused(folder: Path, engine: str, frequency: str) -> None:
    with pytest.raises(ShopError, match=frequency):
        run(engine, folder, frequency=frequency)


def test_broken_units_are_counted_in_hundredths(tmp_path: Path) -> None:
    rows = [r | {"quantity": int(str(r["quantity"])) / 4} for r in demand_rows(series=4)]
    found = run("demand", write_demand(tmp_path / "f", rows), cut=CUT)
    assert str(found.notes["counted_in"]).startswith("1/100")
    assert found.metrics["shengeng"]["wql"] < 1


@pytest.mark.slow
def test_the_command_prints_one_object_of_the_named_keys(folder: Path) -> None:
    command = [str(Path(sys.executable).parent / "shengeng"), "backtest", "demand", "--data", str(folder)]
    done = subprocess.run(
        [*command, "--cut", CUT.isoformat(), "--frequency", "daily", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found) >= {"engine", "data", "cut", "seed", "versions", "rows", "seconds", "metrics"}
    assert set(found["metrics"]["shengeng"]) >= {"wql", "rmsse", "wrmsse", "wape", "cov80", "cov95"}


def test_frequency_is_read_off_the_gaps() -> None:
    daily = np.arange(100)
    assert step_of(daily) == DAY
    assert step_of(daily[daily % 7 != 6]) == DAY
    assert step_of(daily * 7) == WEEK
    assert step_of(daily * 14) == WEEK
    assert step_of(daily * 30) is None
    assert usual_gap(daily * 30) == 30
    assert step_of(daily[:1]) is None


def test_a_price_cut_stands_against_prices_already_seen() -> None:
    points = pd.DataFrame(
        {
            "place": 0,
            "day": range(4),
            "quantity": 1.0,
            "price": [4.0, 2.0, 4.0, 8.0],
            "promo": np.nan,
            "kin": 0,
        }
    )
    found = panel(points, Grid(0, DAY, 4), DAY, 3)
    assert found.known == ("price",)
    assert (found.plan[0, 0] > 0).tolist() == [False, True, False, False]
    assert found.paid.tolist() == [[4.0, 2.0, 4.0, 8.0]]
