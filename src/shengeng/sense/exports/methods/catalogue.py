"""Products and customers of an export into canonical columns, and products that only order lines name."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.exports.contracts import Problem
from shengeng.sense.exports.methods import clean, settle, systems
from shengeng.sense.exports.methods.frame import Frame, first_rows, numbered, taken
from shengeng.sense.exports.methods.orders import TOTALS_PRODUCT, Terms, ruins

_FILE = 2**40  # more lines than a file can have
PRODUCT_COLUMNS = ("product_id", "title", "category", "brand", "price", "cost", "weight_g")
CUSTOMER_COLUMNS = ("customer_id", "created_at", "city", "region", "consent")


def products(frame: Frame, system: str, terms: Terms) -> tuple[pa.Table, list[Problem]]:
    """A product report's rows; of several rows of one product the last counts."""
    problems = [one for key in ("sku", "item", "handle") if frame.has(key) for one in ruins(frame, key)]
    if system == "shopify":
        _fill_handle(frame)
    number = _number(frame, system)
    amounts = {key: _amount(frame, key, terms) for key in ("price", "cost")}
    frame.blame(~clean.present(number), "missing", "title")
    frame.blame(~clean.present(frame.get("title")), "missing", "title")
    _last_counts(frame, number)
    return pa.table(
        {
            "product_id": clean.without(number, ~frame.good()),
            "title": frame.get("title"),
            "category": _category(frame, system),
            "brand": frame.get("vendor"),
            "price": amounts["price"],
            "cost": amounts["cost"],
            "weight_g": _grams(frame),
        }
    ), problems


def _fill_handle(frame: Frame) -> None:
    """Title, vendor and category stand on a product's first line; pictures have lines of their own."""
    numbers, count = numbered(frame.get("handle"))
    for key in ("title", "vendor", "category", "type"):
        if frame.has(key):
            column = frame.get(key)
            first = first_rows(numbers, np.flatnonzero(clean.present(column)), count)
            frame.text[key] = taken(column, first[numbers])
    variant = clean.present(frame.get("price")) | clean.present(frame.get("sku"))
    frame.blame(~variant, "repeated", "handle")


def _number(frame: Frame, system: str) -> pa.Array:
    """The number that order lines use for the product: its code, or what an order calls it."""
    if system == "woocommerce":
        return frame.first_of("sku", "item")
    options = [pc.fill_null(frame.get(f"option_{place}"), "") for place in (1, 2, 3)]
    named = pc.replace_substring_regex(pc.binary_join_element_wise(*options, " / "), r"(?: / )+$", "")
    plain = pc.or_(pc.equal(named, ""), pc.equal(named, "Default Title"))
    title = frame.get("title")
    named = pc.if_else(plain, title, pc.binary_join_element_wise(title, named, " - "))
    return pc.coalesce(frame.get("sku"), named)


def _category(frame: Frame, system: str) -> pa.Array:
    """A path A > B; of several WooCommerce categories the first."""
    found = frame.first_of("category", "type") if system == "shopify" else frame.get("category")
    return pc.replace_substring_regex(found, r",\s.*$|,[^>]*$", "") if system == "woocommerce" else found


def _grams(frame: Frame) -> pa.Array:
    """Grams as a plain number, null where they cannot be read."""
    grams, kilograms = frame.get("grams"), frame.get("kilograms")
    plain = r"^\d{1,9}(?:\.\d+)?$"
    known = clean.without(grams, ~clean.matches(grams, plain)).cast(pa.float64())
    heavy = clean.without(kilograms, ~clean.matches(kilograms, plain)).cast(pa.float64())
    return pc.coalesce(known, pc.multiply(heavy, 1000.0))


def _amount(frame: Frame, key: str, terms: Terms) -> pa.Array:
    column = frame.get(key)
    minor, ok, _ = clean.amounts(column, terms.currency, decimal_comma=terms.mark(key).decimal_comma)
    frame.blame(clean.present(column) & ~ok, "amount", key)
    return settle.money_text(minor, terms.currency, ok)


