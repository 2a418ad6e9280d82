"""What the console shows of the storefront's orders."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shengeng.kernel.errors import Lang
from shengeng.kernel.words import Words
from shengeng.trade.orders.contracts import (
    Authorisation,
    Charging,
    Detail,
    Fulfilling,
    OrderRow,
    OrderState,
    Supply,
)

_ATTRIBUTES = ConfigDict(from_attributes=True)
_OF_LINE = (
    *("line_no", "sku", "product_id", "seller_id", "title", "image", "quantity", "supply"),
    *("ships_on", "list_unit_minor", "unit_minor", "subtotal_minor", "discount_minor", "tax_minor"),
    "total_minor",
)


class ShopOrderStates(BaseModel):
    """What follows from an order, its goods and its money."""

    model_config = _ATTRIBUTES
    authorisation: Authorisation
    charge: Charging
    fulfilment: Fulfilling
    can_pay: bool
    can_cancel: bool
    can_reduce: bool
    can_ship: bool


class ShopOrderRow(BaseModel):
    """An order in the list. recipient: null once its buyer was forgotten."""

    order_id: str
    number: str
    state: OrderState
    placed_at: datetime
    member_id: str | None
    recipient: str | None
    units: int
    currency: str
    total_minor: int
    states: ShopOrderStates

    @classmethod
    def of(cls, row: OrderRow) -> ShopOrderRow:
        """As JSON."""
        order = row.order
        return cls(
            order_id=order.order_id,
            number=order.number,
            state=order.state,
            placed_at=order.placed_at,
            member_id=order.member_id,
            recipient=order.where.recipient if order.where else None,
            units=sum(line.quantity for line in order.lines),
            currency=order.currency,
            total_minor=order.total_minor,
            states=ShopOrderStates.model_validate(row.states),
        )


class ShopOrderList(BaseModel):
    """A page of orders, newest first; total: of all that match."""

    rows: list[ShopOrderRow]
    total: int
    next: str | None


class ShopOrderFigures(BaseModel):
    """Orders placed since a moment: placed, paid, net, which are not the same."""

    model_config = _ATTRIBUTES
    currency: str
    placed: int
    placed_minor: int
    paid: int
    paid_minor: int
    refunded_minor: int
    net_minor: int


class ShopOrderCut(BaseModel):
    """What took something off a line, and who bears it."""

    model_config = _ATTRIBUTES
    source: str
    name: Words
    amount_minor: int
    platform_minor: int
    seller_minor: int
    creator_minor: int


class ShopOrderLine(BaseModel):
    """A line as it was bought, and what became of its units."""

    line_no: int
    sku: str
    product_id: str
    seller_id: str
    title: Words
    options: list[Words]
    image: str
    quantity: int
    shipped: int
    returned: int
    still_open: int
    supply: Supply
    ships_on: date | None
    list_unit_minor: int
    unit_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    cuts: list[ShopOrderCut]


class ShopOrderContact(BaseModel):
    """How the buyer is reached."""

    model_config = _ATTRIBUTES
    email: str | None
    phone: str | None


class ShopOrderWhere(BaseModel):
    """Where it goes."""

    model_config = _ATTRIBUTES
    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    line: str
    postcode: str


class ShopOrderDelivery(BaseModel):
    """How it goes, as it was promised. co2e_g: grams, by its stated source; null where nobody states it."""

    model_config = _ATTRIBUTES
    option_id: str
    name: Words
    kind: str
    earliest: date
    latest: date
    co2e_g: int | None
    co2e_source: Words | None


class ShopOrderMoney(BaseModel):
    """The order's money by the facts: charged, of it refunded, and of it on its way back."""

    model_config = _ATTRIBUTES
    charged_minor: int
    refunded_minor: int
    refunding_minor: int


class ShopOrderPiece(BaseModel):
    """Units of a line in a parcel, and the place they left."""

    model_config = _ATTRIBUTES
    line_no: int
    sku: str
    location_id: str
    quantity: int


class ShopOrderParcel(BaseModel):
    """A parcel of the order."""

    model_config = _ATTRIBUTES
    shipment_id: UUID
    number: int
    carrier: str
    carrier_name: Words
    tracking_number: str
    state: str
    shipped_at: datetime
    delivered_at: datetime | None
    pieces: list[ShopOrderPiece]


class ShopOrderEvent(BaseModel):
    """Something that happened. by: "buyer", "shop", or the operator."""

    model_config = _ATTRIBUTES
    at: datetime
    kind: str
    by: str
    detail: dict[str, str | int | bool | None]


class ShopOrderNote(BaseModel):
    """What somebody of the shop keeps in mind; the buyer never sees it."""

    model_config = _ATTRIBUTES
    at: datetime
    by: str
    text: str


class ShopOrder(BaseModel):
    """An order with everything that is known of it. where: null once its buyer was forgotten; page: where
    its buyer follows and pays it, at the storefront, by their contact."""

    order_id: str
    number: str
    page: str
    state: OrderState
    currency: str
    tax_inclusive: bool
    member_id: str | None
    lang: Lang
    contact: ShopOrderContact
    where: ShopOrderWhere | None
    delivery: ShopOrderDelivery
    note: str
    why: str
    placed_at: datetime
    pay_until: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    subtotal_minor: int
    discount_minor: int
    delivery_minor: int
    delivery_discount_minor: int
    tax_minor: int
    total_minor: int
    states: ShopOrderStates
    lines: list[ShopOrderLine]
    money: ShopOrderMoney
    parcels: list[ShopOrderParcel]
    events: list[ShopOrderEvent]
    notes: list[ShopOrderNote]

    @classmethod
    def of(cls, found: Detail, storefront: str) -> ShopOrder:
        """As JSON."""
        order = found.order
        plain = {name: getattr(order, name) for name in _PLAIN}
        return cls(
            **plain,
            page=f"{storefront}{'/en' if order.lang == 'en' else ''}/order/{order.number}",
            contact=ShopOrderContact.model_validate(order.contact),
            where=ShopOrderWhere.model_validate(order.where) if order.where else None,
            delivery=ShopOrderDelivery.model_validate(order.delivery),
            states=ShopOrderStates.model_validate(found.states),
            lines=_lines(found),
            money=ShopOrderMoney.model_validate(found.money),
            parcels=[ShopOrderParcel.model_validate(one) for one in found.shipments],
            events=[ShopOrderEvent.model_validate(one) for one in found.events],
            notes=[ShopOrderNote.model_validate(one) for one in found.notes],
        )


_PLAIN = (
    *("order_id", "number", "state", "currency", "tax_inclusive", "member_id", "lang", "note", "why"),
    *("placed_at", "pay_until", "paid_at", "ended_at", "subtotal_minor", "discount_minor"),
    *("delivery_minor", "delivery_discount_minor", "tax_minor", "total_minor"),
)


def _lines(found: Detail) -> list[ShopOrderLine]:
    became = {one.line_no: one for one in found.lines}
    return [
        ShopOrderLine(
            **{name: getattr(line, name) for name in _OF_LINE},
            options=list(line.choices),
            cuts=[ShopOrderCut.model_validate(cut) for cut in line.cuts],
            shipped=became[line.line_no].shipped,
            returned=became[line.line_no].returned,
            still_open=became[line.line_no].still_open,
        )
        for line in found.order.lines
    ]
