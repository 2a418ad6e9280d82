"""Tmall and Taobao: order report and item (宝贝) report of the seller centre, joined on 订单编号.

Both are GBK CSV: order numbers as ="123...", phones with a leading ', buyer names masked in newer exports.
Only the order report knows buyer, times and what was paid; only the item report knows what was bought.
"""

from __future__ import annotations

from shengeng.sense.exports.contracts import Report
from shengeng.sense.exports.methods.reports.fields import f

_ORDER = f("order", "id", "订单编号|主订单编号|订单号|交易编号|Order number|Order ID", required=True)

ORDERS = Report(
    "tmall",
    "orders",
    (
        _ORDER,
        f("buyer", "text", "买家会员名|买家昵称|会员名|买家旺旺|Buyer nickname"),
        f("phone", "text", "联系手机|手机|收货人手机|Mobile"),
        f("due", "amount", "买家应付货款|应付货款|Goods due"),
        f("shipping", "amount", "买家应付邮费|应付邮费|邮费|运费|Postage due"),
        f("order_total", "amount", "总金额|订单总金额|Total"),
        f(
            "order_paid",
            "amount",
            "买家实际支付金额|买家实付金额|实际支付金额|实付金额|Buyer paid",
            required=True,
        ),
        f("status", "text", "订单状态|交易状态|Order status", required=True),
        f("created", "time", "订单创建时间|买家下单时间|下单时间|创建时间|Created", required=True),
        f("paid", "time", "订单付款时间|买家付款时间|付款时间|Paid"),
        f("title", "text", "宝贝标题|商品标题"),
        f("pieces", "quantity", "宝贝总数量|商品总数量|总数量"),
        f("region", "text", "收货省份|收货地址|省份|Address"),
        f("store", "text", "店铺名称|店铺|Shop name"),
        f("refund", "amount", "退款金额|退款总金额|Refund"),
        f("platform_coupon", "amount", "天猫卡券抵扣|天猫积分抵扣"),
        f("platform_points", "amount", "集分宝抵扣"),
        f("service_fee", "amount", "卖家服务费"),
    ),
)
ITEMS = Report(
    "tmall",
    "items",
    (
        _ORDER,
        f("line", "id", "子订单编号|子订单号"),
        f("title", "text", "标题|宝贝标题|商品标题|宝贝名称|Title", required=True),
        f("price", "amount", "价格|单价|宝贝价格|商品价格|Price", required=True),
        f("quantity", "quantity", "购买数量|数量|宝贝数量|Quantity", required=True),
        f("sku", "id", "商家编码|商家SKU编码|Seller code"),
        f("outer", "id", "外部系统编号|外部编号|Outer ID"),
        f("item", "id", "商品ID|宝贝ID|商品id|Item ID"),
        f("spec", "text", "商品属性|销售属性|规格|Properties"),
        f("item_status", "text", "订单状态|交易状态|Order status"),
        f("line_due", "amount", "买家应付货款|应付货款"),
        f("line_paid", "amount", "买家实付金额|买家实际支付金额|实付金额"),
        f("line_refund", "amount", "退款金额|Refund"),
        f("created", "time", "订单创建时间|买家下单时间|下单时间|创建时间"),
        f("paid", "time", "订单付款时间|买家付款时间|付款时间"),
        f("buyer", "text", "买家会员名|买家昵称|会员名"),
        f("store", "text", "店铺名称|店铺"),
    ),
)
REPORTS = (ORDERS, ITEMS)
