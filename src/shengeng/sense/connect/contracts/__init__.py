"""What `connect` publishes: the schemas of its lake datasets, and its reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import ibis.expr.types as ir

COMPLETE_JOURNEY = "complete-journey"
IMPORT_TASK, PROMOTIONS_TASK, COMPACT_TASK = "import", "promotions", "facts.compact"
CATALOGUE_TASK = "facts.catalogue"

LINES = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("order_id", pa.string(), nullable=False),
        pa.field("line_no", pa.int32(), nullable=False),
        pa.field("customer_id", pa.string()),  # null = a guest's order
        pa.field("ordered_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("local_at", pa.timestamp("us"), nullable=False),  # the shop's own wall clock
        pa.field("local_date", pa.date32(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("quantity", pa.int64(), nullable=False),
        pa.field("total_minor", pa.int64(), nullable=False),  # paid for the line, after every discount
        pa.field("list_minor", pa.int64()),  # list price x quantity
        pa.field("refund_minor", pa.int64(), nullable=False),
        pa.field("discount_platform_minor", pa.int64(), nullable=False),
        pa.field("discount_seller_minor", pa.int64(), nullable=False),
        pa.field("discount_creator_minor", pa.int64(), nullable=False),
        pa.field("store_id", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("campaign_id", pa.string()),
        pa.field("coupon_id", pa.string()),
        pa.field("region", pa.string()),
        pa.field("status", pa.string()),
        pa.field("kind", pa.string(), nullable=False),  # sale | return | adjustment | cancelled
        pa.field("paid", pa.bool_(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("attributes", pa.string()),  # JSON object of the columns that have no name of their own
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("seller_id", pa.string()),
        pa.field("paid_at", pa.timestamp("us", tz="UTC")),
        pa.field("cancelled_at", pa.timestamp("us", tz="UTC")),
        pa.field("refunded_at", pa.timestamp("us", tz="UTC")),
        pa.field("room_id", pa.string()),
        pa.field("video_id", pa.string()),
        pa.field("creator_id", pa.string()),
    ]
)

PRODUCTS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("category", pa.string()),  # the full path "A > B > C"
        pa.field("department", pa.string()),  # its first level
        pa.field("category_2", pa.string()),  # its second level
        pa.field("brand", pa.string()),
        pa.field("price_minor", pa.int64()),
        pa.field("cost_minor", pa.int64()),
        pa.field("weight_g", pa.float64()),
        pa.field("attributes", pa.string()),
    ]
)

CUSTOMERS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("created_at", pa.timestamp("us", tz="UTC")),
        pa.field("city", pa.string()),
        pa.field("region", pa.string()),
        pa.field("consent", pa.string()),  # JSON
        pa.field("attributes", pa.string()),  # JSON
    ]
)

PROMOTIONS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("store_id", pa.string()),  # null = every store
        pa.field("kind", pa.string(), nullable=False),
        pa.field("starts_on", pa.date32(), nullable=False),
        pa.field("ends_on", pa.date32(), nullable=False),  # inclusive
        pa.field("discount", pa.float64()),
    ]
)

TOUCHES = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("campaign_id", pa.string(), nullable=False),
        pa.field("touched_on", pa.date32(), nullable=False),
        pa.field("channel", pa.string()),
        pa.field("arm", pa.string()),
        pa.field("cost_minor", pa.int64()),
    ]
)

REDEMPTIONS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("coupon_id", pa.string(), nullable=False),
        pa.field("campaign_id", pa.string(), nullable=False),
        pa.field("redeemed_on", pa.date32(), nullable=False),
    ]
)

REVIEWS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("created_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("local_at", pa.timestamp("us"), nullable=False),  # the shop's own wall clock
        pa.field("local_date", pa.date32(), nullable=False),
        pa.field("text", pa.string(), nullable=False),  # at most LONGEST_REVIEW characters
        pa.field("product_id", pa.string()),
        pa.field("customer_id", pa.string()),
        pa.field("rating", pa.float64()),  # on the source's own scale
        pa.field("language", pa.string()),
        pa.field("label", pa.string()),
        pa.field("attributes", pa.string()),  # JSON object of the columns that have no name of their own
    ]
)
LONGEST_REVIEW = 20_000  # characters; a marketplace allows 500 to 10,000

# One row a day, channel and campaign, whatever the source: two files that name the same three mean one.
SPEND = pa.schema(
    [
        pa.field("spent_on", pa.date32(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("campaign_id", pa.string()),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("new_customers", pa.int64()),  # as the channel itself reports them
    ]
)

DATASETS: Mapping[str, pa.Schema] = {
    "lines": LINES,
    "products": PRODUCTS,
    "customers": CUSTOMERS,
    "promotions": PROMOTIONS,
    "touches": TOUCHES,
    "redemptions": REDEMPTIONS,
    "reviews": REVIEWS,
    "spend": SPEND,
    "feed": LINES,
}


@dataclass(frozen=True, slots=True)
class Folder:
    """A canonical folder as tables of the published schemas; valid while its context is open."""

    name: str
    timezone: str
    currency: str
    lines: ir.Table
    products: ir.Table
    customers: ir.Table
    promotions: ir.Table
    touches: ir.Table
    redemptions: ir.Table
    reviews: ir.Table
    data_hash: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of the rows of one file."""

    rows: int
    accepted: int
    rejected: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: rows by file, the share of lines with a known buyer, where rejects stand."""

    id: str
    source: str
    state: str  # running | succeeded | failed
    started_at: datetime
    finished_at: datetime | None
    timezone: str
    currency: str
    files: Mapping[str, FileCount]
    share_identified: float | None
    rejects: str | None  # path of rejects.csv, where there are any
    error: str | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """One local day that moved from `feed` to `lines`."""

    day: date
    lines: int
    orders: int
    customers: tuple[str, ...]  # identified customers who ordered that day


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why."""

    file: str
    row: int  # the line in a CSV file (header = 1), the row in a Parquet file (first = 1)
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What one file on its own did: rows, those rejected, and keys of its dataset that are new or changed.

    rejects: the first of the rejected rows.
    """

    rows: int
    rejected: int
    added: int
    changed: int
    unchanged: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The shop's three named figures over identified and guest orders, in minor units."""

    orders: int
    lines: int
    customers: int
    products: int
    placed_minor: int
    paid_minor: int
    net_minor: int
    share_identified: float | None
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was not taken, in both languages; its place in REASONS is its code in staged rows."""

    key: str
    en: str
    zh: str


REASONS: tuple[Reason, ...] = (
    Reason("fine", "", ""),
    Reason("quote_open", "a quote is opened and never closed", "引号没有闭合"),
    Reason("quote_place", "a quote stands in the wrong place", "引号位置不对"),
    Reason("width", "the row has more or fewer values than the header has names", "该行的列数与表头不一致"),
    Reason(
        "encoding",
        "the text is in another encoding than the rest of the file",
        "该行编码与文件其余部分不一致",
    ),
    Reason("missing", "a required value is missing", "缺少必填值"),
    Reason(
        "time", "not a date and time such as 2025-01-31 18:30:00", "不是日期时间（例如 2025-01-31 18:30:00）"
    ),
    Reason("day", "not a date such as 2025-01-31", "不是日期（例如 2025-01-31）"),
    Reason("era", "a date before 1970 or after 2100", "日期早于 1970 年或晚于 2100 年"),
    Reason("quantity", "not a whole number of units below a thousand million", "不是小于十亿的整数数量"),
    Reason(
        "amount",
        "not an amount: a plain decimal below 1000000000000",
        "不是金额：应为小于 1000000000000 的普通小数",
    ),
    Reason("number", "not a number", "不是数字"),
    Reason("nothing", "quantity 0 without an amount says nothing", "数量为 0 且没有金额，没有含义"),
    Reason("currency", "another currency than the shop's", "与店铺货币不同"),
    Reason(
        "repeated",
        "the same key stands again further down: the last row is kept",
        "同一主键在后面再次出现：以最后一行为准",
    ),
    Reason("order", "the period ends before it starts", "结束早于开始"),
    Reason("wanted", "not a number of units from 0 up to a thousand million", "不是 0 到十亿之间的数量"),
    Reason(
        "promo",
        "not a promotion: true, false or a number from 0 up",
        "不是促销标记：应为 true、false 或不小于 0 的数字",
    ),
    Reason("negative", "an amount below zero", "金额小于零"),
    Reason("count", "not a whole number from 0 up", "不是不小于 0 的整数"),
    Reason("long", "longer than 20,000 characters", "超过 20,000 个字符"),
)
CODES: Mapping[str, int] = {reason.key: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True, slots=True)
class LineFault:
    """The first thing wrong with an order line that was given as text: its place, column, value, reason."""

    row: int
    column: str
    value: str
    reason: Reason
