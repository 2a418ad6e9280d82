"""Products with their prices, tables of products and acts on many of them, over HTTP."""

from shengeng.trade.assortment.routes import bulk, counting, products, tables
from shengeng.trade.assortment.routes.door import router

__all__ = ["bulk", "counting", "products", "router", "tables"]
