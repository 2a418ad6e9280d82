"""Passwords, session secrets and tokens: how they are made, checked and kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shengeng.govern.access.contracts import (
    BAD_NAME,
    BAD_PASSWORD,
    NAME_LENGTH,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
)

# argon2id; OWASP's password storage cheat sheet asks for at least 19 MiB, 2 passes, 1 lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
# No letters that are mistaken for each other when somebody copies a password from a screen: 31 of them.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# Actors of the audit log that are no accounts.
RESERVED = frozenset({"shell", "shop", "system", "worker"})
_NAME = re.compile(r"\w[\w.@-]*")


def clean_name(value: str) -> str:
    """The one spelling of a name (NFKC, case folded); refuses what is too long or no name."""
    name = unicodedata.normalize("NFKC", value).strip().casefold()
    if not _NAME.fullmatch(name) or len(name) > NAME_LENGTH or name in RESERVED:
        raise BAD_NAME.error(value=value[:NAME_LENGTH], limit=NAME_LENGTH)
    return name


def check_password(name: str, password: str) -> None:
    """Refuses a short, endless or monotonous password, and one that is or hides the name."""
    good = PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST and len(set(password)) >= 5
    if not good or name == password.casefold() or (len(name) >= 4 and name in password.casefold()):
        raise BAD_PASSWORD.error(shortest=PASSWORD_SHORTEST, longest=PASSWORD_LONGEST)


def spell_password(pick: Callable[[str], str]) -> str:
    """A password of four groups of five, 99 bits, each letter picked by `pick` from the alphabet."""
    return "-".join("".join(pick(ALPHABET) for _ in range(5)) for _ in range(4))


def hash_password(password: str, salt: bytes) -> str:
    """The argon2id string to keep: parameters, salt and hash."""
    return HASHER.hash(_spelled(password), salt=salt)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password made this hash; takes as long for a wrong one as for a right one."""
    try:
        return HASHER.verify(password_hash, _spelled(password))
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def digest(secret: str) -> bytes:
    """What is kept of a random 256-bit secret: its SHA-256, 32 bytes."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def csrf_of(session: str) -> str:
    """The token that proves a write comes from our own page: HMAC-SHA256 keyed with the session's secret.

    The session's secret stands in an HttpOnly cookie; the token tells a page nothing about it.
    """
    return hmac.new(session.encode("utf-8", "replace"), b"shengeng csrf 1", "sha256").hexdigest()


def same(given: str, expected: str) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


def _spelled(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
