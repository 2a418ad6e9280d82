"""Which goods on sale a scope of products, categories and sellers holds."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.store.tables import products, variants


def on_sale(
    uow: UnitOfWork,
    product_ids: Collection[str],
    category_ids: Collection[str],
    seller_ids: Collection[str],
    limit: int,
) -> tuple[int, int, list[str]]:
    """(products, variants, the first skus) of goods on sale; an empty collection is no limit."""
    mine = [products.c.state == "listed", variants.c.active]
    wanted = (
        (products.c.product_id, product_ids),
        (products.c.category_id, category_ids),
        (products.c.seller_id, seller_ids),
    )
    mine += [column.in_(ids) for column, ids in wanted if ids]
    joined = sa.join(variants, products, products.c.product_id == variants.c.product_id)
    sizes = sa.select(sa.func.count(sa.distinct(products.c.product_id)), sa.func.count())
    found = uow.conn.execute(sizes.select_from(joined).where(*mine)).one()
    first = sa.select(variants.c.sku).select_from(joined).where(*mine)
    skus = uow.conn.execute(first.order_by(variants.c.product_id, variants.c.position).limit(limit)).scalars()
    return found[0], found[1], list(skus)
