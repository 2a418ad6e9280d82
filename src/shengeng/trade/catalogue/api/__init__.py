"""What others call: goods, where they stand and are sold, how they are found, their pictures."""

from shengeng.trade.catalogue.api.finding import browse, changed_since, facets_of, heads
from shengeng.trade.catalogue.api.goods import (
    archive,
    flaw,
    known_media,
    owners,
    price_shown,
    product,
    products,
    put_product,
    put_products,
    set_state,
    skus_of,
    take_imported,
    variants,
    writing,
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
    "flaw",
    "heads",
    "in_scope",
    "known_media",
    "owners",
    "picture",
    "price_shown",
    "product",
    "products",
    "put_categories",
    "put_channel",
    "put_product",
    "put_products",
    "put_seller",
    "sellers",
    "set_state",
    "skus_of",
    "take_imported",
    "variants",
    "writing",
]
