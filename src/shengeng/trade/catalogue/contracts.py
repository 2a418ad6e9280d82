"""What the catalogue publishes and refuses. Money in minor units of the shop's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shengeng.kernel.errors import Refusal
from shengeng.kernel.words import Words

ONLINE = "online"
OWN_SELLER = "shop"
State = Literal["draft", "listed", "archived"]
Supply = Literal["stock", "presale", "made_to_order"]
ColdChain = Literal["none", "chilled", "frozen"]
# Who says that an attribute holds: a sample says nothing about the world.
EvidenceKind = Literal["none", "statement", "certificate", "test", "sample"]
Sort = Literal["relevance", "newest", "price", "-price", "title"]
VARIANTS_MOST, ATTRIBUTES_MOST, MEDIA_MOST, OPTIONS_MOST = 200, 60, 20, 5
TEXT_LONGEST, ABOUT_LONGEST, ID_LONGEST = 200, 20_000, 120
MEDIA_LARGEST = 4 * 1024 * 1024
PAGE_MOST = 200


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells a product on the platform."""

    seller_id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Category:
    """Where goods stand; parent_id None: a department."""

    category_id: str
    parent_id: str | None
    name: Words
    position: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """Where goods are sold: its currency, country and taxes (basis points by tax class)."""

    channel_id: str
    name: Words
    currency: str
    country: str
    tax_inclusive: bool
    tax_rates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that is said of a product, and what it rests on. code: what filters ask for, "" for none."""

    key: str
    label: Words
    value: Words
    code: str = ""
    evidence: str = ""
    evidence_kind: EvidenceKind = "none"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product; media_id is the address under which it is kept."""

    media_id: str
    alt: Words


@dataclass(frozen=True, slots=True)
class Variant:
    """What is put into a basket. choices: one per option of the product, in their order.

    sellable: on sale as far as the catalogue goes; whether there is any, stock knows.
    """

    sku: str
    product_id: str
    seller_id: str
    category_ids: tuple[str, ...]
    title: Words
    choices: tuple[Words, ...]
    tax_class: str
    cost_minor: int | None
    weight_g: int
    volume_ml: int
    cold_chain: ColdChain
    supply: Supply
    ships_on: date | None
    lead_days: int
    sellable: bool
    image: str


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant as somebody writes it; image: a media id, "" for the product's first picture."""

    sku: str
    choices: tuple[Words, ...] = ()
    cost_minor: int | None = None
    weight_g: int = 0
    volume_ml: int = 0
    cold_chain: ColdChain = "none"
    supply: Supply = "stock"
    ships_on: date | None = None
    lead_days: int = 0
    active: bool = True
    image: str = ""


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as somebody writes it."""

    product_id: str
    title: Words
    variants: tuple[VariantDraft, ...]
    summary: Words = field(default_factory=lambda: Words("", ""))
    about: Words = field(default_factory=lambda: Words("", ""))
    seller_id: str = OWN_SELLER
    category_id: str | None = None
    brand: str = ""
    tax_class: str = "standard"
    state: State = "draft"
    options: tuple[Words, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    media: tuple[Picture, ...] = ()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it stands."""

    product_id: str
    seller: Seller
    categories: tuple[Category, ...]  # from the department down
    title: Words
    summary: Words
    about: Words
    brand: str
    tax_class: str
    state: State
    sample: bool
    imported: bool
    version: int
    options: tuple[Words, ...]
    attributes: tuple[Attribute, ...]
    media: tuple[Picture, ...]
    variants: tuple[Variant, ...]
    drafts: tuple[VariantDraft, ...]
    from_minor: int | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list. from_minor: its lowest price in the shop's own channel, None without one."""

    product_id: str
    title: Words
    summary: Words
    image: str
    state: State
    sample: bool
    from_minor: int | None
    skus: tuple[str, ...]
    supply: Supply
    ships_on: date | None
    cold_chain: ColdChain
    attributes: tuple[Attribute, ...]
    changed_at: datetime
    category_id: str | None = None
    seller_id: str = OWN_SELLER


@dataclass(frozen=True, slots=True)
class Browse:
    """Which products, in which order. filters: codes by attribute key, any of them; prices in minor units.

    counted: how many there are in all and by what they can be filtered; rows that show neither do not ask.
    proven: the key of an attribute that they must have with evidence, "" for any goods.
    """

    query: str = ""
    category_id: str | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_low: int | None = None
    price_high: int | None = None
    sort: Sort = "relevance"
    limit: int = 24
    offset: int = 0
    states: tuple[State, ...] = ("listed",)
    priced_only: bool = True
    counted: bool = True
    proven: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that can be filtered by, and how many of the found products have it."""

    key: str
    code: str
    label: Words
    value: Words
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Products that were asked for, how many there are in all, and what they can be filtered by.

    near: nothing is just what was asked, these are like it.
    """

    cards: tuple[Card, ...]
    total: int
    facets: tuple[Facet, ...]
    near: bool = False


NO_PRODUCT = Refusal("no_product", "not_found", en="There is no product {id}.", zh="没有商品 {id}。")
NO_CATEGORY = Refusal("no_category", "not_found", en="There is no category {id}.", zh="没有分类 {id}。")
NO_CHANNEL = Refusal("no_channel", "not_found", en="There is no channel {id}.", zh="没有渠道 {id}。")
NO_SELLER = Refusal("no_seller", "not_found", en="There is no seller {id}.", zh="没有商家 {id}。")
NO_MEDIA = Refusal("no_media", "not_found", en="There is no picture {id}.", zh="没有图片 {id}。")
BAD_PRODUCT = Refusal(
    "bad_product",
    "invalid",
    en="The product cannot be kept: {what} is {value}, it must be {limit}.",
    zh="无法保存商品：{what} 为 {value}，应为 {limit}。",
)
BAD_MEDIA = Refusal(
    "bad_media",
    "invalid",
    en="The picture cannot be kept: {why}. Send a PNG, JPEG, WebP or plain SVG of up to {limit} bytes.",
    zh="无法保存图片：{why}。请上传不超过 {limit} 字节的 PNG、JPEG、WebP 或纯 SVG。",
)
SKU_TAKEN = Refusal(
    "sku_taken",
    "conflict",
    en="The sku {sku} belongs to the product {product} already: choose another.",
    zh="规格编码 {sku} 已属于商品 {product}：请换一个。",
)
STALE_PRODUCT = Refusal(
    "product_changed",
    "conflict",
    en="The product {id} is at version {version}, not {given}: look at it again, then repeat the change.",
    zh="商品 {id} 已是第 {version} 版，而不是第 {given} 版：请重新查看后再修改。",
)
