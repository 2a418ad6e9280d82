"""An order of our own storefront as a version of the edge's kind."""

from __future__ import annotations

from decimal import Decimal

from shengeng.kernel.money import from_minor, split
from shengeng.sense.orders.contracts import Order, OrderLine, Payment, Refund
from shengeng.trade.orders.contracts import SOURCE, Line
from shengeng.trade.orders.contracts import Order as ShopOrder


def version_of(order: ShopOrder) -> Order:
    """What the facts are told of an order: goods by product (the variant in the attributes), each line's
    seller, money that came and went. What delivery costs is not goods; it stands in the attributes, and of
    what is refunded only what is more than delivery falls on the lines. Units that were taken out of the
    order before they were sent, and their money, are not in the lines; a line without any is cancelled."""
    standing = [line.standing_minor(line.total_minor) for line in order.lines]
    return Order(
        order_id=order.number,
        version=order.version,
        ordered_at=order.placed_at,
        source=SOURCE,
        currency=order.currency,
        status=order.state,
        paid_at=order.paid_at,
        cancelled_at=order.ended_at if order.state != "placed" else None,
        payments=_payments(order),
        refunds=_refunds(order, standing),
        customer_id=order.member_id,
        phone=order.contact.phone,
        email=order.contact.email,
        anonymous_id=order.anonymous_id,
        channel=order.channel_id,
        region=(order.where.region or None) if order.where else None,
        attributes={"delivery_minor": str(order.delivery_minor - order.delivery_discount_minor)},
        lines=[_line(line, order) for line in order.lines],
    )


def _line(line: Line, order: ShopOrder) -> OrderLine:
    gone = line.dropped == line.quantity

    def amount(minor: int) -> Decimal:
        return from_minor(minor if gone else line.standing_minor(minor), order.currency)

    return OrderLine(
        product_id=line.product_id,
        quantity=line.quantity if gone else line.quantity - line.dropped,
        line_total=amount(line.total_minor),
        list_price=from_minor(line.list_unit_minor, order.currency),
        discount_platform=amount(sum(cut.platform_minor for cut in line.cuts)),
        discount_seller=amount(sum(cut.seller_minor for cut in line.cuts)),
        discount_creator=amount(sum(cut.creator_minor for cut in line.cuts)),
        status="cancelled" if gone else None,
        cancelled_at=line.dropped_at if gone else None,
        seller_id=line.seller_id,
        attributes={"sku": line.sku, "supply": line.supply},
    )


def _payments(order: ShopOrder) -> list[Payment]:
    if order.paid_at is None or not order.charged_minor:
        return []
    return [Payment(paid_at=order.paid_at, amount=from_minor(order.charged_minor, order.currency))]


def _refunds(order: ShopOrder, standing: list[int]) -> list[Refund]:
    """What went back for goods that stand, spread over the lines by what they cost; never more than that."""
    back = min(max(0, order.refunded_minor - order.dropped_minor), sum(standing))
    if not back or order.paid_at is None:
        return []
    return [
        Refund(refunded_at=order.changed_at, amount=from_minor(share, order.currency), line=place)
        for place, share in enumerate(split(back, standing))
        if share
    ]
