"""Files that are broken, trapped, edited or not what they say: read, or refused with the place named."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from tests.factories import exports as x
from tests.unit.sense.exports.looking import codes, looked, orders

from shengeng.sense.exports.api.looking import Known
from shengeng.sense.exports.contracts import Choice, KeptColumn
from shengeng.sense.exports.contracts.words import sentence


def said(*files: tuple[str, bytes], **how: Any) -> list[str]:
    """The sentences of a look."""
    return [sentence(one, "en") for one in looked(*files, **how).preview.problems]


def sheet(rows: list[list[object]], above: int = 0) -> bytes:
    """An XLSX as a spreadsheet saves it."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for _ in range(above):
        page.append(["店铺订单导出"])
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ORDER = x.shopify_order("#1", "a@b.example")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n  \n"])
def test_an_empty_file_is_named_as_such(data: bytes) -> None:
    assert said(("o.csv", data)) == ["o.csv is empty: export it again."]


def test_a_header_alone_is_recognised_and_not_importable() -> None:
    found = looked(("o.csv", x.shopify()))
    assert (found.preview.system, found.preview.orders, found.preview.ready) == ("shopify", 0, False)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<html><table><tr><td>order</td></tr></table></html>", "a web page"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(data: bytes, what: str) -> None:
    assert said(("o.csv", data))[0].startswith(f"o.csv is {what}, not a table")


def test_an_unknown_table_is_asked_about_with_its_columns() -> None:
    [told] = said(("weather.csv", b"day,rain,sun\n1,2,3\n"))
    assert "weather.csv is not recognised" in told
    assert "day, rain, sun" in told


def test_a_long_number_that_a_spreadsheet_destroyed_stops_the_import() -> None:
    row = dict(x.tmall_order("1", "小王", "9.00")) | {"订单编号": "1.23457E+17"}
    found = looked(("o.csv", x.tmall_orders(x.tmall_order("2", "小李", "9.00"), row)))
    assert not found.preview.ready
    stop = next(one for one in found.preview.problems if one.code == "destroyed")
    assert (stop.file, stop.row, stop.column, stop.value) == ("o.csv", 3, "订单编号", "1.23457E+17")
    assert "Export again" in sentence(stop, "en")


def test_numbers_that_all_end_in_zeros_were_destroyed_too() -> None:
    rows = [
        dict(x.tmall_order("1", "小王", "9.00")) | {"订单编号": f"21{k}456789012300000"} for k in range(5)
    ]
    assert "destroyed" in codes(looked(("o.csv", x.tmall_orders(*rows))), "stop")


def test_one_number_that_ends_in_zeros_is_chance() -> None:
    rows = [x.tmall_order(f"21000000000{k:03d}4567", "小王", "9.00") for k in range(12)]
    rows.append(x.tmall_order("210000000000999000", "小王", "9.00"))
    assert "destroyed" not in codes(looked(("o.csv", x.tmall_orders(*rows))))


def test_an_article_number_that_looks_like_a_power_is_kept() -> None:
    data = x.shopify(x.shopify_order("#1", items=[x.shopify_item("Tea", 1, "1.00", "5E12")]))
    assert orders(looked(("o.csv", data)))[0]["product_id"] == "5E12"


def test_columns_may_stand_in_any_order_and_go_by_other_names() -> None:
    shuffled = x.table(
        x.TMALL_ORDERS[::-1], [x.tmall_order("21", "小王", "9.00")], renamed={"买家会员名": "买家昵称"}
    )
    found = looked(("o.csv", shuffled.encode("gb18030")))
    [line] = orders(found)
    assert (line["customer_id"], line["line_total"]) == ("小王", "9.00")
    column = next(one for one in found.preview.files[0].columns if one.name == "买家昵称")
    assert (column.field, column.how, column.alias) == ("buyer", "alias", "买家昵称")


