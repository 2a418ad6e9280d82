"""Promotions, the stacking policy and price lists as people write them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from shengeng.kernel.words import Words

Kind = Literal["percent", "amount", "fixed_price", "buy_get", "threshold", "free_delivery"]
Trigger = Literal["automatic", "coupon"]
Floor = Literal["cost", "paid", "gift"]
PromotionState = Literal["draft", "live", "paused", "ended"]
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Tier:
    """From at_minor on: off_minor off, or off_bp basis points off."""

    at_minor: int
    off_minor: int = 0
    off_bp: int = 0


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a promotion gives.

    percent: bp off. amount: amount_minor off once. fixed_price: a unit costs amount_minor.
    buy_get: of each buy + get units the get cheapest are bp off. threshold: tiers over what is left to pay of
    the goods in scope (repeats: the one tier again for each multiple). free_delivery: from at_minor on.
    most_minor: cap of the whole cut in one order. cliff: a basket that just reaches a threshold may cost less
    than one that just misses it; without it the cut grows with what is above the threshold.
    """

    kind: Kind
    bp: int = 0
    amount_minor: int = 0
    buy: int = 0
    get: int = 0
    tiers: tuple[Tier, ...] = ()
    repeats: bool = False
    at_minor: int = 0
    most_minor: int | None = None
    cliff: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """Which goods and whose orders; an empty tuple is no limit, several given ones all hold."""

    product_ids: tuple[str, ...] = ()
    category_ids: tuple[str, ...] = ()
    seller_ids: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    first_order: bool = False

    def covers(self, product_id: str, category_ids: Collection[str], seller_id: str) -> bool:
        """Whether goods are in it; whose order it is stands apart."""
        return (
            (not self.product_ids or product_id in self.product_ids)
            and (not self.category_ids or not frozenset(self.category_ids).isdisjoint(category_ids))
            and (not self.seller_ids or seller_id in self.seller_ids)
        )


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who pays for the cut, in basis points that sum to 10,000."""

    platform_bp: int = WHOLE_BP
    seller_bp: int = 0
    creator_bp: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits over all orders; None is no limit. member_uses: only members can be counted."""

    budget_minor: int | None = None
    uses: int | None = None
    member_uses: int | None = None


@dataclass(frozen=True, slots=True)
class PromotionDraft:
    """A promotion as it is written.

    priority: small ones apply first, each to what those before it have left. group: of one exclusive group
    the one that gives most applies. stacks False: it applies alone or not at all, whichever costs less.
    floor: "cost" never sells below cost, "paid" may but nothing becomes free, "gift" may make goods free.
    code_shown: the shop shows the shared code of this coupon to everybody who comes by.
    """

    channel_id: str
    name: Words
    benefit: Benefit
    trigger: Trigger = "automatic"
    scope: Scope = field(default_factory=Scope)
    bearers: Bearers = field(default_factory=Bearers)
    limits: Limits = field(default_factory=Limits)
    priority: int = 100
    group: str = ""
    stacks: bool = True
    floor: Floor = "cost"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    code_shown: bool = False


@dataclass(frozen=True, slots=True)
class Announced:
    """A promotion as shoppers are told of it. code: the coupon's code that opens it, None without one."""

    promotion_id: UUID
    name: Words
    benefit: Benefit
    scope: Scope
    code: str | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a promotion has given: held by open orders, and redeemed by paid ones."""

    held_minor: int = 0
    redeemed_minor: int = 0
    held_uses: int = 0
    redeemed_uses: int = 0

    @property
    def minor(self) -> int:
        """Held and redeemed money."""
        return self.held_minor + self.redeemed_minor

    @property
    def uses(self) -> int:
        """Held and redeemed uses."""
        return self.held_uses + self.redeemed_uses


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion of the shop in its newest version, with what it has spent."""

    id: UUID
    version: int
    state: PromotionState
    draft: PromotionDraft
    spent: Spent
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for every order of a channel, whatever promotions say.

    most_bp: all cuts of the goods together, gifts apart, in basis points of their prices.
    coupons: codes that one order may use.
    """

    most_bp: int = 8_000
    coupons: int = 1


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of a channel. tier: whose (None: everybody's); starts_at, ends_at: when (None: open)."""

    id: UUID
    channel_id: str
    name: Words
    tier: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    prices: int = 0

    @property
    def base(self) -> bool:
        """Whether it is the undated price list of everybody."""
        return self.tier is None and self.starts_at is None and self.ends_at is None


@dataclass(frozen=True, slots=True)
class PriceSet:
    """One price to set; from min_quantity of the variant in a basket on."""

    sku: str
    unit_minor: int
    compare_at_minor: int | None = None
    min_quantity: int = 1
