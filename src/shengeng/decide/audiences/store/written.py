"""Reviews as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis.expr.types as ir

_COLUMNS = ("person_id", "review_id", "local_at", "text", "rating", "label", "source")


def rows(reviews: ir.Table) -> Iterator[dict[str, Any]]:
    """Reviews one by one, in order of time."""
    ordered = reviews.select(*_COLUMNS).order_by("local_at", "review_id")
    for batch in ordered.to_pyarrow().to_batches():
        yield from batch.to_pylist()


def largest(reviews: ir.Table) -> dict[str, float]:
    """Each source's largest rating."""
    found = reviews.group_by("source").aggregate(most=reviews.rating.max()).to_pyarrow().to_pylist()
    return {row["source"]: row["most"] for row in found if row["most"] is not None}
