"""One set of Ibis expressions over the order lines: everything known of each customer on a day.

Sums are of whole numbers and divided at the end, so that any part recomputed alone gives the same bits.
"""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from shengeng.understand.people.contracts import MONTHS, PEOPLE, TOP_DEPARTMENTS, WINDOWS


def features(lines: ir.Table, products: ir.Table, as_of: date) -> ir.Table:
    """One row (contracts.PEOPLE) a customer with an order on or before as_of; guests have none."""
    known = lines.filter(
        lines.customer_id.notnull() & (lines.kind != "cancelled") & (lines.local_date <= ibis.literal(as_of))
    )
    orders = _orders(known)
    joined = _order_features(orders, as_of)
    for part in (
        _gaps(orders),
        _money(known, as_of),
        _favourite_store(orders),
        _departments(known, products),
    ):
        joined = joined.left_join(part, "customer_id").drop("customer_id_right")
    columns = {field.name: ibis.dtype(field.type) for field in PEOPLE}
    return joined.select(**{name: joined[name].cast(kind) for name, kind in columns.items()})


def _orders(known: ir.Table) -> ir.Table:
    """One row an order with a sale: its first local moment, its sale lines and amount, its store."""
    sale = known.filter(known.kind == "sale")
    return sale.group_by("customer_id", "order_id").aggregate(
        local_at=sale.local_at.min(),
        local_date=sale.local_date.min(),
        lines=sale.count(),
        sales_minor=sale.total_minor.sum(),
        store_id=sale.store_id.min(),
    )


def _order_features(orders: ir.Table, as_of: date) -> ir.Table:
    """Counts over orders: recency, windows, histograms, mean basket."""
    month = orders.local_date.year() * 12 + orders.local_date.month()
    newest = as_of.year * 12 + as_of.month
    hour, weekday = orders.local_at.hour(), orders.local_at.day_of_week.index()
    today = ibis.literal(as_of)
    recent = {f"orders_{w}": _since(orders, as_of, w).sum() for w in WINDOWS}
    return orders.group_by("customer_id").aggregate(
        orders=orders.count(),
        first_on=orders.local_date.min(),
        last_on=orders.local_date.max(),
        purchase_days=orders.local_date.nunique(),
        age_days=today.delta(orders.local_date.min(), unit="day"),
        silent_days=today.delta(orders.local_date.max(), unit="day"),
        basket_lines=orders.lines.sum() / orders.count(),
        basket_minor=orders.sales_minor.sum() / orders.count(),
        hours=ibis.array([_count(hour == h) for h in range(24)]),
        weekdays=ibis.array([_count(weekday == d) for d in range(7)]),
        months=ibis.array([_count(month == newest - back) for back in reversed(range(MONTHS))]),
        **recent,
    )


def _count(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return condition.cast("int64").sum()


def _since(table: ir.Table, as_of: date, days: int) -> ir.IntegerColumn:
    return (table.local_date > ibis.literal(as_of - timedelta(days=days))).cast("int64")


def _gaps(orders: ir.Table) -> ir.Table:
    """Days between successive purchase days."""
    days = orders.select("customer_id", "local_date").distinct()
    before = days.local_date.lag().over(ibis.window(group_by="customer_id", order_by="local_date"))
    gaps = days.mutate(gap=days.local_date.delta(before, unit="day").cast("int64"))
    gaps = gaps.filter(gaps.gap.notnull())
    n, total, squares = gaps.count(), gaps.gap.sum(), (gaps.gap * gaps.gap).sum()
    variance = (n * squares - total * total) / (n * (n - 1)).nullif(0)
    return gaps.group_by("customer_id").aggregate(
        gap_mean_days=total / n, gap_median_days=gaps.gap.median(), gap_spread_days=variance.sqrt()
    )


def _money(known: ir.Table, as_of: date) -> ir.Table:
    """Paid minus refunded, altogether and lately; discount and returns as shares of sales."""
    sale = known.kind == "sale"
    net = known.paid.ifelse(known.total_minor - known.refund_minor, 0)
    listed = sale & known.list_minor.notnull()
    sales = known.total_minor.sum(where=sale)
    back = known.refund_minor.sum() - known.total_minor.sum(where=known.kind == "return").fill_null(0)
    paid_listed, full = known.total_minor.sum(where=listed), known.list_minor.sum(where=listed)
    recent = {f"spend_minor_{w}": (net * _since(known, as_of, w)).sum() for w in WINDOWS}
    return known.group_by("customer_id").aggregate(
        spend_minor=net.sum(),
        discount_share=(full - paid_listed) / full.nullif(0),
        return_share=back / sales.nullif(0),
        **recent,
    )


def _favourite_store(orders: ir.Table) -> ir.Table:
    """The store of most orders, the first by name among equals."""
    counted = orders.filter(orders.store_id.notnull()).group_by("customer_id", "store_id")
    visits = counted.aggregate(visits=lambda t: t.count())
    order = [ibis.desc(visits.visits), visits.store_id]
    place = ibis.row_number().over(ibis.window(group_by="customer_id", order_by=order))
    ranked = visits.mutate(place=place)
    return ranked.filter(ranked.place == 0).select("customer_id", "store_id")


def _departments(known: ir.Table, products: ir.Table) -> ir.Table:
    """The departments that take most of a customer's money, as a list of name, share, spend."""
    named = products.group_by("product_id").aggregate(department=products.department.min())
    sale = known.filter((known.kind == "sale") & (known.total_minor > 0))
    bought = sale.group_by("customer_id", "product_id").aggregate(minor=sale.total_minor.sum())
    bought = bought.left_join(named, "product_id").drop("product_id_right")
    bought = bought.mutate(department=bought.department.fill_null(""))
    spent = bought.group_by("customer_id", "department").aggregate(spend_minor=bought.minor.sum())
    whole = ibis.window(group_by="customer_id")
    order = ibis.window(group_by="customer_id", order_by=[ibis.desc(spent.spend_minor), spent.department])
    ranked = spent.mutate(
        share=spent.spend_minor / spent.spend_minor.sum().over(whole), place=ibis.row_number().over(order)
    )
    top = ranked.filter(ranked.place < TOP_DEPARTMENTS)
    entry = ibis.struct(
        {
            "name": top.department,
            "share": top.share.cast("float64"),
            "spend_minor": top.spend_minor.cast("int64"),
        }
    )
    return top.group_by("customer_id").aggregate(departments=entry.collect(order_by=top.place))
