"""Files for spreadsheets: what a cell becomes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from shengeng.console.sheets import Field, FileKind, Sheet, file_of

Row = dict[str, Any]
FIELDS: tuple[Field[Row], ...] = (
    Field("编号", "Number", "text", lambda row: row["id"]),
    Field("金额", "Amount", "money", lambda row: row["minor"]),
    Field("更多", "More", "money", lambda row: row.get("more")),
    Field("日期", "Day", "day", lambda _: date(2017, 11, 26)),
    Field("时间", "Moment", "moment", lambda _: datetime(2017, 11, 26, 8, 30, tzinfo=UTC)),
    Field("份额", "Share", "share", lambda _: 0.123456),
)


def sheet(*rows: Row, currency: str = "CNY") -> Sheet[Row]:
    return Sheet("shop", FIELDS, rows, currency)


def cells(kind: FileKind, made: Sheet[Row]) -> list[list[Any]]:
    found = file_of(made, kind, "en")
    if kind == "csv":
        return list(csv.reader(io.StringIO(found.decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(io.BytesIO(found)).active.iter_rows(values_only=True)]


def test_money_is_in_major_units_beside_its_currency() -> None:
    assert cells("csv", sheet({"id": "a", "minor": 123456}))[1][:3] == ["a", "CNY", "1234.56"]
    assert cells("csv", sheet({"id": "a", "minor": 123456}, currency="JPY"))[1][:3] == ["a", "JPY", "123456"]
    assert cells("csv", sheet({"id": "a", "minor": 5}, currency="KWD"))[1][2] == "0.005"
    assert cells("xlsx", sheet({"id": "a", "minor": 123456}))[1][:3] == ["a", "CNY", 1234.56]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@here", "\tx", '=HYPERLINK("http://x")'])
def test_text_is_never_a_formula(text: str) -> None:
    assert cells("csv", sheet({"id": text, "minor": 0}))[1][0] == f"'{text}"
    book = load_workbook(io.BytesIO(file_of(sheet({"id": text, "minor": 0}), "xlsx", "en")))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_number_below_zero_stays_a_number() -> None:
    assert cells("csv", sheet({"id": "a", "minor": -250}))[1][2] == "-2.50"
    assert cells("xlsx", sheet({"id": "a", "minor": -250}))[1][2] == -2.5


def test_ids_keep_their_zeros_and_days_are_days() -> None:
    made = sheet({"id": "00912", "minor": 1})
    head, row = cells("xlsx", made)
    assert head == ["Number", "Currency", "Amount", "More", "Day", "Moment", "Share"]
    assert row[0] == "00912"
    assert row[3:] == [None, datetime(2017, 11, 26), datetime(2017, 11, 26, 8, 30), 0.1235]  # noqa: DTZ001
    assert cells("csv", made)[1][3:] == ["", "2017-11-26", "2017-11-26T08:30:00", "0.1235"]


def test_excel_reads_a_csv_as_utf8_and_chinese_people_read_its_headings() -> None:
    assert file_of(sheet(), "csv", "zh") == "\ufeff编号,货币,金额,更多,日期,时间,份额\r\n".encode()


def test_a_list_without_money_has_no_currency() -> None:
    made = Sheet("shop", FIELDS[:1], [{"id": 'a, "b"'}], "CNY")
    assert cells("csv", made) == [["Number"], ['a, "b"']]


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    row = cells("xlsx", sheet({"id": "x" * 40_000, "minor": 1}))[1]
    assert len(row[0]) == 32_767
