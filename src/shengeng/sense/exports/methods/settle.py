"""What each line cost: an order's discount, refund and coupons over its lines, and who bore them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.kernel import money
from shengeng.sense.exports.contracts.words import CODES
from shengeng.sense.exports.methods import shares
from shengeng.sense.exports.methods.clean import present
from shengeng.sense.exports.methods.frame import Frame, first_rows, numbered

Column = tuple[np.ndarray, np.ndarray]  # (row,) whole numbers and (row,) bool: readable
_UNREADABLE = tuple(
    CODES[key]
    for key in (
        "quote_open",
        "width",
        "encoding",
        "zero_byte",
        "missing",
        "formula",
        "time",
        "quantity",
        "amount",
    )
)


@dataclass(slots=True)
class Values:
    """Typed columns of a frame by field: whole numbers (units, minor units) and moments in UTC."""

    rows: int
    numbers: dict[str, Column] = field(default_factory=dict)
    times: dict[str, pa.Array] = field(default_factory=dict)

    def of(self, key: str) -> np.ndarray:
        """(row,) whole numbers, 0 where nothing is said."""
        minor, ok = self.numbers.get(key, (np.zeros(self.rows, np.int64), None))
        return minor if ok is None else np.where(ok, minor, 0)

    def said(self, key: str) -> np.ndarray:
        """(row,) bool: the field is there and can be read."""
        found = self.numbers.get(key)
        return found[1] if found else np.zeros(self.rows, bool)


@dataclass(slots=True)
class Amounts:
    """Per line, minor units. totals_only: an order whose goods nobody told."""

    quantity: np.ndarray
    total: np.ndarray
    list_price: np.ndarray
    has_list: np.ndarray
    platform: np.ndarray
    seller: np.ndarray
    creator: np.ndarray
    refund: np.ndarray
    totals_only: np.ndarray
    short: np.ndarray  # the lines add up to less than the order says
    over: np.ndarray  # more was refunded than the goods cost


def unreadable(faults: np.ndarray) -> np.ndarray:
    """(row,) bool: left out because a value cannot be read, so that the rest of its order is incomplete."""
    return np.isin(faults, _UNREADABLE)


@dataclass(slots=True)
class _Book:
    """Which order each line belongs to. good: lines that take part; first: the order's first, -1: none."""

    values: Values
    orders: np.ndarray
    count: int
    good: np.ndarray
    first: np.ndarray

    def sums(self, lines: np.ndarray) -> np.ndarray:
        """(order,) what lines add up to."""
        return shares.per_order(self.orders, lines, self.count)

    def has(self, key: str) -> np.ndarray:
        """(order,) bool: a line of the order tells the field."""
        return self.sums((self.good & self.values.said(key)).astype(np.int64)) > 0

    def told(self, key: str) -> Column:
        """(order,) what an order says of itself, and where it says so."""
        at = np.maximum(self.first, 0)
        if not len(self.orders):
            return np.zeros(self.count, np.int64), np.zeros(self.count, bool)
        return self.values.of(key)[at], self.values.said(key)[at] & (self.first >= 0)

    def split(self, amounts: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """(line,) shares of the orders' amounts; lines that take no part have no weight."""
        return shares.split(self.orders, amounts, np.where(self.good, np.maximum(weights, 0), 0))


def settled(frame: Frame, system: str, values: Values) -> Amounts:
    """Line amounts after every discount. Orders' own amounts win over the sum of their lines.

    Rows that are left out take no part and get 0.
    """
    good = frame.good()
    orders, count = numbered(frame.get("order"))
    book = _Book(values, orders, count, good, first_rows(orders, np.flatnonzero(good), count))
    totals_only = present(frame.get("totals_only"))
    quantity = np.where(totals_only, 0, values.of("quantity"))
    price = values.of("price")
    gross = np.where(values.said("price"), price * quantity, values.of("line_gross"))
    base = np.where(good, _base(system, values, gross), 0)
    target, has_target = _target(system, book, base)
    base = np.where(totals_only & good, target[orders], base)
    diff = np.where(has_target, book.sums(base) - target, 0)
    short = has_target & (diff < -np.bincount(orders[good], minlength=count))
    total = np.where(good, base - book.split(np.where(short, 0, diff), base), 0)
    lists = np.where(values.of("list_price") > price, values.of("list_price"), price)
    has_list = values.said("price") & (quantity != 0)
    platform, creator = _borne(book)
    rest = np.where(has_list, lists * quantity - total - platform - creator, _seller(values))
    seller = np.where(good, np.maximum(rest, 0), 0)
    refund, over = _refund(book, total)
    return Amounts(
        quantity, total, lists, has_list, platform, seller, creator, refund, totals_only, short[orders], over
    )


def _base(system: str, values: Values, gross: np.ndarray) -> np.ndarray:
    """What a line cost by itself, before the order's own discount."""
    if system == "shopify":
        return np.asarray(gross - np.abs(values.of("line_discount")))
    if system == "tmall":
        due = np.where(values.said("line_due"), values.of("line_due"), gross)
        paid = values.of("line_paid")
        return np.where(values.said("line_paid") & (paid > 0), paid, due)
    if system == "douyin":
        due, shipping = values.of("line_due"), values.of("line_shipping")
        return np.where(shipping <= due, due - shipping, due)
    return np.where(values.said("line_due"), values.of("line_due"), gross)


def _target(system: str, book: _Book, base: np.ndarray) -> Column:
    """(order,) what the order's goods cost by its own account, and where it says so."""
    if system == "douyin":
        return np.zeros(book.count, np.int64), np.zeros(book.count, bool)
    if system == "tmall":
        paid, told = book.told("order_paid")
        postage, due = book.told("shipping")[0], book.told("due")
        goods = np.where(postage <= paid, paid - postage, paid)
        unpaid = told & (paid == 0)
        return np.where(unpaid, due[0], goods), (told & ~unpaid & ~book.has("line_paid")) | (unpaid & due[1])
    discount, has_discount = book.told("order_discount")
    after = book.sums(base) - np.abs(discount)
    if system == "shopify":
        subtotal, told = book.told("subtotal")
        return np.where(told, subtotal, after), told | has_discount
    return after, has_discount & ~book.has("line_due")


def _borne(book: _Book) -> Column:
    """What platform and creator bore of a line: the really borne amount where it is told."""
    values = book.values
    platform = np.where(values.said("platform_borne"), values.of("platform_borne"), values.of("platform"))
    creator = np.where(values.said("creator_borne"), values.of("creator_borne"), values.of("creator"))
    coupons = np.abs(book.told("platform_coupon")[0]) + np.abs(book.told("platform_points")[0])
    if coupons.any():
        platform = platform + book.split(coupons, values.of("price") * values.of("quantity"))
    return np.where(book.good, np.abs(platform), 0), np.where(book.good, np.abs(creator), 0)


def _seller(values: Values) -> np.ndarray:
    """What the seller bore by the export's own word, for lines that tell no price."""
    return np.abs(np.where(values.said("seller_borne"), values.of("seller_borne"), values.of("seller")))


def _refund(book: _Book, total: np.ndarray) -> Column:
    """A line's own refund, else its share of the order's; never more than it cost, which is told."""
    most, own = np.maximum(total, 0), np.where(book.good, np.abs(book.values.of("line_refund")), 0)
    whole = book.sums(most)
    asked = np.where(book.has("line_refund"), 0, np.abs(book.told("refund")[0]))
    shared = np.where(book.good, book.split(np.minimum(asked, whole), most), 0)
    return np.minimum(own, most) + shared, ((asked > whole)[book.orders] & book.good) | (own > most)


def refunds(amounts: Amounts, sent_back: np.ndarray) -> np.ndarray:
    """(line,) refunds; the whole line where it was sent back and no amount is told."""
    return np.where(sent_back & (amounts.refund == 0), np.maximum(amounts.total, 0), amounts.refund)


def money_text(minor: np.ndarray, currency: str, said: np.ndarray | None = None) -> pa.Array:
    """Minor units as decimals; null where nothing is said."""
    unit = Decimal(1).scaleb(-money.digits(currency))
    mask = None if said is None else ~said
    whole = pa.array(minor, pa.int64(), mask=mask).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar(unit, pa.decimal128(6, max(money.digits(currency), 1))))
