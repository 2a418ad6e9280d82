"""Products with their prices as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.kernel.words import Words
from shengeng.trade.assortment.contracts import NO_PRICE_TO_COMPARE, PRICE_MOST, Price, Priced
from shengeng.trade.catalogue.contracts import (
    ABOUT_LONGEST,
    ATTRIBUTES_MOST,
    ID_LONGEST,
    MEDIA_MOST,
    OPTIONS_MOST,
    TEXT_LONGEST,
    VARIANTS_MOST,
    Attribute,
    ColdChain,
    EvidenceKind,
    Picture,
    ProductDraft,
    State,
    Supply,
    VariantDraft,
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_LONGEST)]
Key = Annotated[str, StringConstraints(max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LONGEST)]
MediaId = Annotated[str, StringConstraints(max_length=64)]
Cost = Annotated[int, Field(ge=1, le=PRICE_MOST)]
_BODY = ConfigDict(extra="forbid", from_attributes=True)
_PRICE = frozenset({"unit_minor", "compare_at_minor"})


class ProductWords(BaseModel):
    """One text in both languages; what is written in one only is shown in both."""

    model_config = _BODY
    zh: Annotated[str, StringConstraints(max_length=ABOUT_LONGEST)] = ""
    en: Annotated[str, StringConstraints(max_length=ABOUT_LONGEST)] = ""

    def kept(self) -> Words:
        """As the shop keeps it."""
        return Words(self.zh.strip(), self.en.strip())


class ProductAttribute(BaseModel):
    """What is said of a product, and what it rests on. code: what filters ask for."""

    model_config = _BODY
    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
    label: ProductWords
    value: ProductWords
    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,60}$")] = ""
    evidence: Annotated[str, StringConstraints(max_length=2000)] = ""
    evidence_kind: EvidenceKind = "none"
    url: Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$", max_length=2000)] = ""

    def kept(self) -> Attribute:
        """As the shop keeps it."""
        return Attribute(
            self.key,
            self.label.kept(),
            self.value.kept(),
            self.code,
            self.evidence,
            self.evidence_kind,
            self.url,
        )


class ProductPicture(BaseModel):
    """A picture of a product."""

    model_config = _BODY
    media_id: MediaId
    alt: ProductWords = Field(default_factory=ProductWords)


class ProductVariant(BaseModel):
    """A variant as it is written; choices: one per option of the product, in their order.

    unit_minor with compare_at_minor: its price in the base list of "online", told as a whole. No unit_minor
    takes the price away; where neither is told it stands.
    """

    model_config = _BODY
    sku: Id
    choices: Annotated[list[ProductWords], Field(max_length=OPTIONS_MOST)] = []
    cost_minor: Annotated[int, Field(ge=0)] | None = None
    weight_g: int = 0
    volume_ml: int = 0
    cold_chain: ColdChain = "none"
    supply: Supply = "stock"
    ships_on: date | None = None
    lead_days: int = 0
    active: bool = True
    image: MediaId = ""
    unit_minor: Cost | None = None
    compare_at_minor: Cost | None = None

    def kept(self) -> VariantDraft:
        """As the shop keeps it, without its price."""
        told = self.model_dump(exclude={"choices", *_PRICE})
        return VariantDraft(choices=tuple(one.kept() for one in self.choices), **told)


class ProductBody(BaseModel):
    """A product as a whole. version: the one that was looked at, 0 for a product that is new."""

    model_config = _BODY
    version: Annotated[int, Field(ge=0)]
    title: ProductWords
    summary: ProductWords = Field(default_factory=ProductWords)
    about: ProductWords = Field(default_factory=ProductWords)
    seller_id: Id = "shop"
    category_id: Id | None = None
    brand: Text = ""
    tax_class: Key = "standard"
    state: State = "draft"
    options: Annotated[list[ProductWords], Field(max_length=OPTIONS_MOST)] = []
    attributes: Annotated[list[ProductAttribute], Field(max_length=ATTRIBUTES_MOST)] = []
    media: Annotated[list[ProductPicture], Field(max_length=MEDIA_MOST)] = []
    variants: Annotated[list[ProductVariant], Field(min_length=1, max_length=VARIANTS_MOST)]
    sample: bool = False

    def draft(self, product_id: str) -> ProductDraft:
        """As the shop keeps it."""
        return ProductDraft(
            product_id,
            self.title.kept(),
            tuple(one.kept() for one in self.variants),
            summary=self.summary.kept(),
            about=self.about.kept(),
            seller_id=self.seller_id,
            category_id=self.category_id,
            brand=self.brand,
            tax_class=self.tax_class,
            state=self.state,
            options=tuple(one.kept() for one in self.options),
            attributes=tuple(one.kept() for one in self.attributes),
            media=tuple(Picture(one.media_id, one.alt.kept()) for one in self.media),
            sample=self.sample,
        )

    def prices(self) -> dict[str, Price | None]:
        """The base prices that are told, by sku."""
        told = [one for one in self.variants if _PRICE & one.model_fields_set]
        for one in told:
            if one.unit_minor is None and one.compare_at_minor is not None:
                raise NO_PRICE_TO_COMPARE.error(sku=one.sku[:80], value=one.compare_at_minor)
        return {
            one.sku: Price(one.unit_minor, one.compare_at_minor) if one.unit_minor else None for one in told
        }


class ProductShown(ProductBody):
    """A product as it stands. from_minor: its lowest price online; imported: not edited here yet."""

    model_config = ConfigDict(from_attributes=True)
    product_id: str
    imported: bool
    from_minor: int | None
    created_at: datetime
    changed_at: datetime


def shown(one: Priced) -> ProductShown:
    """A product for the console."""
    there = one.product
    same = ("title", "summary", "about", "brand", "tax_class", "state", "options", "attributes", "media")
    more = ("sample", "version", "product_id", "imported", "from_minor", "created_at", "changed_at")
    told = {name: getattr(there, name) for name in (*same, *more)}
    category_id = there.categories[-1].category_id if there.categories else None
    told |= {"seller_id": there.seller.seller_id, "category_id": category_id}
    told["variants"] = [_variant(each, one.prices.get(each.sku)) for each in there.drafts]
    return ProductShown.model_validate(told)


def _variant(one: VariantDraft, price: Price | None) -> ProductVariant:
    shown = ProductVariant.model_validate(one)
    told = {name: getattr(price, name) if price else None for name in _PRICE}
    return shown.model_copy(update=told)
