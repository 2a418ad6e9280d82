"""What `connect` publishes: the schemas of its lake datasets, its reports, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from shengeng.kernel.errors import Refusal

if TYPE_CHECKING:
    import ibis.expr.types as ir

COMPLETE_JOURNEY = "complete-journey"

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

DATASETS: Mapping[str, pa.Schema] = {
    "lines": LINES,
    "products": PRODUCTS,
    "customers": CUSTOMERS,
    "promotions": PROMOTIONS,
    "touches": TOUCHES,
    "redemptions": REDEMPTIONS,
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
)
CODES: Mapping[str, int] = {reason.key: code for code, reason in enumerate(REASONS)}


NO_FOLDER = Refusal(
    "no_folder",
    "not_found",
    en="There is no folder {path}: give the path of a folder with an orders.csv or orders.parquet, "
    "or the name complete-journey.",
    zh="没有文件夹 {path}：请给出含有 orders.csv 或 orders.parquet 的文件夹路径，或名称 complete-journey。",
)
NO_ORDERS = Refusal(
    "no_orders",
    "invalid",
    en="{path} has no orders.csv and no orders.parquet (found: {found}): "
    "add the order lines and import again.",
    zh="{path} 中没有 orders.csv 或 orders.parquet（实际有：{found}）：请加入订单明细后重新导入。",
)
TWO_FILES = Refusal(
    "two_files",
    "invalid",
    en="{path} has both {first} and {second}: keep the one that is meant.",
    zh="{path} 中同时有 {first} 和 {second}：请只保留需要的一个。",
)
BAD_SHOP_TOML = Refusal(
    "bad_shop_toml",
    "invalid",
    en='shop.toml cannot be read: {problem}. Write lines such as timezone = "Asia/Shanghai".',
    zh='无法读取 shop.toml：{problem}。请写成 timezone = "Asia/Shanghai" 这样的行。',
)
NO_TIMEZONE = Refusal(
    "no_timezone",
    "invalid",
    en='The shop\'s time zone is not given: write timezone = "Asia/Shanghai" into shop.toml, or give it '
    "as an option. It is never guessed, because it decides which day an order belongs to.",
    zh='未给出店铺时区：请在 shop.toml 中写 timezone = "Asia/Shanghai"，或用选项给出。'
    "时区决定订单属于哪一天，从不猜测。",
)
NO_CURRENCY = Refusal(
    "no_currency",
    "invalid",
    en='The shop\'s currency is not given: write currency = "CNY" into shop.toml, or give it as an option.',
    zh='未给出店铺货币：请在 shop.toml 中写 currency = "CNY"，或用选项给出。',
)
WRONG_HEADER = Refusal(
    "wrong_header",
    "invalid",
    en="{file} has no column {missing} (found: {found}): name the columns as the canonical format does and "
    "import again. Nothing was written.",
    zh="{file} 缺少列 {missing}（实际有：{found}）：请按标准格式命名各列后重新导入。未写入任何内容。",
)
REPEATED_COLUMN = Refusal(
    "repeated_column",
    "invalid",
    en="{file} names the column {column} twice: keep one and import again. Nothing was written.",
    zh="{file} 中列名 {column} 出现两次：请保留一个后重新导入。未写入任何内容。",
)
NOT_TEXT = Refusal(
    "not_text",
    "invalid",
    en="{file} is not a CSV text file ({found}): save it as CSV in UTF-8 and import it again.",
    zh="{file} 不是 CSV 文本文件（{found}）：请另存为 UTF-8 编码的 CSV 后重新导入。",
)
NO_HEADER = Refusal(
    "no_header",
    "invalid",
    en="The first line of {file} cannot be read as column names (found: {found}): "
    "correct it and import again.",
    zh="{file} 的第一行无法作为列名读取（实际为：{found}）：请更正后重新导入。",
)
DAMAGED_FILE = Refusal(
    "damaged_file",
    "invalid",
    en="{file} is damaged and cannot be read ({problem}): export it again. Nothing was written.",
    zh="{file} 已损坏，无法读取（{problem}）：请重新导出。未写入任何内容。",
)
OTHER_TIMEZONE = Refusal(
    "other_timezone",
    "conflict",
    en="This shop lives in {kept} and the import says {given}: correct the import's time zone, or use "
    "another SHENGENG_HOME for another shop.",
    zh="本店时区为 {kept}，而本次导入为 {given}：请更正导入的时区；另一家店请使用另一个 SHENGENG_HOME。",
)
OTHER_CURRENCY = Refusal(
    "other_currency",
    "conflict",
    en="This shop keeps its books in {kept} and the import says {given}: correct the import's currency, or "
    "use another SHENGENG_HOME for another shop.",
    zh="本店货币为 {kept}，而本次导入为 {given}：请更正导入的货币；另一家店请使用另一个 SHENGENG_HOME。",
)
DISK_FULL = Refusal(
    "disk_full",
    "unavailable",
    en="The import stopped because the disk refused a write ({problem}): free some space and import again. "
    "What was there before is unchanged.",
    zh="磁盘拒绝写入（{problem}），导入已停止：请清理空间后重新导入。原有内容不变。",
)
NO_IMPORT = Refusal(
    "no_import",
    "not_found",
    en="There is no import {id}: look at the list of imports.",
    zh="没有导入 {id}：请查看导入列表。",
)
INTERRUPTED = Refusal(
    "interrupted",
    "unavailable",
    en="The import was interrupted before it was finished; nothing of it was kept. Import again.",
    zh="导入在完成前被中断，未保留任何内容。请重新导入。",
)
