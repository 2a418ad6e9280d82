"""What orders publish and refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shengeng.kernel.errors import Lang, Refusal
from shengeng.kernel.words import Words
from shengeng.trade.fulfilment.contracts import DeliveryOption, Shipment
from shengeng.trade.members.contracts import Where
from shengeng.trade.payments.contracts.values import Money
from shengeng.trade.pricing.contracts import Cut, Step

# A draft is written by an operator and nobody else sees it: it holds nothing until it is placed.
OrderState = Literal["draft", "placed", "cancelled", "expired"]
Authorisation = Literal["free", "awaiting", "authorised", "void"]
Charging = Literal["none", "charged", "refunding", "partly_refunded", "refunded"]
Fulfilling = Literal["none", "unshipped", "partly_shipped", "shipped", "delivered"]
EventKind = Literal[
    "placed",
    "payment_failed",
    "paid",
    "paid_late",
    "unobtainable",
    "cancelled",
    "reduced",
    "expired",
    "shipped",
    "refund_promised",
    "refunded",
]
Supply = Literal["stock", "presale", "made_to_order"]
EXPIRE_TASK = "trade.expire"
SOURCE = "storefront"
REASON_LONGEST, NOTE_LONGEST, NOTES_MOST = 300, 1_000, 200
KEY_SHORTEST, KEY_LONGEST = 8, 60
# No letter or figure that is mistaken for another; 12 of 30 are 58 bits.
NUMBER_SIGNS, NUMBER_LENGTH = "23456789ABCDEFGHJKMNPQRSTVWXYZ", 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was bought: names, prices and cuts of that moment. Money in minor units.

    total = subtotal - discount (+ tax where it comes on top); cuts sum to the discount. dropped: units that
    were taken back out of the order before they were sent; the amounts stay those of the whole line.
    """

    line_no: int
    sku: str
    product_id: str
    seller_id: str
    title: Words
    choices: tuple[Words, ...]
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
    cost_minor: int | None
    cuts: tuple[Cut, ...] = ()
    dropped: int = 0
    dropped_at: datetime | None = None

    def of_first(self, units: int, amount_minor: int) -> int:
        """What falls on the first units of one of the line's amounts. Spread over all units by largest
        remainder, the first ones bear what does not divide; so parts sum to the whole, however they come."""
        each, more = divmod(amount_minor, self.quantity)
        return each * units + min(units, more)

    def standing_minor(self, amount_minor: int) -> int:
        """What of one of the line's amounts falls on the units that were not taken back."""
        return amount_minor - self.of_first(self.dropped, amount_minor)


@dataclass(frozen=True, slots=True)
class Contact:
    """How a buyer is reached; at least one of them."""

    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands. pay_until: when it expires unpaid; charged, refunded: what has come and gone;
    dropped: what units taken back out of it had come to.

    total = the lines' totals + delivery - delivery discount (+ the tax of delivery where it comes on top).
    """

    order_id: str
    number: str
    state: OrderState
    version: int
    channel_id: str
    currency: str
    tax_inclusive: bool
    member_id: str | None
    contact: Contact
    lang: Lang
    where: Where | None
    delivery: DeliveryOption
    note: str
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    delivery_minor: int
    delivery_discount_minor: int
    tax_minor: int
    total_minor: int
    placed_at: datetime
    changed_at: datetime
    pay_until: datetime
    anonymous_id: str | None = None
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    why: str = ""
    charged_minor: int = 0
    refunded_minor: int = 0
    dropped_minor: int = 0
    secret_digest: bytes | None = field(default=None, repr=False)

    @property
    def subtotal_minor(self) -> int:
        """The lines before discounts."""
        return sum(line.subtotal_minor for line in self.lines)

    @property
    def fetched_at(self) -> tuple[str, ...]:
        """The place where its buyer fetches it, if they do."""
        return (self.delivery.location_id,) if self.delivery.location_id else ()

    @property
    def discount_minor(self) -> int:
        """Every cut of lines and delivery."""
        return sum(line.discount_minor for line in self.lines) + self.delivery_discount_minor


@dataclass(frozen=True, slots=True)
class LineState:
    """What became of a line's units; still_open: neither sent nor given back."""

    line_no: int
    sku: str
    quantity: int
    shipped: int
    returned: int
    still_open: int


