"""Keyset cursors: the sort values of the last row, opaque to the client, checked on the way back."""

from __future__ import annotations

import base64
import binascii
import json
import math

from shengeng.kernel.errors import Refusal

Value = str | int | float | None

BAD_CURSOR = Refusal(
    "bad_cursor",
    "invalid",
    en="The cursor {value} is not one of ours: ask for the first page again, without a cursor.",
    zh="游标 {value} 不是本系统给出的：请不带游标重新请求第一页。",
)


def to_cursor(*values: Value) -> str:
    """The last row's sort values as one URL-safe word."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_cursor(word: str | None, *kinds: type) -> tuple[Value, ...] | None:
    """The values back, or None without a cursor; each must be of its kind (or null), else it is refused.

    kinds: str, int or float, one for each value that `to_cursor` was given.
    """
    if not word:
        return None
    try:
        raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        raise BAD_CURSOR.error(value=word[:80]) from None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise BAD_CURSOR.error(value=word[:80])
    if not all(_fits(value, kind) for value, kind in zip(values, kinds, strict=True)):
        raise BAD_CURSOR.error(value=word[:80])
    return tuple(values)


def _fits(value: object, kind: type) -> bool:
    if value is None:
        return True
    if isinstance(value, bool):
        return False
    if kind is float:
        return isinstance(value, (int, float)) and math.isfinite(value)
    if kind is int:
        return isinstance(value, int) and abs(value) < 2**63
    return isinstance(value, str) and "\x00" not in value
