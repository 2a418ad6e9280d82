"""Amounts and lines as pages show them, of a basket's quote or of an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shengeng.kernel.errors import Lang
from shengeng.kernel.money import from_minor
from shengeng.storefront.figures import day
from shengeng.storefront.goods import picture
from shengeng.storefront.places import place_line
from shengeng.storefront.words import say
from shengeng.trade.fulfilment.contracts import CARRIERS, DeliveryOption, Shipment
from shengeng.trade.orders.contracts import Detail, EventKind, Line, LineState, Order, OrderRow
from shengeng.trade.pricing.contracts import Quote

# What happened that concerns the buyer; notes and failed tries of the shop's own do not.
TOLD: tuple[EventKind, ...] = (
    "placed", "payment_failed", "paid", "paid_late", "unobtainable", "cancelled", "reduced", "expired",
    "shipped", "refund_promised", "refunded",
)  # fmt: skip
STEPS = ("placed", "paid", "shipped", "delivered")
_REACHED = {"waiting": 1, "checking": 1, "paid": 2, "part": 2, "shipped": 3, "delivered": 4}


@dataclass(frozen=True, slots=True)
class Bill:
    """What something costs. delivery_minor None: not chosen yet; cuts: (name, amount) of each discount."""

    goods_minor: int
    cuts: tuple[tuple[str, int], ...]
    delivery_minor: int | None
    tax_minor: int
    total_minor: int
    tax_inclusive: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a basket or an order. was_minor: before discounts, where there are any."""

    line: str
    title: str
    options: str
    image: str
    path: str
    quantity: int
    unit_minor: int
    total_minor: int
    was_minor: int | None = None
    note: str = ""
    short: int | None = None
    dropped: int = 0
    still_open: int = 0


@dataclass(frozen=True, slots=True)
class Tale:
    """Something that happened, in the reader's words."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shipment in the reader's words. holds: what is in it."""

    number: int
    carrier: str
    tracking_number: str
    holds: str
    tale: tuple[Tale, ...]


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order's page."""

    number: str
    state: str
    bill: Bill
    total_minor: int
    total_major: str
    lines: tuple[ShownLine, ...]
    bar: tuple[tuple[str, bool], ...]
    shipments: tuple[Parcel, ...]
    recipient: str
    place: str
    delivery: str
    tale: tuple[Tale, ...]
    can_pay: bool
    can_cancel: bool
    refunded_minor: int
    refunding_minor: int
    pay_path: str = ""
    cancel_path: str = ""
    receipt_path: str = ""
    reduce_path: str = ""
    key: str = field(default="", repr=False)
    dropped_minor: int = 0
    keep_link: bool = False
    fresh: bool = field(default=False)


def bill_of_quote(quote: Quote, lang: Lang, *, delivery_known: bool) -> Bill:
    """The bill of a basket, with each discount by its name."""
    named: dict[str, int] = {}
    for cut in [*(cut for line in quote.lines for cut in line.cuts), *quote.delivery_cuts]:
        name = cut.name.text(lang)
        named[name] = named.get(name, 0) + cut.amount_minor
    cuts = tuple((name, amount) for name, amount in named.items() if amount)
    delivery = quote.delivery_minor if delivery_known else None
    return Bill(quote.subtotal_minor, cuts, delivery, quote.tax_minor, quote.total_minor, quote.tax_inclusive)


def bill_of_order(order: Order, lang: Lang) -> Bill:
    """The bill of an order; its discounts in one sum, as they were granted then."""
    cuts = ((say(lang, "sum.discount"), order.discount_minor),) if order.discount_minor else ()
    return Bill(
        order.subtotal_minor,
        cuts,
        order.delivery_minor,
        order.tax_minor,
        order.total_minor,
        order.tax_inclusive,
    )


def state_of(seen: Detail | OrderRow, *, returned: bool = False) -> str:
    """Where an order stands, in one word of ours. returned: the buyer comes back from paying."""
    order = seen.order
    if order.state != "placed":
        return order.state
    if seen.states.authorisation == "awaiting":
        return "checking" if returned else "waiting"
    sent = {"partly_shipped": "part", "shipped": "shipped", "delivered": "delivered"}
    return sent.get(seen.states.fulfilment, "paid")


def lines_of(
    lines: Sequence[Line], states: Sequence[LineState], lang: Lang, base: str
) -> tuple[ShownLine, ...]:
    """The lines of an order. base: what stands before a product's path in this language."""
    still_open = {one.line_no: one.still_open for one in states}
    return tuple(
        ShownLine(
            str(line.line_no),
            line.title.text(lang),
            " · ".join(each.text(lang) for each in line.choices),
            picture(line.image),
            f"{base}/p/{line.product_id}",
            line.quantity,
            line.unit_minor,
            line.total_minor,
            line.subtotal_minor if line.discount_minor else None,
            dropped=line.dropped,
            still_open=still_open.get(line.line_no, 0),
        )
        for line in lines
    )


def shown(seen: Detail, lang: Lang, base: str, *, returned: bool = False) -> ShownOrder:
    """An order's page, without the addresses of its forms."""
    order, state, where = seen.order, state_of(seen, returned=returned), seen.order.where
    reached = _REACHED.get(state, 0)
    return ShownOrder(
        order.number,
        state,
        bill_of_order(order, lang),
        order.total_minor,
        str(from_minor(order.total_minor, order.currency)),
        lines_of(order.lines, seen.lines, lang, base),
        tuple((name, at <= reached) for at, name in enumerate(STEPS, 1)) if reached else (),
        tuple(_parcel(one, order, lang) for one in seen.shipments),
        f"{where.recipient} · {_hidden(where.phone)}" if where else "",
        place_line(where) if where else "",
        f"{order.delivery.name.text(lang)} · {days(order.delivery, lang)}",
        tuple(Tale(one.at, say(lang, f"tale.{one.kind}")) for one in seen.events if one.kind in TOLD),
        can_pay=seen.states.can_pay,
        can_cancel=seen.states.can_cancel,
        refunded_minor=seen.money.refunded_minor,
        refunding_minor=seen.money.refunding_minor,
        dropped_minor=order.dropped_minor,
    )


def days(option: DeliveryOption, lang: Lang) -> str:
    """When a delivery arrives, or from when it can be fetched."""
    low, high = day(option.earliest, lang), day(option.latest, lang)
    if option.kind == "pickup":
        return say(lang, "delivery.fetch", low=low)
    return (
        say(lang, "delivery.day", low=low) if low == high else say(lang, "delivery.days", low=low, high=high)
    )


def _parcel(one: Shipment, order: Order, lang: Lang) -> Parcel:
    titles = {line.line_no: line.title.text(lang) for line in order.lines}
    holds = "; ".join(f"{titles.get(piece.line_no, piece.sku)} × {piece.quantity}" for piece in one.pieces)
    carrier = CARRIERS[one.carrier].name if one.carrier in CARRIERS else one.carrier_name
    tale = tuple(
        Tale(each.at, " ".join(part for part in (say(lang, f"parcel.{each.kind}"), each.where) if part))
        for each in one.tracking
    )
    return Parcel(one.number, carrier.text(lang), one.tracking_number, holds, tale)


def _hidden(phone: str) -> str:
    """A phone number of which only its owner knows the rest."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else phone
