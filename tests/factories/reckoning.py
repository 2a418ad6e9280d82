"""Lines and offers of a basket, and what it comes to: without a database."""

from __future__ import annotations

import uuid
from dataclasses import replace

from shengeng.kernel.words import Words
from shengeng.trade.pricing import methods
from shengeng.trade.pricing.contracts import Benefit, Policy, PromotionDraft, Quote

NAME = Words("活动", "Promotion")


def good(number: int, unit: int, quantity: int = 1, **known: object) -> methods.Good:
    """A line of the basket; its cost is not known unless given."""
    plain = methods.Good(
        number, f"sku-{unit}", quantity, f"p{unit}", "shop", frozenset(), unit, unit, None, 1300
    )
    return replace(plain, **known)  # type: ignore[arg-type]  # only fields of Good are given


def offer(benefit: Benefit, **written: object) -> methods.Offer:
    """A running promotion of the whole shop without limits."""
    draft = replace(PromotionDraft("online", NAME, benefit), **written)  # type: ignore[arg-type]
    return methods.Offer(uuid.uuid4(), draft)


def reckon(
    goods: list[methods.Good],
    offers: list[methods.Offer],
    *,
    delivery: int = 0,
    policy: Policy | None = None,
    inclusive: bool = True,
) -> Quote:
    """The quote of goods under offers."""
    ordered = methods.in_order(goods)
    basket = methods.Basket(ordered, delivery, methods.Buyer(), policy or Policy(), "CNY")
    market = methods.Market("online", "CNY", inclusive, 600)
    return methods.total_up(market, ordered, methods.stack(basket, offers), delivery)
