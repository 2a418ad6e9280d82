"""Douyin (抖店): the order export of the shop's back office; one row is a sub-order.

UTF-8 with a mark, ids with leading tabs, `-` for nothing. 平台优惠, 商家优惠 and 达人优惠 say whose campaign
gave a discount; the 实际承担 columns, where they are, say who really bore it, and they win.
"""

from __future__ import annotations

from shengeng.sense.exports.contracts import Report
from shengeng.sense.exports.methods.reports.fields import f

ORDERS = Report(
    "douyin",
    "orders",
    (
        f("order", "id", "主订单编号|主订单号|店铺订单号|Main order ID", required=True),
        f("line", "id", "子订单编号|子订单号|商品单号|Sub-order ID", required=True),
        f("title", "text", "选购商品|商品名称|商品标题|Product", required=True),
        f("spec", "text", "商品规格|规格|货号|Specification"),
        f("quantity", "quantity", "商品数量|数量|Quantity", required=True),
        f("item", "id", "商品ID|商品id|Product ID"),
        f("sku", "id", "商家编码|商品编码|Seller code"),
        f("price", "amount", "商品单价|商品金额|单价|Unit price"),
        f("line_due", "amount", "订单应付金额|应付金额|Amount due", required=True),
        f("line_shipping", "amount", "运费|邮费|Shipping"),
        f("discount_total", "amount", "优惠总金额"),
        f("platform", "amount", "平台优惠"),
        f("seller", "amount", "商家优惠"),
        f("creator", "amount", "达人优惠"),
        f("platform_borne", "amount", "平台实际承担优惠金额|平台实际优惠"),
        f("seller_borne", "amount", "商家实际承担优惠金额|商家实际优惠"),
        f("creator_borne", "amount", "达人实际承担优惠金额|达人实际优惠"),
        f("price_change", "amount", "商家改价"),
        f("payment_discount", "amount", "支付优惠"),
        f("phone", "text", "收件人手机号|收件人电话|手机号"),
        f("buyer", "id", "买家ID|用户ID|open_id|doudian_open_id"),
        f("region", "text", "省|省份|Province"),
        f("created", "time", "订单提交时间|下单时间|提交时间|Created", required=True),
        f("paid", "time", "支付完成时间|支付时间|Paid"),
        f("status", "text", "订单状态|Order status", required=True),
        f("after_sale", "text", "售后状态|After-sale status"),
        f("creator_id", "id", "达人ID|主播ID|作者ID"),
        f("room", "id", "直播间ID|room_id"),
        f("video", "id", "视频ID|video_id"),
        f("channel", "text", "流量体裁|流量来源|Traffic format"),
        f("campaign", "text", "广告渠道"),
        f("store", "id", "所属门店ID|门店ID"),
    ),
)
REPORTS = (ORDERS,)
