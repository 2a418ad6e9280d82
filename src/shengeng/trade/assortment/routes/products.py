"""/v1/trade/products/{id}: a product with the base prices of its variants, read and written as a whole."""

from __future__ import annotations

from shengeng.http import Now, Operator, Unit, Viewer
from shengeng.trade.assortment import api
from shengeng.trade.assortment.routes.door import router
from shengeng.trade.assortment.routes.shapes import Id, ProductBody, ProductShown, shown


@router.get("/products/{product_id}")
def get_product(product_id: Id, _: Viewer, uow: Unit) -> ProductShown:
    """One product with everything that belongs to it."""
    return shown(api.product(uow, product_id))


@router.put("/products/{product_id}")
def put_product(product_id: Id, body: ProductBody, who: Operator, uow: Unit, now: Now) -> ProductShown:
    """Make a product or write it anew as a whole, with the base prices that are told.

    A variant that is left out goes, its sku stays taken.
    """
    draft = body.draft(product_id)
    return shown(api.keep(uow, who, draft, body.prices(), now, version=body.version))
