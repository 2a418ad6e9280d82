"""The one spelling of contacts, names, addresses and tiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from shengeng.kernel.errors import ShopError
from shengeng.trade.members.contracts import (
    BAD_COUNTRY,
    BAD_EMAIL,
    BAD_FIELD,
    BAD_PHONE,
    BAD_TIER,
    EMAIL_LONGEST,
    NAME_LONGEST,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    WEAK_PASSWORD,
    Where,
)

_EMAIL = re.compile(r"[^\s@<>()\",;:\\]+@[^\s@<>()\",;:\\.]+(\.[^\s@<>()\",;:\\.]+)+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_MAINLAND = re.compile(r"(?:(?:\+|00)86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"0[1-9][0-9]{8,10}")
_TIER = re.compile(r"[a-z][a-z0-9_-]{0,31}")
# Of an address: what a field is called and how long it may be; the ones in _MAY_LACK may be empty.
_FIELDS: Mapping[str, tuple[str, str, int]] = {
    "recipient": ("Recipient", "收件人", 60),
    "region": ("Province or state", "省份", 60),
    "city": ("City", "城市", 60),
    "district": ("District", "区县", 60),
    "line": ("Street and number", "详细地址", 200),
    "postcode": ("Postcode", "邮编", 12),
}
_MAY_LACK = frozenset({"district", "postcode"})
# Direct-controlled cities and city states have no province above them.
_NO_REGION = frozenset({"SG", "MC", "VA", "HK", "MO", "GI"})


def clean_email(value: str) -> str:
    """The one spelling of an e-mail address (NFKC, lower case); refuses what is none."""
    email = unicodedata.normalize("NFKC", value).strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > EMAIL_LONGEST or not email.isprintable():
        raise BAD_EMAIL.error(value=value[:60])
    return email


def clean_phone(value: str) -> str:
    """The one spelling of a phone number: 11 digits of mainland China, else + and the number (E.164)."""
    dense = re.sub(r"[\s().-]", "", unicodedata.normalize("NFKC", value))
    if found := _MAINLAND.fullmatch(dense):
        return found[1]
    dense = re.sub(r"^00", "+", dense)
    if not _PHONE.fullmatch(dense) or dense.startswith("+86"):
        raise BAD_PHONE.error(value=value[:30])
    return dense


def clean_contact(value: str) -> tuple[str | None, str | None]:
    """(e-mail, phone) of what somebody signs in with: the one that it is."""
    return (clean_email(value), None) if "@" in value or "＠" in value else (None, clean_phone(value))


def maybe_contacts(text: str) -> list[str]:
    """The contacts that somebody may mean: as written, as an e-mail address, as a phone number."""
    found = {text, text.lower()}
    for clean in (clean_email, clean_phone):
        with suppress(ShopError):
            found.add(clean(text))
    return sorted(found)


def clean_name(value: str) -> str:
    """What a member is called: one line of up to 60 characters, may be empty."""
    name = " ".join(unicodedata.normalize("NFC", value).split())
    if len(name) > NAME_LONGEST or not name.isprintable():
        raise BAD_FIELD.error(field="Name", field_zh="姓名", value=name[:30], limit=NAME_LONGEST)
    return name


def clean_tier(value: str) -> str:
    """The key of a tier, as price lists write it."""
    if not _TIER.fullmatch(value):
        raise BAD_TIER.error(value=value[:40])
    return value


def check_password(password: str, *contacts: str | None) -> None:
    """Refuses a short, endless or monotonous password, and one that holds the contact it belongs to."""
    good = PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST and len(set(password)) >= 5
    folded = password.casefold()
    told = any(contact and contact.partition("@")[0] in folded for contact in contacts if _telling(contact))
    if not good or told:
        raise WEAK_PASSWORD.error(shortest=PASSWORD_SHORTEST, longest=PASSWORD_LONGEST)


def _telling(contact: str | None) -> bool:
    return contact is not None and len(contact.partition("@")[0]) >= 4


def clean_where(given: Where) -> Where:
    """An address that a parcel can be sent to, in one spelling; refuses (invalid) a missing field."""
    country = given.country.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise BAD_COUNTRY.error(value=given.country[:10])
    clean = {name: _field(name, getattr(given, name), country) for name in _FIELDS}
    return replace(given, **clean, country=country, phone=_reached(given.phone))


def _reached(value: str) -> str:
    """Whom the courier calls: any phone, a mainland landline with its area code too."""
    dense = re.sub(r"[\s().-]", "", value)
    return dense if _LANDLINE.fullmatch(dense) else clean_phone(value)


def _field(name: str, value: str, country: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", value).split())
    label, label_zh, limit = _FIELDS[name]
    lacks = not text and not (name in _MAY_LACK or (name == "region" and country in _NO_REGION))
    if lacks or len(text) > limit or not text.isprintable():
        raise BAD_FIELD.error(name=name, field=label, field_zh=label_zh, value=text[:30], limit=limit)
    return text
