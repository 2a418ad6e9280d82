"""What stock publishes and refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.kernel.words import Words

Supply = Literal["stock", "presale", "made_to_order"]
LocationKind = Literal["store", "forward", "central"]
HoldState = Literal["held", "committed", "released"]
MovementKind = Literal["receive", "adjust", "count", "transfer", "ship"]
# A quantity beyond this is a slip of the hand, not a shop's stock.
UNITS_MOST = 1_000_000_000
ENTRIES_MOST = 1000
TEXT_LONGEST = 200
# Units that stand in no place yet: promised out of a quota.
NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A place with goods. sells: its goods may be sold online; position: in what order places are emptied."""

    location_id: str
    name: Words
    kind: LocationKind
    sells: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class Want:
    """Units that one line of an order asks for."""

    line_no: int
    sku: str
    quantity: int
    supply: Supply = "stock"


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of one line out of one place; location_id is "" for units out of a quota."""

    line_no: int
    sku: str
    location_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Held:
    """What was set aside for an order; the pieces of a line sum to what it wanted."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Reserved:
    """A piece of an order and what became of it. still_open: neither shipped nor given back."""

    line_no: int
    sku: str
    supply: Supply
    location_id: str
    quantity: int
    shipped: int
    returned: int

    @property
    def still_open(self) -> int:
        return self.quantity - self.shipped - self.returned


@dataclass(frozen=True, slots=True)
class Reservation:
    """What stands aside for one order. until: how long a hold lasts that is not committed."""

    order_id: str
    state: HoldState
    until: datetime
    changed_at: datetime
    pieces: tuple[Reserved, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Units of one variant in one place: those that lie there, held for a while, promised to paid orders."""

    sku: str
    location_id: str
    on_hand: int
    held: int
    committed: int

    @property
    def free(self) -> int:
        return self.on_hand - self.held - self.committed


@dataclass(frozen=True, slots=True)
class Quota:
    """How many units may be promised before they exist; held for a while, taken by paid orders."""

    sku: str
    supply: Supply
    quota: int
    held: int
    taken: int

    @property
    def left(self) -> int:
        return self.quota - self.held - self.taken


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of what an operator books: units of a variant in a place. Its meaning is the act's."""

    sku: str
    location_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that came, went or were counted; on_hand_after: what lay there then. Never changed again."""

    id: int
    at: datetime
    kind: MovementKind
    sku: str
    location_id: str
    change: int
    on_hand_after: int
    entry_id: UUID
    order_id: str | None
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class LevelPage:
    """Levels by sku and place, and the key to go on from (None on the last page)."""

    rows: tuple[Level, ...]
    after: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Movements, the newest first, and the id to go on from (None on the last page)."""

    rows: tuple[Movement, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A level or quota that does not say what its movements and promises add up to."""

    sku: str
    place: str
    what: str
    stands: int
    adds_up: int


Wants = Sequence[Want]

SOLD_OUT = Refusal(
    "sold_out",
    "conflict",
    en="Only {left} of {sku} are left, {wanted} were wanted: take fewer or another one.",
    zh="{sku} 只剩 {left} 件，需要 {wanted} 件：请减少数量或换一种。",
)
HELD_ALREADY = Refusal(
    "held_already",
    "conflict",
    en="Goods stand aside for order {order_id} already.",
    zh="订单 {order_id} 已经预留了商品。",
)
NO_WANTS = Refusal(
    "no_wants",
    "invalid",
    en="An order needs 1 to {limit} lines of 1 to {most} units; line {line} has {quantity}.",
    zh="订单需要 1 到 {limit} 行，每行 1 到 {most} 件；第 {line} 行为 {quantity} 件。",
)
NOT_COMMITTED = Refusal(
    "not_committed",
    "refused",
    en="The goods of order {order_id} are {state}, not promised: only a paid order's goods leave.",
    zh="订单 {order_id} 的商品状态为 {state}，尚未锁定：只有已付款订单的商品可以出库。",
)
NOT_OPEN = Refusal(
    "not_open",
    "refused",
    en="Line {line} of order {order_id} has {left} units open in {place}, {wanted} were named.",
    zh="订单 {order_id} 第 {line} 行在 {place} 还有 {left} 件未处理，指定了 {wanted} 件。",
)
NOT_FREE = Refusal(
    "not_free",
    "refused",
    en="{sku} in {place}: {free} of {on_hand} units are free, {wanted} would have to go. "
    "The others are promised to orders.",
    zh="{place} 的 {sku}：现有 {on_hand} 件，其中 {free} 件可动用，需要动用 {wanted} 件。其余已承诺给订单。",
)
NO_LOCATION = Refusal(
    "no_location", "not_found", en="There is no location {id}: make it first.", zh="没有库位 {id}：请先新建。"
)
BAD_LOCATION = Refusal(
    "bad_location",
    "invalid",
    en="{value} cannot be the key of a location: use 1 to 40 lower-case letters, digits, - or _.",
    zh="“{value}”不能作为库位编号：请用 1 到 40 个小写字母、数字、- 或 _。",
)
NO_NAME = Refusal(
    "location_name",
    "invalid",
    en="A location needs a name of 1 to {limit} characters.",
    zh="库位需要 1 到 {limit} 个字符的名称。",
)
BAD_ENTRIES = Refusal(
    "bad_entries",
    "invalid",
    en="Name 1 to {limit} lines, each variant and place once, of up to {most} units; {value} is not that.",
    zh="请填写 1 到 {limit} 行，同一规格和库位只填一次，数量不超过 {most}；{value} 不符合。",
)
SAME_PLACE = Refusal(
    "same_place",
    "invalid",
    en="The goods are in {place} already: name another place to move them to.",
    zh="商品已在 {place}：请选择另一个库位。",
)
QUOTA_USED = Refusal(
    "quota_used",
    "refused",
    en="{used} units of {sku} are promised out of this quota already: it cannot be {quota}.",
    zh="{sku} 的配额已承诺 {used} 件：不能改为 {quota}。",
)
ENTRY_DIFFERS = Refusal(
    "entry_differs",
    "conflict",
    en="The booking {id} stands already with other lines: use a new id.",
    zh="入账单 {id} 已存在且内容不同：请使用新的编号。",
)
