"""What others may ask of `connect`: the shop's facts as Ibis tables, folders without a database, imports."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shengeng.sense.connect.contracts import (
    CUSTOMERS,
    LINES,
    PRODUCTS,
    PROMOTIONS,
    REDEMPTIONS,
    TOUCHES,
    Folder,
)
from shengeng.sense.connect.store.opened import opened
from shengeng.storage.lake import Lake

if TYPE_CHECKING:
    import ibis.expr.types as ir


def lines(lake: Lake, as_of: date | None = None) -> ir.Table:
    """Order lines (contracts.LINES) of local days up to and including as_of; all of them without it."""
    table = lake.table("lines", schema=LINES)
    return table if as_of is None else table.filter(table.local_date <= as_of)


def products(lake: Lake) -> ir.Table:
    """Products (contracts.PRODUCTS), one row a product."""
    return lake.table("products", schema=PRODUCTS)


def customers(lake: Lake) -> ir.Table:
    """Customers as their sources describe them (contracts.CUSTOMERS); not everybody who ordered is here."""
    return lake.table("customers", schema=CUSTOMERS)


def promotions(lake: Lake) -> ir.Table:
    """Promotions (contracts.PROMOTIONS): product x store x run of days, both ends included."""
    return lake.table("promotions", schema=PROMOTIONS)


def touches(lake: Lake) -> ir.Table:
    """Treatments sent (contracts.TOUCHES), one row a customer and campaign."""
    return lake.table("touches", schema=TOUCHES)


def redemptions(lake: Lake) -> ir.Table:
    """Coupons redeemed (contracts.REDEMPTIONS)."""
    return lake.table("redemptions", schema=REDEMPTIONS)


def open_folder(
    path: str | Path,
    *,
    timezone: str | None = None,
    currency: str | None = None,
    memory_limit: str = "1GB",
    threads: int = 2,
) -> AbstractContextManager[Folder]:
    """A canonical folder (or the name "complete-journey") as tables of the published schemas, no database.

    timezone, currency: in place of those of shop.toml. Valid while the context is open; rows that cannot
    be taken are counted in `rejected`. Raises the same refusals as an import.
    """
    return opened(path, timezone, currency, memory_limit, threads)
