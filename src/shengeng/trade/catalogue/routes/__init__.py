"""The catalogue over HTTP: `router` for the console's operators, `public` for whoever looks at the shop."""

from shengeng.trade.catalogue.routes import goods, pictures, places
from shengeng.trade.catalogue.routes.door import router
from shengeng.trade.catalogue.routes.storefront import public

__all__ = ["goods", "pictures", "places", "public", "router"]
