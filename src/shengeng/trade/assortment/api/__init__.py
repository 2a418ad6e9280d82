"""What others call: a product with its prices, tables of products, many products at once."""

from shengeng.trade.assortment.api.bulk import look_at_prices, move_to_category, set_prices
from shengeng.trade.assortment.api.counting import book_count, count_sheet, look_at_count
from shengeng.trade.assortment.api.keeping import keep, product
from shengeng.trade.assortment.api.tables import bring, look, table

__all__ = [
    "book_count",
    "bring",
    "count_sheet",
    "keep",
    "look",
    "look_at_count",
    "look_at_prices",
    "move_to_category",
    "product",
    "set_prices",
    "table",
]
