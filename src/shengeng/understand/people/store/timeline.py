"""What a customer did and received, newest first: orders, touches, redemptions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from shengeng.understand.people.contracts import Happening, Item

_DATED = {
    "touch": ("touches", "touched_on", "campaign_id"),
    "redemption": ("redemptions", "redeemed_on", "coupon_id"),
}
_ITEMS = 60  # a page shows that many products of one order at most


def happenings(
    tables: dict[str, ir.Table],
    customer_id: str,
    as_of: date,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 30,
) -> list[Happening]:
    """Happenings of one customer up to as_of, newest first, at most limit.

    tables: lines, products, touches, redemptions as sense.connect publishes them. before: (local_at, key) of
    the last happening of the page before.
    """
    end = ibis.literal(as_of + timedelta(days=1)).cast("timestamp(6)")
    parts = [_orders(tables["lines"], customer_id, as_of)]
    for kind, (table, day, title) in _DATED.items():
        mine = tables[table].filter(tables[table].customer_id == customer_id)
        parts.append(_dated(mine, kind, mine[day], mine[title]).filter(lambda t: t.local_at < end))
    found = ibis.union(*parts)
    if before is not None:
        moment, key = ibis.literal(before[0]).cast("timestamp(6)"), before[1]
        found = found.filter((found.local_at < moment) | ((found.local_at == moment) & (found.key < key)))
    page = found.order_by([ibis.desc(found.local_at), ibis.desc(found.key)]).limit(limit)
    rows: list[dict[str, Any]] = page.to_pyarrow().to_pylist()
    orders = [row["order_id"] for row in rows if row["order_id"]]
    items = _items(tables["lines"], tables["products"], customer_id, orders) if orders else {}
    return [_happening(row, items) for row in rows]


def _orders(lines: ir.Table, customer_id: str, as_of: date) -> ir.Table:
    mine = lines.filter((lines.customer_id == customer_id) & (lines.local_date <= ibis.literal(as_of)))
    grouped = mine.group_by("order_id").aggregate(
        at=mine.ordered_at.min(),
        local_at=mine.local_at.min(),
        lines=mine.count(),
        total_minor=(mine.total_minor - mine.refund_minor).sum(where=mine.kind != "cancelled").fill_null(0),
        store_id=mine.store_id.min(),
    )
    return grouped.select(
        at=grouped.at.cast("timestamp('UTC', 6)"),
        local_at=grouped.local_at.cast("timestamp(6)"),
        kind=ibis.literal("order"),
        key=ibis.literal("order:") + grouped.order_id,
        order_id=grouped.order_id,
        lines=grouped.lines.cast("int64"),
        total_minor=grouped.total_minor.cast("int64"),
        store_id=grouped.store_id,
        title=ibis.null("string"),
    )


def _dated(mine: ir.Table, kind: str, day: ir.DateValue, title: ir.StringValue) -> ir.Table:
    """Touches or redemptions, of which only the local day is known."""
    rows = mine.select(
        at=ibis.null("timestamp('UTC', 6)"),
        local_at=day.cast("timestamp(6)"),
        kind=ibis.literal(kind),
        key=ibis.literal(f"{kind}:") + title,
        order_id=ibis.null("string"),
        lines=ibis.null("int64"),
        total_minor=ibis.null("int64"),
        store_id=ibis.null("string"),
        title=title,
    )
    return rows.distinct()


def _items(lines: ir.Table, products: ir.Table, customer_id: str, orders: list[str]) -> dict[str, list[Item]]:
    """The products of some orders, dearest first."""
    mine = lines.filter((lines.customer_id == customer_id) & lines.order_id.isin(orders))
    bought = mine.group_by("order_id", "product_id").aggregate(
        quantity=mine.quantity.sum(), total_minor=(mine.total_minor - mine.refund_minor).sum()
    )
    named = products.filter(products.product_id.isin(bought.product_id))
    named = named.group_by("product_id").aggregate(title=named.title.min())
    joined = bought.left_join(named, "product_id").drop("product_id_right")
    ordered = joined.order_by([joined.order_id, ibis.desc(joined.total_minor), joined.product_id])
    items: dict[str, list[Item]] = {}
    for row in ordered.to_pyarrow().to_pylist():
        title = row["title"] or row["product_id"]
        entry = Item(row["product_id"], title, int(row["quantity"]), int(row["total_minor"]))
        items.setdefault(row["order_id"], []).append(entry)
    return {order: found[:_ITEMS] for order, found in items.items()}


def _happening(row: dict[str, Any], items: dict[str, list[Item]]) -> Happening:
    return Happening(
        at=row["at"],
        local_at=row["local_at"],
        kind=row["kind"],
        key=row["key"],
        order_id=row["order_id"],
        lines=row["lines"],
        total_minor=row["total_minor"],
        store_id=row["store_id"],
        title=row["title"],
        items=tuple(items.get(row["order_id"] or "", ())),
    )
