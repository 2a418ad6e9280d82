"""Orders as their buyers see them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shengeng.kernel.errors import Lang
from shengeng.kernel.words import Words
from shengeng.trade.fulfilment.contracts import DeliveryKind, TrackingKind
from shengeng.trade.orders.contracts import (
    Authorisation,
    Charging,
    Detail,
    EventKind,
    Fulfilling,
    OrderRow,
    OrderState,
    Supply,
)


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class OrderAddress(_Shown):
    """Where an order goes."""

    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    line: str
    postcode: str


class OrderDelivery(_Shown):
    """The way an order goes, as it was shown when it was chosen."""

    option_id: str
    kind: DeliveryKind
    name: Words
    price_minor: int
    earliest: date
    latest: date
    co2e_g: int | None


class OrderStates(_Shown):
    """What follows from an order, its goods and its money; stored is only its state."""

    authorisation: Authorisation
    charge: Charging
    fulfilment: Fulfilling
    can_pay: bool
    can_cancel: bool
    can_reduce: bool
    can_ship: bool


class OrderCut(_Shown):
    """One discount of one line."""

    source: str
    name: Words
    amount_minor: int


class OrderedLine(_Shown):
    """One line as it was bought, with what became of its units. open: neither sent nor given back."""

    line_no: int
    sku: str
    product_id: str
    seller_id: str
    title: Words
    choices: list[Words]
    image: str
    quantity: int
    supply: Supply
    ships_on: date | None
    list_unit_minor: int
    unit_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    cuts: list[OrderCut]
    shipped: int = 0
    returned: int = 0
    open: int = 0


class OrderEvent(_Shown):
    """Something that happened to an order."""

    at: datetime
    kind: EventKind


class ParcelTracking(_Shown):
    """Something that happened to a parcel."""

    at: datetime
    kind: TrackingKind
    where: str
    note: str


class ParcelPiece(_Shown):
    """Units of one line in a parcel."""

    line_no: int
    sku: str
    quantity: int


class OrderParcel(_Shown):
    """One parcel of an order."""

    shipment_id: UUID
    number: int
    carrier: str
    carrier_name: Words
    tracking_number: str
    state: TrackingKind
    shipped_at: datetime
    delivered_at: datetime | None
    pieces: list[ParcelPiece]
    tracking: list[ParcelTracking]


class MyOrderRow(BaseModel):
    """An order in a list. images: of its first lines."""

    order_id: str
    number: str
    state: OrderState
    states: OrderStates
    member_id: str | None
    currency: str
    total_minor: int
    units: int
    placed_at: datetime
    paid_at: datetime | None
    images: list[str]


class MyOrder(BaseModel):
    """An order with everything that is known of it. Money in minor units.

    total = the lines' totals + delivery - delivery discount (+ its tax where tax comes on top).
    """

    order_id: str
    number: str
    state: OrderState
    states: OrderStates
    channel_id: str
    currency: str
    tax_inclusive: bool
    member_id: str | None
    email: str | None
    phone: str | None
    lang: Lang
    address: OrderAddress | None
    delivery: OrderDelivery
    note: str
    lines: list[OrderedLine]
    subtotal_minor: int
    discount_minor: int
    delivery_minor: int
    delivery_discount_minor: int
    tax_minor: int
    total_minor: int
    charged_minor: int
    refunded_minor: int
    refunding_minor: int
    placed_at: datetime
    pay_until: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    why: str
    parcels: list[OrderParcel]
    events: list[OrderEvent]


def row_of(row: OrderRow) -> MyOrderRow:
    """An order in a list."""
    order = row.order
    return MyOrderRow(
        order_id=order.order_id,
        number=order.number,
        state=order.state,
        states=OrderStates.model_validate(row.states),
        member_id=order.member_id,
        currency=order.currency,
        total_minor=order.total_minor,
        units=sum(line.quantity for line in order.lines),
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        images=[line.image for line in order.lines[:5]],
    )


def order_of(seen: Detail) -> MyOrder:
    """An order with everything."""
    order, became = seen.order, {line.line_no: line for line in seen.lines}
    lines = []
    for line in order.lines:
        shown, state = OrderedLine.model_validate(line), became[line.line_no]
        left = {"shipped": state.shipped, "returned": state.returned, "open": state.still_open}
        lines.append(shown.model_copy(update=left))
    return MyOrder(
        order_id=order.order_id,
        number=order.number,
        state=order.state,
        states=OrderStates.model_validate(seen.states),
        channel_id=order.channel_id,
        currency=order.currency,
        tax_inclusive=order.tax_inclusive,
        member_id=order.member_id,
        email=order.contact.email,
        phone=order.contact.phone,
        lang=order.lang,
        address=OrderAddress.model_validate(order.where) if order.where else None,
        delivery=OrderDelivery.model_validate(order.delivery),
        note=order.note,
        lines=lines,
        subtotal_minor=order.subtotal_minor,
        discount_minor=order.discount_minor,
        delivery_minor=order.delivery_minor,
        delivery_discount_minor=order.delivery_discount_minor,
        tax_minor=order.tax_minor,
        total_minor=order.total_minor,
        charged_minor=seen.money.charged_minor,
        refunded_minor=seen.money.refunded_minor,
        refunding_minor=seen.money.refunding_minor,
        placed_at=order.placed_at,
        pay_until=order.pay_until,
        paid_at=order.paid_at,
        ended_at=order.ended_at,
        why=order.why,
        parcels=[OrderParcel.model_validate(one) for one in seen.shipments],
        events=[OrderEvent.model_validate(one) for one in seen.events],
    )