def _last_counts(frame: Frame, key: pa.Array) -> None:
    """Of rows with the same key the last counts."""
    numbers, count = numbered(key)
    rows = np.flatnonzero(frame.good())
    last = np.full(count, -1, np.int64)
    last[numbers[rows]] = rows
    frame.blame(frame.good() & (last[numbers] != np.arange(frame.rows)), "repeated", "")


def customers(frame: Frame, system: str, terms: Terms) -> tuple[pa.Table, list[Problem]]:
    """Customers under the identity that their orders have. Names, phones and addresses are not taken."""
    who, masked = systems.buyer(frame, systems.TRADES[system])
    frame.blame(masked | ~clean.present(who), "missing", "email")
    _last_counts(frame, who)
    created = clean.times(frame.get("created"), terms.timezone, terms.order_of("created"))
    table = pa.table(
        {
            "customer_id": clean.without(who, ~frame.good()),
            "created_at": pc.strftime(created.utc, "%Y-%m-%dT%H:%M:%SZ"),
            "city": frame.get("city"),
            "region": frame.get("region"),
            "consent": _consent(frame),
        }
    )
    return table, []


def _consent(frame: Frame) -> pa.Array:
    """What the person agreed to hear, as JSON; null where the report does not say."""
    said = {"email": frame.get("consent"), "sms": frame.get("sms_consent")}
    known = {key: _agreed(column) for key, column in said.items()}
    choices = {(e, s): _consent_text(e, s) for e in (None, False, True) for s in (None, False, True)}
    pairs = zip(known["email"].to_pylist(), known["sms"].to_pylist(), strict=True)
    return pa.array([choices[pair] for pair in pairs], pa.string())


def _agreed(column: pa.Array) -> pa.Array:
    low = pc.utf8_lower(column)
    yes = pc.is_in(low, pa.array(["yes", "true", "1", "subscribed", "是"]))
    no = pc.is_in(low, pa.array(["no", "false", "0", "not_subscribed", "unsubscribed", "否"]))
    return pc.if_else(yes, True, pc.if_else(no, False, pa.scalar(None, pa.bool_())))


def _consent_text(email: bool | None, sms: bool | None) -> str | None:
    told = {key: value for key, value in (("email", email), ("sms", sms)) if value is not None}
    return json.dumps(told) if told else None


def named_by_orders(frame: Frame, product_id: pa.Array, price: pa.Array) -> pa.Table:
    """Products that the order lines name: their last title and price, and where (at) that stands."""
    rows = np.flatnonzero(
        frame.good() & clean.present(product_id) & ~clean.matches(product_id, f"^{TOTALS_PRODUCT}$")
    )
    numbers, count = numbered(product_id)
    last = np.full(count, -1, np.int64)
    last[numbers[rows]] = rows
    last = np.sort(last[last >= 0])
    number = product_id.take(pa.array(last))
    title = pc.coalesce(frame.get("title").take(pa.array(last)), number)
    vendor, list_price = frame.get("vendor").take(pa.array(last)), price.take(pa.array(last))
    empty = pa.nulls(len(last), pa.string())
    columns = [
        number,
        title,
        empty,
        vendor,
        list_price,
        pa.nulls(len(last), price.type),
        pa.nulls(len(last), pa.float64()),
    ]
    at = frame.file[last].astype(np.int64) * _FILE + frame.line[last]
    return pa.table(dict(zip(PRODUCT_COLUMNS, columns, strict=True)) | {"at": pa.array(at)})


def last_named(named: Sequence[pa.Table], known: pa.Array) -> pa.Table:
    """Of products that several pieces name the last; those that a product report describes are left out."""
    whole = pa.concat_tables(named, promote_options="permissive").sort_by("at")
    numbers, count = numbered(whole["product_id"].combine_chunks())
    last = np.full(count, -1, np.int64)
    last[numbers] = np.arange(len(whole))
    kept = whole.take(pa.array(np.sort(last))).drop_columns("at")
    return kept.filter(pc.invert(pc.is_in(kept["product_id"], known)))
