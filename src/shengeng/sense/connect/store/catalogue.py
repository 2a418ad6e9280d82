"""The canonical files beside `orders` into rows of their published schemas, or a named reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.sense.connect.contracts import CODES, DATASETS, LONGEST_REVIEW
from shengeng.sense.connect.store import columns as c
from shengeng.sense.connect.store.columns import Check
from shengeng.sense.connect.store.csv import FAULT, ROW
from shengeng.sense.connect.store.orders import Terms

ROWS = "__rows"
Values = dict[str, ir.Value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """How one file becomes one dataset.

    key: of two rows with the same key the last one counts, unless sums names the columns to add up.
    """

    columns: Sequence[str]  # what the file may hold
    key: Sequence[str]
    read: Callable[[ir.Table, ir.Table, Terms], tuple[Values, list[Check]]]
    sums: Sequence[str] = ()


def normalise(name: str, raw: ir.Table, terms: Terms) -> ir.Table:
    """Rows of raw text to rows of the dataset, and what is wrong with each row."""
    sheet = SHEETS[name]
    text = c.with_all(raw, sheet.columns)
    values, checks = sheet.read(text, raw, terms)
    table = text.mutate(**{f"v_{key}": value for key, value in values.items()})
    found = table.select(
        **c.faults(table, text, checks),
        source=ibis.literal(terms.source),
        **{key: table[f"v_{key}"] for key in values},
    )
    return found if sheet.sums else _last_of_each(found, sheet.key)


def by_key(name: str, good: ir.Table) -> ir.Table:
    """Rows that were taken as rows of the dataset, one a key; ROWS: how many of the file each stands for."""
    sheet, columns = SHEETS[name], DATASETS[name].names
    if not sheet.sums:
        return good.select(*columns, **{ROWS: ibis.literal(1, "int64")})
    sums = {column: good[column].sum().cast("int64") for column in sheet.sums}
    found = good.group_by(*sheet.key).aggregate(**sums, **{ROWS: good.count()})
    return found.select(*columns, ROWS)


def _last_of_each(table: ir.Table, key: Sequence[str]) -> ir.Table:
    """Rows whose key stands again further down are marked as repeated."""
    window = ibis.window(group_by=[(table[FAULT] == 0).name("good"), *key], order_by=ibis.desc(table[ROW]))
    table = table.mutate(__place=ibis.row_number().over(window))
    repeated = (table[FAULT] == 0) & (table["__place"] > 0)
    return table.mutate(
        **{
            FAULT: repeated.ifelse(CODES["repeated"], table[FAULT]).cast("int8"),
            c.FAULTY: repeated.ifelse(key[0], table[c.FAULTY]),
            c.VALUE: repeated.ifelse(table[key[0]].cast("string"), table[c.VALUE]),
        }
    ).drop("__place")


def _required(text: ir.Table, names: Sequence[str]) -> list[Check]:
    return [Check(name, text[name].isnull(), "missing") for name in names]


def _products(text: ir.Table, raw: ir.Table, terms: Terms) -> tuple[Values, list[Check]]:
    levels = text.category.split(">").map(lambda level: level.strip()).filter(lambda level: level != "")
    amounts = {name: c.amount(text[name]) for name in ("price", "cost")}
    weight = c.number(text.weight_g)
    values = {
        "product_id": text.product_id,
        "title": text.title,
        "category": levels.join(" > ").nullif(""),
        "department": levels[0],
        "category_2": levels[1],
        "brand": text.brand,
        "price_minor": c.minor(amounts["price"], terms.currency),
        "cost_minor": c.minor(amounts["cost"], terms.currency),
        "weight_g": weight,
        "attributes": _attributes(text, raw, PRODUCT_COLUMNS),
    }
    checks = _required(text, ("product_id", "title"))
    checks += [c.unread(name, text[name], value, "amount") for name, value in amounts.items()]
    return values, [*checks, c.unread("weight_g", text.weight_g, weight, "number")]


def _customers(text: ir.Table, raw: ir.Table, _: Terms) -> tuple[Values, list[Check]]:
    created = c.moment(text.created_at)
    values = {
        "customer_id": c.identity(text.customer_id),
        "created_at": created,
        "city": text.city,
        "region": text.region,
        "consent": text.consent,
        "attributes": _attributes(text, raw, CUSTOMER_COLUMNS),
    }
    checks = [Check("customer_id", values["customer_id"].isnull(), "missing")]
    return values, [*checks, c.unread("created_at", text.created_at, created, "time")]


def _promotions(text: ir.Table, _: ir.Table, __: Terms) -> tuple[Values, list[Check]]:
    starts, ends = c.day(text.starts_on), c.day(text.ends_on)
    discount = c.number(text.discount)
    values = {
        "product_id": text.product_id,
        "store_id": text.store_id,
        "kind": text.kind.fill_null("promotion"),
        "starts_on": starts,
        "ends_on": ends,
        "discount": discount,
    }
    checks = _required(text, ("product_id", "starts_on", "ends_on"))
    checks += [
        c.unread("starts_on", text.starts_on, starts, "day"),
        c.unread("ends_on", text.ends_on, ends, "day"),
    ]
    checks += [Check("ends_on", ends < starts, "order")]
    return values, [*checks, c.unread("discount", text.discount, discount, "number")]


def _touches(text: ir.Table, _: ir.Table, terms: Terms) -> tuple[Values, list[Check]]:
    on, cost = c.day(text.touched_on), c.amount(text.cost)
    values = {
        "customer_id": c.identity(text.customer_id),
        "campaign_id": text.campaign_id,
        "touched_on": on,
        "channel": text.channel,
        "arm": text.arm,
        "cost_minor": c.minor(cost, terms.currency),
    }
    checks = [Check("customer_id", values["customer_id"].isnull(), "missing")]
    checks += _required(text, ("campaign_id", "touched_on"))
    checks += [c.unread("touched_on", text.touched_on, on, "day")]
    return values, [*checks, c.unread("cost", text.cost, cost, "amount")]


def _redemptions(text: ir.Table, _: ir.Table, __: Terms) -> tuple[Values, list[Check]]:
    on = c.day(text.redeemed_on)
    values = {
        "customer_id": c.identity(text.customer_id),
        "coupon_id": text.coupon_id,
        "campaign_id": text.campaign_id,
        "redeemed_on": on,
    }
    checks = [Check("customer_id", values["customer_id"].isnull(), "missing")]
    checks += _required(text, ("coupon_id", "campaign_id", "redeemed_on"))
    return values, [*checks, c.unread("redeemed_on", text.redeemed_on, on, "day")]


def _reviews(text: ir.Table, raw: ir.Table, terms: Terms) -> tuple[Values, list[Check]]:
    created, rating = c.moment(text.created_at), c.number(text.rating)
    local = c.local(created, terms.timezone)
    values = {
        "review_id": text.review_id,
        "created_at": created,
        "local_at": local,
        "local_date": local.date(),
        "text": text.text,
        "product_id": text.product_id,
        "customer_id": c.identity(text.customer_id),
        "rating": rating,
        "language": text.language.lower(),
        "label": text.label,
        "attributes": c.other(raw, REVIEW_COLUMNS),
    }
    checks = _required(text, ("review_id", "created_at", "text"))
    checks += [
        c.unread("created_at", text.created_at, created, "time"),
        Check("created_at", ~c.in_era(created), "era"),
        Check("text", text.text.length() > LONGEST_REVIEW, "long"),
    ]
    return values, [*checks, c.unread("rating", text.rating, rating, "number")]


def _spend(text: ir.Table, _: ir.Table, terms: Terms) -> tuple[Values, list[Check]]:
    on, amount = c.day(text.spent_on), c.amount(text.amount.replace(",", ""))
    count = c.quantity(text.new_customers)
    values = {
        "spent_on": on,
        "channel": text.channel,
        "campaign_id": text.campaign_id,
        "amount_minor": c.minor(amount, terms.currency),
        "new_customers": count,
    }
    checks = _required(text, ("spent_on", "channel", "amount"))
    checks += [
        c.unread("spent_on", text.spent_on, on, "day"),
        Check("spent_on", ~on.year().between(1970, 2100), "era"),
        c.unread("amount", text.amount, amount, "amount"),
        Check("amount", amount < 0, "negative"),
        Check("currency", text.currency.upper() != terms.currency, "currency"),
        c.unread("new_customers", text.new_customers, count, "count"),
        Check("new_customers", count < 0, "count"),
    ]
    return values, checks


def _attributes(text: ir.Table, raw: ir.Table, known: Sequence[str]) -> ir.StringValue:
    """The file's own attributes, or the columns that have no name of their own."""
    return ibis.coalesce(text.attributes, c.other(raw, known))


