"""What the shop's facts add up to, and how fresh each dataset is."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from shengeng.sense.connect.contracts import DATASETS, LINES, PRODUCTS, Totals
from shengeng.storage.lake import Lake

_DAYS = {
    "lines": ("local_date", "local_date"),
    "feed": ("local_date", "local_date"),
    "promotions": ("starts_on", "ends_on"),
    "touches": ("touched_on", "touched_on"),
    "redemptions": ("redeemed_on", "redeemed_on"),
    "reviews": ("local_date", "local_date"),
    "spend": ("spent_on", "spent_on"),
}


def totals(lake: Lake) -> Totals:
    """Placed, paid and net over everything that has arrived (docs/facts.md says what each of them counts)."""
    t = lake.table("lines", schema=LINES)
    sent_back = t.kind == "return"
    orders = t.group_by("source", "order_id").aggregate(known=t.customer_id.notnull().max())
    found = lake.connection.to_pyarrow(
        t.aggregate(
            lines=t.count(),
            customers=t.customer_id.nunique(),
            placed_minor=t.total_minor.sum(where=~sent_back).fill_null(0),
            paid_minor=t.total_minor.sum(where=t.paid & ~sent_back).fill_null(0),
            net_minor=net_minor(t).sum().fill_null(0),
            first_on=t.local_date.min(),
            last_on=t.local_date.max(),
        )
    ).to_pylist()[0]
    counted = lake.connection.to_pyarrow(
        orders.aggregate(orders=orders.count(), share_identified=orders.known.cast("float64").mean())
    ).to_pylist()[0]
    products = lake.connection.to_pyarrow(lake.table("products", schema=PRODUCTS).count()).as_py()
    return Totals(products=products, **counted, **found)


def net_minor(lines: ir.Table) -> ir.IntegerValue:
    """What a line left with the shop: paid less refunded, 0 where it was not paid."""
    net: ir.IntegerValue = lines.paid.ifelse(lines.total_minor - lines.refund_minor, 0)
    return net


def days_covered(lake: Lake, dataset: str) -> tuple[date | None, date | None]:
    """The first and last local day that a dataset speaks of; nothing for one without days."""
    if dataset not in _DAYS:
        return None, None
    first, last = _DAYS[dataset]
    table = lake.table(dataset, schema=DATASETS[dataset])
    found = lake.connection.to_pyarrow(table.aggregate(first=table[first].min(), last=table[last].max()))
    row = found.to_pylist()[0]
    return row["first"], row["last"]


def ahead(lake: Lake, dataset: str, as_of: date) -> int:
    """Rows of a dataset that speak of days after one; 0 for one without days."""
    if dataset not in _DAYS:
        return 0
    table = lake.table(dataset, schema=DATASETS[dataset])
    found = lake.connection.to_pyarrow((table[_DAYS[dataset][0]] > as_of).sum().fill_null(0))
    return int(found.as_py())


def named(lake: Lake, text: str, limit: int) -> list[tuple[str, str, str | None]]:
    """(product_id, title, category) of products whose title, number or category holds a text."""
    t = lake.table("products", schema=PRODUCTS)
    wanted = text.strip().lower()
    if wanted:
        fields = (t.title, t.product_id, t.category.fill_null(""))
        t = t.filter(ibis.or_(*(field.lower().contains(wanted) for field in fields)))
    found = t.order_by(t.product_id.lower() != wanted, t.title, t.product_id).limit(limit)
    rows = lake.connection.to_pyarrow(found.select("product_id", "title", "category")).to_pylist()
    return [(row["product_id"], row["title"], row["category"]) for row in rows]
