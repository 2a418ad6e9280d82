"""What is peculiar to each system: whose order it is, what was sold, what its words for a state mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.exports.methods import clean
from shengeng.sense.exports.methods.frame import Frame

_EMAIL = r"^[^@\s]+@[^@\s]+$"
# A virtual number ends in an extension ("18400000000-1234") and is another person's next month.
_MOBILE = r"^1\d{10}$"
_MOBILE_MARKS = r"[\s()]|^\+?86[- ]?"
_PHONE = r"^\+?\d{7,15}$"


@dataclass(frozen=True, slots=True)
class Words:
    """What states are called (patterns), case does not matter."""

    paid: str
    unpaid: str
    cancelled: str
    refunded: str


@dataclass(frozen=True, slots=True)
class Trade:
    """How a system speaks of buyers, products and states; fields in order of preference."""

    product: tuple[str, ...]
    buyer: tuple[str, ...]
    words: Words
    mobile: bool = False  # phones are Chinese mobiles


TRADES: Mapping[str, Trade] = {
    "shopify": Trade(
        ("sku", "title"),
        ("email", "phone"),
        Words(
            "^(paid|partially_paid|refunded|partially_refunded)$",
            "^(pending|authorized|expired)$",
            "^voided$",
            "^refunded$",
        ),
    ),
    "tmall": Trade(
        ("sku", "outer", "item", "title"),
        ("buyer", "phone"),
        Words(
            "付款，等待|付款,等待|已发货|部分发货|交易成功|买家已付款",
            "等待买家付款|没有创建",
            "关闭",
            "退款成功",
        ),
        mobile=True,
    ),
    "douyin": Trade(
        ("item", "sku", "title"),
        ("buyer", "phone"),
        Words(
            "备货中|待发货|已发货|已完成|已支付|部分发货|已签收",
            "待支付|待付款|待确认",
            "已关闭|已取消",
            "退款成功|全额退款|已退款",
        ),
        mobile=True,
    ),
    "woocommerce": Trade(
        ("sku", "item", "title"),
        ("email", "phone"),
        Words(
            "^(completed|processing|refunded)$",
            "^(pending|on-hold|checkout-draft)$",
            "^(cancelled|failed|trash)$",
            "^refunded$",
        ),
    ),
}


def status(frame: Frame, trade: Trade) -> pa.Array:
    """The state of each line in lower case, without wc- before it; a closed or unpaid order is so whole."""
    whole = pc.replace_substring_regex(pc.utf8_lower(frame.get("status")), "^wc-", "")
    over = clean.matches(whole, f"{trade.words.cancelled}|{trade.words.unpaid}")
    return pc.coalesce(clean.without(pc.utf8_lower(frame.get("item_status")), over), whole)


def product(frame: Frame, trade: Trade) -> tuple[pa.Array, np.ndarray]:
    """What was sold, and (row,) bool where only a title says it."""
    numbers = [key for key in trade.product if key != "title"]
    number = frame.first_of(*numbers)
    return pc.coalesce(number, frame.get("title")), ~clean.present(number)


def buyer(frame: Frame, trade: Trade) -> tuple[pa.Array, np.ndarray]:
    """Who ordered: the first field that identifies somebody; (row,) bool where all that is said is masked."""
    found = pa.nulls(frame.rows, pa.string())
    starred = np.zeros(frame.rows, bool)
    for key in trade.buyer:
        said = frame.get(key)
        hidden = clean.masked(said)
        starred |= hidden
        found = pc.coalesce(found, _identity(key, clean.without(said, hidden), trade))
    return found, starred & ~clean.present(found)


def _identity(key: str, said: pa.Array, trade: Trade) -> pa.Array:
    if key == "email":
        lowered = pc.utf8_lower(said)
        return clean.without(lowered, ~clean.matches(lowered, _EMAIL))
    if key == "phone":
        digits = pc.replace_substring_regex(
            said, r"[\s()]|(?:^(?:\+?86)[- ]?)" if trade.mobile else r"[\s().-]", ""
        )
        return clean.without(digits, ~clean.matches(digits, _MOBILE if trade.mobile else _PHONE))
    return said
