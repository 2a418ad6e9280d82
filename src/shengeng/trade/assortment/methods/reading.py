"""What a cell says: a price, a day, one of some words; or what it would have to be."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from shengeng.kernel.money import digits
from shengeng.kernel.words import Words
from shengeng.trade.assortment.contracts import PRICE_MOST, Known
from shengeng.trade.catalogue.contracts import (
    ABOUT_LONGEST,
    ATTRIBUTES_MOST,
    MEDIA_MOST,
    TEXT_LONGEST,
    Attribute,
    ColdChain,
    EvidenceKind,
    Picture,
    ProductDraft,
    State,
    Supply,
    VariantDraft,
)

_MONEY = re.compile(r"(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,6}))?")
_WHOLE = re.compile(r"\d{1,10}")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_KEY, _CODE = re.compile(r"[a-z0-9_-]{1,40}"), re.compile(r"[a-z0-9_-]{0,60}")
_URL = re.compile(r"(https?://\S+)?")
_LONGEST = {"summary": 2 * TEXT_LONGEST, "about": ABOUT_LONGEST}
_SAID = {
    "state": {"草稿": "draft", "在售": "listed", "上架": "listed", "归档": "archived", "已归档": "archived"},
    "supply": {"现货": "stock", "预售": "presale", "定制": "made_to_order"},
    "cold_chain": {"无": "none", "常温": "none", "冷藏": "chilled", "冷冻": "frozen"},
    "active": {"是": "yes", "否": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"},
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "state": get_args(State),
    "supply": get_args(Supply),
    "cold_chain": get_args(ColdChain),
    "active": ("yes", "no"),
}
_WHOLES = {"lead_days": 365, "weight_g": 10**8, "volume_ml": 10**9}
# Blank cells of these leave what stands.
STAYS = frozenset({"state", "seller_id", "tax_class", "supply", "cold_chain", "active", *_WHOLES})


class NotThatError(ValueError):
    """A cell that cannot be, and what it would have to be."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.must = Words(zh, en)


def of_product(draft: ProductDraft, key: str, cell: str, known: Known) -> ProductDraft:
    """A product with one of its cells changed (options apart)."""
    name, _, lang = key.rpartition("_")
    if lang in ("zh", "en"):
        text: Any = replace(getattr(draft, name), **{lang: _text(cell, _LONGEST.get(name, TEXT_LONGEST))})
        return replace(draft, **{name: text})
    if key == "attributes":
        return replace(draft, attributes=_attributes(cell))
    if key == "media":
        return replace(draft, media=_pictures(cell, draft, known))
    return replace(draft, **{key: _PRODUCT[key](cell, known)})


_PRODUCT: Mapping[str, Any] = {
    "state": lambda cell, _: one_of("state", cell),
    "brand": lambda cell, _: _text(cell, TEXT_LONGEST),
    "category_id": lambda cell, known: _among(cell, known.categories, "a category", "已有的分类") or None,
    "seller_id": lambda cell, known: _among(cell, known.sellers, "a seller", "已有的商家"),
    "tax_class": lambda cell, known: _among(cell, known.tax_classes, "a tax class", "已有的税类"),
}


def of_variant(one: VariantDraft, key: str, cell: str, known: Known) -> VariantDraft:
    """A variant with one of its cells changed (choices and prices apart)."""
    told: Any
    if key in _WHOLES:
        told = _whole(cell, _WHOLES[key])
    elif key == "active":
        told = one_of("active", cell) == "yes"
    elif key == "cost":
        key, told = "cost_minor", money(cell, known.currency, least=0)
    elif key == "ships_on":
        told = _day(cell)
    elif key == "image":
        told = _among(cell, known.media, "a picture of the shop", "已上传的图片")
    else:
        told = one_of(key, cell)
    return replace(one, **{key: told})


