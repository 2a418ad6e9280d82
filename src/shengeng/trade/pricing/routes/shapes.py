"""Promotions, baskets and quotes as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shengeng.kernel.words import Words
from shengeng.trade.pricing.contracts import (
    CODES_MOST,
    LINES_MOST,
    PRICE_MOST,
    QUANTITY_MOST,
    WHOLE_BP,
    Ask,
    AskLine,
    Bearers,
    Benefit,
    Floor,
    Kind,
    Limits,
    Promotion,
    PromotionDraft,
    PromotionState,
    Quote,
    Scope,
    Source,
    Tier,
    Trigger,
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Minor = Annotated[int, Field(ge=0, le=PRICE_MOST)]
Bp = Annotated[int, Field(ge=0, le=WHOLE_BP)]
Count = Annotated[int, Field(ge=0, le=10**9)]
Ids = Annotated[list[Id], Field(max_length=500)]
_BODY = ConfigDict(extra="forbid", from_attributes=True)


class BothWords(BaseModel):
    """One text in both languages; what is written in one only is shown in both."""

    model_config = _BODY
    zh: Text = ""
    en: Text = ""


def words(both: BothWords) -> Words:
    """As the shop keeps it."""
    return Words(both.zh, both.en)


class PromotionTier(BaseModel):
    """From at_minor on: off_minor off, or off_bp basis points off."""

    model_config = _BODY
    at_minor: Minor
    off_minor: Minor = 0
    off_bp: Bp = 0


class PromotionBenefit(BaseModel):
    """What a promotion gives; which fields count depends on the kind."""

    model_config = _BODY
    kind: Kind
    bp: Bp = 0
    amount_minor: Minor = 0
    buy: Annotated[int, Field(ge=0, le=1000)] = 0
    get: Annotated[int, Field(ge=0, le=1000)] = 0
    tiers: Annotated[list[PromotionTier], Field(max_length=10)] = []
    repeats: bool = False
    at_minor: Minor = 0
    most_minor: Minor | None = None
    cliff: bool = True


class PromotionScope(BaseModel):
    """Which goods and whose orders; an empty list is no limit."""

    model_config = _BODY
    product_ids: Ids = []
    category_ids: Ids = []
    seller_ids: Ids = []
    tiers: Ids = []
    first_order: bool = False


class PromotionBearers(BaseModel):
    """Who pays for the cut, in basis points that sum to 10,000."""

    model_config = _BODY
    platform_bp: Bp = WHOLE_BP
    seller_bp: Bp = 0
    creator_bp: Bp = 0


class PromotionLimits(BaseModel):
    """Hard limits over all orders; null is no limit."""

    model_config = _BODY
    budget_minor: Annotated[int, Field(ge=0, le=10**12)] | None = None
    uses: Count | None = None
    member_uses: Annotated[int, Field(ge=1, le=10**6)] | None = None


class PromotionBody(BaseModel):
    """A promotion as it is written."""

    model_config = _BODY
    channel_id: Id
    name: BothWords
    benefit: PromotionBenefit
    trigger: Trigger = "automatic"
    scope: PromotionScope = PromotionScope()
    bearers: PromotionBearers = PromotionBearers()
    limits: PromotionLimits = PromotionLimits()
    priority: Annotated[int, Field(ge=0, le=10_000)] = 100
    group: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    stacks: bool = True
    floor: Floor = "cost"
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    code_shown: bool = False

    def draft(self) -> PromotionDraft:
        """As the capability takes it."""
        benefit, scope = self.benefit, self.scope
        tiers = tuple(Tier(**tier.model_dump()) for tier in benefit.tiers)
        lists: dict[str, Any] = {
            name: tuple(dict.fromkeys(ids)) if isinstance(ids, list) else ids
            for name, ids in scope.model_dump().items()
        }
        rest = {"channel_id", "trigger", "priority", "group", "stacks", "floor", "starts_at", "ends_at"}
        rest.add("code_shown")
        return PromotionDraft(
            name=words(self.name),
            benefit=Benefit(**benefit.model_dump(exclude={"tiers"}), tiers=tiers),
            scope=Scope(**lists),
            bearers=Bearers(**self.bearers.model_dump()),
            limits=Limits(**self.limits.model_dump()),
            **self.model_dump(include=rest),
        )


class PromotionSpending(BaseModel):
    """What a promotion has given: held by open orders and redeemed by paid ones."""

    model_config = ConfigDict(from_attributes=True)
    held_minor: int
    redeemed_minor: int
    held_uses: int
    redeemed_uses: int


class PromotionShown(BaseModel):
    """A promotion in its newest version."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    version: int
    state: PromotionState
    draft: PromotionBody
    spent: PromotionSpending
    updated_at: datetime
    updated_by: str

    @classmethod
    def of(cls, found: Promotion) -> PromotionShown:
        """As JSON."""
        return cls.model_validate(found, from_attributes=True)


