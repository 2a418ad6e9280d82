"""Loading the sample shop: goods, prices, stock, delivery rates and offers, all marked as samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from shengeng.kernel.money import to_minor
from shengeng.kernel.roles import Principal
from shengeng.kernel.words import Words
from shengeng.sample.drawing import draw
from shengeng.sample.goods import Choice, Good, goods
from shengeng.sample.promoting import offer
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import (
    ONLINE,
    Attribute,
    Category,
    Picture,
    ProductDraft,
    VariantDraft,
)
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.contracts import Rate, Zone
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import PriceSet
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import Entry, Location

CATEGORIES = (
    Category("hotpot", None, Words("火锅与食材", "Hot pot"), 1),
    Category("nuts", None, Words("坚果零食", "Nuts & snacks"), 2),
    Category("breakfast", None, Words("早餐与饮品", "Breakfast & drinks"), 3),
    Category("fresh", None, Words("生鲜", "Fresh"), 4),
    Category("clothing", None, Words("服饰鞋帽", "Clothing"), 5),
    Category("out", None, Words("雨具与出行", "Rain & travel"), 6),
    Category("rain", "out", Words("雨具", "Rain"), 1),
    Category("travel", "out", Words("旅行", "Travel"), 2),
    Category("home", None, Words("家居家电", "Home"), 7),
    Category("family", None, Words("母婴宠物", "Baby & pets"), 8),
    Category("baby", "family", Words("母婴", "Baby"), 1),
    Category("pets", "family", Words("宠物", "Pets"), 2),
    Category("care", None, Words("个人护理", "Personal care"), 9),
    Category("active", None, Words("运动与办公", "Sports & work"), 10),
    Category("fitness", "active", Words("运动", "Sports"), 1),
    Category("work", "active", Words("办公", "Work"), 2),
    Category("gifts", None, Words("礼盒", "Gifts"), 11),
)
PRESALE_DAYS = 30
LABELS = {
    "organic": Words("有机", "Organic"),
    "recycled": Words("再生材料", "Recycled material"),
    "carbon": Words("碳中和", "Carbon neutral"),
}
_LABEL = Words("可持续", "Sustainability")
_EVIDENCE = "示例数据，没有证书 · Sample data, there is no certificate"
PLACES = (
    Location("central", Words("中心仓", "Central warehouse"), "central", True, 3),
    Location("forward", Words("前置仓", "Forward warehouse"), "forward", True, 1),
    Location("store", Words("门店", "Store"), "store", True, 2),
)
# What one yuan is in other currencies, roughly: prices of samples, not exchange rates.
_IN = {"CNY": "1", "USD": "0.15", "EUR": "0.14", "GBP": "0.12", "JPY": "22", "HKD": "1.1"}
_FOOD = frozenset({"hotpot", "nuts", "breakfast", "fresh"})
_WEATHER = Words("示例估算，未经核算", "Sample estimate, not calculated")


def load(uow: UnitOfWork, who: Principal, currency: str, now: datetime) -> int:
    """Put the sample shop into the catalogue; returns how many goods came, 0 where they stand already.

    Promotions of an operator wait as drafts: an approver who presses again starts them.
    """
    uow.lock("sample.load")  # of several who press at once, one finds the shop empty
    came = _load(uow, who, currency, now)
    offer(uow, who, lambda yuan: _price(yuan, currency), now)
    return came


def _load(uow: UnitOfWork, who: Principal, currency: str, now: datetime) -> int:
    if catalogue.skus_of(uow, [good.id for good in goods()]):
        return 0
    catalogue.put_categories(uow, who, CATEGORIES, now)
    for before, good in enumerate(
        reversed(goods())
    ):  # those at the head of the table are the first to be shown
        moment = now - timedelta(seconds=before)
        catalogue.put_product(uow, who, _draft(uow, who, good, currency, now), moment)
    prices = [PriceSet(sku, _price(good.yuan, currency)) for good in goods() for sku, _ in good.variants()]
    pricing.set_prices(uow, who, ONLINE, prices, now)
    _stock(uow, who, now)
    _delivery(uow, who, currency, now)
    return len(goods())


def _price(yuan: Decimal, currency: str) -> int:
    """The sample price in the shop's currency, at least one minor unit."""
    return max(1, to_minor(yuan * Decimal(_IN.get(currency, "0.15")), currency))