def test_a_title_above_the_header_is_skipped_and_said() -> None:
    data = x.tmall_orders(
        x.tmall_order("21", "小王", "9.00"), above=["示例旗舰店订单报表", "导出时间 2025-03-02"]
    )
    found = looked(("o.csv", data))
    assert found.preview.files[0].header_line == 3
    assert "header_below" in codes(found)
    assert len(orders(found)) == 1


def test_a_header_over_two_lines_is_read_together() -> None:
    lines = x.tmall_orders(x.tmall_order("21", "小王", "9.00")).decode("gb18030").split("\n")
    names = lines[0].split(",")
    upper = [name if place % 2 else "" for place, name in enumerate(names)]
    lower = ["" if place % 2 else name for place, name in enumerate(names)]
    data = "\n".join([",".join(upper), ",".join(lower), *lines[1:]])
    found = looked(("o.csv", data.encode("gb18030")))
    assert "header_merged" in codes(found)
    assert orders(found)[0]["order_id"] == "21"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_seen(separator: str) -> None:
    found = looked(("o.csv", x.shopify(ORDER, separator=separator)))
    assert found.preview.files[0].separator == separator
    assert len(orders(found)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told_by_what_stands_in_the_file(encoding: str) -> None:
    data = x.tmall_orders(x.tmall_order("21", "小王", "9.00"), encoding=encoding)
    assert orders(looked(("o.csv", data)))[0]["customer_id"] == "小王"


def test_latin_1_is_only_taken_when_somebody_chooses_it() -> None:
    order = x.shopify_order("#1", "a@b.example", **{"Shipping Province": "Orléans"})
    data = x.table(x.SHOPIFY_ORDERS, order)
    raw = data.encode("latin-1")
    assert "choose GB18030" in said(("o.csv", raw))[0]
    found = looked(("o.csv", raw), choices={"o.csv": Choice(encoding="latin-1")})
    assert orders(found)[0]["region"] == "Orléans"


def test_rows_in_another_encoding_than_the_rest_are_left_out() -> None:
    good = x.tmall_orders(*(x.tmall_order(f"2{k}", "小王", "9.00") for k in range(6)), encoding="utf-8")
    stray = x.tmall_orders(x.tmall_order("29", "小李", "9.00")).split(b"\n")[1]
    found = looked(("o.csv", good + stray + b"\n"))
    assert found.preview.orders == 6
    assert any("another encoding" in one for one in said(("o.csv", good + stray + b"\n")))


def test_a_broken_quote_costs_one_row() -> None:
    text = (
        x.shopify(ORDER, x.shopify_order("#2")).decode()
        + '#3,"open,paid\n'
        + x.shopify(x.shopify_order("#4")).decode().split("\n", 1)[1]
    )
    found = looked(("o.csv", text.encode()))
    assert [line["order_id"] for line in orders(found)] == ["#1", "#2", "#4"]
    assert any("line 4" in one and "quote" in one for one in said(("o.csv", text.encode())))


def test_line_breaks_inside_quotes_are_no_rows() -> None:
    data = x.shopify(x.shopify_order("#1", Notes="ring\nthe bell\nplease"), x.shopify_order("#2"))
    assert [line["order_id"] for line in orders(looked(("o.csv", data)))] == ["#1", "#2"]


def test_zero_bytes_cost_their_row() -> None:
    data = x.shopify(ORDER, x.shopify_order("#2\0"), x.shopify_order("#3"))
    found = looked(("o.csv", data))
    assert [line["order_id"] for line in orders(found)] == ["#1", "#3"]
    assert any("zero bytes" in one for one in said(("o.csv", data)))


@pytest.mark.parametrize("amount", ["1e308", "NaN", "inf", "9" * 40, "=1+1", "10,0,0", "--5"])
def test_what_is_no_amount_leaves_its_order_out(amount: str) -> None:
    bad = x.shopify_order("#2", items=[x.shopify_item("Tea", 1, amount), x.shopify_item("Nut", 1, "3.00")])
    found = looked(("o.csv", x.shopify(ORDER, bad)))
    assert [line["order_id"] for line in orders(found)] == ["#1"]
    assert found.preview.left_out == 2  # half an order would be a wrong one


def test_a_formula_where_a_number_should_stand_is_named() -> None:
    data = x.shopify(ORDER, x.shopify_order('=HYPERLINK("http://x.example")'))
    assert any("a formula" in one for one in said(("o.csv", data)))


def test_one_number_for_two_different_orders_takes_neither() -> None:
    twice = x.shopify_order("#1", "c@d.example", **{"Created at": "2025-04-01 10:00:00 +0800"})
    found = looked(("o.csv", x.shopify(ORDER, x.shopify_order("#2"), twice)))
    assert [line["order_id"] for line in orders(found)] == ["#2"]
    assert any("two different orders" in sentence(one, "en") for one in found.preview.problems)


def test_an_export_pasted_twice_counts_once() -> None:
    found = looked(("o.csv", x.shopify(ORDER, x.shopify_order("#2"), ORDER)))
    assert sorted(line["order_id"] for line in orders(found)) == ["#1", "#2"]


def test_scattered_lines_of_one_order_stay_together() -> None:
    later = [{"Name": "#1", **x.shopify_item("Nut", 1, "3.00")}]
    found = looked(("o.csv", x.shopify(ORDER, x.shopify_order("#2"), later)))
    assert sum(line["order_id"] == "#1" for line in orders(found)) == 2
    assert "scattered" in codes(found)


def test_of_an_order_in_two_files_the_last_counts() -> None:
    newer = x.shopify_order("#1", "a@b.example", items=[x.shopify_item("Tea", 1, "7.00")])
    found = looked(("march.csv", x.shopify(ORDER)), ("april.csv", x.shopify(newer)))
    assert [line["line_total"] for line in orders(found)] == ["7.00"]
    assert "in_two_files" in codes(found)


def test_a_refund_beyond_the_goods_is_counted_up_to_them() -> None:
    data = x.shopify(x.shopify_order("#1", **{"Refunded Amount": "99.00"}))
    found = looked(("o.csv", data))
    assert [line["refund_amount"] for line in orders(found)] == ["20.00"]
    assert "refund_over" in codes(found)


def test_ten_thousand_columns_are_refused_by_the_limit() -> None:
    header = ",".join(["Name", "Created at", "Lineitem name", *(f"c{k}" for k in range(10_000))])
    assert "1000 is the most" in said(("o.csv", (header + "\n").encode()))[0]


def test_days_and_months_that_may_be_mistaken_are_asked_about() -> None:
    data = x.shopify(x.shopify_order("#1", **{"Created at": "3/4/2025 10:00", "Paid at": ""}))
    found = looked(("o.csv", data))
    assert codes(found, "stop") == ["which_dates"]
    chosen = looked(("o.csv", data), choices={"o.csv": Choice(dates="day_first")})
    assert orders(chosen)[0]["ordered_at"] == "2025-04-03T02:00:00Z"


def test_a_day_above_twelve_tells_the_order_and_is_said() -> None:
    rows = [
        x.shopify_order(f"#{k}", **{"Created at": day, "Paid at": ""})
        for k, day in enumerate(["3/4/2025", "25/4/2025"])
    ]
    found = looked(("o.csv", x.shopify(*rows)))
    assert "dates_chosen" in codes(found, "note")
    assert orders(found)[0]["ordered_at"] == "2025-04-02T16:00:00Z"


def test_a_spreadsheet_keeps_its_orders_numbers_and_dates() -> None:
    names = list(x.SHOPIFY_ORDERS)
    row: dict[str, object] = {
        **x.shopify_order("#1", "a@b.example")[0],
        "Created at": 45717.5,
        "Lineitem price": 10.5,
    }
    found = looked(("o.xlsx", sheet([list(names), [row.get(name, "") for name in names]], above=1)))
    [line] = orders(found)
    assert (line["line_total"], line["ordered_at"]) == ("21.00", "2025-03-01T04:00:00Z")
    assert "serials" in codes(found)
    assert found.preview.files[0].encoding == "XLSX"


def test_a_number_beyond_fifteen_digits_in_a_spreadsheet_is_destroyed() -> None:
    row: dict[str, object] = {**x.tmall_order("1", "小王", "9.00"), "订单编号": 2100000000000000123}
    found = looked(("o.xlsx", sheet([list(x.TMALL_ORDERS), [row.get(name, "") for name in x.TMALL_ORDERS]])))
    assert "destroyed" in codes(found, "stop")


def test_a_spreadsheet_that_unpacks_without_end_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shengeng.sense.exports.methods.spreadsheet.SHEET_BYTES", 2**22)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2**23)
    assert "unpacks to more than 4 MB" in said(("bomb.xlsx", out.getvalue()))[0]


@pytest.mark.parametrize("data", [b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0rubbish"])
def test_a_damaged_spreadsheet_is_refused_by_name(data: bytes) -> None:
    assert "cannot be opened as a spreadsheet" in said(("o.xlsx", data))[0]


@pytest.mark.parametrize("data", [b'{"a": 1', b"[1, 2]", b'{"data": {"x": [{}]}}', b"[" * 100_000])
def test_json_that_holds_no_orders_is_refused(data: bytes) -> None:
    assert "not a list of orders" in said(("o.json", data))[0]


def test_files_of_two_systems_are_not_mixed() -> None:
    found = looked(("s.csv", x.shopify(ORDER)), ("d.csv", x.douyin(x.douyin_line("1", "2", "茶"))))
    assert codes(found, "stop") == ["several_systems"]


def test_one_bad_file_does_not_hide_the_others() -> None:
    found = looked(("s.csv", x.shopify(ORDER)), ("empty.csv", b""))
    assert found.preview.files[0].system == "shopify"
    assert (codes(found, "stop"), found.preview.ready) == (["refused"], False)


def test_a_missing_column_is_named_as_the_system_calls_it() -> None:
    names = [name for name in x.SHOPIFY_ORDERS if name != "Created at"]
    row = {key: value for key, value in ORDER[0].items() if key != "Created at"}
    found = looked(("o.csv", x.table(names, [row]).encode()))
    assert "no column for Created at" in sentence(found.preview.problems[0], "en")
    assert not found.preview.ready


def test_line_ends_of_old_spreadsheets_are_read() -> None:
    data = x.shopify(ORDER, x.shopify_order("#2")).replace(b"\n", b"\r")
    assert [line["order_id"] for line in orders(looked(("o.csv", data)))] == ["#1", "#2"]


def test_the_hour_that_comes_twice_is_the_first_one() -> None:
    clock = ["2025-10-26 01:30:00", "2025-10-26 02:30:00", "2025-10-26 03:30:00", "2025-03-30 02:30:00"]
    rows = [x.shopify_order(f"#{k}", **{"Created at": at, "Paid at": ""}) for k, at in enumerate(clock)]
    found = looked(("o.csv", x.shopify(*rows)), known=Known("Europe/Berlin", "CNY"))
    assert [line["ordered_at"] for line in orders(found)] == [
        "2025-10-25T23:30:00Z",
        "2025-10-26T00:30:00Z",
        "2025-10-26T02:30:00Z",
        "2025-03-30T01:30:00Z",
    ]


def test_a_mapping_kept_for_a_field_that_is_gone_is_passed_over() -> None:
    found = looked(("o.csv", x.shopify(ORDER)), kept=[KeptColumn("shopify", "orders", "email", "wings")])
    assert found.preview.share_identified == 1.0


def test_the_later_of_two_columns_for_one_field_is_not_taken_unseen() -> None:
    data = x.table([*x.SHOPIFY_ORDERS, "Email"], ORDER).encode()
    names = [
        (one.name, one.field)
        for one in looked(("o.csv", data)).preview.files[0].columns
        if one.name.startswith("Email")
    ]
    assert names == [("Email", "email"), ("Email (2)", None)]
