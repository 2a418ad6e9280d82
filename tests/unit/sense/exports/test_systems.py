"""Each system's own way: who bought, what a line cost, who bore the discount, what was sent back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import exports as x
from tests.unit.sense.exports.looking import codes, looked, orders, rows

from shengeng.kernel import money
from shengeng.sense.exports.api.looking import Known
from shengeng.sense.exports.methods import shares
from shengeng.sense.exports.methods.recognise import Kept, best, normal
from shengeng.sense.exports.methods.reports import REPORTS


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 10**11)), min_size=1), st.integers(-(10**11), 10**11)
)
def test_shares_of_many_orders_are_those_of_each(lines: list[tuple[int, int]], amount: int) -> None:
    of = np.array([order for order, _ in lines])
    weights = np.array([weight for _, weight in lines])
    amounts = np.full(6, amount, np.int64)
    parts = shares.split(of, amounts, weights)
    for order in set(of.tolist()):
        assert parts[of == order].tolist() == money.split(amount, weights[of == order].tolist())


@pytest.mark.parametrize("report", REPORTS, ids=lambda one: f"{one.system}-{one.key}")
def test_every_report_is_told_from_all_others_by_its_documented_names(report: Any) -> None:
    found = best(REPORTS, [one.aliases[0] for one in report.fields], Kept())
    assert found
    assert (found.report.system, found.report.key, found.missing) == (report.system, report.key, ())


@pytest.mark.parametrize("report", REPORTS, ids=lambda one: f"{one.system}-{one.key}")
def test_no_two_fields_of_a_report_share_a_documented_name(report: Any) -> None:
    names = [normal(one.aliases[0]) for one in report.fields]
    assert len(names) == len(set(names))


def test_shopify_lines_add_up_to_the_subtotal_of_their_order() -> None:
    items = [x.shopify_item(f"Item {k}", 1, "3.33") for k in range(3)]
    found = looked(("o.csv", x.shopify(x.shopify_order("#1", items=items, Subtotal="7.00"))))
    assert [line["line_total"] for line in orders(found)] == ["2.33", "2.33", "2.34"]


def test_a_markdown_from_the_compare_price_is_borne_by_the_seller() -> None:
    item = x.shopify_item("Tea", 2, "8.00", "T", **{"Lineitem compare at price": "10.00"})
    [line] = orders(looked(("o.csv", x.shopify(x.shopify_order("#1", items=[item])))))
    assert (line["line_total"], line["list_price"], line["discount_seller"]) == ("16.00", "10.00", "4.00")


def test_a_shopify_order_without_email_is_its_phones() -> None:
    data = x.shopify(x.shopify_order("#1", Phone="+49 (30) 123-4567"))
    assert orders(looked(("o.csv", data)))[0]["customer_id"] == "+49301234567"


def test_shopify_products_and_customers_meet_their_orders() -> None:
    products = x.table(
        x.SHOPIFY_PRODUCTS,
        [
            {
                "Handle": "tea",
                "Title": "Tea",
                "Vendor": "Hill",
                "Type": "Drinks",
                "Option1 Value": "Green",
                "Variant SKU": "TEA-G",
                "Variant Price": "10.00",
                "Cost per item": "4.00",
                "Variant Grams": "250",
            },
            {"Handle": "tea", "Option1 Value": "Black", "Variant Price": "11.00"},
            {"Handle": "tea", "Image Src": "b.png"},
        ],
    )
    customers = x.table(
        x.SHOPIFY_CUSTOMERS,
        [
            {
                "Customer ID": "7",
                "Email": "Ann@Shop.example",
                "Default Address City": "Bonn",
                "Accepts Email Marketing": "yes",
                "Total Spent": "20.00",
                "Total Orders": "1",
            },
            {"Customer ID": "8", "Email": "b**@x.example", "Total Spent": "0", "Total Orders": "0"},
        ],
    )
    items = [x.shopify_item("Tea - Green", 1, "10.00", "TEA-G"), x.shopify_item("Tea - Black", 1, "11.00")]
    export = x.shopify(x.shopify_order("#1", "ann@shop.example", items=items))
    found = looked(("o.csv", export), ("p.csv", products.encode()), ("c.csv", customers.encode()))
    sold = {row["product_id"]: row for row in rows(found.tables["products"]) if row["product_id"]}
    assert set(sold) == {"TEA-G", "Tea - Black"}
    assert (sold["TEA-G"]["cost"], sold["TEA-G"]["category"], sold["Tea - Black"]["brand"]) == (
        "4.00",
        "Drinks",
        "Hill",
    )
    [ann] = [row for row in rows(found.tables["customers"]) if row["customer_id"]]
    assert (ann["customer_id"], ann["city"], ann["consent"]) == (
        "ann@shop.example",
        "Bonn",
        '{"email": true}',
    )
    assert "Ann" not in str(found.tables["customers"].to_pylist())


def test_tmall_coupons_are_borne_by_the_platform_and_the_rest_by_the_seller() -> None:
    order = x.tmall_order("21", "小王", "80.00", 天猫卡券抵扣="15.00", 买家应付邮费="10.00")
    items = [x.tmall_item("21", "茶", "50.00", 1), x.tmall_item("21", "果", "25.00", 2)]
    lines = orders(looked(("o.csv", x.tmall_orders(order)), ("i.csv", x.tmall_items(*items))))
    assert [line["line_total"] for line in lines] == ["35.00", "35.00"]
    assert [line["discount_platform"] for line in lines] == ["7.50", "7.50"]
    assert [line["discount_seller"] for line in lines] == ["7.50", "7.50"]


def test_a_masked_tmall_member_is_a_guest_and_so_is_a_virtual_phone() -> None:
    masked = x.tmall_order("21", "t**1", "8.00")
    virtual = x.tmall_order("22", "王**", "8.00", 联系手机="'18400001234-5678")
    phone = x.tmall_order("23", "王**", "8.00", 联系手机="'13900001234")
    found = looked(("o.csv", x.tmall_orders(masked, virtual, phone)))
    assert [line["customer_id"] for line in orders(found)] == [None, None, "13900001234"]
    told = next(one for one in found.preview.problems if one.code == "masked")
    assert told.count == 2
    assert found.preview.share_identified == pytest.approx(1 / 3)


def test_a_closed_tmall_order_that_was_paid_is_cancelled_and_paid_back() -> None:
    order = x.tmall_order("21", "小王", "8.00", 订单状态="付款以后用户退款成功，交易自动关闭")
    [line] = orders(
        looked(("o.csv", x.tmall_orders(order)), ("i.csv", x.tmall_items(x.tmall_item("21", "茶", "8", 1))))
    )
    assert (line["status"], line["refund_amount"]) == ("cancelled", "8.00")


def test_an_unpaid_tmall_order_keeps_what_is_due() -> None:
    order = x.tmall_order(
        "21", "小王", "30.00", 订单状态="等待买家付款", 买家实际支付金额="0.00", 订单付款时间=""
    )
    found = looked(
        ("o.csv", x.tmall_orders(order)), ("i.csv", x.tmall_items(x.tmall_item("21", "茶", "40", 1)))
    )
    [line] = orders(found)
    assert (line["line_total"], line["status"], line["paid_at"]) == ("30.00", "unpaid", None)


def test_items_whose_order_is_missing_are_left_out_and_orders_without_items_count_in_totals() -> None:
    found = looked(
        ("o.csv", x.tmall_orders(x.tmall_order("21", "小王", "8.00"), x.tmall_order("22", "小李", "9.00"))),
        ("i.csv", x.tmall_items(x.tmall_item("21", "茶", "8", 1), x.tmall_item("29", "果", "8", 1))),
    )
    assert [(line["order_id"], line["quantity"]) for line in orders(found)] == [("21", 1), ("22", 0)]
    assert {"no_items", "rows_left_out"} <= set(codes(found))


def test_douyin_says_who_bore_which_discount() -> None:
    [line] = orders(looked(("d.csv", x.douyin(x.douyin_line("69", "691", "茶")))))
    borne = (line["discount_platform"], line["discount_seller"], line["discount_creator"])
    assert (line["order_id"], line["line_total"], borne) == ("69", "80.00", ("5.00", "12.00", "3.00"))
    assert (
        (line["creator_id"], line["channel"], line["customer_id"]) == ("98765", "直播", None)
        if "customer_id" in line
        else True
    )


def test_what_was_really_borne_wins_over_whose_campaign_it_was() -> None:
    row = {**x.douyin_line("69", "691", "茶"), "平台实际承担优惠金额": "1.00", "达人实际承担优惠金额": "0.00"}
    data = x.table([*x.DOUYIN_ORDERS, "平台实际承担优惠金额", "达人实际承担优惠金额"], [row])
    [line] = orders(looked(("d.csv", data.encode())))
    assert (line["discount_platform"], line["discount_creator"], line["discount_seller"]) == (
        "1.00",
        "0.00",
        "19.00",
    )


def test_douyin_shipping_is_no_goods_and_a_refund_takes_the_line_back() -> None:
    row = x.douyin_line("69", "691", "茶", 订单应付金额="86.00", 运费="6.00", 售后状态="退款成功")
    [line] = orders(looked(("d.csv", x.douyin(row))))
    assert (line["line_total"], line["refund_amount"]) == ("80.00", "80.00")


def test_a_sub_order_that_stands_twice_counts_once() -> None:
    found = looked(
        (
            "d.csv",
            x.douyin(
                x.douyin_line("69", "691", "茶"),
                x.douyin_line("69", "692", "果"),
                x.douyin_line("69", "691", "茶"),
            ),
        )
    )
    assert len(orders(found)) == 2


def douyin_answer(**more: Any) -> bytes:
    sub = {
        "order_id": 6911,
        "parent_order_id": 691,
        "product_name": "茶",
        "product_id": 3500000000000000123,
        "item_num": 2,
        "goods_price": 5000,
        "order_amount": 8000,
        "post_amount": 0,
        "pay_time": 1740834060,
        "create_time": 1740834000,
        "order_status": 5,
        "order_status_desc": "已完成",
        "author_id": 98765,
        "room_id": 7300000000000000001,
        "video_id": "0",
        "promotion_platform_amount": 500,
        "promotion_talent_amount": 300,
        "promotion_shop_amount": 1200,
    }
    order = {
        "order_id": "691",
        "doudian_open_id": "1@#buyer==",
        "post_addr": {"province": {"name": "浙江省"}},
    }
    return json.dumps({"data": {"shop_order_list": [{**order, "sku_order_list": [sub | more]}]}}).encode()


def test_the_answer_of_the_douyin_interface_knows_room_and_buyer() -> None:
    [line] = orders(looked(("orders.json", douyin_answer())))
    assert (line["room_id"], line["creator_id"], line["customer_id"]) == (
        "7300000000000000001",
        "98765",
        "1@#buyer==",
    )
    assert (line["line_total"], line["list_price"], line["product_id"]) == (
        "80.00",
        "50.00",
        "3500000000000000123",
    )
    assert (line["discount_platform"], line["discount_seller"], line["discount_creator"]) == (
        "5.00",
        "12.00",
        "3.00",
    )
    assert line["ordered_at"] == "2025-03-01T13:00:00Z"


def test_an_amount_in_fen_that_is_no_number_is_left_out_by_name() -> None:
    found = looked(("orders.json", douyin_answer(order_amount="free")))
    assert orders(found) == []
    assert any(one.value == "free" for one in found.preview.problems)


def woo(**more: object) -> dict[str, object]:
    return {
        "order_number": "501",
        "order_date": "2025-03-01 21:00:00",
        "status": "wc-completed",
        "order_currency": "CNY",
        "billing_email": "Ann@x.example",
        "item_id": "1",
        "item_product_id": "77",
        "item_name": "Tea",
        "item_sku": "T",
        "item_quantity": "2",
        "item_subtotal": "20.00",
        "item_total": "18.00",
    } | more


def test_woocommerce_items_are_taken_at_what_was_paid_in_the_shops_time() -> None:
    data = x.table(
        x.WOO_ORDERS,
        [woo(refunded_total="5.00"), woo(item_id="2", item_sku="", item_total="2.00", refunded_total="5.00")],
    )
    lines = orders(looked(("w.csv", data.encode())))
    assert [line["line_total"] for line in lines] == ["18.00", "2.00"]
    assert [line["refund_amount"] for line in lines] == ["4.50", "0.50"]
    assert [line["product_id"] for line in lines] == ["T", "77"]
    assert (lines[0]["customer_id"], lines[0]["ordered_at"]) == ("ann@x.example", "2025-03-01T13:00:00Z")
    assert lines[0]["paid_at"] == lines[0]["ordered_at"]


def test_the_time_zone_of_woocommerce_is_asked_for() -> None:
    data = x.table(x.WOO_ORDERS, [woo()])
    found = looked(("w.csv", data.encode()), known=Known())
    assert codes(found, "stop") == ["no_timezone"]
    assert (found.preview.currency, found.preview.currency_from) == ("CNY", "file")


def test_the_answer_of_the_woocommerce_interface_has_its_own_moments() -> None:
    order = {
        "number": "501",
        "status": "processing",
        "currency": "CNY",
        "date_created": "2025-03-01T23:00:00",
        "date_created_gmt": "2025-03-01T15:00:00",
        "date_paid_gmt": "2025-03-01T15:01:00",
        "billing": {"email": "ann@x.example", "state": "ZJ"},
        "refunds": [{"total": "-3.00"}],
        "line_items": [
            {
                "id": 1,
                "name": "Tea",
                "product_id": 77,
                "variation_id": 0,
                "quantity": 2,
                "sku": "",
                "subtotal": "20.00",
                "total": "18.00",
                "price": 9,
            }
        ],
    }
    found = looked(("w.json", json.dumps([order]).encode()), known=Known("Europe/Berlin", "CNY"))
    [line] = orders(found)
    assert (line["ordered_at"], line["refund_amount"]) == ("2025-03-01T15:00:00Z", "3.00")
    assert (line["product_id"], line["region"]) == ("77", "ZJ")


def test_woocommerce_products_keep_their_category_path() -> None:
    products = x.table(
        x.WOO_PRODUCTS,
        [
            {
                "ID": "77",
                "Type": "simple",
                "SKU": "T",
                "Name": "Tea",
                "Regular price": "10.00",
                "Categories": "Food > Drinks, Gifts",
                "Weight (kg)": "0.25",
            }
        ],
    )
    found = looked(("w.csv", x.table(x.WOO_ORDERS, [woo()]).encode()), ("p.csv", products.encode()))
    [tea] = rows(found.tables["products"])
    assert (tea["category"], tea["weight_g"], tea["price"]) == ("Food > Drinks", "250.0", "10.00")


def test_decimal_commas_are_read_and_said() -> None:
    data = x.shopify(x.shopify_order("#1", items=[x.shopify_item("Tea", 1, "1.234,50")]), separator=";")
    found = looked(("o.csv", data))
    assert orders(found)[0]["line_total"] == "1234.50"
    assert "decimal_comma" in codes(found)


def test_lines_in_another_currency_are_told_before_they_are_rejected() -> None:
    found = looked(("o.csv", x.shopify(x.shopify_order("#1"), x.shopify_order("#2", Currency="USD"))))
    told = next(one for one in found.preview.problems if one.code == "currency")
    assert (told.value, told.count) == ("USD", 1)


@pytest.mark.parametrize("odd", ["²", "1" * 5000, {"a": 1}, None, True, -5])
def test_odd_values_of_an_interface_cost_their_line_at_most(odd: object) -> None:
    for key in ("order_amount", "create_time", "item_num", "order_status", "room_id"):
        found = looked(("orders.json", douyin_answer(**{key: odd})))
        assert found.preview.files[0].rows == 1
