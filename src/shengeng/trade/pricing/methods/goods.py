"""The lines of a basket with what pricing must know of each, and the offers that may cut them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from shengeng.kernel.words import Words
from shengeng.trade.pricing.contracts import Floor, ListPrice, PromotionDraft


@dataclass(frozen=True, slots=True)
class Good:
    """One line. unit_minor: from the price lists; cost_minor: of a unit, None where it is not known."""

    line_no: int
    sku: str
    quantity: int
    product_id: str
    seller_id: str
    categories: frozenset[str]
    list_unit_minor: int
    unit_minor: int
    cost_minor: int | None
    tax_bp: int

    @property
    def subtotal_minor(self) -> int:
        """Before discounts."""
        return self.unit_minor * self.quantity

    def floor_minor(self, floor: Floor) -> int:
        """What the line must still cost after a cut with that floor; never above what it costs now."""
        if floor == "gift":
            return 0
        unit = max(1, self.cost_minor or 0) if floor == "cost" else 1
        return min(unit * self.quantity, self.subtotal_minor)


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion that may apply. left_minor: of its budget, None without one.

    refused: why it cannot apply to this order whatever is in it (ran out, members only).
    """

    id: UUID
    draft: PromotionDraft
    left_minor: int | None = None
    refused: Words | None = None
    code: str | None = None
    coupon_id: UUID | None = None


def in_order(goods: Iterable[Good]) -> tuple[Good, ...]:
    """The lines in the one order in which they are reckoned, however they were put into the basket."""
    return tuple(sorted(goods, key=lambda good: (good.sku, good.quantity, good.line_no)))


def best_price(found: Sequence[ListPrice], quantity: int) -> tuple[int, int | None] | None:
    """The unit price for so many and the price to compare it with; None without any price.

    The lowest of all lists whose minimum is reached. The comparison is the base list's price of one unit
    where the chosen one is below it, else what the chosen entry states. More units never cost more each.
    """
    reached = [price for price in found if price.min_quantity <= quantity]
    if not reached:
        return None
    chosen = min(reached, key=lambda price: (price.unit_minor, not price.base))
    base = min((p.unit_minor for p in reached if p.base and p.min_quantity == 1), default=chosen.unit_minor)
    if base > chosen.unit_minor:
        return chosen.unit_minor, base
    return chosen.unit_minor, chosen.compare_at_minor


def list_price(found: Sequence[ListPrice], quantity: int) -> int:
    """The base list's price of one unit, or the chosen price where the base list has none or a higher one."""
    best = best_price(found, quantity)
    assert best is not None, "a variant without a price is no good"
    base = min((p.unit_minor for p in found if p.base and p.min_quantity == 1), default=best[0])
    return max(base, best[0])
