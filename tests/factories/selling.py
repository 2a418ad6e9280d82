"""A shop that sells: goods with prices, stock, ways of delivery, the sandbox to pay with; and its buyers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Literal

from shengeng.govern.shop import api as shops
from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ProductDraft, VariantDraft
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Placed, View, Wish
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.contracts import Rate, Zone
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders.contracts import Contact
from shengeng.trade.payments.contracts import Intent, Taken
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Benefit, PriceSet, Promotion, PromotionDraft
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import Entry
from tests.factories.payments import charged, sandbox_ready
from tests.factories.shelves import PLACES

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BACK = "http://shop.example/order/{number}"
HOME = Where("李雷", "13800138000", "CN", "浙江省", "杭州市", "西湖区", "文三路 1 号", "310012")
REACHED = Contact("li@example.cn", "13800138000")
Supply = Literal["stock", "presale", "made_to_order"]
_KEYS = count(1)


@dataclass(frozen=True)
class Sold:
    """A kind of goods: its price, its units by place, and for presale how many may be promised."""

    sku: str
    unit_minor: int = 1_000
    units: Mapping[str, int] | None = None
    supply: Supply = "stock"
    quota: int = 0
    seller_id: str = "shop"
    cost_minor: int | None = None


def open_selling(stores: Stores, *goods: Sold, now: datetime = NOW) -> None:
    """Make the shop and put its goods up for sale."""
    sandbox_ready(stores, now)
    with stores.rows.unit() as uow:
        shops.set_profile(uow, SHELL, now, name="Corner", timezone="Asia/Shanghai", currency="CNY")
        for place in PLACES:
            stock.put_location(uow, SHELL, place, now)
        zone = Zone("china", Words("全国", "China"), "CN")
        fulfilment.put_zones(uow, SHELL, [zone], now)
        name = Words("标准", "Standard")
        rate = Rate("standard", "china", "standard", name, "CNY", 600, 10_000, 0, None, 1, 3)
        fulfilment.put_rates(uow, SHELL, [rate], now)
        for one in goods:
            put_up(uow, one, now)


def put_up(uow: UnitOfWork, one: Sold, now: datetime = NOW) -> None:
    """Put one kind of goods up for sale."""
    ships_on = date(2026, 4, 1) if one.supply == "presale" else None
    variant = VariantDraft(one.sku, supply=one.supply, ships_on=ships_on, cost_minor=one.cost_minor)
    title = Words(f"商品 {one.sku}", f"Goods {one.sku}")
    draft = ProductDraft(one.sku, title, (variant,), state="listed", seller_id=one.seller_id)
    catalogue.put_product(uow, SHELL, draft, now)
    pricing.set_prices(uow, SHELL, "online", [PriceSet(one.sku, one.unit_minor)], now)
    there = [Entry(one.sku, place, n) for place, n in (one.units or {}).items()]
    if there:
        stock.receive(uow, SHELL, there, now)
    if one.quota:
        stock.set_quota(uow, SHELL, now, sku=one.sku, supply=one.supply, quota=one.quota)


def promote(stores: Stores, benefit: Benefit, now: datetime = NOW, **more: object) -> Promotion:
    """A promotion that runs."""
    draft = replace(PromotionDraft("online", Words("促销", "Promotion"), benefit), **more)  # type: ignore[arg-type]
    with stores.rows.unit() as uow:
        return pricing.put_promotion(uow, SHELL, draft, now, state="live")


def fill(
    stores: Stores, who: Shopper, lines: Sequence[tuple[str, int]], now: datetime = NOW, code: str = ""
) -> Shopper:
    """Put goods into somebody's basket; returns them with their basket's secret."""
    with stores.rows.unit() as uow:
        for sku, quantity in lines:
            kept = checkout.add(uow, who, sku, quantity, now)
            who = replace(who, basket=kept.secret) if kept.secret else who
        if code:
            checkout.add_code(uow, who, code, now)
    return who


def look(stores: Stores, who: Shopper, now: datetime = NOW) -> View:
    """What a basket comes to, delivered home."""
    with stores.rows.unit() as uow:
        found = checkout.view(uow, who, now, where=HOME)
    assert found is not None
    return found


def wish_of(seen: View, **more: object) -> Wish:
    """What somebody who saw that sends off."""
    assert seen.quote is not None
    assert seen.option is not None
    wish = Wish(REACHED, HOME, seen.option.option_id, "sandbox", seen.quote.quote_id, BACK)
    return replace(wish, **more)  # type: ignore[arg-type]


def buy(stores: Stores, lines: Sequence[tuple[str, int]], now: datetime = NOW, **more: object) -> Placed:
    """A guest places an order."""
    who = fill(stores, Shopper(), lines, now)
    wish = wish_of(look(stores, who, now), **more)
    return checkout.place_patiently(stores, who, wish, f"key-{next(_KEYS):08}", now)


def pay(stores: Stores, intent: Intent, now: datetime = NOW, ref: str = "") -> Taken:
    """The sandbox tells that an intent was paid."""
    headers, body = charged(stores, intent, now, ref=ref)
    return checkout.notice(stores, "sandbox", headers, body, now)
