"""What a basket costs: pure arithmetic on whole minor units."""

from shengeng.trade.pricing.methods.checking import check, check_list
from shengeng.trade.pricing.methods.comparing import proven
from shengeng.trade.pricing.methods.goods import Good, Offer, best_price, in_order, list_price
from shengeng.trade.pricing.methods.offering import Opened, code_refused, offer, over, same, too_many
from shengeng.trade.pricing.methods.stacking import Applied, Basket, Buyer, stack
from shengeng.trade.pricing.methods.totals import Market, total_up

__all__ = [
    "Applied",
    "Basket",
    "Buyer",
    "Good",
    "Market",
    "Offer",
    "Opened",
    "best_price",
    "check",
    "check_list",
    "code_refused",
    "in_order",
    "list_price",
    "offer",
    "over",
    "proven",
    "same",
    "stack",
    "too_many",
    "total_up",
]