@dataclass(frozen=True, slots=True)
class States:
    """What follows from the order, its goods and its money."""

    authorisation: Authorisation
    charge: Charging
    fulfilment: Fulfilling
    can_pay: bool
    can_cancel: bool
    can_reduce: bool
    can_ship: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order. by: "buyer", "shop", or the operator."""

    at: datetime
    kind: EventKind
    by: str
    detail: Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the shop keeps in mind about an order; its buyer never sees it."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """An order with everything that is known of it."""

    order: Order
    states: States
    lines: tuple[LineState, ...]
    money: Money
    shipments: tuple[Shipment, ...]
    events: tuple[Event, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list, with its derived states."""

    order: Order
    states: States


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders, newest first; total: of all that match; more: whether another page follows."""

    rows: tuple[OrderRow, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """A time's orders: how many were placed and paid, and what they come to. net = paid - refunded."""

    currency: str
    placed: int
    placed_minor: int
    paid: int
    paid_minor: int
    refunded_minor: int

    @property
    def net_minor(self) -> int:
        """What was paid and has not gone back."""
        return self.paid_minor - self.refunded_minor


NO_ORDER = Refusal(
    "no_shop_order",
    "not_found",
    en="There is no order {number} that you may see: check the number and the phone or e-mail address.",
    zh="没有您可以查看的订单 {number}：请核对订单号和手机号或邮箱。",
)
TOO_MANY_LOOKS = Refusal(
    "too_many_looks",
    "throttled",
    en="Too many wrong answers: wait {retry_seconds} seconds, then check the number and the contact.",
    zh="核对失败次数过多：请等待 {retry_seconds} 秒，再核对订单号和联系方式。",
)
NOT_PLACED = Refusal(
    "order_over",
    "conflict",
    en="Order {number} is {state} already.",
    zh="订单 {number} 的状态已是 {state}。",
)
SHIPPED_ALREADY = Refusal(
    "order_shipped",
    "refused",
    en="Goods of order {number} have left already: it cannot be cancelled any more, send them back instead.",
    zh="订单 {number} 的商品已经发出：不能再取消，请改为退货。",
)
NOT_REDUCED_UNPAID = Refusal(
    "order_unpaid_whole",
    "refused",
    en="Order {number} is not paid: nothing of it was charged. Cancel all of it and order what is wanted.",
    zh="订单 {number} 尚未付款，没有扣款：请取消整单后重新下单。",
)
DROP_KEY_USED = Refusal(
    "order_key_used",
    "conflict",
    en="The key {key} has taken other goods out of order {number}: look at it again, then use a new key.",
    zh="键 {key} 已用于取消订单 {number} 的其他商品：请刷新后使用新的键。",
)
BAD_ORDER_KEY = Refusal(
    "bad_order_key",
    "invalid",
    en="An act on an order needs a key of 8 to {limit} visible characters, its own for each act.",
    zh="对订单的操作需要一个 8 到 {limit} 个可见字符的键，每次操作使用自己的键。",
)
NOT_PAID = Refusal(
    "order_unpaid",
    "refused",
    en="Order {number} is not paid: its goods stay until it is.",
    zh="订单 {number} 尚未付款：付款后才能发货。",
)
NOTHING_OPEN = Refusal(
    "nothing_to_ship",
    "refused",
    en="Nothing of order {number} is left to send.",
    zh="订单 {number} 没有待发货的商品。",
)
NO_PLACE = Refusal(
    "no_place_named",
    "invalid",
    en="Line {line} of order {number} was promised before it existed: name the place that it leaves.",
    zh="订单 {number} 第 {line} 行是预售或定制：请指定发货库位。",
)
STILL_DRAFT = Refusal(
    "order_is_draft",
    "refused",
    en="Order {number} is a draft: place it or throw it away.",
    zh="订单 {number} 仍是草稿：请提交或删除。",
)
NO_NOTE = Refusal(
    "no_note",
    "invalid",
    en="Write 1 to {limit} characters.",
    zh="请输入 1 到 {limit} 个字符。",
)
NOTES_FULL = Refusal(
    "order_notes_full",
    "refused",
    en="Order {number} has {limit} notes already: no more fit.",
    zh="订单 {number} 已有 {limit} 条备注，无法再添加。",
)
NO_REASON = Refusal(
    "no_reason",
    "invalid",
    en="Say why, in 1 to {limit} characters.",
    zh="请说明原因，1 到 {limit} 个字符。",
)
