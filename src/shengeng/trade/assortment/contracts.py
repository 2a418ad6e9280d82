"""What keeping an assortment publishes and refuses. Money in minor units of the channel "online"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from shengeng.kernel.errors import Refusal
from shengeng.kernel.words import Words
from shengeng.trade.catalogue.contracts import Product, ProductDraft

ROWS_MOST = 10_000
BYTES_MOST, COUNT_BYTES_MOST = 20 * 1024 * 1024, 4 * 1024 * 1024
SELECTED_MOST = 500
SHOWN_MOST = 500  # rows of a look; its figures count all
PRICE_MOST = 10**10
Kind = Literal["new", "changed", "same"]
ChangeKind = Literal["percent", "amount", "set"]
Nearest = Literal["nearest", "up", "down"]
CompareAt = Literal["keep", "old", "none"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs in the base list, and what that is compared with."""

    unit_minor: int
    compare_at_minor: int | None = None


Prices = Mapping[str, Price | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A product as a merchant keeps it; variants without a base price are missing in prices."""

    draft: ProductDraft
    prices: Mapping[str, Price]


@dataclass(frozen=True, slots=True)
class Priced:
    """A product as it stands, with the base prices of its variants."""

    product: Product
    prices: Mapping[str, Price]


@dataclass(frozen=True, slots=True)
class Known:
    """What rows of a table may name. owners: the product of every sku in it that exists or did."""

    categories: Collection[str]
    sellers: Collection[str]
    tax_classes: Collection[str]
    media: Collection[str]
    owners: Mapping[str, str]
    currency: str


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that would change."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table and what would come of it; changes of a product stand at its first row."""

    number: int
    product_id: str
    sku: str
    title: Words
    kind: Kind
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be: where, what it is, what it has to be."""

    number: int
    column: str
    value: str
    must: Words


@dataclass(frozen=True, slots=True)
class Look:
    """What a table would do. seen: the fingerprint of just that; unknown: headings that were left aside."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]
    unknown: tuple[str, ...]
    encoding: str
    seen: str

    def count(self, kind: Kind) -> int:
        """How many rows are of a kind."""
        return sum(row.kind == kind for row in self.rows)


@dataclass(frozen=True, slots=True)
class Rounding:
    """Prices are multiples of step_minor less less_minor: 100 less 1 ends in .99."""

    step_minor: int = 1
    less_minor: int = 0
    to: Nearest = "nearest"


@dataclass(frozen=True, slots=True)
class Repricing:
    """How prices change. percent: by bp of the price; amount: by minor units; set: to minor units.

    compare_at: "old" compares with the price before where that was higher, "none" with nothing.
    """

    kind: ChangeKind
    bp: int = 0
    minor: int = 0
    rounding: Rounding = Rounding()
    compare_at: CompareAt = "keep"


@dataclass(frozen=True, slots=True)
class Repriced:
    """A variant and its price before and after. after None: it stays as it is; why: what is to be said."""

    product_id: str
    sku: str
    title: Words
    choices: tuple[Words, ...]
    before: Price | None
    after: Price | None
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class PriceLook:
    """What a change of prices would do, and the fingerprint of just that."""

    rows: tuple[Repriced, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A row of a counted sheet: what lies there by the books, and what was counted (None: it was not)."""

    number: int
    sku: str
    location_id: str
    on_hand: int
    counted: int | None


@dataclass(frozen=True, slots=True)
class CountLook:
    """What a counted sheet says, what in it cannot be, and the fingerprint of just that."""

    rows: tuple[Counted, ...]
    wrong: tuple[Wrong, ...]
    unknown: tuple[str, ...]
    encoding: str
    seen: str


ROWS_WRONG = Refusal(
    "rows_wrong",
    "refused",
    en="{count} cells cannot be taken, the first in row {row}: {column} is {value}, it must be {must}. "
    "Nothing was written.",
    zh="有 {count} 处无法采用，首处在第 {row} 行：{column} 为“{value}”，应为{must_zh}。没有写入任何内容。",
)
CHANGED_MEANWHILE = Refusal(
    "changed_meanwhile",
    "conflict",
    en="The shop changed since you looked: look again, then repeat it. Nothing was written.",
    zh="查看之后店铺已有变化：请重新查看后再执行。没有写入任何内容。",
)
TOO_MANY = Refusal(
    "too_many_rows",
    "refused",
    en="These products have more than {limit} variants: narrow the list.",
    zh="这些商品的规格超过 {limit} 个：请缩小范围。",
)
NO_PRICE_TO_COMPARE = Refusal(
    "no_price_to_compare",
    "invalid",
    en="{sku} has a compare-at price of {value} and no price: give its price too.",
    zh="{sku} 有划线价 {value} 但没有售价：请同时填写售价。",
)
NOTHING_COUNTED = Refusal(
    "nothing_counted",
    "refused",
    en="The sheet has no count: write what was counted into its last column.",
    zh="盘点表中没有实盘数量：请在最后一列填写。",
)
BAD_CHANGE = Refusal(
    "bad_price_change",
    "invalid",
    en="Prices cannot change so: {what} is {value}, it must be {limit}.",
    zh="无法这样调价：{what} 为 {value}，应为 {limit}。",
)
