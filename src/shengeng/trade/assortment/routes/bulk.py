"""/v1/trade/products/category and prices: acts on many products at once."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import Now, Operator, Speaks, Unit
from shengeng.kernel.errors import Lang
from shengeng.kernel.words import Words
from shengeng.trade.assortment import api
from shengeng.trade.assortment.contracts import (
    PRICE_MOST,
    SELECTED_MOST,
    ChangeKind,
    CompareAt,
    Nearest,
    PriceLook,
    Repricing,
    Rounding,
)
from shengeng.trade.assortment.routes.door import router
from shengeng.trade.assortment.routes.shapes import Id

Ids = Annotated[list[Id], Field(min_length=1, max_length=SELECTED_MOST)]
_FORBID = ConfigDict(extra="forbid")


class ProductsInto(BaseModel):
    """Products and the category into which they go; null: into none."""

    model_config = _FORBID
    product_ids: Ids
    category_id: Id | None


class ProductsPut(BaseModel):
    """How many were in another category before."""

    moved: int


class PriceRounding(BaseModel):
    """Prices become multiples of step_minor less less_minor: 100 less 1 ends in .99."""

    model_config = _FORBID
    step_minor: Annotated[int, Field(ge=1, le=10**8)] = 1
    less_minor: Annotated[int, Field(ge=0, le=10**8)] = 0
    to: Nearest = "nearest"


class PriceChange(BaseModel):
    """How base prices change. percent: by bp; amount: by minor; set: to minor."""

    model_config = _FORBID
    product_ids: Ids
    kind: ChangeKind
    bp: Annotated[int, Field(ge=-10_000, le=100_000)] = 0
    minor: Annotated[int, Field(ge=-PRICE_MOST, le=PRICE_MOST)] = 0
    rounding: PriceRounding = PriceRounding()
    compare_at: CompareAt = "keep"

    def kept(self) -> Repricing:
        """As pricing reads it."""
        rounding = Rounding(**self.rounding.model_dump())
        return Repricing(self.kind, self.bp, self.minor, rounding, self.compare_at)


class PriceChangeSeen(PriceChange):
    """The same, as it was looked at."""

    seen: Annotated[str, StringConstraints(min_length=64, max_length=64)]


class RepricedVariant(BaseModel):
    """A variant and its price before and after; after null: it stays, note says why."""

    product_id: str
    sku: str
    title: Words
    choices: list[Words]
    before_minor: int | None
    before_compare_at_minor: int | None
    after_minor: int | None
    after_compare_at_minor: int | None
    note: str | None


class PriceChangeLook(BaseModel):
    """Every variant of these products. changed: how many get another price; seen: to do it."""

    rows: list[RepricedVariant]
    changed: int
    seen: str


@router.post("/products/category")
def put_products_into(body: ProductsInto, who: Operator, uow: Unit, now: Now) -> ProductsPut:
    """Put products into a category, or into none."""
    return ProductsPut(moved=api.move_to_category(uow, who, body.product_ids, body.category_id, now))


@router.post("/products/prices/preview")
def preview_product_prices(body: PriceChange, _: Operator, uow: Unit, lang: Speaks) -> PriceChangeLook:
    """What a change would make of the base prices of some products; writes nothing."""
    return _shown(api.look_at_prices(uow, body.product_ids, body.kept()), lang)


@router.post("/products/prices")
def change_product_prices(
    body: PriceChangeSeen, who: Operator, uow: Unit, now: Now, lang: Speaks
) -> PriceChangeLook:
    """Change base prices just as they were looked at, or nothing."""
    return _shown(api.set_prices(uow, who, body.product_ids, body.kept(), now, seen=body.seen), lang)


def _shown(found: PriceLook, lang: Lang) -> PriceChangeLook:
    rows = [
        RepricedVariant(
            product_id=one.product_id,
            sku=one.sku,
            title=one.title,
            choices=list(one.choices),
            before_minor=one.before.unit_minor if one.before else None,
            before_compare_at_minor=one.before.compare_at_minor if one.before else None,
            after_minor=one.after.unit_minor if one.after else None,
            after_compare_at_minor=one.after.compare_at_minor if one.after else None,
            note=one.why.text(lang) if one.why else None,
        )
        for one in found.rows
    ]
    changed = sum(one.after is not None and one.after != one.before for one in found.rows)
    return PriceChangeLook(rows=rows, changed=changed, seen=found.seen)