class PreviewedGoods(BaseModel):
    """One variant by itself, in the fewest units that the promotion asks for."""

    model_config = ConfigDict(from_attributes=True)
    sku: str
    product_id: str
    title: BothWords
    choices: list[BothWords]
    image: str
    quantity: int
    subtotal_minor: int
    cut_minor: int
    wanted_minor: int
    why: BothWords


class PromotionPreview(BaseModel):
    """What a promotion alone would take off goods on sale; counts are of the variants that were looked at.

    lines: those that it takes most off. held_back: a lowest price or the channel's policy lowers the cut.
    """

    model_config = ConfigDict(from_attributes=True)
    products: int
    variants: int
    looked: int
    unpriced: int
    no_cost: int
    held_back: int
    untouched: int
    lines: list[PreviewedGoods]


class StackingPolicy(BaseModel):
    """most_bp: all cuts of the goods of one order together, gifts apart. coupons: codes an order may use."""

    model_config = _BODY
    most_bp: Annotated[int, Field(ge=0, le=9_999)]
    coupons: Annotated[int, Field(ge=0, le=10)]


class BasketLine(BaseModel):
    """So many of one variant."""

    model_config = _BODY
    sku: Id
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MOST)]


class BasketAsked(BaseModel):
    """A basket to price. also: promotions that do not run, reckoned with as if they did.

    policy: the stacking policy to reckon with instead of the channel's own.
    """

    model_config = _BODY
    channel_id: Id = "online"
    lines: Annotated[list[BasketLine], Field(min_length=1, max_length=LINES_MOST)]
    codes: Annotated[
        list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=CODES_MOST)
    ] = []
    member_id: Id | None = None
    tier: Id | None = None
    first_order: bool = False
    delivery_minor: Minor = 0
    also: Annotated[list[UUID], Field(max_length=20)] = []
    policy: StackingPolicy | None = None

    def ask(self) -> Ask:
        """As the capability takes it, lines numbered from 1."""
        lines = tuple(AskLine(i, line.sku, line.quantity) for i, line in enumerate(self.lines, 1))
        rest = self.model_dump(include={"channel_id", "member_id", "tier", "first_order", "delivery_minor"})
        return Ask(lines=lines, codes=tuple(self.codes), **rest)


class QuotedCut(BaseModel):
    """One discount of a line or of the delivery, and who bears it."""

    model_config = ConfigDict(from_attributes=True)
    source: Source
    id: UUID
    name: BothWords
    amount_minor: int
    platform_minor: int
    seller_minor: int
    creator_minor: int


class QuotedLine(BaseModel):
    """A line's money."""

    model_config = ConfigDict(from_attributes=True)
    line_no: int
    sku: str
    quantity: int
    list_unit_minor: int
    unit_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    cuts: list[QuotedCut]


class QuotedStep(BaseModel):
    """What became of one promotion or coupon, and why."""

    model_config = ConfigDict(from_attributes=True)
    source: Source
    id: UUID
    name: BothWords
    applied: bool
    amount_minor: int
    why: BothWords
    code: str | None


class RefusedCodeShown(BaseModel):
    """A code that does nothing here, and why."""

    model_config = ConfigDict(from_attributes=True)
    code: str
    why: BothWords


class Quoted(BaseModel):
    """What a basket costs and why."""

    model_config = ConfigDict(from_attributes=True)
    quote_id: str
    channel_id: str
    currency: str
    tax_inclusive: bool
    lines: list[QuotedLine]
    delivery_minor: int
    delivery_discount_minor: int
    delivery_tax_minor: int
    delivery_cuts: list[QuotedCut]
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    steps: list[QuotedStep]
    refused_codes: list[RefusedCodeShown]

    @classmethod
    def of(cls, quote: Quote) -> Quoted:
        """As JSON."""
        return cls.model_validate(quote, from_attributes=True)
