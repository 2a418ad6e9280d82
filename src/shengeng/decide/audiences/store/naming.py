"""What a shop's facts can be named by, most frequent first."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

Counted = list[tuple[str, int]]
_MOST = 300


def values(table: ir.Table, column: str, since: datetime | None = None, most: int = _MOST) -> Counted:
    """The values of a column with how many rows have them."""
    found = table.filter(table[column].notnull() & (table[column] != ""))
    if since is not None:
        found = found.filter(found["at"] > ibis.literal(since))
    counted = found.group_by(column).aggregate(n=found.count())
    rows = counted.order_by(ibis.desc("n"), column).limit(most).to_pyarrow().to_pylist()
    return [(row[column], int(row["n"])) for row in rows]


def categories(products: ir.Table, column: str) -> Counted:
    """Departments, or category paths down to their second level, with their products."""
    if column == "department":
        return values(products, "department")
    second = products.filter(products.department.notnull() & products.category_2.notnull())
    path = second.department + " > " + second.category_2
    return values(second.mutate(path=path), "path", most=1000)
