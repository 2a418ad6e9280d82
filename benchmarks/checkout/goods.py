"""Our shop for the benchmark: plain goods of one seller with stock in one place, and one way of delivery."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from shengeng.govern.shop import api as shops
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ProductDraft, VariantDraft
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.contracts import Rate, Zone
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import PriceSet
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import Entry, Location

PRICE_MINOR, DELIVERY_MINOR = 1_000, 600
_GROW = (
    """insert into catalogue_products (product_id, seller_id, category_id, title_zh, title_en, summary_zh,
      summary_en, about_zh, about_en, brand, tax_class, state, sample, options, attributes, media, tags,
      found_by, from_minor, created_at, changed_at)
    select 'more' || k, seller_id, category_id, title_zh || k, title_en || k, summary_zh, summary_en,
      about_zh,
      about_en, brand, tax_class, state, sample, options, attributes, media, tags, found_by, from_minor,
      created_at, changed_at
    from catalogue_products, generate_series(cast(:first as int), cast(:last as int)) k
    where product_id = 'v0'""",
    """insert into catalogue_variants (sku, product_id, position, choices, cost_minor, weight_g, volume_ml,
      cold_chain, supply, ships_on, lead_days, active, image)
    select 'more' || k, 'more' || k, position, choices, cost_minor, weight_g, volume_ml, cold_chain, supply,
      ships_on, lead_days, active, image
    from catalogue_variants, generate_series(cast(:first as int), cast(:last as int)) k where sku = 'v0'""",
    """insert into prices (sku, list_id, min_quantity, unit_minor)
    select 'more' || k, list_id, min_quantity, unit_minor
    from prices, generate_series(cast(:first as int), cast(:last as int)) k where sku = 'v0'""",
    """insert into stock_levels (sku, location_id, on_hand) select 'more' || k, location_id, on_hand
    from stock_levels, generate_series(cast(:first as int), cast(:last as int)) k where sku = 'v0'""",
)


def fill(stores: Stores, goods: dict[str, int], now: datetime) -> None:
    """The shop, with so many units of each kind of goods."""
    with stores.rows.unit() as uow:
        shops.set_profile(uow, SHELL, now, name="Bench", timezone="Asia/Shanghai", currency="CNY")
        notify = f"{stores.settings.storefront_url}/v1/payments/sandbox/notices"
        payments.set_up_sandbox(uow, stores.settings, now, notify_url=notify)
        stock.put_location(uow, SHELL, Location("store", Words("店", "Shop"), "store"), now)
        fulfilment.put_zones(uow, SHELL, [Zone("china", Words("全国", "China"), "CN")], now)
        name = Words("标准", "Standard")
        rate = Rate("standard", "china", "standard", name, "CNY", DELIVERY_MINOR, 10_000, 0, None, 1, 3)
        fulfilment.put_rates(uow, SHELL, [rate], now)
        for sku, units in goods.items():
            _put(uow, sku, units, now)


def _put(uow: UnitOfWork, sku: str, units: int, now: datetime) -> None:
    draft = ProductDraft(sku, Words(f"商品 {sku}", f"Goods {sku}"), (VariantDraft(sku),), state="listed")
    catalogue.put_product(uow, SHELL, draft, now)
    pricing.set_prices(uow, SHELL, "online", [PriceSet(sku, PRICE_MINOR)], now)
    stock.receive(uow, SHELL, [Entry(sku, "store", units)], now)


def grow(stores: Stores, first: int, last: int) -> None:
    """More goods, copied by the database from the first."""
    with stores.rows.unit() as uow:
        for statement in _GROW:
            uow.conn.execute(sa.text(statement), {"first": first, "last": last})
        uow.conn.execute(sa.text("analyze catalogue_products, catalogue_variants, prices, stock_levels"))
