"""What a basket comes to now: lines, prices, ways to get it, ways to pay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shengeng.govern.shop import api as shop
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.checkout.api.baskets import basket as basket_of
from shengeng.trade.checkout.contracts import Basket, BasketLine, ShownLine, View
from shengeng.trade.fulfilment.api import TABLE, DeliveryQuotes
from shengeng.trade.fulfilment.contracts import DeliveryAsk, DeliveryOption, Parcel
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Ask, AskLine, Price, Quote, QuoteLine
from shengeng.trade.stock import api as stock

if TYPE_CHECKING:
    from shengeng.trade.catalogue.contracts import Variant

_NOT_SOLD = Words("已下架", "No longer sold")
_NO_PRICE = Words("暂无价格", "Without a price at the moment")


@dataclass(frozen=True, slots=True)
class Goods:
    """What the catalogue and price lists say of a basket's lines, as far as they can be bought."""

    basket: Basket
    shelf: pricing.Shelf

    @property
    def variants(self) -> Mapping[str, Variant]:
        """By sku; unknown ones are left out."""
        return self.shelf.variants

    @property
    def prices(self) -> Mapping[str, Price]:
        """Of one unit, by sku."""
        return self.shelf.prices

    @property
    def lines(self) -> tuple[BasketLine, ...]:
        """The lines that can be priced."""
        return tuple(line for line in self.basket.lines if self.lacks(line.sku) is None)

    @property
    def goods_minor(self) -> int:
        """The lines before discounts, by the price of one."""
        return sum(self.prices[line.sku].unit_minor * line.quantity for line in self.lines)

    def lacks(self, sku: str) -> Words | None:
        """Why a variant cannot be priced."""
        variant = self.variants.get(sku)
        if variant is None or not variant.sellable:
            return _NOT_SOLD
        return None if sku in self.prices else _NO_PRICE


def view(
    uow: UnitOfWork,
    who: Shopper,
    now: datetime,
    *,
    where: Where | None = None,
    option_id: str = "",
    deliveries: DeliveryQuotes = TABLE,
    there: Basket | None = None,
) -> View | None:
    """A basket as it can be shown: prices of this moment, what is left, and, with an address, ways to get
    it. The way that option_id names is chosen, else the first. None without a basket.

    there: their basket, for whoever has it already."""
    there = there or basket_of(uow, who)
    if there is None or not there.lines:
        return None
    goods = look_up(uow, there, who, now)
    options = deliveries.quote(uow, ask_of(uow, goods, where, now), now) if where and goods.lines else ()
    chosen = next((one for one in options if one.option_id == option_id), options[0] if options else None)
    price = quoted(uow, goods, who, chosen, now) if goods.lines else None
    lines = _shown(uow, goods, price)
    fine = chosen is not None and price is not None and all(line.why is None for line in lines)
    providers = tuple(payments.usable(uow, price.currency)) if price else ()
    return View(there, lines, price, options, chosen, providers, fine)


def look_up(uow: UnitOfWork, basket: Basket, who: Shopper, now: datetime) -> Goods:
    """Variants and prices of a basket: three statements."""
    skus = {line.sku for line in basket.lines}
    return Goods(basket, pricing.shelf(uow, basket.channel_id, skus, now, who.tier))


def ask_of(uow: UnitOfWork, goods: Goods, where: Where, now: datetime) -> DeliveryAsk:
    """What delivery is asked: where, what, worth how much before discounts, and from which local day on."""
    profile = shop.find_profile(uow)
    zone = ZoneInfo(profile.timezone if profile else "Asia/Shanghai")
    today = now.astimezone(zone).date()
    parcels = []
    for line in goods.lines:
        one = goods.variants[line.sku]
        parcels.append(Parcel(line.sku, line.quantity, one.weight_g, one.volume_ml, one.cold_chain))
    ready = max((ready_on(goods.variants[line.sku], today) for line in goods.lines), default=today)
    currency = goods.shelf.channel.currency
    return DeliveryAsk(
        where.country, where.region, where.city, tuple(parcels), goods.goods_minor, currency, ready
    )


def ready_on(variant: Variant, today: date) -> date:
    """The day on which a unit ordered today is there."""
    made = today + timedelta(days=variant.lead_days) if variant.supply == "made_to_order" else today
    return max(made, variant.ships_on) if variant.supply == "presale" and variant.ships_on else made


def quoted(
    uow: UnitOfWork, goods: Goods, who: Shopper, option: DeliveryOption | None, now: datetime
) -> Quote:
    """What the lines that can be priced cost now, delivered in a way."""
    there = goods.basket
    ask = Ask(
        there.channel_id,
        tuple(AskLine(line.line_no, line.sku, line.quantity) for line in goods.lines),
        there.codes,
        who.member_id,
        who.tier,
        orders.first_order(uow, who.member_id),
        option.price_minor if option else 0,
    )
    return pricing.quote(uow, ask, now, goods.shelf)


def _shown(uow: UnitOfWork, goods: Goods, price: Quote | None) -> tuple[ShownLine, ...]:
    skus: Collection[str] = {line.sku for line in goods.basket.lines}
    supplies = {sku: goods.variants[sku].supply for sku in skus if sku in goods.variants}
    left = stock.available(uow, skus, supplies)
    costs: dict[int, QuoteLine] = {line.line_no: line for line in price.lines} if price else {}
    return tuple(_line(line, goods, left, costs) for line in goods.basket.lines)


def _line(
    line: BasketLine, goods: Goods, left: Mapping[str, int], costs: Mapping[int, QuoteLine]
) -> ShownLine:
    there = left.get(line.sku, 0)
    why = goods.lacks(line.sku) or _short(line.quantity, there)
    variant = goods.variants.get(line.sku)
    return ShownLine(line.line_no, line.sku, line.quantity, variant, there, costs.get(line.line_no), why)


def _short(quantity: int, left: int) -> Words | None:
    if quantity <= left:
        return None
    if left <= 0:
        return Words("已售罄", "Sold out")
    return Words(f"仅剩 {left} 件", f"Only {left} left")
