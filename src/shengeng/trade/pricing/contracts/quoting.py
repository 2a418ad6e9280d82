"""A basket that asks what it costs, and the answer with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shengeng.kernel.words import Words

Source = Literal["promotion", "coupon"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs now; compare_at: the undiscounted price to strike through, if there is one."""

    unit_minor: int
    compare_at_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ListPrice:
    """One price of a variant in some list. base: in the undated list of everybody."""

    base: bool
    min_quantity: int
    unit_minor: int
    compare_at_minor: int | None = None


@dataclass(frozen=True, slots=True)
class AskLine:
    """So many of one variant; two lines may name the same one."""

    line_no: int
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A basket and whose it is. member_id None: a guest. delivery_minor: before any discount."""

    channel_id: str
    lines: tuple[AskLine, ...]
    codes: tuple[str, ...] = ()
    member_id: str | None = None
    tier: str | None = None
    first_order: bool = False
    delivery_minor: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """One discount of one line (or of the delivery); the three bearers' shares sum to the amount.

    id: the promotion; a coupon's cut names the promotion that the coupon opens.
    """

    source: Source
    id: UUID
    name: Words
    amount_minor: int
    platform_minor: int
    seller_minor: int
    creator_minor: int


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line's money: subtotal = unit x quantity; total = subtotal - discount (+ tax where it comes on top).

    list_unit_minor: the price without sale, tier or quantity; tax_minor is part of the total in both kinds
    of market.
    """

    line_no: int
    sku: str
    quantity: int
    list_unit_minor: int
    unit_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one promotion or coupon in this basket, and why; code: the coupon's, as kept."""

    source: Source
    id: UUID
    name: Words
    applied: bool
    amount_minor: int
    why: Words
    code: str | None = None
    coupon_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RefusedCode:
    """A code that does nothing here, and why."""

    code: str
    why: Words


@dataclass(frozen=True, slots=True)
class Quote:
    """What a basket costs. quote_id is the fingerprint of every amount: another id is another price.

    total = the lines' totals + delivery - delivery discount (+ delivery tax where tax comes on top).
    """

    quote_id: str
    channel_id: str
    currency: str
    tax_inclusive: bool
    lines: tuple[QuoteLine, ...]
    delivery_minor: int
    delivery_discount_minor: int
    delivery_tax_minor: int
    delivery_cuts: tuple[Cut, ...]
    tax_minor: int
    total_minor: int
    steps: tuple[Step, ...]
    refused_codes: tuple[RefusedCode, ...] = ()

    @property
    def subtotal_minor(self) -> int:
        """The lines before discounts."""
        return sum(line.subtotal_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        """Every cut of the lines and of the delivery."""
        return sum(line.discount_minor for line in self.lines) + self.delivery_discount_minor
