"""Answers of order interfaces (Douyin order.searchList, WooCommerce REST) as rows of the reports' columns.

Sources: the order structures of op.jinritemai.com "order/searchList" (amounts in fen, moments in seconds)
and woocommerce.github.io/woocommerce-rest-api-docs "Order properties".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from shengeng.sense.exports.contracts import JSON_BYTES, Report
from shengeng.sense.exports.contracts.refusals import NOT_JSON, TOO_LARGE
from shengeng.sense.exports.methods.reports import douyin, woocommerce

Row = dict[str, str]
_CLOSED = {4: "已关闭", 1: "待支付", 2: "备货中", 3: "已发货", 5: "已完成"}
_REFUNDED = {3, 4}  # after_sale_info.refund_status: refunded, fully refunded


def grid(name: str, data: bytes) -> tuple[Report, list[list[str]]]:
    """The report that the orders are, and header and rows in the names of its documented columns."""
    if len(data) > JSON_BYTES:
        raise TOO_LARGE.error(file=name, limit=f"{JSON_BYTES // 2**20} MB")
    try:
        given = json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NOT_JSON.error(file=name, problem=str(error)[:120]) from None
    orders = _orders(given)
    if orders and "sku_order_list" in orders[0]:
        return douyin.ORDERS, _table(douyin.ORDERS, (row for order in orders for row in _douyin(order)))
    if orders and "line_items" in orders[0]:
        return woocommerce.ORDERS, _table(
            woocommerce.ORDERS, (row for order in orders for row in _woo(order))
        )
    raise NOT_JSON.error(file=name, problem="no sku_order_list and no line_items")


def _orders(given: Any) -> list[dict[str, Any]]:
    """The list of orders wherever the answer has it."""
    for _ in range(4):
        if isinstance(given, list):
            pages = [page for page in given if isinstance(page, dict)]
            nested = [order for page in pages if "data" in page for order in _orders(page)]
            return nested or pages
        if not isinstance(given, dict):
            return []
        given = next(
            (given[key] for key in ("data", "shop_order_list", "orders", "list") if key in given), [given]
        )
    return []


def _table(report: Report, rows: Iterable[Row]) -> list[list[str]]:
    header = [one.aliases[0] for one in report.fields]
    keys = [one.key for one in report.fields]
    return [header, *([row.get(key, "") for key in keys] for row in rows)]


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _yuan(value: Any) -> str:
    """Fen as yuan; what is no number stays as it is and is rejected by name later."""
    text = _text(value)
    return str(Decimal(text) / 100) if _is_whole(text.removeprefix("-")) else text


def _moment(value: Any) -> str:
    """Seconds since 1970 as a time with its offset; 0 means that it has not happened."""
    text = _text(value)
    if not _is_whole(text) or not 0 < int(text) < 2**33:
        return "" if text == "0" else text
    return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _douyin(order: Mapping[str, Any]) -> list[Row]:
    """One row a sub-order; room, video and creator stand only in this form, not in the export file."""
    address = order.get("post_addr") if isinstance(order.get("post_addr"), dict) else {}
    province = (address or {}).get("province")
    region = province.get("name") if isinstance(province, dict) else province
    subs = order.get("sku_order_list")
    return (
        [_sub_order(order, one, _text(region)) for one in subs if isinstance(one, dict)]
        if isinstance(subs, list)
        else []
    )


def _sub_order(order: Mapping[str, Any], one: Mapping[str, Any], region: str) -> Row:
    status = _text(one.get("order_status") or order.get("order_status"))
    sale = one.get("after_sale_info")
    refunded = isinstance(sale, dict) and _text(sale.get("refund_status")) in map(str, _REFUNDED)
    creator = _text(one.get("author_id"))
    return {
        "order": _text(order.get("order_id") or one.get("parent_order_id")),
        "line": _text(one.get("order_id")),
        "title": _text(one.get("product_name")),
        "quantity": _text(one.get("item_num")),
        "item": _text(one.get("product_id")),
        "sku": _text(one.get("code")),
        "price": _yuan(one.get("goods_price", one.get("origin_amount"))),
        "line_due": _yuan(one.get("order_amount", one.get("pay_amount"))),
        "line_shipping": _yuan(one.get("post_amount")),
        "platform": _yuan(one.get("promotion_platform_amount")),
        "seller": _yuan(one.get("promotion_shop_amount")),
        "creator": _yuan(one.get("promotion_talent_amount")),
        "platform_borne": _yuan(one.get("only_platform_cost_amount")),
        "seller_borne": _yuan(one.get("shop_cost_amount")),
        "creator_borne": _yuan(one.get("author_cost_amount")),
        "payment_discount": _yuan(one.get("promotion_pay_amount")),
        "buyer": _text(order.get("doudian_open_id") or order.get("open_id")),
        "region": region,
        "created": _moment(one.get("create_time") or order.get("create_time")),
        "paid": _moment(one.get("pay_time") or order.get("pay_time")),
        "status": _text(one.get("order_status_desc") or order.get("order_status_desc"))
        or _CLOSED.get(int(status) if _is_whole(status) else 0, status),
        "after_sale": "退款成功" if refunded else "",
        "creator_id": "" if creator == "0" else creator,
        "room": "" if _text(one.get("room_id")) == "0" else _text(one.get("room_id")),
        "video": "" if _text(one.get("video_id")) == "0" else _text(one.get("video_id")),
        "channel": _text(one.get("theme_type_desc") or one.get("c_biz_desc")),
    }


def _woo(order: Mapping[str, Any]) -> list[Row]:
    """One row a line item; refunds of the order are summed and spread over its lines later."""
    billing = order.get("billing") if isinstance(order.get("billing"), dict) else {}
    shipping = order.get("shipping") if isinstance(order.get("shipping"), dict) else {}
    refunds = order.get("refunds")
    back = (
        [_text(one.get("total")) for one in refunds if isinstance(one, dict)]
        if isinstance(refunds, list)
        else []
    )
    coupons = order.get("coupon_lines")
    codes = (
        [_text(one.get("code")) for one in coupons if isinstance(one, dict)]
        if isinstance(coupons, list)
        else []
    )
    whole = {
        "order": _text(order.get("number") or order.get("id")),
        "created": _zulu(order, "date_created"),
        "paid": _zulu(order, "date_paid"),
        "status": _text(order.get("status")),
        "email": _text((billing or {}).get("email")),
        "phone": _text((billing or {}).get("phone")),
        "currency": _text(order.get("currency")),
        "refund": str(sum((abs(Decimal(one)) for one in back if _is_number(one)), Decimal(0)))
        if back
        else "",
        "coupon": codes[0] if codes else "",
        "region": _text((shipping or {}).get("state") or (billing or {}).get("state")),
        "channel": _text(order.get("created_via")),
    }
    items = order.get("line_items")
    lines = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    return [
        whole
        | {
            "title": _text(one.get("name")),
            "sku": _text(one.get("sku")),
            "item": _text(one.get("variation_id"))
            if _text(one.get("variation_id")) not in ("", "0")
            else _text(one.get("product_id")),
            "line": _text(one.get("id")),
            "quantity": _text(one.get("quantity")),
            "price": _text(one.get("price")),
            "line_gross": _text(one.get("subtotal")),
            "line_due": _text(one.get("total")),
        }
        for one in lines
    ]


def _is_whole(text: str) -> bool:
    """Digits that fit 64 bits."""
    return text.isdecimal() and len(text) < 19


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdecimal()


def _zulu(order: Mapping[str, Any], key: str) -> str:
    """The moment in UTC where the order has it, else the shop's own clock."""
    exact = _text(order.get(f"{key}_gmt"))
    return f"{exact}Z" if exact and not exact.endswith("Z") else exact or _text(order.get(key))
