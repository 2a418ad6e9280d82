"""Reviews of a canonical folder: what a row means, when it is not taken, and what a later file corrects."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.facts import line, write_folder

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import LONGEST_REVIEW, REVIEWS, ImportReport
from shengeng.storage.stores import Stores

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ORDER = line("c1", datetime.combine(date(2025, 3, 5), time(12)))
GOOD = {"created_at": "2025-03-01 04:00:00", "text": "很好喝, 下次再买"}


def folder(path: Path, reviews: Sequence[Mapping[str, str]]) -> Path:
    """A shop of one order with a reviews.csv of just these rows, each completed from GOOD."""
    write_folder(path, rows=[ORDER], tables=("orders",))
    full = [{**GOOD, **row} for row in reviews]
    names = list(dict.fromkeys(name for row in full for name in row))
    with (path / "reviews.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(full)
    return path


def bring(stores: Stores, path: Path) -> ImportReport:
    return api.import_source(stores, path, now=NOW)


def stored(stores: Stores, as_of: date | None = None) -> dict[str, dict[str, Any]]:
    rows = api.reviews(stores.lake, as_of).to_pyarrow().to_pylist()
    return {row["review_id"]: row for row in rows}


def test_a_shop_without_reviews_has_an_empty_table_of_them(stores: Stores, tmp_path: Path) -> None:
    write_folder(tmp_path, rows=[ORDER], tables=("orders",))
    bring(stores, tmp_path)
    found = api.reviews(stores.lake, date(2025, 3, 5))
    assert list(found.columns) == REVIEWS.names
    assert found.count().to_pyarrow().as_py() == 0


def test_a_review_is_told_by_the_shops_own_clock(stores: Stores, tmp_path: Path) -> None:
    late = {"review_id": "r1", "created_at": "2025-03-01 16:00:00", "product_id": "p1", "rating": "4.5"}
    said = {"customer_id": "c1", "language": "ZH", "label": "positive", "photos": "2"}
    report = bring(stores, folder(tmp_path, [{**late, **said}]))
    [row] = stored(stores).values()
    assert row == {
        "source": "shop",
        "review_id": "r1",
        "created_at": datetime(2025, 3, 1, 16, tzinfo=UTC),
        "local_at": datetime.combine(date(2025, 3, 2), time(0)),
        "local_date": date(2025, 3, 2),
        "text": "很好喝, 下次再买",
        "product_id": "p1",
        "customer_id": "c1",
        "rating": 4.5,
        "language": "zh",
        "label": "positive",
        "attributes": '{"photos":"2"}',
    }
    assert report.files["reviews"].accepted == 1
    assert stored(stores, date(2025, 3, 1)) == {}
    assert set(stored(stores, date(2025, 3, 2))) == {"r1"}


BAD: dict[str, tuple[dict[str, str], str, str]] = {
    "empty": ({"text": "  "}, "text", "a required value is missing"),
    "no id": ({"review_id": ""}, "review_id", "a required value is missing"),
    "unknown time": ({"created_at": "yesterday"}, "created_at", "not a date and time"),
    "no time": ({"created_at": ""}, "created_at", "a required value is missing"),
    "far past": ({"created_at": "1900-01-01"}, "created_at", "before 1970"),
    "rating of words": ({"rating": "five stars"}, "rating", "not a number"),
    "rating nan": ({"rating": "NaN"}, "rating", "not a number"),
    "rating inf": ({"rating": "inf"}, "rating", "not a number"),
    "a book": ({"text": "好" * 350_000}, "text", "longer than 20,000 characters"),
}


def test_every_bad_row_is_named_and_the_good_ones_stay(stores: Stores, tmp_path: Path) -> None:
    good = [{"review_id": "first"}, {"review_id": "longest", "text": "a" * LONGEST_REVIEW}]
    bad = [{"review_id": name, **row} for name, (row, _, _) in BAD.items()]
    report = bring(stores, folder(tmp_path, [good[0], *bad, good[1]]))
    assert set(stored(stores)) == {"first", "longest"}
    with stores.rows.unit() as uow:
        rejects, _ = api.rejected(uow, UUID(report.id), lang="en")
    found = {reject.row: (reject.column, reject.reason) for reject in rejects}
    for at, (name, (_, column, reason)) in enumerate(BAD.items(), start=3):
        assert found[at][0] == column, name
        assert reason in found[at][1], name
    assert all(len(reject.value) <= 200 for reject in rejects)
    assert report.files["reviews"].rejected == len(BAD) == len(rejects)


def test_a_text_may_hold_line_breaks_quotes_and_any_script(stores: Stores, tmp_path: Path) -> None:
    text = '第一行\n"second", третья\n😀'
    bring(stores, folder(tmp_path, [{"review_id": "r1", "text": text}]))
    assert stored(stores)["r1"]["text"] == text


def test_a_masked_reviewer_is_nobody_and_the_review_stays(stores: Stores, tmp_path: Path) -> None:
    bring(stores, folder(tmp_path, [{"review_id": "r1", "customer_id": "王**"}]))
    assert stored(stores)["r1"]["customer_id"] is None


def test_the_same_reviews_again_change_nothing(stores: Stores, tmp_path: Path) -> None:
    path = folder(tmp_path, [{"review_id": "r1"}, {"review_id": "r2"}])
    bring(stores, path)
    with stores.rows.unit() as uow:
        before = stores.lake.partitions(uow, "reviews"), stored(stores)
    counts = bring(stores, path).files["reviews"]
    assert (counts.accepted, counts.unchanged) == (0, 2)
    with stores.rows.unit() as uow:
        assert (stores.lake.partitions(uow, "reviews"), stored(stores)) == before


def test_a_review_told_anew_replaces_the_old_one_alone(stores: Stores, tmp_path: Path) -> None:
    bring(stores, folder(tmp_path, [{"review_id": "r1"}, {"review_id": "r2"}]))
    again = [{"review_id": "r1", "text": "一般"}, {"review_id": "r1", "text": "不好"}, {"review_id": "r3"}]
    report = bring(stores, folder(tmp_path, again))
    counts = report.files["reviews"]
    assert (counts.accepted, counts.rejected, counts.unchanged) == (2, 1, 0)
    assert {key: row["text"] for key, row in stored(stores).items()} == {
        "r1": "不好",
        "r2": GOOD["text"],
        "r3": GOOD["text"],
    }
    with stores.rows.unit() as uow:
        [reject], _ = api.rejected(uow, UUID(report.id), lang="en")
    assert (reject.row, reject.column, reject.value) == (2, "review_id", "r1")


def test_parquet_gives_the_same_reviews_as_csv(stores: Stores, tmp_path: Path) -> None:
    path = folder(tmp_path, [])
    (path / "reviews.csv").unlink()
    rows = {
        "review_id": [1, 2],
        "created_at": [datetime(2025, 3, 1, 4, tzinfo=UTC)] * 2,
        "text": ["好", None],
        "rating": [5.0, float("nan")],
    }
    pq.write_table(pa.table(rows), path / "reviews.parquet")
    report = bring(stores, path)
    assert stored(stores)["1"]["local_at"] == datetime.combine(date(2025, 3, 1), time(12))
    assert stored(stores)["1"]["rating"] == 5.0
    assert (report.files["reviews"].accepted, report.files["reviews"].rejected) == (1, 1)


def test_a_reviews_file_without_its_text_is_refused_before_anything_is_written(
    stores: Stores, tmp_path: Path
) -> None:
    path = folder(tmp_path, [])
    (path / "reviews.csv").write_text("review_id,created_at\nr1,2025-03-01\n", "utf-8")
    with pytest.raises(ShopError, match=r"reviews\.csv has no column text"):
        bring(stores, path)
    assert api.lines(stores.lake).count().to_pyarrow().as_py() == 0


def test_a_folder_without_a_database_tells_its_reviews_too(tmp_path: Path) -> None:
    with api.open_folder(folder(tmp_path, [{"review_id": "r1"}])) as opened:
        assert [row["review_id"] for row in opened.reviews.to_pyarrow().to_pylist()] == ["r1"]
