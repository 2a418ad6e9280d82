"""WooCommerce: orders of its export extensions (one row an item), its own product export, customers.

Names of both widespread order exporters are known: order_number / item_name (Customer/Order/Coupon Export)
and Order Number / Item Name (Advanced Order Export). Times have no offset: they are the shop's own clock.
"""

from __future__ import annotations

from shengeng.sense.exports.contracts import Report
from shengeng.sense.exports.methods.reports.fields import f

ORDERS = Report(
    "woocommerce",
    "orders",
    (
        f("order", "id", "order_number|Order Number|Order ID|order_id|订单编号|订单号", required=True),
        f("created", "time", "order_date|Order Date|date|date_created|下单时间", required=True),
        f("status", "text", "status|Order Status|order_status|订单状态", required=True),
        f("paid", "time", "paid_date|date_paid|Paid Date|付款时间"),
        f("email", "text", "billing_email|Email (Billing)|customer_email|Billing Email|邮箱"),
        f("phone", "text", "billing_phone|Phone (Billing)|Billing Phone|电话"),
        f("currency", "text", "order_currency|Order Currency|currency|货币"),
        f("order_discount", "amount", "cart_discount|Cart Discount Amount|discount_total|order_discount"),
        f("refund", "amount", "refunded_total|Order Refund Amount|refund_total|退款金额"),
        f("coupon", "text", "coupons|Coupon Code|coupon_code|coupon_items|优惠码"),
        f("title", "text", "item_name|Item Name|product_name|Product Name|商品名称", required=True),
        f("sku", "id", "item_sku|SKU|sku|商品编码"),
        f("item", "id", "item_product_id|Product Id|product_id"),
        f("line", "id", "item_id|line_id"),
        f("quantity", "quantity", "item_quantity|Quantity|Quantity (- Refund)|qty|数量", required=True),
        f("price", "amount", "item_price|Item Cost|item_cost|单价"),
        f("line_gross", "amount", "item_subtotal|Order Line Subtotal|line_subtotal"),
        f("line_due", "amount", "item_total|Order Line Total|line_total|Order Line (w/o tax)|小计"),
        f("line_refund", "amount", "item_refunded|Item Refunded Amount"),
        f(
            "region",
            "text",
            "shipping_state|State Code (Shipping)|State Name (Shipping)|billing_state|State Code (Billing)",
        ),
        f("channel", "text", "order_source|Origin|created_via"),
    ),
    needs=(("line_due", "price"),),
)
CUSTOMERS = Report(
    "woocommerce",
    "customers",
    (
        f("email", "text", "email|user_email|billing_email|Email|邮箱", required=True),
        f("customer_number", "id", "customer_id|ID|user_id|Customer ID"),
        f("created", "time", "date_registered|user_registered|Sign up|date_created", required=True),
        f("city", "text", "billing_city|City"),
        f("region", "text", "billing_state|Region|State"),
        f("orders", "quantity", "orders_count|Orders"),
        f("spent", "amount", "total_spent|Total spend"),
    ),
)
PRODUCTS = Report(
    "woocommerce",
    "products",
    (
        f("item", "id", "ID|Product ID|商品ID", required=True),
        f("type", "text", "Type|类型", required=True),
        f("sku", "id", "SKU|商品编码", required=True),
        f("title", "text", "Name|Title|名称", required=True),
        f("price", "amount", "Regular price|Price|常规价格"),
        f("category", "text", "Categories|Category|分类"),
        f("vendor", "text", "Brands|Brand|品牌"),
        f("cost", "amount", "Cost of goods|Meta: _wc_cog_cost|Meta: _cogs_total_value"),
        f("kilograms", "text", "Weight (kg)"),
        f("grams", "text", "Weight (g)"),
    ),
)
REPORTS = (ORDERS, CUSTOMERS, PRODUCTS)
