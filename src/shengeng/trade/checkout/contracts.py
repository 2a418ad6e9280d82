"""What checkout publishes and refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.kernel.errors import Lang, Refusal
from shengeng.kernel.words import Words
from shengeng.trade.fulfilment.contracts import DeliveryOption
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders.contracts import Contact, Order
from shengeng.trade.payments.contracts import Intent
from shengeng.trade.pricing.contracts import Quote, QuoteLine

if TYPE_CHECKING:
    from shengeng.trade.catalogue.contracts import Variant

CHANNEL = "online"
LINES_MOST, UNITS_MOST, CODES_MOST = 100, 9_999, 5
KEY_LONGEST, NOTE_LONGEST = 100, 300
# Unpaid goods stand aside for so long.
PAY_WITHIN = timedelta(minutes=30)
# And so long, in hours, of an order that an operator placed for somebody.
DRAFT_HOURS, DRAFT_HOURS_MOST = 24, 72
# A guest's basket that nobody touched is thrown away.
KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class BasketLine:
    """So many of one variant; each variant has one line."""

    line_no: int
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Basket:
    """What somebody means to buy: a draft of an order. It holds nothing and promises no price."""

    basket_id: UUID
    member_id: str | None
    channel_id: str
    lines: tuple[BasketLine, ...]
    codes: tuple[str, ...]
    changed_at: datetime
    orders: int = 0  # how many it has become

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Kept:
    """A basket after a change. secret: for the guest's cookie, only when the basket is new."""

    basket: Basket
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it can be shown. left: units that can be had now; why: what keeps it from being bought."""

    line_no: int
    sku: str
    quantity: int
    variant: Variant | None
    left: int
    quote: QuoteLine | None
    why: Words | None


@dataclass(frozen=True, slots=True)
class View:
    """A basket with its prices now, the ways to get it and to pay. quote None: nothing can be bought.

    ready: it can be placed as it stands, with the chosen way of delivery.
    """

    basket: Basket
    lines: tuple[ShownLine, ...]
    quote: Quote | None
    options: tuple[DeliveryOption, ...]
    option: DeliveryOption | None
    providers: tuple[str, ...]
    ready: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer sends off. quote_id: of the View they saw; another price is told, not charged.

    return_url: where the provider sends the buyer back; {number} in it becomes the order's number.
    """

    contact: Contact
    where: Where
    option_id: str
    provider: str
    quote_id: str
    return_url: str
    lang: Lang = "zh"
    note: str = ""
    anonymous_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operator writes down for somebody. units: by variant; option_id: the way of delivery, the usual
    one without it."""

    units: Mapping[str, int]
    contact: Contact
    where: Where
    option_id: str = ""
    member_id: str | None = None
    lang: Lang = "zh"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was placed. secret: what a guest proves it with; intent None: nothing is to be paid;
    again: this key had placed it before."""

    order: Order
    intent: Intent | None
    secret: str = field(default="", repr=False)
    again: bool = False


NO_BASKET = Refusal("no_basket", "not_found", en="The basket is empty.", zh="购物篮是空的。")
BAD_QUANTITY = Refusal(
    "bad_quantity",
    "invalid",
    en="{value} is no quantity: choose 1 to {limit}.",
    zh="{value} 不是有效数量：请选择 1 到 {limit}。",
)
NO_LINE = Refusal(
    "no_basket_line", "not_found", en="The basket has no line {line}.", zh="购物篮中没有第 {line} 行。"
)
BASKET_FULL = Refusal(
    "basket_full",
    "refused",
    en="A basket has room for {limit} different goods: place this one first.",
    zh="购物篮最多可放 {limit} 种商品：请先下单。",
)
TOO_MANY_CODES = Refusal(
    "too_many_codes",
    "refused",
    en="A basket takes {limit} codes: remove one first.",
    zh="购物篮最多可用 {limit} 个优惠码：请先移除一个。",
)
BAD_CODE = Refusal(
    "bad_code",
    "invalid",
    en="{value} cannot be a code: write 1 to 40 letters or figures.",
    zh="“{value}”不是优惠码：请输入 1 到 40 个字母或数字。",
)
NOT_SOLD = Refusal(
    "not_sold",
    "not_found",
    en="{sku} is not sold here.",
    zh="本店不出售 {sku}。",
)
PRICE_CHANGED = Refusal(
    "price_changed",
    "conflict",
    en="The basket costs {total_minor} minor units now, not what was shown: look at it again, then place it.",
    zh="购物篮现在的金额为 {total_minor}（最小货币单位），与显示的不同：请重新确认后再下单。",
)
KEY_USED = Refusal(
    "checkout_key_used",
    "conflict",
    en="The key {key} has placed order {number} with other details: use a new key for another order.",
    zh="键 {key} 已用于下单 {number}，且内容不同：另下一单请使用新的键。",
)
BAD_KEY = Refusal(
    "bad_checkout_key",
    "invalid",
    en="A checkout needs a key of 8 to {limit} visible characters, its own for each order.",
    zh="下单需要一个 8 到 {limit} 个可见字符的键，每个订单使用自己的键。",
)
NO_CONTACT = Refusal(
    "order_needs_contact",
    "invalid",
    en="Give an e-mail address or a phone number: news of the order goes there.",
    zh="请填写邮箱或手机号：订单消息会发到那里。",
)
BAD_HOURS = Refusal(
    "bad_hours",
    "invalid",
    en="Goods stand aside for 1 to {limit} hours.",
    zh="商品可保留 1 到 {limit} 小时。",
)
BAD_RETURN = Refusal(
    "bad_return_url",
    "invalid",
    en="{value} is no address to come back to: write one that begins with http:// or https://.",
    zh="“{value}”不是返回地址：请以 http:// 或 https:// 开头。",
)
PAID_OR_OVER = Refusal(
    "nothing_to_pay",
    "conflict",
    en="Order {number} is not waiting to be paid.",
    zh="订单 {number} 不在等待付款。",
)
