"""What an order is made of, whoever makes it: lines, contact, what is asked of stock."""

from __future__ import annotations

from shengeng.trade.checkout.api.viewing import Goods
from shengeng.trade.checkout.contracts import NO_CONTACT, NOT_SOLD
from shengeng.trade.orders.contracts import Contact, Line
from shengeng.trade.pricing.contracts import QuoteLine
from shengeng.trade.stock.contracts import Want


def buyable(goods: Goods) -> Goods:
    """Goods of which every line can be bought; refuses the first that is not sold."""
    gone = next((line.sku for line in goods.basket.lines if goods.lacks(line.sku) is not None), None)
    if gone is not None:
        raise NOT_SOLD.error(sku=gone)
    return goods


def line_of(line: QuoteLine, goods: Goods) -> Line:
    """A line as it is bought: names, prices and cuts of this moment."""
    variant = goods.variants[line.sku]
    return Line(
        line_no=line.line_no,
        sku=line.sku,
        product_id=variant.product_id,
        seller_id=variant.seller_id,
        title=variant.title,
        choices=variant.choices,
        image=variant.image,
        quantity=line.quantity,
        supply=variant.supply,
        ships_on=variant.ships_on if variant.supply == "presale" else None,
        list_unit_minor=line.list_unit_minor,
        unit_minor=line.unit_minor,
        subtotal_minor=line.subtotal_minor,
        discount_minor=line.discount_minor,
        tax_minor=line.tax_minor,
        total_minor=line.total_minor,
        cost_minor=variant.cost_minor,
        cuts=line.cuts,
    )


def wants_of(goods: Goods) -> list[Want]:
    """What the lines ask of stock."""
    return [
        Want(line.line_no, line.sku, line.quantity, goods.variants[line.sku].supply) for line in goods.lines
    ]


def contact_of(told: Contact) -> Contact:
    """A contact in its one spelling; refuses one that reaches nobody."""
    mail, phone = (told.email or "").strip().lower(), (told.phone or "").strip()
    if not mail and not phone:
        raise NO_CONTACT.error()
    return Contact(mail[:200] or None, phone[:40] or None)
