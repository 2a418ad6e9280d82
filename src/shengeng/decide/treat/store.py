"""Reads who is due for what, and what one order of it brings. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.decide.treat.contracts import (
    AHEAD_DAYS,
    AT_RISK,
    BASKET_DAYS,
    BECAME,
    CANDIDATES,
    COMPLEMENTS,
    HAD_DAYS,
    MOST_OTHERS,
    PACE_WEEKS,
    SPEND_DAYS,
    WIN_BACK_STAGE,
)
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.understand.affinity import api as affinity
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.value import api as value


def candidates(lake: Lake, as_of: date, start: date, end: date) -> pa.Table:
    """Customers and products due on a day of [start, end] (schema CANDIDATES), by customer and product.

    Products that brought nothing in the last SPEND_DAYS are left out.
    """
    due = affinity.affinity(lake, as_of)
    due = due.filter(due.due_on.between(start, end))
    joined = due.inner_join(_spend(lake, as_of), "product_id").left_join(_names(lake), "product_id")
    shaped = joined.select(
        "customer_id",
        "product_id",
        title=ibis.coalesce(joined.title, joined.product_id),
        department=joined.department,
        category=ibis.coalesce(joined.category_2, joined.department),
        probability=joined.probability,
        due_on=joined.due_on,
        last_on=joined.last_on,
        rhythm_days=joined.rhythm_days.cast("float64"),
        orders=joined.orders.cast("int64"),
        spend_minor=joined.spend_minor,
    )
    return shaped.order_by("customer_id", "product_id").to_pyarrow().cast(CANDIDATES)


def _spend(lake: Lake, as_of: date) -> ir.Table:
    """By product: what was paid for it in an order that has it, on average, over the last SPEND_DAYS."""
    lines = connect.lines(lake, as_of)
    recent = lines.filter(
        lines.local_date > as_of - timedelta(days=SPEND_DAYS), lines.kind == "sale", lines.paid
    )
    sums = recent.group_by("product_id").aggregate(
        net=(recent.total_minor - recent.refund_minor).sum(), orders=recent.order_id.nunique()
    )
    spend = sums.mutate(spend_minor=sums.net / sums.orders.nullif(0)).select("product_id", "spend_minor")
    return spend.filter(spend.spend_minor > 0)


def _names(lake: Lake) -> ir.Table:
    products = connect.products(lake)
    return products.group_by("product_id").aggregate(
        title=products.title.max(), department=products.department.max(), category_2=products.category_2.max()
    )


def identified(lake: Lake, as_of: date) -> tuple[int, int]:
    """Order lines known on a day: all of them, and those with a customer."""
    lines = connect.lines(lake, as_of)
    counted = lines.aggregate(all=lines.count(), known=lines.customer_id.count()).to_pyarrow()
    return int(counted["all"][0].as_py()), int(counted["known"][0].as_py())


def at_risk(lake: Lake, as_of: date, tiers: Collection[str]) -> pa.Table:
    """Customers at risk of some tiers (schema AT_RISK), by customer; those who bring nothing are left out."""
    stages, worth = lifecycle.stages(lake, as_of), value.value(lake, as_of)
    late = stages.filter(
        stages.stage == WIN_BACK_STAGE, stages.tier.isin(list(tiers)), stages.value_minor > 0
    )
    found = late.inner_join(
        worth.select("customer_id", orders=worth.orders_mid, horizon_days=worth.horizon_days.cast("int64")),
        "customer_id",
    )
    found = found.filter(found.orders > 0)
    return found.select(AT_RISK.names).order_by("customer_id").to_pyarrow().cast(AT_RISK)


def complements(lake: Lake, as_of: date) -> pa.Table:
    """What goes with everybody's last basket and was not bought lately (schema COMPLEMENTS), by customer.

    One row a customer and complement: of the products that it goes with, the one that says most.
    """
    pairs = _complements(lake, as_of, affinity.goes_with(lake, as_of), [0])
    joined = pairs.left_join(_names(lake), "product_id")
    titles = _names(lake).select(to_id="product_id", to_title="title")
    joined = joined.left_join(titles, "to_id")
    shaped = joined.mutate(
        title=ibis.coalesce(joined.title, joined.product_id),
        to_title=ibis.coalesce(joined.to_title, joined.to_id),
        category=ibis.coalesce(joined.category_2, joined.department),
    )
    rows = shaped.select(COMPLEMENTS.names).order_by("customer_id", "product_id")
    return rows.to_pyarrow().cast(COMPLEMENTS)


def past_complements(lake: Lake, as_of: date, weeks: int) -> pa.Table:
    """What became of complements in each of some weeks (schema BECAME), by pairs known before all of them."""
    goes = affinity.goes_with(lake, as_of - timedelta(days=AHEAD_DAYS * weeks))
    rows = _complements(lake, as_of, goes, range(1, weeks + 1))
    return rows.select(BECAME.names).order_by("ago", "customer_id", "product_id").to_pyarrow().cast(BECAME)


def _complements(lake: Lake, as_of: date, goes: ir.Table, weeks: Sequence[int]) -> ir.Table:
    """By week ago, customer and complement: the strongest reason, their habits then, and what became of it.

    Products that brought nothing in the last SPEND_DAYS are left out.
    """
    lines = identity.lines(lake, as_of)
    sales = lines.filter(lines.kind == "sale", lines.customer_id.notnull(), lines.quantity > 0)
    sales = sales.select("customer_id", "product_id", "local_date")
    then = lake.memtable(_days(as_of, weeks))
    goes = goes.filter(goes["rank"] <= MOST_OTHERS)
    met = _last_baskets(sales, then).inner_join(goes, [("to_id", "product_id")])
    met = met.select(*_BASKET, "together", "lift", likelihood="probability", product_id="other_id")
    place = ibis.row_number().over(
        group_by=["ago", "customer_id", "product_id"], order_by=[met.likelihood.desc(), met.to_id]
    )
    first = met.mutate(place=place)
    first = first.filter(first.place == 0).drop("place")
    told = _with_habits(first, sales).inner_join(_pace(sales, then), ["ago", "customer_id"])
    return told.inner_join(_spend(lake, as_of), "product_id")


_BASKET = ("ago", "until", "customer_id", "to_id", "bought_on")


def _days(as_of: date, weeks: Sequence[int]) -> pa.Table:
    """The last day known so many weeks ago, and the first days of what is looked at before it."""
    until = [as_of - timedelta(weeks=ago) for ago in weeks]
    columns = {
        "ago": pa.array(weeks, pa.int64()),
        "until": pa.array(until, pa.date32()),
        "basket_from": pa.array([day - timedelta(days=BASKET_DAYS - 1) for day in until], pa.date32()),
        "pace_from": pa.array([day - timedelta(days=7 * PACE_WEEKS - 1) for day in until], pa.date32()),
    }
    return pa.table(columns)


def _last_baskets(sales: ir.Table, then: ir.Table) -> ir.Table:
    """The products of each customer's last day with a purchase, where it is recent (columns _BASKET)."""
    recent = sales.inner_join(then, sales.local_date.between(then.basket_from, then.until))
    last = recent.group_by(["ago", "customer_id"]).aggregate(bought_on=recent.local_date.max())
    basket = recent.select("ago", "until", "customer_id", "local_date", to_id="product_id")
    basket = basket.inner_join(last, ["ago", "customer_id"])
    return basket.filter(basket.local_date == basket.bought_on).select(*_BASKET).distinct()


