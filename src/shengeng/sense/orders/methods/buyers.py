"""Who an order says its buyer is, as edges between identifiers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from shengeng.sense.identity.contracts import Edge, Kind
from shengeng.sense.orders.contracts import Order

Known = tuple[Kind, str]


def edges_of(order: Order, known: list[Known]) -> Iterator[Edge]:
    """Every two identifiers of one order were seen together when it was placed."""
    evidence = {"order_id": order.order_id}
    source = f"orders:{order.source}"
    for (kind_a, a), (kind_b, b) in combinations(known, 2):
        yield Edge(kind_a, a, kind_b, b, source, order.ordered_at, evidence)
