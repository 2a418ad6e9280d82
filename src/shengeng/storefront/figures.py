"""Money, days and addresses as shoppers read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from shengeng.kernel.errors import Lang
from shengeng.kernel.money import digits, from_minor

_SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "KRW": "₩"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
PREFIX: Mapping[Lang, str] = {"zh": "", "en": "/en"}


def money(minor: int, currency: str) -> str:
    """An amount with its sign, always to the last digit: ¥1,299.00."""
    sign = _SIGNS.get(currency, f"{currency} ")
    amount = f"{from_minor(abs(minor), currency):,.{digits(currency)}f}"
    return f"{'−' if minor < 0 else ''}{sign}{amount}"


def short(minor: int, currency: str) -> str:
    """An amount without zeros after the point: ¥99, ¥99.50."""
    zeros = "." + "0" * digits(currency)
    return money(minor, currency).removesuffix(zeros)


def day(when: date | datetime, lang: Lang) -> str:
    """A day of the year: 3月5日, 5 Mar."""
    return f"{when.month}月{when.day}日" if lang == "zh" else f"{when.day} {_MONTHS[when.month - 1]}"


def moment(when: datetime, lang: Lang, zone: str) -> str:
    """A moment on the shop's clock: 2026年3月5日 14:30, 5 Mar 2026, 14:30."""
    local = when.astimezone(ZoneInfo(zone))
    if lang == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def link(lang: Lang, path: str, **query: Any) -> str:
    """A path of ours in a language, with what of the query is not empty."""
    kept = [(key, str(value)) for key, value in query.items() if value not in (None, "", (), [])]
    base = PREFIX[lang] + path
    return f"{base}?{urlencode(kept)}" if kept else base
