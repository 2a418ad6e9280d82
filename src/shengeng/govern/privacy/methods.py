"""Tokens that stand for erased identifiers, and when an answer is due."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, timedelta

_SHOWN = 12


def token(key: bytes, identifier: str) -> str:
    """A keyed hash of one identifier: says whether one is known, tells nobody which it was."""
    return hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()


def stand_in(key: bytes, person_id: str) -> str:
    """What takes a person's place in rows that stay: the same for one person, nobody to others."""
    return f"erased-{token(key, 'person ' + person_id)[:_SHOWN]}"


def due_on(asked_on: date, days: int) -> date:
    """The last day on which the answer is in time."""
    return asked_on + timedelta(days=days)
