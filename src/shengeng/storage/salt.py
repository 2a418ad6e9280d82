"""A home's own secret, with which contact data is hashed: made once, readable by its owner only."""

from __future__ import annotations

import hmac
import os
import secrets
import time
from functools import cache
from pathlib import Path

NAME, LENGTH = "contacts.salt", 32


@cache
def contact_salt(home: Path) -> bytes:
    """The salt of a home (SHENGENG_HOME/contacts.salt, mode 0600), made at first use.

    Whoever loses it can no longer join new contacts with old ones, so a backup keeps it.
    """
    path = home / NAME
    home.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    return path.read_bytes()


def keyed(home: Path, kind: str, digest: str) -> str:
    """The digest of a phone or e-mail address under this home's salt: guessing numbers needs the salt."""
    return hmac.new(contact_salt(home), f"{kind}:{digest}".encode(), "sha256").hexdigest()


def _make(path: Path) -> None:
    # Written aside and linked into place: of two processes one wins, and nobody reads half of it.
    aside = path.with_name(f".{NAME}.{os.getpid()}.{time.monotonic_ns()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(LENGTH))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
