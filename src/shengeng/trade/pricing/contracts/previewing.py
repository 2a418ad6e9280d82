"""What a promotion would do to the goods it touches, before anybody starts it."""

from __future__ import annotations

from dataclasses import dataclass

from shengeng.kernel.words import Words


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One variant by itself. quantity: the fewest of it that the promotion may apply to.

    wanted_minor: the cut before the lowest price and the channel's policy hold it back.
    """

    sku: str
    product_id: str
    title: Words
    choices: tuple[Words, ...]
    image: str
    quantity: int
    subtotal_minor: int
    cut_minor: int
    wanted_minor: int
    why: Words


@dataclass(frozen=True, slots=True)
class Preview:
    """Goods on sale that a promotion touches: how many, and what it takes off those that were looked at.

    looked: of the variants; unpriced, no_cost, held_back count among these. no_cost: their cost is not known,
    so the lowest price protects them at one minor unit only. untouched: what it takes nothing off. lines: of
    each product the variant with most off, those with most first.
    """

    products: int
    variants: int
    looked: int
    unpriced: int
    no_cost: int
    held_back: int
    untouched: int
    lines: tuple[PreviewLine, ...]
