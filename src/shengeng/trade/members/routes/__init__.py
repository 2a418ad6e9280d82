"""Members over HTTP: `router` for the console's operators, `public` for shoppers at the storefront."""

from shengeng.trade.members.routes.console import router
from shengeng.trade.members.routes.storefront import public

__all__ = ["public", "router"]
