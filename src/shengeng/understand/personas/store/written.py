"""Reviews of identified customers in the window, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from shengeng.understand.personas.contracts import WINDOW_DAYS

_BATCH = 20_000


def reviews(table: ir.Table, as_of: date) -> Iterator[dict[str, Any]]:
    """review_id, customer_id, day, text of the year to as_of; the same words of one customer count once."""
    first = as_of - timedelta(days=WINDOW_DAYS - 1)
    mine = table.filter(
        table.customer_id.notnull() & table.local_date.between(ibis.literal(first), ibis.literal(as_of))
    )
    once = mine.group_by("customer_id", "text").aggregate(
        day=mine.local_date.min(), review_id=mine.review_id.min()
    )
    for batch in once.to_pyarrow_batches(chunk_size=_BATCH):
        yield from batch.to_pylist()
