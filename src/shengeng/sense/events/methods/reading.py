"""A request's bytes as validated events. Strict: what cannot be kept is refused by its field."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from shengeng.kernel.errors import ShopError
from shengeng.sense.events.contracts import (
    BAD_EVENT,
    BAD_GZIP,
    DEEPEST,
    EVENT_LIMIT,
    EVENT_TOO_LARGE,
    EVENTS_A_REQUEST,
    ID_LONGEST,
    NAME_LONGEST,
    REQUEST_LIMIT,
    UNPACKED_TOO_LARGE,
    EventKind,
    Letter,
)
from shengeng.sense.events.methods.faults import fault

ContactKind = Literal["phone", "email"]
Id = Annotated[str, msgspec.Meta(max_length=ID_LONGEST)] | int | None
Word = Annotated[str, msgspec.Meta(max_length=NAME_LONGEST)] | None
Things = dict[str, Any] | None
# Traits that hold contact data, raw or as a SHA-256.
_CONTACTS: Mapping[str, ContactKind] = {
    "phone": "phone",
    "mobile": "phone",
    "email": "email",
    "phone_hash": "phone",
    "email_hash": "email",
}
# Moments outside are a broken clock; they would make partitions for centuries.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=366)


class Sent(msgspec.Struct, rename="camel", omit_defaults=True):
    """An event as Segment's SDKs send it; what we do not know is left out."""

    type: Literal["track", "identify", "page", "screen", "group", "alias"] | None = None
    event: Word = None
    name: Word = None
    message_id: Id = None
    anonymous_id: Id = None
    user_id: Id = None
    previous_id: Id = None
    group_id: Id = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None
    properties: Things = None
    traits: Things = None
    context: Things = None


class Batch(msgspec.Struct, rename="camel"):
    """A batch as it comes: its events still unread, one by one they are checked."""

    batch: list[msgspec.Raw]
    sent_at: datetime | None = None
    context: Things = None


