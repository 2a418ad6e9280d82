"""Tables as CSV: what is written reads the same, no spreadsheet runs it, and no file breaks the reader."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.kernel import sheets
from shengeng.kernel.errors import Lang, ShopError

COLUMNS = [
    sheets.Column("sku", "规格编码", "SKU"),
    sheets.Column("title", "名称", "Title"),
    sheets.Column("units", "件数", "Units"),
]
LANGS: tuple[Lang, ...] = ("zh", "en")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
TRICKY = st.one_of(TEXT, st.text("'=+-@|＝\t\r\n ,;\"1a", max_size=8))


def read(content: bytes, *needed: str, rows_most: int = 100) -> sheets.Table:
    return sheets.read(content, COLUMNS, needed or ("sku",), bytes_most=20_000, rows_most=rows_most)


def refused(content: bytes, *needed: str, rows_most: int = 100) -> str:
    with pytest.raises(ShopError) as caught:
        read(content, *needed, rows_most=rows_most)
    return caught.value.code


@given(st.lists(st.fixed_dictionaries({"sku": TRICKY, "title": TRICKY, "units": TRICKY}), max_size=6))
def test_what_is_written_reads_the_same(rows: list[dict[str, str]]) -> None:
    whole = [row for row in rows if any(cell.strip() for cell in row.values())]
    for lang in LANGS:
        table = read(sheets.write(COLUMNS, whole, lang))
        assert [dict(line.cells) for line in table.lines] == whole
        assert [line.number for line in table.lines] == list(range(2, 2 + len(whole)))


@given(TRICKY)
def test_no_cell_begins_as_a_formula_and_each_comes_back(cell: str) -> None:
    shown = sheets.quoted(cell)
    assert not shown.lstrip(" '\t\r\n").startswith(tuple("=+-@|")) or shown.startswith("'")
    assert sheets.plain(shown) == cell


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_every_usual_encoding_and_separator_is_read(encoding: str, sign: str) -> None:
    text = f"名称{sign}SKU\r\n\r\n龙井茶{sign}tea\r\n".encode(encoding)
    table = read(text)
    assert [(line.number, dict(line.cells)) for line in table.lines] == [
        (3, {"title": "龙井茶", "sku": "tea"})
    ]
    assert table.encoding == encoding.removesuffix("-sig")


def test_columns_stand_in_any_order_and_unknown_ones_are_told() -> None:
    table = read("sep=;\nnotes;  UNITS ;规格编码\nx;3;tea\n".encode())
    assert (table.columns, table.unknown) == (("units", "sku"), ("notes",))
    assert dict(table.lines[0].cells) == {"units": "3", "sku": "tea"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_columns"),
        (b"\xef\xbb\xbf", "sheet_columns"),
        (b"price\n1\n", "sheet_columns"),
        (b"sku,SKU\na,b\n", "sheet_column_twice"),
        (b'sku\n"a\n', "sheet_broken"),
        (b'sku\n"a"b\n', "sheet_broken"),
        (b"sku\na\0b\n", "sheet_not_text"),
        (b"PK\x03\x04rest", "sheet_not_text"),
        (b"sku\n\xff\xff\xff\n", "sheet_not_text"),
        (b"\xff\xfes\0k\0u", "sheet_not_text"),
        (b"sku\n" + b"a" * 20_000, "sheet_too_large"),
        (b"sku" + b"," * 300 + b"\n", "sheet_broken"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_by_what_it_is(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_more_rows_than_may_be_are_refused() -> None:
    assert refused(b"sku\n" + b"a\n" * 101) == "sheet_too_large"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for whole in (content, b"sku\n" + content):
        try:
            found = read(whole)
        except ShopError:
            continue
        assert "sku" in found.columns


def test_a_spreadsheet_reads_what_is_written_as_text() -> None:
    content = sheets.write(COLUMNS, [{"sku": "=1+1", "title": '坚果, "礼盒"', "units": "-5"}], "zh")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["规格编码", "名称", "件数"], ["'=1+1", '坚果, "礼盒"', "'-5"]]
