"""Who first bought when and through which channel, and what they brought since."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.understand.economics.contracts import PERIOD_DAYS, UNKNOWN


def firsts(lines: ir.Table) -> ir.Table:
    """customer_id, first_on, month, channel of everybody's first order (UNKNOWN: none named)."""
    sale = lines.filter(lines.customer_id.notnull() & (lines.kind == "sale"))
    channel = sale.channel.fill_null(UNKNOWN)
    earliest = ibis.struct({"at": sale.local_at, "order_id": sale.order_id, "channel": channel})
    first = sale.group_by("customer_id").aggregate(
        first_on=sale.local_date.min(), channel=channel.argmin(earliest)
    )
    return first.mutate(month=first.first_on.truncate("M"))


def brought(lines: ir.Table) -> tuple[pa.Table, pa.Table]:
    """(customer_id, first_on, month, channel) sorted by customer; (place, period, net_minor) of each.

    place: row of the customer in the first table; period: thirty days since the first order, from 0; net:
    paid less refunded, returns and adjustments included.
    """
    first = firsts(lines).order_by("customer_id").to_pyarrow()
    placed = ibis.memtable(first.append_column("place", pa.array(range(first.num_rows), pa.int64())))
    paid = lines.filter(lines.paid & (lines.kind != "cancelled"))
    joined = paid.inner_join(placed, "customer_id")
    since = joined.local_date.delta(joined.first_on, unit="day")
    period = ibis.greatest(since, 0) // PERIOD_DAYS
    net = (joined.total_minor - joined.refund_minor).sum()
    spent = joined.group_by(joined.place, period=period.cast("int64")).aggregate(net_minor=net.cast("int64"))
    return first, spent.to_pyarrow()


def first_day(lines: ir.Table) -> date | None:
    """The shop's first day with an order."""
    found: date | None = lines.filter(lines.kind == "sale").local_date.min().to_pyarrow().as_py()
    return found


def buyers(lines: ir.Table, days: int, as_of: date) -> list[dict[str, object]]:
    """Per month: buyers, those whose days are not over, who bought again on a later day within them.

    A buyer counts from their first purchase day of the month; identified customers only.
    """
    sale = lines.filter(lines.customer_id.notnull() & (lines.kind == "sale"))
    bought = sale.select("customer_id", day=sale.local_date, month=sale.local_date.truncate("M")).distinct()
    following = bought.day.lead().over(ibis.window(group_by="customer_id", order_by="day"))
    chained = bought.mutate(following=following)
    first = chained.group_by("customer_id", "month").aggregate(
        day=chained.day.min(), following=chained.following.argmin(chained.day)
    )
    gap = first.following.delta(first.day, unit="day")
    over = first.day <= ibis.literal(as_of) - ibis.interval(days=days)
    again = over & (gap <= days).fill_null(False)
    rows: list[dict[str, object]] = (
        first.group_by("month")
        .aggregate(buyers=first.count(), waiting=(~over).sum(), again=again.sum())
        .order_by("month")
        .to_pyarrow()
        .to_pylist()
    )
    return rows


def orders(lines: ir.Table) -> list[dict[str, object]]:
    """Per month: orders with a sale, guests' included, and their sale amount."""
    sale = lines.filter(lines.kind == "sale")
    rows: list[dict[str, object]] = (
        sale.group_by(month=sale.local_date.truncate("M"))
        .aggregate(orders=sale.order_id.nunique(), sales_minor=sale.total_minor.sum())
        .to_pyarrow()
        .to_pylist()
    )
    return rows


def existing(value: ir.Table, stages: ir.Table) -> pa.Table:
    """stage, tier, p_alive and the margin interval of every customer with a value."""
    margins = value.select(
        "customer_id", "horizon_days", "margin_minor_low", "margin_minor_mid", "margin_minor_high"
    )
    placed = stages.select("customer_id", "stage", "tier", "p_alive")
    return margins.inner_join(placed, "customer_id").to_pyarrow()
