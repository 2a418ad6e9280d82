"""What sources say of a customer and of products, for people to read."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import ibis
import ibis.expr.types as ir

_COLUMNS = ("created_at", "city", "region")


def described(customers: ir.Table, customer_id: str) -> dict[str, str | int | float | bool]:
    """What the customer's source says of them: named columns, then its own attributes; nulls left out."""
    found = customers.filter(customers.customer_id == customer_id).limit(1)
    for row in found.to_pyarrow().to_pylist():
        own: Any = json.loads(row["attributes"]) if row["attributes"] else {}
        told = {name: str(row[name]) for name in _COLUMNS if row[name] is not None}
        kept = own.items() if isinstance(own, dict) else ()
        return told | {str(k): v for k, v in kept if isinstance(v, str | int | float | bool)}
    return {}


def product_names(products: ir.Table, ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Title and category by product id; unknown ids are absent."""
    if not ids:
        return {}
    # One array instead of a literal an id: Ibis compiles hundreds of them slowly.
    among = ibis.literal(sorted(ids), type="array<string>").contains(products.product_id)
    rows = products.filter(among).select("product_id", "title", "category").to_pyarrow().to_pylist()
    ordered = sorted(rows, key=lambda row: (row["title"], row["category"] or ""), reverse=True)
    return {row["product_id"]: (row["title"], row["category"]) for row in ordered}
