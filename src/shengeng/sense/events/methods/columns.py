"""Letters of the inbox as columns of the lake: decoded once, then whole columns at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.events.contracts import EVENTS, Mail
from shengeng.sense.events.methods.words import GA4, NAMELESS, in_our_words

LONGEST = 256
# Minor units of one event; a price list holds no more, and a million of them still fit 64 bits.
MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shop reads events with: its zone, its currency, how many digits that has."""

    timezone: str
    currency: str
    digits: int


class Kept(msgspec.Struct, rename="camel"):
    """An event as the inbox keeps it. What is open-ended stays the JSON that it is."""

    type: str
    event: str | None = None
    name: str | None = None
    message_id: str | int | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None
    properties: msgspec.Raw = msgspec.Raw(b"null")
    traits: msgspec.Raw = msgspec.Raw(b"null")
    context: msgspec.Raw = msgspec.Raw(b"null")


class Known(msgspec.Struct):
    """The properties that have a column of their own. Anything may stand in them."""

    product_id: Any = None
    sku: Any = None
    products: Any = None
    quantity: Any = None
    value: Any = None
    total: Any = None
    revenue: Any = None
    currency: Any = None
    store_id: Any = None
    channel: Any = None
    room_id: Any = None
    session_id: Any = None


_KEPT = msgspec.json.Decoder(list[Kept])
_KNOWN = msgspec.json.Decoder(Known | None)
_THINGS = msgspec.json.Decoder(dict[str, Any])
_JSON = msgspec.json.Encoder()
_NOTHING = Known()


def columns(mails: Sequence[Mail], terms: Terms) -> pa.Table:
    """Every event of the letters, in order (contracts.EVENTS without event_id's repetitions removed).

    occurred_at by Segment's rule: the sender's time plus what the sender's clock was behind when it sent,
    and never later than it was received.
    """
    opened = [_KEPT.decode(mail.body) for mail in mails]
    events = [event for letter in opened for event in letter]
    of = [mail for mail, letter in zip(mails, opened, strict=True) for _ in letter]
    _translate(events)
    known = [_KNOWN.decode(event.properties) or _NOTHING for event in events]
    contexts = [
        bytes(e.context) if bytes(e.context) != b"null" else m.context
        for e, m in zip(events, of, strict=True)
    ]
    received = _moments([mail.received_at for mail in of])
    occurred = _occurred(events, of, received)
    local = pc.local_timestamp(occurred.cast(pa.timestamp("us", tz=terms.timezone)))
    found = {
        "event_id": _event_ids(mails, opened),
        "source": [mail.source for mail in of],
        "kind": [event.type for event in events],
        "name": [event.event or NAMELESS.get(event.type, event.type) for event in events],
        "occurred_at": occurred,
        "received_at": received,
        "local_at": local,
        "local_date": local.cast(pa.date32()),
        "anonymous_id": [_text(event.anonymous_id) for event in events],
        "customer_id": [_text(event.user_id) for event in events],
        "product_id": [_product(one) for one in known],
        "quantity": [_number(_single(one).get("quantity", one.quantity)) for one in known],
        "value_minor": [_minor(one, terms) for one in known],
        "store_id": [_text(one.store_id) for one in known],
        "channel": [_text(one.channel) for one in known],
        "room_id": [_text(one.room_id) for one in known],
        "session_id": [_text(one.session_id) for one in known],
        "properties": [_properties(event) for event in events],
        "context": [None if one is None else one.decode() for one in contexts],
    }
    return pa.table(
        [
            pa.array(found[f.name], f.type) if isinstance(found[f.name], list) else found[f.name]
            for f in EVENTS
        ],
        schema=EVENTS,
    )


def _translate(events: Sequence[Kept]) -> None:
    """GA4's names become Segment's; what was sent stays beside it, under "ga4" of the context."""
    for event in events:
        if event.type == "track" and event.event and event.event in GA4:
            given = _THINGS.decode(event.properties) if bytes(event.properties) != b"null" else {}
            context = _THINGS.decode(event.context) if bytes(event.context) != b"null" else {}
            context["ga4"] = {"name": event.event, "parameters": given}
            event.event = GA4[event.event]
            event.properties = msgspec.Raw(_JSON.encode(in_our_words(given)))
            event.context = msgspec.Raw(_JSON.encode(context))


def _event_ids(mails: Sequence[Mail], opened: Sequence[Sequence[Kept]]) -> list[str]:
    """The sender's messageId; without one the place in the inbox, which is one event's for ever."""
    return [
        _text(event.message_id) or f"inbox-{mail.id}-{place}"
        for mail, letter in zip(mails, opened, strict=True)
        for place, event in enumerate(letter)
    ]


def _occurred(events: Sequence[Kept], of: Sequence[Mail], received: pa.Array) -> pa.Array:
    given = _moments([event.original_timestamp or event.timestamp for event in events])
    sent = _moments([event.sent_at or mail.sent_at for event, mail in zip(events, of, strict=True)])
    behind = pc.coalesce(pc.subtract(received, sent), pa.scalar(0, pa.duration("us")))
    moved = pc.coalesce(pc.add(given, behind), received)
    return pc.if_else(pc.greater(moved, received), received, moved)


def _moments(moments: Sequence[datetime | None]) -> pa.Array:
    """Aware and naive (UTC) moments as one column."""
    return pa.array(moments, pa.timestamp("us", tz="UTC"))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    return str(value).strip()[:LONGEST] or None


def _single(one: Known) -> dict[str, Any]:
    """The one product of an event that lists exactly one."""
    products = one.products
    if isinstance(products, list) and len(products) == 1 and isinstance(products[0], dict):
        return products[0]
    return {}


def _product(one: Known) -> str | None:
    inner = _single(one)
    return (
        _text(one.product_id) or _text(one.sku) or _text(inner.get("product_id")) or _text(inner.get("sku"))
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < 1e12 else None


def _minor(one: Known, terms: Terms) -> int | None:
    """What the sender says it is worth, in the shop's money; another currency's is left in the properties."""
    if isinstance(one.currency, str) and one.currency.strip().upper() != terms.currency:
        return None
    for given in (one.value, one.total, one.revenue):
        if (found := _number(given)) is not None:
            minor = round(found * 10**terms.digits)
            return minor if abs(minor) < MOST_MINOR else None
    return None


def _properties(event: Kept) -> str | None:
    raw = bytes(event.properties)
    if raw == b"null":
        raw = bytes(event.traits)
    if event.type in ("page", "screen", "group", "alias"):
        raw = _with_own(event, raw)
    return None if raw == b"null" else raw.decode()


def _with_own(event: Kept, raw: bytes) -> bytes:
    """What calls without properties of this kind say beside them: the page's name, the group, the old id."""
    own: dict[str, Callable[[], Any]] = {
        "name": lambda: event.name,
        "group_id": lambda: _text(event.group_id),
        "previous_id": lambda: _text(event.previous_id),
    }
    extra = {key: value for key, say in own.items() if (value := say()) is not None}
    if not extra:
        return raw
    return _JSON.encode(extra | (_THINGS.decode(raw) if raw != b"null" else {}))
