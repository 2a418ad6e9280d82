"""Words of a search, pictures by their first bytes, drafts that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shengeng.kernel.words import Words
from shengeng.trade.catalogue.contracts import (
    ABOUT_LONGEST,
    ATTRIBUTES_MOST,
    ID_LONGEST,
    MEDIA_MOST,
    OPTIONS_MOST,
    TEXT_LONGEST,
    VARIANTS_MOST,
    ProductDraft,
    VariantDraft,
)

_RUN = re.compile(r"[㐀-䶿一-鿿]+|[^\W_㐀-䶿一-鿿]+")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_ID = re.compile(r"[^\s/?#%\x00-\x1f]{1,120}")
_UNSAFE_SVG = re.compile(rb"<script|<foreignobject|\son\w+\s*=|javascript:|<!entity|<!doctype", re.IGNORECASE)
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
_MINOR_MOST = 10**10


def tokens(text: str) -> list[str]:
    """Words to be found by: Latin ones as they are, Chinese as its pairs of characters."""
    found: list[str] = []
    for run in _RUN.findall(text.casefold()):
        if not _HAN.match(run) or len(run) == 1:
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def searched(*texts: str) -> str:
    """What a product is found by: every word, single Chinese characters too."""
    every = [word for text in texts for word in tokens(text)]
    every += [sign for text in texts for sign in _HAN.findall(text)]
    return " ".join(dict.fromkeys(every))


def asked(text: str) -> str:
    """A search as PostgreSQL's simple text query: every word must be there, the last one may go on."""
    found = tokens(text)[:20]
    plain = [f"'{word}'" for word in found if "'" not in word and "\\" not in word]
    if plain and not _HAN.match(found[-1]):
        plain[-1] += ":*"
    return " & ".join(plain)


# Words for one thing, a group a line: what one of them does not find, the others may.
_SAME = tuple(
    frozenset(line.split())
    for line in """
卫衣 帽衫 套头衫 hoodie sweatshirt
T恤 短袖 tee tshirt t-shirt
羽绒服 羽绒 puffer downjacket
毛衣 针织衫 sweater jumper
裤子 长裤 trousers pants
牛仔裤 jeans denim
运动鞋 球鞋 跑鞋 sneakers trainers
雨伞 伞 阳伞 umbrella brolly parasol
雨衣 雨披 raincoat mackintosh
行李箱 拉杆箱 旅行箱 suitcase luggage
火锅 涮锅 hotpot 锅底
牛肉 肥牛 beef
坚果 干果 nuts
点心 零食 snacks
牛奶 鲜奶 milk
冰箱 雪柜 fridge refrigerator
空气炸锅 airfryer
电饭煲 电饭锅 ricecooker
保温杯 水杯 flask thermos tumbler
被子 床品 四件套 bedding duvet quilt
枕头 靠枕 pillow cushion
牙刷 toothbrush
肥皂 香皂 soap
尿布 尿不湿 纸尿裤 nappies diapers
瑜伽垫 yogamat
耳机 earphones headphones earbuds
礼物 礼品 礼盒 gift present
环保 可持续 sustainable green eco
""".strip()
    .casefold()
    .splitlines()
)


def otherwise(text: str) -> str:
    """The same search in other words, as PostgreSQL's text query; "" where none of its words has another."""
    plain = " ".join(text.casefold().split())
    found = [
        plain.replace(word, other)
        for group in _SAME
        for word in sorted(group)
        if word in plain
        for other in sorted(group - {word})
    ]
    queries = [query for query in map(asked, dict.fromkeys(found)) if query]
    return " | ".join(f"({query})" for query in queries[:20])


def loosely(text: str) -> str:
    """A Chinese search of which a part may be wrong: any pair of its characters, of two characters either."""
    runs = [run for run in _RUN.findall(text.casefold()) if _HAN.match(run) and len(run) > 1]
    found = [word for run in runs for word in (run if len(run) == 2 else tokens(run))]
    return " | ".join(f"'{word}'" for word in dict.fromkeys(found[:20]))


def media_kind(content: bytes) -> str | None:
    """The kind of a picture by its content; None for what is none or could do something."""
    for start, kind in _KINDS:
        if content.startswith(start) and (kind != "image/webp" or content[8:12] == b"WEBP"):
            return kind
    head = content.lstrip()[:200].lower()
    svg = head.startswith((b"<svg", b"<?xml")) and b"<svg" in content[:2000].lower()
    return "image/svg+xml" if svg and not _UNSAFE_SVG.search(content) else None


def flaw(draft: ProductDraft) -> tuple[str, object, str] | None:
    """The first thing about a draft that cannot be: what, its value, the limit."""
    checks = [
        (
            "product_id",
            draft.product_id[:80],
            bool(_ID.fullmatch(draft.product_id)),
            f"1..{ID_LONGEST} signs",
        ),
        ("title", draft.title.text("zh")[:40], _named(draft.title), f"1..{TEXT_LONGEST} characters"),
        ("summary", "", _fits([draft.summary], TEXT_LONGEST * 2), f"up to {TEXT_LONGEST * 2}"),
        ("about", "", _fits([draft.about], ABOUT_LONGEST), f"up to {ABOUT_LONGEST}"),
        ("variants", len(draft.variants), 1 <= len(draft.variants) <= VARIANTS_MOST, f"1..{VARIANTS_MOST}"),
        ("options", len(draft.options), len(draft.options) <= OPTIONS_MOST, f"up to {OPTIONS_MOST}"),
        ("attributes", len(draft.attributes), len(draft.attributes) <= ATTRIBUTES_MOST, f"{ATTRIBUTES_MOST}"),
        ("media", len(draft.media), len(draft.media) <= MEDIA_MOST, f"up to {MEDIA_MOST}"),
        ("sku", "", len({one.sku for one in draft.variants}) == len(draft.variants), "different"),
        ("choices", "", _distinct(draft), "one combination a variant"),
    ]
    bad = next(((what, value, limit) for what, value, good, limit in checks if not good), None)
    return bad or next((found for one in draft.variants if (found := _variant_flaw(draft, one))), None)


def _variant_flaw(draft: ProductDraft, one: VariantDraft) -> tuple[str, object, str] | None:
    cost = 0 if one.cost_minor is None else one.cost_minor
    checks = [
        ("sku", one.sku[:80], bool(_ID.fullmatch(one.sku)), f"1..{ID_LONGEST} signs"),
        ("choices", len(one.choices), len(one.choices) == len(draft.options), f"{len(draft.options)}"),
        ("cost_minor", cost, 0 <= cost <= _MINOR_MOST, f"0..{_MINOR_MOST}"),
        ("weight_g", one.weight_g, 0 <= one.weight_g <= 10**8, "0..100000000"),
        ("volume_ml", one.volume_ml, 0 <= one.volume_ml <= 10**9, "0..1000000000"),
        ("lead_days", one.lead_days, 0 <= one.lead_days <= 365, "0..365"),
        ("ships_on", "-", one.ships_on is None or one.supply == "presale", "of a presale"),
    ]
    return next(((what, value, limit) for what, value, good, limit in checks if not good), None)


def _named(words: Words) -> bool:
    return bool(words.text("zh").strip()) and _fits([words], TEXT_LONGEST)


def _fits(every: Iterable[Words], longest: int) -> bool:
    return all(max(len(words.zh), len(words.en)) <= longest for words in every)


def _distinct(draft: ProductDraft) -> bool:
    every = [one.choices for one in draft.variants]
    return len(set(every)) == len(every)
