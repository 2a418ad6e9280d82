"""Identifiers that say who somebody is, and those that do not."""

from __future__ import annotations

import hashlib
import re

LONGEST = 200
_MASK = re.compile(r"[*＊•●]|x{3,}|X{3,}")
_WORDS = frozenset(
    (
        *("0", "00", "000", "0000", "00000", "-1", "na", "n/a", "nan", "nil", "null", "none", "undefined"),
        *("unknown", "anonymous", "anon", "guest", "guests", "test", "tester", "default", "user", "customer"),
        *("admin", "visitor", "walkin", "walk-in", "{}", "[]", "[object object]"),
        *("匿名", "匿名用户", "游客", "访客", "散客", "测试", "未知", "无"),
    )
)
# Numbers that forms and test scripts are filled with; any number of one repeated digit besides.
_TEST_PHONES = (
    "",
    "0",
    "null",
    "none",
    "undefined",
    "unknown",
    "13800138000",
    "13800000000",
    "13888888888",
    "13000000000",
    "13900000000",
    "18888888888",
    "18800000000",
    "12345678901",
    "12345678910",
    "1234567890",
    "10000000000",
    *(str(digit) * 11 for digit in range(10)),
    "test@test.com",
    "test@example.com",
    "a@a.com",
    "noreply@example.com",
)
_DIGESTS = ("md5", "sha1", "sha256", "sha512")
_JUNK_HASHES = frozenset(
    hashlib.new(name, form.encode(), usedforsecurity=False).hexdigest()
    for name in _DIGESTS
    for text in _TEST_PHONES
    for form in (text, f"86{text}", f"+86{text}")
)
_COUNTRY = re.compile(r"^(?:00|\+)?86(?=1\d{10}$)")


def usable(kind: str, value: str) -> bool:
    """Whether an identifier can tell one person from another: not masked, not empty, not a known filler."""
    text = value.strip()
    if text != value or not 0 < len(text) <= LONGEST or not text.isprintable() or _MASK.search(text):
        return False
    lowered = text.lower()
    if lowered in _WORDS or lowered in _JUNK_HASHES:
        return False
    return kind in ("customer", "anonymous") or len(set(text)) > 1


def phone_hash(phone: str) -> str | None:
    """sha256 (hex) of a number's digits, a mainland number without its 86; None for a masked or junk one."""
    if _MASK.search(phone):
        return None
    digits = _COUNTRY.sub("", re.sub(r"[\s().-]", "", phone)).removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 15):
        return None
    found = hashlib.sha256(digits.encode()).hexdigest()
    return found if usable("phone_hash", found) else None


def email_hash(email: str) -> str | None:
    """sha256 (hex) of an address without blanks around it, in lower case; None for a masked or junk one."""
    text = email.strip().lower()
    name, at, host = text.partition("@")
    if not (name and at and "." in host) or "*" in text or len(text) > LONGEST:
        return None
    found = hashlib.sha256(text.encode()).hexdigest()
    return found if usable("email_hash", found) else None
