"""What a row of a canonical folder means, and when it is not taken."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.facts import write_folder, write_shop_toml

from shengeng.kernel.money import LIMIT_MINOR, to_minor
from shengeng.sense.connect.api import open_folder

GOOD = {"ordered_at": "2025-03-01 04:00:00", "product_id": "p1", "quantity": "1", "line_total": "10.00"}
Lines = dict[str, dict[str, Any]]


def folder(path: Path, rows: Mapping[str, Mapping[str, str]], *, all_paid: bool = True, **shop: str) -> Path:
    """A folder whose orders.csv holds just these rows by order id, each completed from GOOD."""
    path.mkdir(parents=True, exist_ok=True)
    write_shop_toml(path, all_paid=all_paid, **shop)
    full = [{"order_id": name, **GOOD, **row} for name, row in rows.items()]
    names = list(dict.fromkeys(name for row in full for name in row))
    with (path / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(full)
    return path


def read(path: Path) -> Lines:
    """The lines that were taken, by order id."""
    with open_folder(path) as opened:
        rows = opened.lines.to_pyarrow().to_pylist()
        assert len(rows) + opened.rejected == opened.rows
        return {row["order_id"]: row for row in rows}


MEANT: dict[str, dict[str, str]] = {
    "plain": {},
    "zulu": {"ordered_at": "2025-03-01T04:00:00Z"},
    "offset": {"ordered_at": "2025-03-01T12:00:00+08:00"},
    "basic offset": {"ordered_at": "2025-03-01 12:00:00 +0800"},
    "slashes": {"ordered_at": "2025/3/1 4:00"},
    "day alone": {"ordered_at": "2025-03-01"},
    "before midnight": {"ordered_at": "2025-03-01 15:59:59"},
    "midnight": {"ordered_at": "2025-03-01 16:00:00"},
    "total wins": {"line_total": "9.99", "unit_price": "5", "quantity": "2", "list_price": "6.25"},
    "by price": {"line_total": "", "unit_price": "0.335", "quantity": "3"},
    "whole": {"quantity": "2.0"},
    "return": {"quantity": "-1", "line_total": "-10.00"},
    "return unsigned": {"quantity": "-1", "line_total": "10.00"},
    "return by price": {"quantity": "-2", "line_total": "", "unit_price": "5"},
    "adjustment": {"quantity": "0"},
    "bad debt": {"line_total": "-11062.06"},
    "cancelled at": {"cancelled_at": "2025-03-02"},
    "closed": {"status": "交易关闭"},
    "cancelled": {"status": "Cancelled"},
    "unpaid": {"status": "等待买家付款"},
    "unpaid and paid": {"status": "等待买家付款", "paid_at": "2025-03-02"},
    "refund": {"refund_amount": "2.50"},
    "refund signed": {"refund_amount": "-2.50"},
    "refunded at": {"refunded_at": "2025-03-09"},
    "refunded": {"status": "退款成功"},
    "same currency": {"currency": "cny"},
    "extra": {"gift": "yes", "note": '他说 "好"'},
    "borne": {"discount_platform": "1.00", "discount_seller": "-2", "discount_creator": "0.5"},
    **{
        f"nobody ({name})": {"customer_id": name}
        for name in ("  ", "138****1234", "王**", "张＊", "nan", "NULL")
    },
    "somebody": {"customer_id": " c-1 "},
}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """MEANT, read once."""
    return read(folder(tmp_path_factory.mktemp("meant") / "f", MEANT))


def test_every_row_that_can_be_meant_is_taken(lines: Lines) -> None:
    assert set(lines) == set(MEANT)


def test_an_offset_is_honoured_and_without_one_it_is_utc(lines: Lines) -> None:
    four = datetime(2025, 3, 1, 4, tzinfo=UTC)
    names = ("plain", "zulu", "offset", "basic offset", "slashes")
    assert {lines[name]["ordered_at"] for name in names} == {four}
    assert {str(lines[name]["local_at"]) for name in names} == {"2025-03-01 12:00:00"}
    assert lines["day alone"]["ordered_at"] == datetime(2025, 3, 1, tzinfo=UTC)


def test_the_shops_day_begins_at_its_own_midnight(lines: Lines) -> None:
    assert lines["before midnight"]["local_date"] == date(2025, 3, 1)
    assert lines["midnight"]["local_date"] == date(2025, 3, 2)


def test_the_line_total_wins_over_price_times_quantity(lines: Lines) -> None:
    assert (lines["total wins"]["total_minor"], lines["total wins"]["list_minor"]) == (999, 1250)
    assert lines["by price"]["total_minor"] == 100  # 1.005 to even
    assert lines["whole"]["quantity"] == 2


def test_a_return_takes_money_back_whichever_sign_it_is_written_with(lines: Lines) -> None:
    for name in ("return", "return unsigned", "return by price"):
        assert (lines[name]["kind"], lines[name]["total_minor"]) == ("return", -1000)


def test_an_amount_that_moves_no_goods_is_an_adjustment(lines: Lines) -> None:
    assert lines["adjustment"]["kind"] == lines["bad debt"]["kind"] == "adjustment"


def test_a_cancelled_order_is_placed_and_not_paid(lines: Lines) -> None:
    for name in ("cancelled at", "closed", "cancelled"):
        assert (lines[name]["kind"], lines[name]["paid"], lines[name]["total_minor"]) == (
            "cancelled",
            False,
            1000,
        )


def test_an_unpaid_status_is_believed_until_there_is_a_payment(lines: Lines) -> None:
    assert [lines[name]["paid"] for name in ("plain", "unpaid", "unpaid and paid")] == [True, False, True]


def test_a_refund_is_the_amount_given_or_the_whole_line(lines: Lines) -> None:
    refunds = [
        lines[n]["refund_minor"] for n in ("refund", "refund signed", "refunded at", "refunded", "plain")
    ]
    assert refunds == [250, 250, 1000, 1000, 0]


def test_discounts_say_who_bore_them(lines: Lines) -> None:
    borne = lines["borne"]
    assert [borne[f"discount_{who}_minor"] for who in ("platform", "seller", "creator")] == [100, 200, 50]


def test_a_masked_name_is_nobody(lines: Lines) -> None:
    assert {line["customer_id"] for name, line in lines.items() if name.startswith("nobody")} == {None}
    assert lines["somebody"]["customer_id"] == "c-1"


def test_columns_without_a_name_of_their_own_are_kept(lines: Lines) -> None:
    assert json.loads(lines["extra"]["attributes"]) == {"gift": "yes", "note": '他说 "好"'}
    assert lines["plain"]["attributes"] is None


NOT_MEANT = [
    *({"line_total": text} for text in ("NaN", "inf", "-inf", "1e308", str(LIMIT_MINOR), "1,000.50", "ten")),
    {"line_total": "", "unit_price": ""},
    {"line_total": "", "unit_price": "999999999", "quantity": "999999999"},
    {"list_price": "NaN"},
    {"refund_amount": "ten"},
    {"discount_seller": "1e308"},
    *({"quantity": text} for text in ("0.5", "two", "1000000000", "", "NaN")),
    {"quantity": "0", "line_total": "0"},
    {"order_id": "  "},
    {"product_id": ""},
    *({"ordered_at": text} for text in ("", "yesterday", "2025-02-30", "1969-12-31 23:59:59", "2101-01-02")),
    *({"ordered_at": text} for text in ("infinity", "epoch", "1741000000", "01/03/2025")),
    {"paid_at": "soon"},
    {"currency": "EUR"},
]


def test_no_row_that_cannot_be_meant_is_taken(tmp_path: Path) -> None:
    rows = {f"bad {i}": row for i, row in enumerate(NOT_MEANT)}
    assert read(folder(tmp_path / "f", rows | {"good": {}})).keys() == {"good"}


def test_clocks_that_jump_are_followed_in_both_directions(tmp_path: Path) -> None:
    hours = {
        "2017-03-12 06:59:59": "2017-03-12 01:59:59",
        "2017-03-12 07:00:00": "2017-03-12 03:00:00",
        "2017-11-05 05:30:00": "2017-11-05 01:30:00",
        "2017-11-05 06:30:00": "2017-11-05 01:30:00",
        "2017-11-05 07:00:00": "2017-11-05 02:00:00",
    }
    rows = {utc: {"ordered_at": utc} for utc in hours}
    found = read(folder(tmp_path / "f", rows, timezone="America/New_York"))
    assert {utc: str(line["local_at"]) for utc, line in found.items()} == hours


@pytest.mark.parametrize("name", ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_local_time_is_what_pythons_zone_database_says(tmp_path: Path, name: str) -> None:
    days = [datetime(year, month, 13, 3, 7, tzinfo=UTC) for year in range(1975, 2036, 4) for month in (1, 7)]
    rows = {str(at): {"ordered_at": f"{at:%Y-%m-%d %H:%M:%S}"} for at in days}
    found = read(folder(tmp_path / "f", rows, timezone=name))
    local = {str(at): at.astimezone(ZoneInfo(name)).replace(tzinfo=None) for at in days}
    assert {key: line["local_at"] for key, line in found.items()} == local


@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
def test_amounts_round_as_the_kernel_rounds(tmp_path: Path, currency: str) -> None:
    rng = np.random.default_rng(5)
    ties = [
        f"{sign}{cents}5" for sign in ("", "-") for cents in ("0.00", "0.01", "1.12", "7.99", "0.0", "3.")
    ]
    whole, places = rng.integers(-(10**9), 10**9, 200).tolist(), rng.integers(0, 7, 200).tolist()
    random = [str(Decimal(n).scaleb(-d)) for n, d in zip(whole, places, strict=True)]
    amounts = [text for text in [*ties, *random] if to_minor(text, currency)]
    rows = {text: {"quantity": "0", "line_total": text} for text in amounts}
    found = read(folder(tmp_path / "f", rows, currency=currency))
    assert {text: line["total_minor"] for text, line in found.items()} == {
        text: to_minor(text, currency) for text in rows
    }


def test_payment_times_decide_unless_everything_is_declared_paid(tmp_path: Path) -> None:
    rows = {"a": {"paid_at": "2025-03-01 05:00"}, "b": {"paid_at": ""}}
    found = read(folder(tmp_path / "times", rows, all_paid=False))
    assert (found["a"]["paid"], found["b"]["paid"]) == (True, False)
    found = read(folder(tmp_path / "declared", rows, all_paid=True))
    assert (found["a"]["paid"], found["b"]["paid"]) == (True, True)


def test_a_folder_that_tells_nothing_of_payment_tells_of_paid_orders(tmp_path: Path) -> None:
    assert read(folder(tmp_path / "f", {"a": {}}, all_paid=False))["a"]["paid"] is True


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    def rows(path: Path) -> Sequence[object]:
        with open_folder(path) as opened:
            found: Sequence[object] = opened.lines.order_by(["order_id", "line_no"]).to_pyarrow().to_pylist()
            return found

    as_csv = rows(write_folder(tmp_path / "csv", format="csv"))
    assert as_csv == rows(write_folder(tmp_path / "parquet", format="parquet"))
    assert as_csv


def test_typed_parquet_is_read_like_text(tmp_path: Path) -> None:
    path = folder(tmp_path / "f", {})
    (path / "orders.csv").unlink()
    at = pa.array([1740801600, 1740888000], pa.timestamp("s")).cast(pa.timestamp("ns"))
    nothing = float("nan")
    table = {
        "order_id": pa.array([536365, 536366], pa.int64()),
        "ordered_at": at,
        "product_id": ["85123A", "71053"],
        "quantity": [6.0, -1.0],
        "unit_price": [2.55, 3.39],
        "customer_id": [17850.0, nothing],
        "refund_amount": [nothing, nothing],
    }
    pq.write_table(pa.table(table), path / "orders.parquet")
    found = read(path)
    assert {
        name: (x["customer_id"], x["total_minor"], str(x["ordered_at"])) for name, x in found.items()
    } == {
        "536365": ("17850", 1530, "2025-03-01 04:00:00+00:00"),
        "536366": (None, -339, "2025-03-02 04:00:00+00:00"),
    }


def test_the_last_good_row_of_a_product_counts(tmp_path: Path) -> None:
    path = write_folder(tmp_path / "f")
    (path / "products.csv").write_text(
        "product_id,title,category,price,weight_g\np1,Old,A > B,1.00,5\np2,Two, A >  > C ,2.00,\n"
        "p1,New,A,3.00,250\n,Nameless,,,\np3,Dear,,1e308,\np1,Heavy,A,3.00,nan\n",
        encoding="utf-8",
    )
    with open_folder(path) as opened:
        rows = opened.products.order_by("product_id").to_pyarrow().to_pylist()
    assert [(r["product_id"], r["title"], r["price_minor"], r["weight_g"]) for r in rows] == [
        ("p1", "New", 300, 250.0),
        ("p2", "Two", 200, None),
    ]
    assert (rows[1]["category"], rows[1]["department"], rows[1]["category_2"]) == ("A > C", "A", "C")
