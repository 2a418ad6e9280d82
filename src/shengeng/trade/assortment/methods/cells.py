"""The columns of a table of products, one row a variant, and what stands in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from shengeng.kernel.money import digits, from_minor
from shengeng.kernel.sheets import Column
from shengeng.kernel.words import Words
from shengeng.trade.assortment.contracts import Kept, Price
from shengeng.trade.catalogue.contracts import OPTIONS_MOST, ProductDraft, VariantDraft

PRODUCT = (
    Column("title_zh", "中文名称", "Title (zh)"),
    Column("title_en", "英文名称", "Title (en)"),
    Column("state", "状态", "State"),
    Column("category_id", "分类编号", "Category"),
    Column("brand", "品牌", "Brand"),
    Column("seller_id", "商家编号", "Seller"),
    Column("tax_class", "税类", "Tax class"),
    Column("summary_zh", "中文摘要", "Summary (zh)"),
    Column("summary_en", "英文摘要", "Summary (en)"),
    Column("about_zh", "中文介绍", "About (zh)"),
    Column("about_en", "英文介绍", "About (en)"),
    Column("attributes", "属性", "Attributes"),
    Column("media", "图片编号", "Pictures"),
)
OPTIONS = tuple(
    Column(f"option{n}_{lang}", f"选项{n}（{zh}）", f"Option {n} ({lang})")
    for n in range(1, OPTIONS_MOST + 1)
    for lang, zh in (("zh", "中文"), ("en", "英文"))
)
CHOICES = tuple(
    Column(f"choice{n}_{lang}", f"取值{n}（{zh}）", f"Choice {n} ({lang})")
    for n in range(1, OPTIONS_MOST + 1)
    for lang, zh in (("zh", "中文"), ("en", "英文"))
)
VARIANT = (
    Column("price", "价格", "Price"),
    Column("compare_at", "划线价", "Compare-at price"),
    Column("cost", "成本", "Cost"),
    Column("supply", "供货方式", "Supply"),
    Column("ships_on", "发货日期", "Ships on"),
    Column("lead_days", "制作天数", "Lead days"),
    Column("cold_chain", "冷链", "Cold chain"),
    Column("weight_g", "重量（克）", "Weight (g)"),
    Column("volume_ml", "体积（毫升）", "Volume (ml)"),
    Column("active", "在用", "Active"),
    Column("image", "规格图片", "Variant picture"),
)
ID = Column("product_id", "商品编号", "Product ID")
SKU = Column("sku", "规格编码", "SKU")
ON_HAND = Column("on_hand", "现有库存（只读）", "On hand (read only)")
COLUMNS = (ID, SKU, *PRODUCT, *OPTIONS, *CHOICES, *VARIANT, ON_HAND)
OF_PRODUCT = frozenset(column.key for column in (*PRODUCT, *OPTIONS))
_TEXTS = ("title", "summary", "about")
_PLAIN = ("state", "brand", "seller_id", "tax_class")


def columns_of(drafts: Sequence[ProductDraft]) -> list[Column]:
    """The columns that these products need: no more options than the one with the most has, at least one."""
    most = 2 * max((1, *(len(one.options) for one in drafts)))
    return [ID, SKU, *PRODUCT, *OPTIONS[:most], *CHOICES[:most], *VARIANT, ON_HAND]


def cells_of(kept: Kept, currency: str) -> list[dict[str, str]]:
    """The cells of a product's variants, in their order; the product's own stand in each row."""
    own = product_cells(kept.draft)
    return [
        own | variant_cells(one, kept.prices.get(one.sku), currency) | {"product_id": kept.draft.product_id}
        for one in kept.draft.variants
    ]


def product_cells(draft: ProductDraft) -> dict[str, str]:
    """What is said of a product as cells."""
    cells = {
        f"{name}_{lang}": getattr(getattr(draft, name), lang) for name in _TEXTS for lang in ("zh", "en")
    }
    cells |= {name: getattr(draft, name) for name in _PLAIN}
    cells["category_id"] = draft.category_id or ""
    cells["attributes"] = _json([asdict(one) for one in draft.attributes])
    cells["media"] = " ".join(one.media_id for one in draft.media)
    return cells | _numbered("option", draft.options)


def variant_cells(one: VariantDraft, price: Price | None, currency: str) -> dict[str, str]:
    """A variant and its base price as cells."""
    cells = {name: str(getattr(one, name)) for name in ("sku", "supply", "cold_chain", "image")}
    cells |= {name: str(getattr(one, name)) for name in ("lead_days", "weight_g", "volume_ml")}
    cells["price"] = _money(price.unit_minor if price else None, currency)
    cells["compare_at"] = _money(price.compare_at_minor if price else None, currency)
    cells["cost"] = _money(one.cost_minor, currency)
    cells["ships_on"] = one.ships_on.isoformat() if one.ships_on else ""
    cells["active"] = "yes" if one.active else "no"
    return cells | _numbered("choice", one.choices)


def _numbered(name: str, every: Sequence[Words]) -> dict[str, str]:
    return {
        f"{name}{n}_{lang}": getattr(one, lang) for n, one in enumerate(every, 1) for lang in ("zh", "en")
    }


def _money(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{from_minor(minor, currency):.{digits(currency)}f}"


def _json(every: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(every, ensure_ascii=False) if every else ""
