"""Shopify: orders, customers and products as its administration exports them (CSV).

Columns: help.shopify.com, "Exporting orders", "Exporting customers", "Using CSV files to import and export
products". Order-level values stand on the first line of an order; further lines repeat its Name.
"""

from __future__ import annotations

from shengeng.sense.exports.contracts import Report
from shengeng.sense.exports.methods.reports.fields import f

ORDERS = Report(
    "shopify",
    "orders",
    (
        f("order", "id", "Name|Order|Order Name|Order number|订单|订单编号|订单号", required=True),
        f("created", "time", "Created at|Order date|创建时间|下单时间", required=True),
        f("email", "text", "Email|Customer email|邮箱|电子邮件"),
        f("phone", "text", "Phone|电话"),
        f("status", "text", "Financial Status|Payment status|付款状态|财务状态"),
        f("paid", "time", "Paid at|付款时间"),
        f("cancelled", "time", "Cancelled at|Canceled at|取消时间"),
        f("currency", "text", "Currency|货币|币种"),
        f("subtotal", "amount", "Subtotal|小计"),
        f("order_discount", "amount", "Discount Amount|折扣金额|优惠金额"),
        f("coupon", "text", "Discount Code|折扣码|优惠码"),
        f("refund", "amount", "Refunded Amount|Refund amount|退款金额"),
        f("title", "text", "Lineitem name|Line item name|Item name|商品名称", required=True),
        f("sku", "id", "Lineitem sku|Line item sku|SKU|商品编码"),
        f("quantity", "quantity", "Lineitem quantity|Line item quantity|Quantity|数量", required=True),
        f("price", "amount", "Lineitem price|Line item price|Unit price|单价", required=True),
        f("list_price", "amount", "Lineitem compare at price|Line item compare at price|原价"),
        f("line_discount", "amount", "Lineitem discount|Line item discount|行折扣"),
        f("vendor", "text", "Vendor|厂商|供应商"),
        f("channel", "text", "Source|Sales channel|Channel|来源|渠道"),
        f("store", "text", "Location|地点|门店"),
        f("region", "text", "Shipping Province Name|Shipping Province|Billing Province|收货省份"),
    ),
)
CUSTOMERS = Report(
    "shopify",
    "customers",
    (
        f("email", "text", "Email|邮箱|电子邮件"),
        f("phone", "text", "Phone|Default Address Phone|电话"),
        f("customer_number", "id", "Customer ID|客户编号"),
        f("city", "text", "Default Address City|City|城市"),
        f("region", "text", "Default Address Province Code|Province|Province Code|省份"),
        f("consent", "text", "Accepts Email Marketing|Accepts Marketing|接受电子邮件营销"),
        f("sms_consent", "text", "Accepts SMS Marketing|接受短信营销"),
        f("spent", "amount", "Total Spent|消费总额", required=True),
        f("orders", "quantity", "Total Orders|Orders Count|订单总数", required=True),
        f("tags", "text", "Tags|标签"),
    ),
    needs=(("email", "phone"),),
)
PRODUCTS = Report(
    "shopify",
    "products",
    (
        f("handle", "id", "Handle|URL handle|产品标识", required=True),
        f("title", "text", "Title|标题", required=True),
        f("vendor", "text", "Vendor|厂商|供应商"),
        f("category", "text", "Product Category|Product category|Standard Product Type|产品类别"),
        f("type", "text", "Type|Custom Product Type|类型"),
        f("option_1", "text", "Option1 Value|Option1 value"),
        f("option_2", "text", "Option2 Value|Option2 value"),
        f("option_3", "text", "Option3 Value|Option3 value"),
        f("sku", "id", "Variant SKU|SKU"),
        f("price", "amount", "Variant Price|Price|价格", required=True),
        f("cost", "amount", "Cost per item|成本"),
        f("grams", "text", "Variant Grams|Weight value (grams)"),
        f("status", "text", "Status|状态"),
    ),
)
REPORTS = (ORDERS, CUSTOMERS, PRODUCTS)
