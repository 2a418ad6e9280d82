"""Identifiers: UUIDv7 (RFC 9562), so that rows sort by the moment they were made."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime


def new_id(now: datetime) -> uuid.UUID:
    """A UUIDv7 for an aware wall-clock moment: 48 bits of milliseconds, 74 random bits."""
    assert now.tzinfo is not None
    millis = int(now.timestamp() * 1000) & (2**48 - 1)
    value = millis << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
