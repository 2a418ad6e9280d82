"""What the order edge takes, answers and refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shengeng.kernel.errors import Refusal

MOST_ORDERS = 500  # in one request
MOST_AT_ONCE = 2_000  # versions that one drain merges
MOST_WAITING = 20_000  # versions that wait to be merged before senders are asked to wait
RETRY_S = 10
DRAIN_TASK = "orders.drain"
# A sender's clock may be ahead by as much; a later order is a mistake.
AHEAD_HOURS = 24

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Source = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Moment = Annotated[datetime, Meta(tz=True)]
Note = Annotated[str, Meta(max_length=500)]


class OrderLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line. line_total (paid for the line after every discount) wins over unit_price."""

    product_id: Text
    quantity: int
    line_total: Decimal | None = None
    unit_price: Decimal | None = None
    list_price: Decimal | None = None
    discount_platform: Decimal | None = None
    discount_seller: Decimal | None = None
    discount_creator: Decimal | None = None
    refund_amount: Decimal | None = None
    status: Text | None = None
    cancelled_at: Moment | None = None
    seller_id: Text | None = None  # where one order holds goods of several sellers; wins over the order's
    attributes: dict[Text, Note] = {}


class Payment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that came in."""

    paid_at: Moment
    amount: Decimal
    method: Text | None = None


class Refund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that went back: of one line (0 = the first), or spread over all of them by what they cost."""

    refunded_at: Moment
    amount: Decimal
    line: Annotated[int, Meta(ge=0)] | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of an order. It is paid at paid_at, or when its payments reach what it costs."""

    order_id: Text
    version: Annotated[int, Meta(ge=0, le=2**62)]
    ordered_at: Moment
    lines: Annotated[list[OrderLine], Meta(min_length=1, max_length=500)]
    source: Source = "shop"
    seller_id: Text | None = None
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] | None = None
    status: Text | None = None
    paid_at: Moment | None = None
    cancelled_at: Moment | None = None
    refunded_at: Moment | None = None
    payments: Annotated[list[Payment], Meta(max_length=100)] = []
    refunds: Annotated[list[Refund], Meta(max_length=100)] = []
    customer_id: Text | None = None
    phone: Text | None = None
    phone_hash: Text | None = None
    email: Text | None = None
    email_hash: Text | None = None
    unionid: Text | None = None
    anonymous_id: Text | None = None
    store_id: Text | None = None
    channel: Text | None = None
    campaign_id: Text | None = None
    coupon_id: Text | None = None
    region: Text | None = None
    room_id: Text | None = None
    video_id: Text | None = None
    creator_id: Text | None = None
    attributes: dict[Text, Note] = {}
    consent: bool | dict[Text, bool | Note | dict[Text, bool]] | None = None  # as docs/consent.md writes it


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one request sends: each order is read by itself, so that a bad one does not spoil the others."""

    orders: Annotated[list[msgspec.Raw], Meta(min_length=1)]
    atomic: bool = False


Outcome = Literal["created", "updated", "unchanged", "older", "rejected"]
State = Literal["waiting", "merged", "passed", "replaced", "refused"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order was not taken: a stable code, the place in the request, a sentence in both languages."""

    code: str
    path: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one order of a request."""

    index: int
    outcome: Outcome
    source: str | None
    seller_id: str | None
    order_id: str | None
    version: int | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an order as it was taken. state: waiting to be merged, merged, passed (an older one
    came late), replaced (a newer one came first), refused (the facts no longer take it)."""

    source: str
    seller_id: str
    order_id: str
    version: int
    body: Mapping[str, object]
    received_at: datetime
    sent_by: str
    state: State


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain merged. months: where lines were looked for."""

    orders: int
    people: frozenset[str]
    months: Sequence[str]


BAD_BATCH = Refusal(
    "bad_order_batch",
    "invalid",
    en='The request cannot be read at {path}: {why}. Send {{"orders": [...]}}.',
    zh='请求在 {path} 处无法读取：{why}。请发送 {{"orders": [...]}}。',
)
TOO_MANY_ORDERS = Refusal(
    "too_many_orders",
    "invalid",
    en="{count} orders are more than {limit}, the most that one request may send: send them in several.",
    zh="{count} 个订单超过单次请求上限 {limit}：请分多次发送。",
)
NOT_ATOMIC = Refusal(
    "orders_refused",
    "invalid",
    en="Nothing was taken, as asked (atomic): {count} orders cannot be, the first at {path}: {why}.",
    zh="按要求（atomic）未接收任何订单：{count} 个订单有问题，第一个在 {path}：{why}。",
)
ORDERS_WAIT = Refusal(
    "orders_wait",
    "throttled",
    en="{waiting} orders wait to be worked in already: send again in {retry_seconds} seconds.",
    zh="已有 {waiting} 个订单等待处理：请在 {retry_seconds} 秒后重试。",
)
NO_ORDER = Refusal(
    "no_order",
    "not_found",
    en="No version of order {order_id} was sent to the order edge.",
    zh="订单接口未收到过订单 {order_id} 的任何版本。",
)
