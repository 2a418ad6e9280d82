"""Exports as shop systems write them, made up from the columns that they document."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def _names(text: str) -> list[str]:
    return text.split("|")


SHOPIFY_ORDERS = _names(
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|"
    "Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount|Shipping Method|Created at|"
    "Lineitem quantity|Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|"
    "Lineitem requires shipping|Lineitem taxable|Lineitem fulfillment status|Billing Name|"
    "Billing Zip|Shipping Name|Shipping Zip|Shipping Province|Notes|Cancelled at|Refunded Amount|"
    "Vendor|Id|Tags|Source|Lineitem discount|Phone"
)
SHOPIFY_CUSTOMERS = _names(
    "Customer ID|First Name|Last Name|Email|Accepts Email Marketing|Default Address City|"
    "Default Address Province Code|Phone|Accepts SMS Marketing|Total Spent|Total Orders|Note|Tags"
)
SHOPIFY_PRODUCTS = _names(
    "Handle|Title|Vendor|Product Category|Type|Tags|Published|Option1 Name|Option1 Value|"
    "Variant SKU|Variant Grams|Variant Price|Cost per item|Image Src|Status"
)
TMALL_ORDERS = _names(
    "订单编号|买家会员名|买家支付宝账号|买家应付货款|买家应付邮费|总金额|买家实际支付金额|订单状态|"
    "收货人姓名|收货地址|联系手机|订单创建时间|订单付款时间|宝贝标题|宝贝种类|物流单号|订单备注|"
    "宝贝总数量|店铺名称|卖家服务费|天猫卡券抵扣|退款金额"
)
TMALL_ITEMS = _names("订单编号|标题|价格|购买数量|外部系统编号|商品属性|套餐信息|备注|订单状态|商家编码")
DOUYIN_ORDERS = _names(
    "主订单编号|子订单编号|选购商品|商品规格|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|"
    "优惠总金额|平台优惠|商家优惠|达人优惠|商家改价|支付优惠|支付方式|收件人|收件人手机号|省|市|区|"
    "订单提交时间|旗帜颜色|支付完成时间|订单状态|达人ID|达人昵称|售后状态|流量来源|流量体裁"
)
WOO_ORDERS = _names(
    "order_number|order_date|paid_date|status|order_currency|discount_total|refunded_total|"
    "billing_email|billing_phone|shipping_state|coupons|item_id|item_product_id|item_name|item_sku|"
    "item_quantity|item_subtotal|item_total"
)
WOO_PRODUCTS = _names("ID|Type|SKU|Name|Published|Regular price|Categories|Weight (kg)|Brands")

Row = Mapping[str, object]


def table(
    header: Sequence[str],
    rows: Sequence[Row],
    *,
    separator: str = ",",
    above: Sequence[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> str:
    """A delimited text; rows by column name, missing values empty; above: lines over the header."""
    out = io.StringIO()
    out.writelines(f"{line}\n" for line in above)
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([(renamed or {}).get(name, name) for name in header])
    for row in rows:
        assert set(row) <= set(header), set(row) - set(header)
        writer.writerow([row.get(name, "") for name in header])
    return out.getvalue()


def shopify_order(name: str, email: str = "", *, items: Any = (), **order: Any) -> list[Row]:
    """An order as Shopify writes it: its own values on the first line only, Name on every line."""
    lines = list(items) or [shopify_item("Tea", 2, "10.00", "TEA")]
    whole = {
        "Name": name,
        "Email": email,
        "Financial Status": "paid",
        "Paid at": "2025-03-01 09:30:00 +0800",
        "Currency": "CNY",
        "Created at": "2025-03-01 09:29:00 +0800",
        "Source": "web",
    } | order
    return [{**(whole if place == 0 else {"Name": name}), **line} for place, line in enumerate(lines)]


def shopify_item(title: str, quantity: object, price: str, sku: str = "", **more: object) -> Row:
    """The line-item columns of a Shopify order."""
    return {
        "Lineitem name": title,
        "Lineitem quantity": quantity,
        "Lineitem price": price,
        "Lineitem sku": sku,
        **more,
    }


def shopify(*orders: Sequence[Row], **how: object) -> bytes:
    """An orders export of Shopify."""
    rows = [row for order in orders for row in order]
    return table(SHOPIFY_ORDERS, rows, **how).encode()  # type: ignore[arg-type]  # passed on by name


def tmall_order(number: str, buyer: str, paid: str, **more: object) -> Row:
    """A row of the order report: the number as ="...", the phone with its leading mark."""
    return {
        "订单编号": f'="{number}"',
        "买家会员名": buyer,
        "买家应付货款": paid,
        "买家应付邮费": "0",
        "总金额": paid,
        "买家实际支付金额": paid,
        "订单状态": "交易成功",
        "收货人姓名": "王**",
        "收货地址": "浙江省 杭州市 西湖区 ***",
        "联系手机": "'138****1234",
        "订单创建时间": "2025-03-01 20:15:00",
        "订单付款时间": "2025-03-01 20:16:00",
        "宝贝总数量": "1",
        "店铺名称": "示例旗舰店",
        "退款金额": "0.00",
    } | more


def tmall_item(number: str, title: str, price: str, quantity: object, code: str = "") -> Row:
    """A row of the item report."""
    return {
        "订单编号": f'="{number}"',
        "标题": title,
        "价格": price,
        "购买数量": quantity,
        "商家编码": code,
        "商品属性": "颜色:红",
        "订单状态": "交易成功",
    }


def tmall_orders(*rows: Row, encoding: str = "gb18030", **how: object) -> bytes:
    """The order report of Tmall."""
    return table(TMALL_ORDERS, rows, **how).encode(encoding)  # type: ignore[arg-type]  # passed on by name


def tmall_items(*rows: Row, encoding: str = "gb18030", **how: object) -> bytes:
    """The item (宝贝) report of Tmall."""
    return table(TMALL_ITEMS, rows, **how).encode(encoding)  # type: ignore[arg-type]  # passed on by name


def douyin_line(order: str, line: str, title: str, **more: object) -> Row:
    """A sub-order of the Douyin export: tabs before ids, - for nothing."""
    return {
        "主订单编号": f"\t{order}",
        "子订单编号": f"\t{line}",
        "选购商品": title,
        "商品规格": "500g",
        "商品数量": "1",
        "商品ID": "\t3500000000000000123",
        "商家编码": "-",
        "商品单价": "100.00",
        "订单应付金额": "80.00",
        "运费": "0.00",
        "平台优惠": "5.00",
        "商家优惠": "12.00",
        "达人优惠": "3.00",
        "收件人": "李**",
        "收件人手机号": "\t1**********",
        "省": "浙江省",
        "订单提交时间": "2025-03-01 21:00:00",
        "支付完成时间": "2025-03-01 21:01:00",
        "订单状态": "已完成",
        "达人ID": "\t98765",
        "达人昵称": "示例达人",
        "售后状态": "-",
        "流量体裁": "直播",
    } | more


def douyin(*rows: Row, **how: object) -> bytes:
    """The Douyin export: UTF-8 with a mark."""
    return b"\xef\xbb\xbf" + table(DOUYIN_ORDERS, rows, **how).encode()  # type: ignore[arg-type]  # passed on by name
