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
    CANDIDATES,
    COMPLEMENTS,
    HAD_DAYS,
    MOST_OTHERS,
    SPEND_DAYS,
    WIN_BACK_STAGE,
)
from shengeng.sense.connect import api as connect
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


def outlook(lake: Lake, as_of: date) -> pa.Table:
    """Everybody's customer_id, p_alive, orders_mid and horizon_days."""
    return (
        value.value(lake, as_of).select("customer_id", "p_alive", "orders_mid", "horizon_days").to_pyarrow()
    )


def complements(lake: Lake, as_of: date) -> pa.Table:
    """What goes with everybody's last basket and was not bought lately (schema COMPLEMENTS), by customer.

    One row a customer and complement: of the products that it goes with, the one that says most.
    """
    pairs = _complements(lake, as_of)
    joined = pairs.inner_join(_spend(lake, as_of), "product_id").left_join(_names(lake), "product_id")
    titles = _names(lake).select(to_id="product_id", to_title="title")
    joined = joined.left_join(titles, "to_id")
    shaped = joined.mutate(
        title=ibis.coalesce(joined.title, joined.product_id),
        to_title=ibis.coalesce(joined.to_title, joined.to_id),
        category=ibis.coalesce(joined.category_2, joined.department),
    )
    rows = shaped.select(COMPLEMENTS.names).order_by("customer_id", "product_id")
    return rows.to_pyarrow().cast(COMPLEMENTS)


def past_complements(lake: Lake, as_of: date, weeks: Sequence[int]) -> pa.Table:
    """What became of complements so many weeks ago: customer_id, likelihood, bought (0 or 1), weeks."""
    return ibis.union(*(_became(lake, as_of, ago) for ago in weeks)).to_pyarrow()


def _became(lake: Lake, as_of: date, ago: int) -> ir.Table:
    cut = as_of - timedelta(days=AHEAD_DAYS * ago)
    pairs, lines = _complements(lake, cut, known=as_of), connect.lines(lake, as_of)
    after = lines.filter(
        lines.kind == "sale",
        lines.local_date.between(cut + timedelta(days=1), cut + timedelta(days=AHEAD_DAYS)),
    )
    bought = after.select("customer_id", "product_id").distinct().mutate(bought=1.0)
    found = pairs.left_join(bought, ["customer_id", "product_id"])
    return found.select(
        "customer_id", "likelihood", bought=ibis.coalesce(found.bought, 0.0), weeks=ibis.literal(ago, "int64")
    )


def _complements(lake: Lake, as_of: date, known: date | None = None) -> ir.Table:
    """By customer and complement: the strongest reason. known: the day up to which goes_with may look."""
    lines = connect.lines(lake, as_of)
    sales = lines.filter(lines.kind == "sale", lines.customer_id.notnull(), lines.quantity > 0)
    days = sales.select("customer_id", "product_id", "local_date")
    recent = days.filter(days.local_date > as_of - timedelta(days=BASKET_DAYS))
    last = recent.group_by("customer_id").aggregate(bought_on=recent.local_date.max())
    basket = recent.inner_join(last, "customer_id")
    basket = basket.filter(basket.local_date == basket.bought_on)
    basket = basket.select("customer_id", "bought_on", to_id=basket.product_id).distinct()
    goes = affinity.goes_with(lake, known or as_of)
    goes = goes.filter(goes["rank"] <= MOST_OTHERS)
    met = basket.inner_join(goes, basket.to_id == goes.product_id).select(
        "customer_id",
        "bought_on",
        "to_id",
        "together",
        "lift",
        likelihood="probability",
        product_id="other_id",
    )
    had = days.filter(days.local_date > as_of - timedelta(days=HAD_DAYS)).select("customer_id", "product_id")
    fresh = met.anti_join(had.distinct(), ["customer_id", "product_id"])
    place = ibis.row_number().over(
        group_by=["customer_id", "product_id"], order_by=[fresh.likelihood.desc(), fresh.to_id]
    )
    placed = fresh.mutate(place=place)
    return placed.filter(placed.place == 0).drop("place")
