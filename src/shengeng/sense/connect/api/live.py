"""Orders as they happen: the rules of an import for single orders."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from shengeng.govern.shop.contracts import Profile
from shengeng.sense.connect.api.importing import FACTS_LOCK
from shengeng.sense.connect.contracts import LineFault
from shengeng.sense.connect.store import live
from shengeng.sense.connect.store.folder import Shop
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

if TYPE_CHECKING:
    import pyarrow as pa


def line_faults(stores: Stores, shop: Profile, rows: pa.Table) -> list[LineFault]:
    """What an import would say against rows of the canonical `orders` columns, all of them text.

    row: the place in the table; of several faults of a row the first.
    """
    return live.faults(stores.lake, rows, _terms(shop, ""))


def bring_orders(
    stores: Stores,
    uow: UnitOfWork,
    shop: Profile,
    rows: pa.Table,
    *,
    source: str,
    months: Collection[str],
    import_id: str,
) -> int:
    """Merge whole orders into the facts as an import of the same rows would; returns lines that stood so.

    rows: columns of the canonical `orders` file as text. months: where earlier versions of these orders can
    stand ("2025-06"); months that are not named are not read.
    """
    uow.lock(FACTS_LOCK)
    found = live.bring(uow, stores.lake, rows, _terms(shop, source), months=months, import_id=import_id)
    return found.unchanged


def _terms(shop: Profile, source: str) -> Shop:
    return Shop(shop.name, source, shop.timezone, shop.currency, all_paid=False)
