"""The canonical `orders` file into rows of the `lines` schema, or a named reason."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from shengeng.sense.connect.store import columns as c
from shengeng.sense.connect.store.columns import Check

REQUIRED = ("order_id", "ordered_at", "product_id", "quantity")
TIMES = ("ordered_at", "paid_at", "cancelled_at", "refunded_at")
DISCOUNTS = ("discount_platform", "discount_seller", "discount_creator")
AMOUNTS = ("line_total", "unit_price", "list_price", "refund_amount", *DISCOUNTS)
LABELS = (
    "status",
    "store_id",
    "channel",
    "campaign_id",
    "coupon_id",
    "region",
    "seller_id",
    "room_id",
    "video_id",
    "creator_id",
)
KNOWN = (*REQUIRED, *TIMES[1:], *AMOUNTS, *LABELS, "customer_id", "currency")

# Words that shops and marketplaces write into `status`; anything else says nothing about payment.
CANCELLED = ("cancelled", "canceled", "cancel", "voided", "trade_closed", "已取消", "交易关闭", "已关闭")
UNPAID = ("unpaid", "pending_payment", "wait_buyer_pay", "待付款", "未付款", "等待买家付款")
REFUNDED = ("refunded", "已退款", "退款成功")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every line of a source."""

    source: str
    timezone: str
    currency: str
    all_paid: bool
    import_id: str


def normalise(raw: ir.Table, terms: Terms) -> ir.Table:
    """Rows of raw text to rows of `lines` (line_no not yet given) plus what is wrong with each.

    raw: csv.ROW, csv.FAULT, csv.FOUND and the file's columns as text. Faulty rows keep whatever was read.
    """
    text = c.with_all(raw, KNOWN)
    # A folder that neither tells payment times nor declares all_paid has only paid orders to tell of.
    pays = terms.all_paid or "paid_at" not in raw.columns
    table = text.mutate(
        **{f"v_{name}": c.moment(text[name]) for name in TIMES},
        **{f"v_{name}": c.amount(text[name]) for name in AMOUNTS},
        v_quantity=c.quantity(text.quantity),
        v_customer=c.identity(text.customer_id),
        v_status=text.status.lower(),
    )
    table = table.mutate(v_total=_total(table))
    table = table.mutate(
        v_cancelled=table.v_cancelled_at.notnull() | table.v_status.isin(CANCELLED).fill_null(False),
        v_minor=c.minor(table.v_total, terms.currency),
    )
    table = table.mutate(v_paid=_paid(table, pays), v_local=c.local(table.v_ordered_at, terms.timezone))
    return table.select(
        **c.faults(table, text, _checks(table, terms)), **_line(table, terms), attributes=c.other(raw, KNOWN)
    )


def _total(table: ir.Table) -> ir.DecimalValue:
    """What was paid for the line; who returns goods gets money back, whichever sign the file writes."""
    written = ibis.coalesce(table.v_line_total, c.bounded(table.v_unit_price * table.v_quantity))
    return (table.v_quantity < 0).ifelse(-written.abs(), written)


def _paid(table: ir.Table, all_paid: bool) -> ir.BooleanValue:
    paid = table.v_paid_at.notnull()
    if not all_paid:
        return paid
    return paid | ~(table.v_cancelled | table.v_status.isin(UNPAID).fill_null(False))


def _line(table: ir.Table, terms: Terms) -> dict[str, ir.Value]:
    def money(name: str) -> ir.IntegerValue:
        return c.minor(table[f"v_{name}"], terms.currency)

    sent_back = table.v_refunded_at.notnull() | table.v_status.isin(REFUNDED).fill_null(False)
    return {
        "source": ibis.literal(terms.source),
        "order_id": table.order_id,
        "customer_id": table.v_customer,
        "ordered_at": table.v_ordered_at,
        "local_at": table.v_local,
        "local_date": table.v_local.date(),
        "product_id": table.product_id,
        "quantity": table.v_quantity,
        "total_minor": table.v_minor,
        "list_minor": c.minor(c.bounded(table.v_list_price * table.v_quantity), terms.currency),
        "refund_minor": ibis.coalesce(money("refund_amount").abs(), sent_back.ifelse(table.v_minor, 0)),
        **{f"{name}_minor": ibis.coalesce(money(name).abs(), 0) for name in DISCOUNTS},
        **{name: table[name] for name in LABELS},
        **{name: table[f"v_{name}"] for name in TIMES[1:]},
        "kind": _kind(table),
        "paid": table.v_paid,
        "currency": ibis.literal(terms.currency),
        "import_id": ibis.literal(terms.import_id),
    }


def _kind(table: ir.Table) -> ir.StringValue:
    """An amount that moves no goods (quantity 0, or units at a negative amount) is an adjustment."""
    return ibis.cases(
        (table.v_cancelled, "cancelled"),
        ((table.v_quantity == 0) | ((table.v_quantity > 0) & (table.v_total < 0)), "adjustment"),
        (table.v_quantity < 0, "return"),
        else_="sale",
    )


def _checks(table: ir.Table, terms: Terms) -> list[Check]:
    amount = "line_total" if "line_total" in table.columns else "unit_price"
    return [
        *(Check(name, table[name].isnull(), "missing") for name in REQUIRED),
        c.unread("ordered_at", table.ordered_at, table.v_ordered_at, "time"),
        Check("ordered_at", ~c.in_era(table.v_ordered_at), "era"),
        c.unread("quantity", table.quantity, table.v_quantity, "quantity"),
        *(c.unread(name, table[name], table[f"v_{name}"], "amount") for name in AMOUNTS),
        Check(amount, table.line_total.isnull() & table.unit_price.isnull(), "missing"),
        Check(amount, table.v_total.isnull(), "amount"),
        Check("quantity", (table.v_quantity == 0) & (table.v_minor == 0), "nothing"),
        Check("currency", table.currency.upper() != terms.currency, "currency"),
        *(c.unread(name, table[name], table[f"v_{name}"], "time") for name in TIMES[1:]),
    ]
