"""A priced shop: goods with prices, promotions that run, coupons, and baskets that ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ProductDraft, VariantDraft
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import (
    Ask,
    AskLine,
    Batch,
    BatchDraft,
    Benefit,
    PriceSet,
    Promotion,
    PromotionDraft,
    Quote,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEN_OFF = Benefit("amount", amount_minor=1_000)


def priced(stores: Stores, prices: Mapping[str, int]) -> None:
    """Goods on sale at these prices; a product has one variant, which has its name."""
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="Sample", timezone="Asia/Shanghai", currency="CNY")
        for sku in prices:
            made = ProductDraft(sku, Words(sku, sku), (VariantDraft(sku),), state="listed")
            catalogue.put_product(uow, SHELL, made, NOW)
        if prices:
            api.set_prices(uow, SHELL, "online", [PriceSet(*one) for one in prices.items()], NOW)


def running(stores: Stores, benefit: Benefit = TEN_OFF, **written: object) -> Promotion:
    """A promotion of the whole shop that runs."""
    draft = PromotionDraft("online", Words("活动", "Offer"), benefit)
    with stores.rows.unit() as uow:
        wanted = replace(draft, **written)  # type: ignore[arg-type]  # only fields of a draft are given
        return api.put_promotion(uow, SHELL, wanted, NOW, state="live")


def issued(stores: Stores, promotion: Promotion, **written: object) -> Batch:
    """Coupons of a promotion."""
    draft = BatchDraft(promotion.id, Words("券", "Coupons"))
    with stores.rows.unit() as uow:
        wanted = replace(draft, **written)  # type: ignore[arg-type]  # only fields of a draft are given
        return api.issue(uow, SHELL, wanted, NOW)


def basket(*lines: tuple[str, int], codes: tuple[str, ...] = (), member_id: str | None = None) -> Ask:
    """A basket of so many of each."""
    told = tuple(AskLine(i, sku, count) for i, (sku, count) in enumerate(lines, 1))
    return Ask("online", told, codes, member_id)


def quoted(stores: Stores, ask: Ask, now: datetime = NOW) -> Quote:
    """What the basket costs."""
    with stores.rows.unit() as uow:
        return api.quote(uow, ask, now)
