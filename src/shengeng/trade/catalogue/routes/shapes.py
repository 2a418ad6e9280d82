"""Products as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.kernel.words import Words
from shengeng.trade.catalogue.contracts import (
    ABOUT_LONGEST,
    ATTRIBUTES_MOST,
    ID_LONGEST,
    MEDIA_MOST,
    OPTIONS_MOST,
    TEXT_LONGEST,
    VARIANTS_MOST,
    Attribute,
    Card,
    ColdChain,
    EvidenceKind,
    Picture,
    Product,
    ProductDraft,
    State,
    Supply,
    VariantDraft,
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_LONGEST)]
Key = Annotated[str, StringConstraints(max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LONGEST)]
MediaId = Annotated[str, StringConstraints(max_length=64)]
_BODY = ConfigDict(extra="forbid", from_attributes=True)


class CatalogueWords(BaseModel):
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
    label: CatalogueWords
    value: CatalogueWords
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
    alt: CatalogueWords = Field(default_factory=CatalogueWords)


class ProductVariant(BaseModel):
    """A variant as it is written; choices: one per option of the product, in their order."""

    model_config = _BODY
    sku: Id
    choices: Annotated[list[CatalogueWords], Field(max_length=OPTIONS_MOST)] = []
    cost_minor: Annotated[int, Field(ge=0)] | None = None
    weight_g: int = 0
    volume_ml: int = 0
    cold_chain: ColdChain = "none"
    supply: Supply = "stock"
    ships_on: date | None = None
    lead_days: int = 0
    active: bool = True
    image: MediaId = ""

    def kept(self) -> VariantDraft:
        """As the shop keeps it."""
        told = self.model_dump(exclude={"choices"})
        return VariantDraft(choices=tuple(one.kept() for one in self.choices), **told)


class ProductBody(BaseModel):
    """A product as a whole. version: the one that was looked at, 0 for a product that is new."""

    model_config = _BODY
    version: Annotated[int, Field(ge=0)]
    title: CatalogueWords
    summary: CatalogueWords = Field(default_factory=CatalogueWords)
    about: CatalogueWords = Field(default_factory=CatalogueWords)
    seller_id: Id = "shop"
    category_id: Id | None = None
    brand: Text = ""
    tax_class: Key = "standard"
    state: State = "draft"
    options: Annotated[list[CatalogueWords], Field(max_length=OPTIONS_MOST)] = []
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


class ProductShown(ProductBody):
    """A product as it stands. from_minor: its lowest price online; imported: not edited here yet."""

    model_config = ConfigDict(from_attributes=True)
    product_id: str
    imported: bool
    from_minor: int | None
    created_at: datetime
    changed_at: datetime


class ProductRow(BaseModel):
    """A product in a list."""

    model_config = ConfigDict(from_attributes=True)
    product_id: str
    title: Words
    image: str
    state: State
    sample: bool
    from_minor: int | None
    skus: list[str]
    supply: Supply
    cold_chain: ColdChain
    changed_at: datetime


class ProductRows(BaseModel):
    """One page of products, and how many there are in all."""

    rows: list[ProductRow]
    total: int
    next: str | None


def shown(one: Product) -> ProductShown:
    """A product for the console."""
    same = ("title", "summary", "about", "brand", "tax_class", "state", "options", "attributes", "media")
    more = ("sample", "version", "product_id", "imported", "from_minor", "created_at", "changed_at")
    told = {name: getattr(one, name) for name in (*same, *more)}
    category_id = one.categories[-1].category_id if one.categories else None
    told |= {"variants": one.drafts, "seller_id": one.seller.seller_id, "category_id": category_id}
    return ProductShown.model_validate(told)


def row(card: Card) -> ProductRow:
    """A product of a list."""
    return ProductRow.model_validate(card)