# (phone or email, what was sent) -> its digest, None for what is none.
Hide = Callable[[ContactKind, str], str | None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a request is read with: whose it is, when it came (aware UTC), how contacts are hidden."""

    source: str
    received_at: datetime
    hide: Hide


_BATCH = msgspec.json.Decoder(Batch)
_SENT = msgspec.json.Decoder(Sent)
_LIST = msgspec.json.Encoder()


def unpacked(body: bytes) -> bytes:
    """A gzip body, unpacked up to the limit: a bomb costs its limit, not more."""
    work = zlib.decompressobj(wbits=31)
    try:
        found = work.decompress(body, REQUEST_LIMIT + 1)
    except zlib.error:
        raise BAD_GZIP.error() from None
    if len(found) > REQUEST_LIMIT:
        raise UNPACKED_TOO_LARGE.error(limit=f"{REQUEST_LIMIT // 1024} KB")
    if not work.eof:
        raise BAD_GZIP.error()
    return found


def read_one(body: bytes, kind: EventKind, desk: Desk) -> Letter:
    """A request of one event; its kind is that of the address."""
    found = _read(body, "", desk)
    found.type = kind
    _complete(found, "")
    return Letter(desk.source, desk.received_at, found.sent_at, 1, None, _LIST.encode([found]))


def read_batch(body: bytes, desk: Desk) -> Letter:
    """A request of several events; each says its kind."""
    try:
        batch = _BATCH.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise fault(error, "") from None
    if not 0 < len(batch.batch) <= EVENTS_A_REQUEST:
        limits = {"reason": f"holds {len(batch.batch)} events; send 1 to {EVENTS_A_REQUEST}"}
        limits["reason_zh"] = f"含有 {len(batch.batch)} 个事件；请发送 1 到 {EVENTS_A_REQUEST} 个"
        raise BAD_EVENT.error(field="batch", **limits)
    found = [_member(bytes(raw), f"batch.{place}", desk) for place, raw in enumerate(batch.batch)]
    _check_depth(batch.context, "context", 0)
    _hide_traits(batch.context, desk.hide)
    context = _LIST.encode(batch.context) if batch.context else None
    return Letter(desk.source, desk.received_at, batch.sent_at, len(found), context, _LIST.encode(found))


def _member(raw: bytes, where: str, desk: Desk) -> Sent:
    found = _read(raw, where, desk)
    if found.type is None:
        raise _bad(where, "type", "is required", "为必填项")
    _complete(found, where)
    return found


def _read(raw: bytes, where: str, desk: Desk) -> Sent:
    if len(raw) > EVENT_LIMIT:
        raise EVENT_TOO_LARGE.error(field=where or "body", size=len(raw), limit=EVENT_LIMIT)
    try:
        found = _SENT.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise fault(error, where) from None
    # Deeper than its brackets are many it cannot be; NUL comes only as an escape.
    if b"\\u0000" in raw or raw.count(b"{") + raw.count(b"[") > DEEPEST:
        _check_depth(msgspec.to_builtins(found), where, 0)
    for name in ("timestamp", "original_timestamp", "sent_at"):
        _check_moment(getattr(found, name), desk.received_at, where, name)
    _hide_contacts(found.traits, desk.hide)
    _hide_traits(found.context, desk.hide)
    return found


def _complete(found: Sent, where: str) -> None:
    if found.type == "alias":
        if not (_id(found.user_id) and _id(found.previous_id)):
            field = "previousId" if _id(found.user_id) else "userId"
            raise _bad(where, field, "is required for an alias", "是 alias 的必填项")
    elif not (_id(found.user_id) or _id(found.anonymous_id)):
        raise _bad(
            where,
            "userId",
            "is required, or anonymousId: without one of them the event is nobody's",
            "与 anonymousId 至少填一个：否则事件不属于任何人",
        )
    if found.type == "track" and not (found.event and found.event.strip()):
        raise _bad(where, "event", "is required: the name of what was done", "为必填项：所做之事的名称")
    if found.type == "group" and not _id(found.group_id):
        raise _bad(where, "groupId", "is required for a group", "是 group 的必填项")


def _id(value: str | int | None) -> str:
    return "" if value is None else str(value).strip()


def _check_moment(moment: datetime | None, received_at: datetime, where: str, name: str) -> None:
    if moment is None:
        return
    given = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        good = EARLIEST <= given <= received_at + AHEAD
    except OverflowError:
        good = False
    if not good:
        field = re.sub(r"_(.)", lambda found: found[1].upper(), name)
        reason = f"is {moment.isoformat()}, outside 2000-01-01 to a year from now"
        raise _bad(where, field, reason, f"为 {moment.isoformat()}，不在 2000-01-01 至一年之后的范围内")


def _check_depth(value: Any, field: str, depth: int) -> None:
    """Refuses NUL characters and what is nested too deep."""
    if depth > DEEPEST:
        raise _bad("", field[:80], f"is nested deeper than {DEEPEST}", f"嵌套超过 {DEEPEST} 层")
    if isinstance(value, str):
        if "\x00" in value:
            raise _bad("", field[:80], "holds \\u0000", "含有 \\u0000")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check_depth(key, field, depth)
            _check_depth(inner, f"{field}.{key}" if field else str(key), depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _check_depth(inner, f"{field}.{place}", depth + 1)


def _hide_traits(context: dict[str, Any] | None, hide: Hide) -> None:
    if context and isinstance(context.get("traits"), dict):
        _hide_contacts(context["traits"], hide)


def _hide_contacts(traits: dict[str, Any] | None, hide: Hide) -> None:
    """A phone or e-mail becomes its digest here, before anything is written; one that is none goes."""
    if not traits:
        return
    given = {name: traits.pop(name) for name in _CONTACTS if name in traits}
    for name, value in given.items():
        digest = hide(_CONTACTS[name], value) if isinstance(value, str) else None
        if digest:
            traits[f"{_CONTACTS[name]}_hash"] = digest


def _bad(where: str, field: str, reason: str, reason_zh: str) -> ShopError:
    path = f"{where}.{field}" if where and field else where or field
    return BAD_EVENT.error(field=path.replace("\x00", "")[:120], reason=reason, reason_zh=reason_zh)
