"""A request into orders, and what is wrong with it by its place."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from shengeng.sense.orders.contracts import AHEAD_HOURS, Batch, Order, Reason

_BATCH = msgspec.json.Decoder(Batch)
_ORDER = msgspec.json.Decoder(Order)
_PLACE = re.compile(r" - at `\$?([^`]*)`$")
_NAMED = re.compile(r"field `([^`]+)`")


def batch(body: bytes) -> Batch | Reason:
    """The request as a batch of raw orders, or why it is none."""
    try:
        return _BATCH.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return _reason(error, "")


def order(raw: msgspec.Raw, place: str, now: datetime) -> Order | Reason:
    """One order of a batch, or the first thing wrong with its shape. place: such as orders.3."""
    try:
        found = _ORDER.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return _reason(error, place)
    for refund in found.refunds:
        if refund.line is not None and refund.line >= len(found.lines):
            return Reason(
                "no_line",
                f"{place}.refunds.{found.refunds.index(refund)}.line",
                f"there is no line {refund.line}: the first is 0",
                f"没有第 {refund.line} 行：第一行是 0",
            )
    if found.ordered_at > now + timedelta(hours=AHEAD_HOURS):
        return Reason(
            "future",
            f"{place}.ordered_at",
            f"more than {AHEAD_HOURS} hours in the future: set the sender's clock",
            f"比现在晚 {AHEAD_HOURS} 小时以上：请校准发送方的时钟",
        )
    return found


def _reason(error: Exception, place: str) -> Reason:
    """msgspec's sentence in both languages, and its place as a dotted path."""
    told = str(error)
    found = _PLACE.search(told)
    path = re.sub(r"\[(\d+)\]", r".\1", found[1]) if found else ""
    what = _PLACE.sub("", told)
    named = _NAMED.search(what)
    if named and ("missing" in what or "unknown" in what):
        path += f".{named[1]}"
    whole = f"{place}{path}".lstrip(".")
    return Reason("shape", whole, what[:300], f"格式不符：{what[:300]}")
