"""Products of an import, brought in as drafts in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.contracts import TEXT_LONGEST

_ID = r"^[^\s/?#%]{1,120}$"  # what an address can hold
_COLUMNS = ("product_id", "title", "brand", "found_by")
_MAKE = """create temporary table imported_products
  (product_id text, title text, brand text, found_by text) on commit drop"""
_TAKE = """
with fresh as (
  insert into catalogue_products
    (product_id, seller_id, title_zh, title_en, brand, state, imported, found_by, created_at, changed_at)
  select product_id, :seller, left(title, :longest), left(title, :longest),
         left(coalesce(brand, ''), :longest), 'draft', true, to_tsvector('simple', found_by), :now, :now
  from imported_products i where title is not null and title <> '' and product_id ~ :id
    and not exists (select from catalogue_variants v where v.sku = i.product_id)
  on conflict do nothing returning product_id)
insert into catalogue_variants (sku, product_id, position)
select product_id, product_id, 0 from fresh on conflict do nothing
returning sku
"""


def take(uow: UnitOfWork, table: pa.Table, found_by: Sequence[str], seller_id: str, now: datetime) -> int:
    """Products that are not here yet; returns how many came. found_by: what each is found by."""
    rows = table.select(["product_id", "title", "brand"]).append_column("found_by", pa.array(found_by))
    uow.conn.execute(sa.text(_MAKE))
    uow.copy_in("imported_products", _COLUMNS, rows)
    done = uow.conn.execute(
        sa.text(_TAKE), {"seller": seller_id, "now": now, "longest": TEXT_LONGEST, "id": _ID}
    )
    count = len(done.all())
    uow.conn.execute(sa.text("drop table imported_products"))
    return count
