"""The shop that shoppers see: pages rendered on the server, which work without JavaScript."""

from shengeng.storefront.front import Storefront, broken
from shengeng.storefront.telling import event_key

__all__ = ["Storefront", "broken", "event_key"]
