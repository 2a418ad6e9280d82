"""One order into rows of the canonical `orders` file, all text: its lines, paid and refunded as told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import from_minor, split, to_minor
from shengeng.sense.orders.contracts import Order, OrderLine

_SHARED = ("store_id", "channel", "campaign_id", "coupon_id", "region", "seller_id")
_LIVE = ("room_id", "video_id", "creator_id", "customer_id")
_AMOUNTS = ("line_total", "unit_price", "list_price", "discount_platform", "discount_seller")
COLUMNS = (
    *("order_id", "ordered_at", "product_id", "quantity", *_AMOUNTS, "discount_creator", "refund_amount"),
    *("status", "paid_at", "cancelled_at", "refunded_at", "currency", *_SHARED, *_LIVE, "attributes"),
)
Row = Mapping[str, str | None]


def rows_of(order: Order, currency: str) -> list[Row]:
    """The order's lines as rows of COLUMNS. currency: the shop's, in which refunds are spread."""
    totals = [_total(line, currency) for line in order.lines]
    refunds = _refunds(order, totals, currency)
    paid_at = order.paid_at or _paid_at(order, sum(totals), currency)
    gone_back = max((refund.refunded_at for refund in order.refunds), default=None)
    shared: dict[str, str | None] = {
        "order_id": order.order_id,
        "ordered_at": _text(order.ordered_at),
        "paid_at": _text(paid_at),
        "currency": order.currency,
        **{name: getattr(order, name) for name in (*_SHARED, *_LIVE)},
    }
    return [
        shared | _line(order, line, refund, gone_back)
        for line, refund in zip(order.lines, refunds, strict=True)
    ]


def _line(
    order: Order, line: OrderLine, refund: Decimal | None, gone_back: datetime | None
) -> dict[str, str | None]:
    """What is the line's own. Refunds say what went back of which line; without them refunded_at says all."""
    back_at = (gone_back if refund else None) if order.refunds else order.refunded_at
    more = order.attributes | line.attributes
    return {
        "product_id": line.product_id,
        "seller_id": line.seller_id or order.seller_id,
        "quantity": str(line.quantity),
        **{name: _amount(getattr(line, name)) for name in (*_AMOUNTS, "discount_creator")},
        "refund_amount": _amount(refund),
        "refunded_at": _text(back_at),
        "status": line.status or order.status,
        "cancelled_at": _text(line.cancelled_at or order.cancelled_at),
        "attributes": json.dumps(more, ensure_ascii=False, sort_keys=True) if more else None,
    }


def path_of(order: Order, place: int, column: str) -> str:
    """Where in the order the value of a row's column was written."""
    line = order.lines[place]
    if column in COLUMNS and hasattr(line, column) and getattr(line, column) is not None:
        return f"lines.{place}.{column}"
    if column in ("product_id", "quantity", "line_total", "unit_price"):
        return f"lines.{place}.{column}"
    return "refunds" if column == "refund_amount" else column


def _total(line: OrderLine, currency: str) -> int:
    """What a line costs in minor units; 0 where it cannot be read, which the checks of its row then say."""
    amount = line.line_total
    if amount is None:
        amount = (line.unit_price or Decimal(0)) * line.quantity
    return _minor(amount, currency)


def _minor(amount: Decimal, currency: str) -> int:
    try:
        return to_minor(amount, currency)
    except ShopError:
        return 0


def _paid_at(order: Order, total: int, currency: str) -> datetime | None:
    """The payment with which the order was paid; a deposit alone pays nothing."""
    came = 0
    for payment in sorted(order.payments, key=lambda payment: payment.paid_at):
        came += _minor(payment.amount, currency)
        if came >= total:
            return payment.paid_at
    return None


def _refunds(order: Order, totals: Sequence[int], currency: str) -> list[Decimal | None]:
    """What went back of each line; what names no line is spread by what the lines cost."""
    told = [_minor(line.refund_amount, currency) if line.refund_amount else 0 for line in order.lines]
    for refund in order.refunds:
        amount = _minor(refund.amount, currency)
        if refund.line is not None and refund.line < len(told):
            told[refund.line] += amount
        else:
            shares = split(amount, [max(total, 0) for total in totals])
            told = [before + share for before, share in zip(told, shares, strict=True)]
    return [
        from_minor(back, currency) if back else line.refund_amount
        for back, line in zip(told, order.lines, strict=True)
    ]


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