def _with_habits(pairs: ir.Table, sales: ir.Table) -> ir.Table:
    """Those not bought for HAD_DAYS: on how many days they ever were, and whether in the week after."""
    own = pairs.select("ago", "until", "customer_id", "product_id").inner_join(
        sales, ["customer_id", "product_id"]
    )
    days = own.local_date.delta(own.until, unit="day")
    own = own.select("ago", "customer_id", "product_id", "local_date", days=days)
    ever = own.group_by(["ago", "customer_id", "product_id"]).aggregate(
        times=own.local_date.nunique(where=own.days <= 0),
        last=own.days.max(where=own.days <= 0),
        later=own.days.min(where=own.days > 0),
    )
    met = pairs.left_join(ever, ["ago", "customer_id", "product_id"])
    met = met.select(
        *pairs.columns,
        "last",
        times=ibis.coalesce(met.times, 0),
        bought=ibis.coalesce((met.later <= AHEAD_DAYS).cast("float64"), 0.0),
    )
    return met.filter(met["last"].isnull() | (met["last"] <= -HAD_DAYS)).drop("last")


def _pace(sales: ir.Table, then: ir.Table) -> ir.Table:
    """In how many of the last PACE_WEEKS each customer came."""
    days = sales.select("customer_id", "local_date").distinct()
    came = days.inner_join(then, days.local_date.between(then.pace_from, then.until))
    week = came.local_date.delta(came.pace_from, unit="day") // 7
    came = came.select("ago", "customer_id", week=week)
    return came.group_by(["ago", "customer_id"]).aggregate(weeks=came.week.nunique())
