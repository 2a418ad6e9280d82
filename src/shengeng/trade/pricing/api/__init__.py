"""Prices, quotes, holds; promotions, price lists and coupons for people of the shop."""

from shengeng.trade.pricing.api.base import base_prices, set_base_prices
from shengeng.trade.pricing.api.couponing import (
    batch,
    batches,
    coupons,
    coupons_of,
    end_batch,
    history,
    issue,
)
from shengeng.trade.pricing.api.holds import expire, hold, redeem, release
from shengeng.trade.pricing.api.persons import erase_person, export_person
from shengeng.trade.pricing.api.previewing import preview
from shengeng.trade.pricing.api.price_lists import (
    create_price_list,
    price_lists,
    prices_of_list,
    remove_price,
    set_prices,
    show,
    show_turned,
    turned,
)
from shengeng.trade.pricing.api.promoting import (
    announced,
    policy,
    promotion,
    promotions,
    put_promotion,
    set_policy,
    set_state,
    versions,
)
from shengeng.trade.pricing.api.quoting import Shelf, prices, quote, shelf, simulate

__all__ = [
    "Shelf",
    "announced",
    "base_prices",
    "batch",
    "batches",
    "coupons",
    "coupons_of",
    "create_price_list",
    "end_batch",
    "erase_person",
    "expire",
    "export_person",
    "history",
    "hold",
    "issue",
    "policy",
    "preview",
    "price_lists",
    "prices",
    "prices_of_list",
    "promotion",
    "promotions",
    "put_promotion",
    "quote",
    "redeem",
    "release",
    "remove_price",
    "set_base_prices",
    "set_policy",
    "set_prices",
    "set_state",
    "shelf",
    "show",
    "show_turned",
    "simulate",
    "turned",
    "versions",
]
