"""Products as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.kernel.words import Words
from shengeng.trade.catalogue.contracts import (
    ABOUT_LONGEST,
    ID_LONGEST,
    TEXT_LONGEST,
    Card,
    ColdChain,
    State,
    Supply,
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


def row(card: Card) -> ProductRow:
    """A product of a list."""
    return ProductRow.model_validate(card)
