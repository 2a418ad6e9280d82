"""The canonical demand file: what is a point of a series, and what is said of a row that is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.factories.facts import write_folder
from tests.factories.series import Row, demand_rows, write_demand

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect.api import open_series
from shengeng.sense.connect.contracts.series import SeriesFile

POINT: Row = {"series_id": "a", "date": "2025-03-01", "quantity": 2, "price": 1.5, "promo": 0, "group_x": "g"}


def told(folder: Path) -> tuple[SeriesFile, list[dict[str, Any]]]:
    """The file, and its points in order."""
    context = open_series(folder)
    assert context is not None
    with context as found:
        return found, found.points.order_by("series_id", "date").to_pyarrow().to_pylist()


@pytest.mark.parametrize("parquet", [False, True])
def test_a_file_is_read_without_a_shop_and_without_orders(tmp_path: Path, parquet: bool) -> None:
    rows = demand_rows(series=3, periods=5)
    found, points = told(write_demand(tmp_path / "f", rows, parquet=parquet))
    assert (found.rows, found.rejected, found.first_reject) == (15, 0, None)
    assert found.groups == ("group_shelf",)
    assert [p["quantity"] for p in points] == [r["quantity"] for r in rows]
    assert [p["date"].isoformat() for p in points] == [r["date"] for r in rows]
    assert points[0]["group_shelf"] == "g0"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("quantity", "NaN", "number of units"),
        ("quantity", "1e308", "number of units"),
        ("quantity", "-inf", "number of units"),
        ("quantity", "-1", "number of units"),
        ("quantity", "many", "number of units"),
        ("quantity", "", "missing"),
        ("series_id", " ", "missing"),
        ("date", "2025-02-30", "not a date"),
        ("date", "31/01/2025", "not a date"),
        ("date", "1066-10-14", "before 1970"),
        ("price", "-3", "not an amount"),
        ("price", "inf", "not an amount"),
        ("promo", "perhaps", "not a promotion"),
        ("promo", "-1", "not a promotion"),
    ],
)
def test_a_row_that_is_no_point_is_named_with_its_column_value_and_reason(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    found, points = told(write_demand(tmp_path / "f", [POINT, POINT | {"series_id": "b", column: value}]))
    assert len(points) == 1
    assert (found.rows, found.rejected) == (2, 1)
    assert found.first_reject is not None
    assert (found.first_reject.row, found.first_reject.column) == (3, column)
    assert found.first_reject.value.strip() == value.strip()
    assert reason in found.first_reject.reason


def test_of_a_point_that_stands_twice_the_last_row_counts(tmp_path: Path) -> None:
    found, points = told(write_demand(tmp_path / "f", [POINT, POINT | {"quantity": 7}]))
    assert [p["quantity"] for p in points] == [7.0]
    assert found.first_reject is not None
    assert (found.first_reject.row, found.first_reject.value) == (2, "a, 2025-03-01")


def test_words_for_a_promotion_and_broken_units_are_understood(tmp_path: Path) -> None:
    rows = [POINT | {"promo": "True", "quantity": "0.25"}, POINT | {"series_id": "b", "promo": "no"}]
    _, points = told(write_demand(tmp_path / "f", rows))
    assert [(p["promo"], p["quantity"]) for p in points] == [(1.0, 0.25), (0.0, 2.0)]


def test_columns_without_a_meaning_are_told(tmp_path: Path) -> None:
    found, _ = told(write_demand(tmp_path / "f", [POINT | {"weather": "rain"}]))
    assert found.unused == ("weather",)


def test_a_header_without_a_quantity_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "demand.csv").write_text("series_id,date,units\na,2025-01-01,1\n")
    with pytest.raises(ShopError, match=r"demand\.csv has no column quantity"):
        told(tmp_path)


def test_a_damaged_file_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "demand.parquet").write_bytes(b"PAR1 and nothing of it")
    with pytest.raises(ShopError, match=r"demand\.parquet is damaged"):
        told(tmp_path)


def test_a_folder_without_the_file_has_no_series(tmp_path: Path) -> None:
    assert open_series(write_folder(tmp_path / "f", customers=2, days=5)) is None
    assert open_series("complete-journey") is None
