"""Passwords hashed two at a time: each takes 32 MiB and about 50 ms, and strangers may ask for many."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from shengeng.govern.access.methods import secrets_of
from shengeng.govern.access.methods.secrets_of import outdated

__all__ = ["fits", "hashed", "new_password", "outdated"]

_TWO = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """The argon2id string to keep, with a fresh salt."""
    with _TWO:
        return secrets_of.hash_password(password, secrets.token_bytes(16))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash (unknown name) the same work is done for nothing."""
    with _TWO:
        return secrets_of.fits(password_hash or _nobody(), password) and password_hash is not None


def new_password() -> str:
    """A password nobody chose: 20 letters and digits in four groups."""
    return secrets_of.spell_password(secrets.choice)


@cache
def _nobody() -> str:
    return secrets_of.hash_password(secrets.token_urlsafe(), secrets.token_bytes(16))
