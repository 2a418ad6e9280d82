"""What others call: goods, where they stand and are sold, how they are found, their pictures."""

from shengeng.trade.catalogue.api.finding import browse, changed_since, facets_of, heads
from shengeng.trade.catalogue.api.goods import (
    archive,
    price_shown,
    product,
    put_product,
    set_state,
    skus_of,
    take_imported,
    variants,
)
from shengeng.trade.catalogue.api.pictures import add_picture, picture
from shengeng.trade.catalogue.api.places import (
    categories,
    channel,
    channels,
    put_categories,
    put_channel,
    put_seller,
    sellers,
)
from shengeng.trade.catalogue.api.scoping import InScope, in_scope

__all__ = [
    "InScope",
    "add_picture",
    "archive",
    "browse",
    "categories",
    "changed_since",
    "channel",
    "channels",
    "facets_of",
    "heads",
    "in_scope",
    "picture",
    "price_shown",
    "product",
    "put_categories",
    "put_channel",
    "put_product",
    "put_seller",
    "sellers",
    "set_state",
    "skus_of",
    "take_imported",
    "variants",
]
