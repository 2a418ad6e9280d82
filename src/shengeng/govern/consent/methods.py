"""One mapping from what files and events carry to consents, and the rule by which the newest word wins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from shengeng.govern.consent.contracts import CHANNELS, PURPOSES, Channel, Purpose, Said

# A file that does not say when: anything that was said since outweighs it.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_YES = {"true", "1", "yes", "y", "granted", "opt_in", "是", "同意"}
_NO = {"false", "0", "no", "n", "withdrawn", "denied", "opt_out", "否", "拒绝", "退订"}


def read(given: object, person_id: str, *, at: datetime | None, source: str) -> list[Said]:
    """Consents in a value such as {"marketing": {"sms": true}, "email": false, "at": "…", "text": "v3"}.

    A purpose holds yes or no (every channel) or a mapping of channels; a channel by itself speaks of
    marketing; a bare yes or no of marketing on every channel. What cannot be read says nothing.
    """
    value = _parsed(given)
    if not isinstance(value, Mapping):
        value = {"marketing": value}
    said_at = _moment(value.get("at")) or at or LONG_AGO
    text, shown = str(value.get("text") or "")[:200], str(value.get("shown") or "")[:2000]
    return [
        Said(person_id, purpose, channel, granted, said_at, source, text, shown)
        for purpose, channel, granted in _found(value)
    ]


def _found(value: Mapping[str, Any]) -> Iterator[tuple[Purpose, Channel, bool]]:
    for name, given in value.items():
        key = str(name).lower()
        if key in CHANNELS and key != "any":
            yield from _pair("marketing", key, given)
        elif key in PURPOSES and isinstance(given, Mapping):
            for channel, one in given.items():
                if str(channel).lower() in CHANNELS:
                    yield from _pair(key, str(channel).lower(), one)
        elif key in PURPOSES:
            yield from _pair(key, "any", given)


def _pair(purpose: str, channel: str, given: object) -> Iterator[tuple[Purpose, Channel, bool]]:
    if (granted := yes_or_no(given)) is not None:
        yield cast("Purpose", purpose), cast("Channel", channel), granted


def yes_or_no(given: object) -> bool | None:
    """A yes, a no, or neither."""
    word = str(given).strip().lower()
    return True if word in _YES else False if word in _NO else None


def _parsed(given: object) -> object:
    if isinstance(given, str) and given.lstrip().startswith("{"):
        try:
            return json.loads(given)
        except ValueError:
            return {}
    return given


def _moment(given: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def newest(words: Iterable[tuple[str, bool, datetime]], same: Mapping[str, str]) -> dict[str, bool]:
    """The last word of every person. words: (id, granted, said_at); same: id -> person where they differ.

    Of two words said at one moment the withdrawal counts.
    """
    last: dict[str, tuple[datetime, bool]] = {}
    for given, granted, at in words:
        person = same.get(given, given)
        word = (at, not granted)
        if person not in last or word >= last[person]:
            last[person] = word
    return {person: not withdrawn for person, (_, withdrawn) in last.items()}
