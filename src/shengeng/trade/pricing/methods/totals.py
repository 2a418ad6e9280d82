"""Lines, tax and totals of a basket after its discounts; every sum is exact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from shengeng.trade.pricing.contracts import WHOLE_BP, Cut, Quote, QuoteLine, RefusedCode
from shengeng.trade.pricing.methods.goods import Good
from shengeng.trade.pricing.methods.stacking import Applied


@dataclass(frozen=True, slots=True)
class Market:
    """A channel as totals see it. delivery_tax_bp: the rate of the delivery fee."""

    channel_id: str
    currency: str
    tax_inclusive: bool
    delivery_tax_bp: int


def total_up(
    market: Market,
    goods: Sequence[Good],
    applied: Applied,
    delivery_minor: int,
    refused: Sequence[RefusedCode] = (),
) -> Quote:
    """The quote of a basket whose cuts are known; lines in the order of their numbers.

    Tax is taken of each line after its discounts, rounded half up to whole minor units, and of the delivery.
    """
    assert len(goods) == len(applied.left) == len(applied.cuts)
    lines = sorted(
        (
            _line(market, good, left, applied.cuts[i])
            for i, (good, left) in enumerate(zip(goods, applied.left, strict=True))
        ),
        key=lambda line: line.line_no,
    )
    delivery_tax = tax(applied.delivery_left, market.delivery_tax_bp, inclusive=market.tax_inclusive)
    on_top = 0 if market.tax_inclusive else delivery_tax
    total = sum(line.total_minor for line in lines) + applied.delivery_left + on_top
    quote = Quote(
        quote_id=_fingerprint(market, lines, applied, total),
        channel_id=market.channel_id,
        currency=market.currency,
        tax_inclusive=market.tax_inclusive,
        lines=tuple(lines),
        delivery_minor=delivery_minor,
        delivery_discount_minor=delivery_minor - applied.delivery_left,
        delivery_tax_minor=delivery_tax,
        delivery_cuts=applied.delivery_cuts,
        tax_minor=sum(line.tax_minor for line in lines) + delivery_tax,
        total_minor=total,
        steps=applied.steps,
        refused_codes=tuple(refused),
    )
    assert min((line.total_minor for line in lines), default=0) >= 0, quote
    return quote


def tax(amount_minor: int, rate_bp: int, *, inclusive: bool) -> int:
    """The tax in (inclusive) or on top of (exclusive) an amount, half up to whole minor units."""
    assert amount_minor >= 0, amount_minor
    of = WHOLE_BP + rate_bp if inclusive else WHOLE_BP
    return (2 * amount_minor * rate_bp + of) // (2 * of)


def _line(market: Market, good: Good, left: int, cuts: tuple[Cut, ...]) -> QuoteLine:
    taxed = tax(left, good.tax_bp, inclusive=market.tax_inclusive)
    return QuoteLine(
        line_no=good.line_no,
        sku=good.sku,
        quantity=good.quantity,
        list_unit_minor=good.list_unit_minor,
        unit_minor=good.unit_minor,
        subtotal_minor=good.subtotal_minor,
        discount_minor=good.subtotal_minor - left,
        tax_minor=taxed,
        total_minor=left if market.tax_inclusive else left + taxed,
        cuts=cuts,
    )


def _fingerprint(market: Market, lines: Sequence[QuoteLine], applied: Applied, total: int) -> str:
    """The same goods at the same amounts by the same promotions are the same quote."""
    told = [
        market.channel_id,
        market.currency,
        [[line.sku, line.quantity, line.unit_minor, line.tax_minor, line.total_minor] for line in lines],
        sorted(
            [str(step.id), step.amount_minor, str(step.coupon_id)] for step in applied.steps if step.applied
        ),
        applied.delivery_left,
        total,
    ]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()[:32]
