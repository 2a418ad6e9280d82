"""What time a folder covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Span:
    """First and last local day with a line, and how many lines name a customer."""

    first: date
    last: date
    identified: int


def span_of(lines: ir.Table) -> Span | None:
    """The span of the published lines; None where there is no line."""
    row = lines.aggregate(
        first=lines.local_date.min(), last=lines.local_date.max(), identified=lines.customer_id.count()
    ).to_pyarrow()
    first, last, identified = (row[name][0].as_py() for name in ("first", "last", "identified"))
    return None if first is None else Span(first, last, identified)