PRODUCT_COLUMNS = ("product_id", "title", "category", "brand", "price", "cost", "weight_g", "attributes")
CUSTOMER_COLUMNS = ("customer_id", "created_at", "city", "region", "consent", "attributes")
_PROMOTION_COLUMNS = ("product_id", "starts_on", "ends_on", "store_id", "kind", "discount")
_TOUCH_COLUMNS = ("customer_id", "campaign_id", "touched_on", "arm", "channel", "cost")
_REDEMPTION_COLUMNS = ("customer_id", "coupon_id", "campaign_id", "redeemed_on")
REVIEW_COLUMNS = (
    *("review_id", "created_at", "text", "product_id", "customer_id"),
    *("rating", "language", "label"),
)
_SPEND_COLUMNS = ("spent_on", "channel", "amount", "currency", "campaign_id", "new_customers")
_SPEND_KEY = ("spent_on", "channel", "campaign_id")

SHEETS: Mapping[str, Sheet] = {
    "products": Sheet(PRODUCT_COLUMNS, ("product_id",), _products),
    "customers": Sheet(CUSTOMER_COLUMNS, ("customer_id",), _customers),
    "promotions": Sheet(_PROMOTION_COLUMNS, ("product_id", "store_id", "kind", "starts_on"), _promotions),
    "touches": Sheet(_TOUCH_COLUMNS, ("customer_id", "campaign_id", "touched_on"), _touches),
    "redemptions": Sheet(_REDEMPTION_COLUMNS, _REDEMPTION_COLUMNS, _redemptions),
    "reviews": Sheet(REVIEW_COLUMNS, ("review_id",), _reviews),
    "spend": Sheet(_SPEND_COLUMNS, _SPEND_KEY, _spend, sums=("amount_minor", "new_customers")),
}


def consents(customers: ir.Table) -> Iterator[list[tuple[str, str, datetime | None]]]:
    """(customer, consent as written, when made known) of customers who have one, in batches."""
    told = customers.filter(customers.consent.notnull()).select("customer_id", "consent", "created_at")
    for batch in told.to_pyarrow_batches():
        yield [(row["customer_id"], row["consent"], row["created_at"]) for row in batch.to_pylist()]


def named(products: ir.Table) -> pa.Table:
    """Products that have a title, once each: product_id, title, category, brand."""
    titled = products.filter(products.title.notnull() & (products.title != ""))
    one = titled.group_by("product_id").aggregate(
        title=titled.title.max(), category=titled.category.max(), brand=titled.brand.max()
    )
    return one.order_by("product_id").to_pyarrow()
