"""Products with their prices, tables of products and acts on many of them, over HTTP."""

from shengeng.trade.assortment.routes import bulk, products, tables
from shengeng.trade.assortment.routes.door import router

__all__ = ["bulk", "products", "router", "tables"]
