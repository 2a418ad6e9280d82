"""What events publish and refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import pyarrow as pa

from shengeng.kernel.errors import Refusal

EventKind = Literal["track", "identify", "page", "screen", "group", "alias"]
KINDS: tuple[EventKind, ...] = ("track", "identify", "page", "screen", "group", "alias")
DRAIN_TASK, TIDY_TASK = "events.drain", "events.tidy"
DATASET = "events"

# Segment's limits: one event, and one request (as it comes and after gunzip).
EVENT_LIMIT, REQUEST_LIMIT = 32 * 1024, 500 * 1024
EVENTS_A_REQUEST = 2500
ID_LONGEST, NAME_LONGEST, DEEPEST = 256, 200, 32
# A messageId is remembered for so long; the same one after it is another event.
SEEN_FOR = timedelta(days=31)
# What waits to be drained, and what waits for its commit, before senders are asked to come later.
INBOX_EVENTS, INBOX_BYTES = 2_000_000, 1024**3
QUEUE_REQUESTS, QUEUE_BYTES = 2000, 64 * 1024**2
REFUSALS_KEPT, HEAD_KEPT = 200, 1000

_MOMENT, _LOCAL = pa.timestamp("us", tz="UTC"), pa.timestamp("us")

# One row an event. An event of several products keeps them in its properties.
EVENTS = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("occurred_at", _MOMENT, nullable=False),
        pa.field("received_at", _MOMENT, nullable=False),
        pa.field("local_at", _LOCAL, nullable=False),
        pa.field("local_date", pa.date32(), nullable=False),
        pa.field("anonymous_id", pa.string()),
        pa.field("customer_id", pa.string()),
        pa.field("product_id", pa.string()),
        pa.field("quantity", pa.float64()),
        pa.field("value_minor", pa.int64()),
        pa.field("store_id", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("room_id", pa.string()),
        pa.field("session_id", pa.string()),
        pa.field("properties", pa.string()),
        pa.field("context", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One request's events, validated, as the inbox keeps them. body: a JSON list; context: of the batch."""

    source: str
    received_at: datetime
    sent_at: datetime | None
    events: int
    context: bytes | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter as it is taken out of the inbox."""

    id: int
    source: str
    received_at: datetime
    sent_at: datetime | None
    context: bytes | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that was turned away: why, in both languages, and how its body began."""

    at: datetime
    source: str
    path: str
    code: str
    en: str
    zh: str
    head: str


@dataclass(frozen=True, slots=True)
class Depth:
    """What waits in the inbox. oldest_at: aware UTC, None when nothing waits."""

    requests: int
    events: int
    bytes: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drained:
    """One move from the inbox into the lake. received_at: of its oldest letter; repeated: seen before."""

    at: datetime
    received_at: datetime
    events: int
    repeated: int

    @property
    def lag_s(self) -> float:
        """Seconds that its oldest event waited."""
        return (self.at - self.received_at).total_seconds()


@dataclass(frozen=True, slots=True)
class EdgeState:
    """How the edge does. minutes: (minute, events moved) of an hour; lag_s: the longest of ten minutes."""

    depth: Depth
    oldest_s: float | None
    lag_s: float | None
    minutes: Sequence[tuple[datetime, int]]
    repeated: int
    refused: Sequence[tuple[int, Refused]]
    names: Sequence[str]
    sources: Sequence[str]


BAD_EVENT = Refusal(
    "bad_event",
    "invalid",
    en="{field} {reason}. Nothing of this request was taken.",
    zh="{field} {reason_zh}。该请求没有任何内容被接收。",
)
EVENT_TOO_LARGE = Refusal(
    "event_too_large",
    "invalid",
    en="{field} has {size} bytes; an event may have {limit}. Nothing of this request was taken.",
    zh="{field} 有 {size} 字节；单个事件最多 {limit} 字节。该请求没有任何内容被接收。",
)
# The code of the edge's own limit: the door answers both with 413.
UNPACKED_TOO_LARGE = Refusal(
    "body_too_large",
    "invalid",
    en="The body is larger than {limit} once it is unpacked: send less at once.",
    zh="请求体解压后超过 {limit}：请减少一次发送的内容。",
)
BAD_GZIP = Refusal(
    "bad_gzip",
    "invalid",
    en="The body says it is gzip and cannot be unpacked. Send it again, or without compression.",
    zh="请求体声明为 gzip，但无法解压。请重新发送，或不压缩发送。",
)
ODD_ENCODING = Refusal(
    "odd_encoding",
    "invalid",
    en="The body is encoded as {value}: send it as gzip or as it is.",
    zh="请求体编码为 {value}：请使用 gzip 或不压缩。",
)
NO_ZONE = Refusal(
    "shop_without_zone",
    "refused",
    en="The shop has no time zone yet, so no event has a local day. Set name, zone and currency under "
    "Data > Events, or import orders first.",
    zh="店铺还没有时区，无法确定事件的本地日期。请先在“数据 > 行为事件”中设置，或先导入订单。",
)
TOO_FULL = Refusal(
    "inbox_full",
    "throttled",
    en="{waiting} events wait to be stored, {limit} may. Send this again in {retry_seconds} seconds.",
    zh="有 {waiting} 个事件等待入库，上限为 {limit}。请在 {retry_seconds} 秒后重新发送。",
)
