"""What a customer did and received, newest first: orders, touches, redemptions.

One plain question a table; a customer's few thousand rows are put together here, because building and
compiling one large expression would take longer than reading them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

import ibis
import ibis.expr.types as ir

from shengeng.understand.people.contracts import Happening, Item, TimelineKind
from shengeng.understand.people.store.names import product_names

_DATED: tuple[tuple[TimelineKind, str, str, str], ...] = (
    ("touch", "touches", "touched_on", "campaign_id"),
    ("redemption", "redemptions", "redeemed_on", "coupon_id"),
)
_LINES = (
    "order_id",
    "ordered_at",
    "local_at",
    "product_id",
    "quantity",
    "total_minor",
    "refund_minor",
    "kind",
    "store_id",
)
_ITEMS = 60  # a page shows that many products of one order at most
_MOST_LINES = 20_000  # newest lines that one page looks at: a wholesaler's years

Row = dict[str, Any]


def happenings(
    tables: Mapping[str, ir.Table],
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
    last = as_of if before is None else min(as_of, before[0].date())
    orders = {row[0]["order_id"]: row for row in _orders(tables["lines"], customer_id, last)}
    found = [_ordered(lines) for lines in orders.values()]
    for kind, name, day, title in _DATED:
        found += _dated(tables[name], customer_id, last, (kind, day, title))
    found.sort(key=lambda h: (h.local_at, h.key), reverse=True)
    page = [h for h in found if before is None or (h.local_at, h.key) < before][:limit]
    shown = [line for h in page if h.order_id for line in orders[h.order_id]]
    names = product_names(tables["products"], {line["product_id"] for line in shown})
    return [_with_items(h, orders[h.order_id], names) if h.order_id else h for h in page]


def _orders(lines: ir.Table, customer_id: str, last: date) -> Iterable[list[Row]]:
    """The lines of each order of a customer."""
    mine = lines.filter((lines.customer_id == customer_id) & (lines.local_date <= ibis.literal(last)))
    newest = mine.select(*_LINES).order_by(ibis.desc("local_at")).limit(_MOST_LINES)
    rows: list[Row] = newest.to_pyarrow().to_pylist()
    rows.sort(key=lambda row: row["order_id"])
    return (list(group) for _, group in groupby(rows, key=lambda row: row["order_id"]))


def _ordered(lines: list[Row]) -> Happening:
    """An order: its first moment, its paid total without cancelled lines."""
    order_id = lines[0]["order_id"]
    stores = [line["store_id"] for line in lines if line["store_id"] is not None]
    return Happening(
        at=min(line["ordered_at"] for line in lines),
        local_at=min(line["local_at"] for line in lines),
        kind="order",
        key=f"order:{order_id}",
        order_id=order_id,
        lines=len(lines),
        total_minor=sum(_net(line) for line in lines if line["kind"] != "cancelled"),
        store_id=min(stores, default=None),
    )


def _net(line: Row) -> int:
    return int(line["total_minor"] - line["refund_minor"])


def _dated(
    table: ir.Table, customer_id: str, last: date, columns: tuple[TimelineKind, str, str]
) -> list[Happening]:
    """Touches or redemptions, of which only the local day is known."""
    kind, day, title = columns
    mine = table.filter((table.customer_id == customer_id) & (table[day] <= ibis.literal(last)))
    pairs = {(row[day], row[title]) for row in mine.select(day, title).to_pyarrow().to_pylist()}
    return [
        Happening(None, datetime.combine(on, time()), kind, f"{kind}:{name}", title=name)
        for on, name in pairs
    ]


def _with_items(
    happening: Happening, lines: list[Row], names: Mapping[str, tuple[str, str | None]]
) -> Happening:
    """The order with its products, dearest first."""
    bought: dict[str, tuple[int, int]] = {}
    for line in lines:
        units, minor = bought.get(line["product_id"], (0, 0))
        bought[line["product_id"]] = (units + line["quantity"], minor + _net(line))
    dearest = sorted(bought.items(), key=lambda entry: (-entry[1][1], entry[0]))[:_ITEMS]
    items = [Item(p, names.get(p, (p, None))[0], units, minor) for p, (units, minor) in dearest]
    return replace(happening, items=tuple(items))