def money(cell: str, currency: str, *, least: int = 1) -> int | None:
    """An amount in minor units; None for a blank cell."""
    if not cell:
        return None
    places, found = digits(currency), _MONEY.fullmatch(cell)
    if found is None or len((found[2] or "").rstrip("0")) > places:
        raise NotThatError(
            f"an amount such as 12.50 with up to {places} decimals", f"12.50 这样的金额，最多 {places} 位小数"
        )
    minor = int(found[1].replace(",", "") + (found[2] or "")[:places].ljust(places, "0"))
    if not least <= minor <= PRICE_MOST:
        raise NotThatError(
            f"{least}..{PRICE_MOST} minor units", f"{least} 到 {PRICE_MOST} 之间（最小货币单位）"
        )
    return minor


def one_of(key: str, cell: str) -> str:
    """One of the words of a column, in either language."""
    word = _SAID[key].get(cell.lower(), cell.lower())
    if word not in _WORDS[key]:
        every = ", ".join(_WORDS[key])
        raise NotThatError(f"one of {every}", f"以下之一：{every}")
    return word


def _text(cell: str, longest: int) -> str:
    if len(cell) > longest:
        raise NotThatError(f"up to {longest} characters", f"不超过 {longest} 个字符")
    return cell


def _whole(cell: str, most: int) -> int:
    if not _WHOLE.fullmatch(cell) or int(cell) > most:
        raise NotThatError(f"a whole number, 0..{most}", f"0 到 {most} 的整数")
    return int(cell)


def _day(cell: str) -> date | None:
    found = _DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())) if found else (None if not cell else _no_day())
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise NotThatError("a day such as 2026-11-30", "2026-11-30 这样的日期")


def _among(cell: str, known: Collection[str], en: str, zh: str) -> str:
    if cell and cell not in known:
        raise NotThatError(f"{en} that there is", zh)
    return cell


def _pictures(cell: str, draft: ProductDraft, known: Known) -> tuple[Picture, ...]:
    there = {one.media_id: one for one in draft.media}
    ids = list(dict.fromkeys(cell.replace(",", " ").split()))
    if len(ids) > MEDIA_MOST or not all(id in there or id in known.media for id in ids):
        raise NotThatError(
            f"up to {MEDIA_MOST} pictures of the shop, by id", f"最多 {MEDIA_MOST} 张已上传图片的编号"
        )
    return tuple(there.get(id) or Picture(id, Words("", "")) for id in ids)


def _attributes(cell: str) -> tuple[Attribute, ...]:
    """Attributes as JSON: [{"key": "cotton", "label": {"zh": …, "en": …}, "value": {…}, …}]."""
    try:
        told = json.loads(cell or "[]")
        found = tuple(_attribute(one) for one in told)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found = None
    if found is None or len(found) > ATTRIBUTES_MOST:
        raise NotThatError(
            f"up to {ATTRIBUTES_MOST} attributes as an exported file has them",
            f"最多 {ATTRIBUTES_MOST} 个属性，格式同导出的文件",
        )
    return found


def _attribute(told: Mapping[str, Any]) -> Attribute:
    label, value = (Words(_said(told[name]["zh"]), _said(told[name]["en"])) for name in ("label", "value"))
    rest = {name: told.get(name, "") for name in ("code", "evidence", "url")}
    kind = told.get("evidence_kind", "none")
    sound = (
        set(told) <= {"key", "label", "value", "code", "evidence", "evidence_kind", "url"}
        and kind in get_args(EvidenceKind)
        and _KEY.fullmatch(told["key"])
        and _CODE.fullmatch(rest["code"])
        and _URL.fullmatch(rest["url"])
        and max(map(len, rest.values())) <= 2000
    )
    if not sound:
        raise ValueError(told)
    return Attribute(told["key"], label, value, evidence_kind=kind, **rest)


def _said(text: object) -> str:
    if not isinstance(text, str) or len(text) > TEXT_LONGEST or "\0" in text:
        raise ValueError(text)
    return text
