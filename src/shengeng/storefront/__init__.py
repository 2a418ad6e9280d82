"""The shop that shoppers see: pages rendered on the server, which work without JavaScript."""

from shengeng.storefront.front import Storefront, broken

__all__ = ["Storefront", "broken"]