def _draft(uow: UnitOfWork, who: Principal, good: Good, currency: str, now: datetime) -> ProductDraft:
    pictures = {palette: _picture(uow, who, good, palette, now) for palette in _palettes(good)}
    first = pictures[good.palette]
    cost, presale = _price(good.cost, currency), now.date() + timedelta(days=PRESALE_DAYS)
    variants = tuple(
        VariantDraft(
            sku,
            tuple(one.words for one in chosen),
            cost_minor=cost,
            weight_g=good.weight_g,
            volume_ml=good.volume_ml,
            cold_chain=good.cold,
            supply=good.supply,
            ships_on=presale if good.supply == "presale" else None,
            lead_days=7 if good.supply == "made_to_order" else 0,
            image=_image(chosen, pictures, first),
        )
        for sku, chosen in good.variants()
    )
    every = tuple(Picture(media_id, good.title) for media_id in dict.fromkeys((first, *pictures.values())))
    return ProductDraft(
        good.id,
        good.title,
        variants,
        summary=good.about,
        category_id=good.category,
        tax_class="reduced" if good.category in _FOOD else "standard",
        state="listed",
        options=tuple(option.name for option in good.options),
        attributes=tuple(
            Attribute("label", _LABEL, LABELS[label], label, _EVIDENCE, "sample") for label in good.labels
        ),
        media=every,
        sample=True,
    )


def _palettes(good: Good) -> tuple[str, ...]:
    """The good's own palette, and one for each of its colours."""
    colours = next((option.choices for option in good.options if option.key == "color"), ())
    return tuple(dict.fromkeys((good.palette, *(one.key for one in colours))))


def _picture(uow: UnitOfWork, who: Principal, good: Good, palette: str, now: datetime) -> str:
    return catalogue.add_picture(uow, who, draw(good.drawing, good.emblem, palette, good.title.zh), now)


def _image(chosen: tuple[Choice, ...], pictures: dict[str, str], first: str) -> str:
    return next((pictures[one.key] for one in chosen if one.key in pictures), first)


def _stock(uow: UnitOfWork, who: Principal, now: datetime) -> None:
    """Units in three places; quotas for what is sold before it exists."""
    for place in PLACES:
        stock.put_location(uow, who, place, now)
    entries = []
    for number, good in enumerate(goods()):
        for turn, (sku, _) in enumerate(good.variants()):
            if good.supply != "stock":
                stock.set_quota(uow, who, now, sku=sku, supply=good.supply, quota=60)
                continue
            units = 6 + (number * 7 + turn * 5) % 40
            entries += [Entry(sku, "central", units * 2), Entry(sku, "forward", units)]
            entries += [Entry(sku, "store", units // 3)] if units // 3 else []
    for start in range(0, len(entries), 1000):
        stock.receive(uow, who, entries[start : start + 1000], now, note="示例 · sample")


def _delivery(uow: UnitOfWork, who: Principal, currency: str, now: datetime) -> None:
    fulfilment.put_zones(uow, who, [Zone("cn", Words("全国", "All of China"), "CN")], now)

    def price(yuan: str) -> int:
        return _price(Decimal(yuan), currency)

    plain = Rate(
        "standard",
        "cn",
        "standard",
        Words("标准配送", "Standard delivery"),
        currency,
        base_minor=price("8"),
        first_g=3000,
        per_kg_minor=price("2"),
        free_from_minor=price("99"),
        days_min=2,
        days_max=4,
        cold_chains=("none", "chilled", "frozen"),
        co2e_g=420,
        co2e_source=_WEATHER,
    )
    express = replace(
        plain,
        rate_id="express",
        kind="express",
        name=Words("次日达", "Next day"),
        base_minor=price("18"),
        free_from_minor=None,
        days_min=1,
        days_max=1,
        co2e_g=680,
    )
    greener = replace(
        plain,
        rate_id="greener",
        kind="greener",
        name=Words("绿色慢送", "Slower and greener"),
        base_minor=price("5"),
        days_min=4,
        days_max=7,
        cold_chains=("none",),
        co2e_g=210,
    )
    pickup = replace(
        plain,
        rate_id="pickup",
        kind="pickup",
        name=Words("到店自提", "Fetch in the shop"),
        base_minor=0,
        per_kg_minor=0,
        free_from_minor=None,
        days_min=0,
        days_max=1,
        co2e_g=None,
        co2e_source=None,
        location_id="store",
    )
    fulfilment.put_rates(uow, who, [plain, express, greener, pickup], now)
