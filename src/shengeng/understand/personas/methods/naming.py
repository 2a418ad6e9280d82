"""Names composed of evidence: what the members do, when, and in which rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import Bools, Floats
from shengeng.understand.personas.contracts import PARTS, SLOTS
from shengeng.understand.personas.methods.cues import Cue, cue_of
from shengeng.understand.personas.methods.themes import Theme, theme_of

HOT = 1.2  # members' share of baskets in a slot over the shop's, from which the name says it
HELD = 0.05  # and the least share
SECOND = 0.5  # of the first theme's evidence, from which the second is named too
MUCH = 1.25  # members' median over the shop's, from which rhythm or size is named
_PARTS_ZH = dict(zip((p for p, _, _ in PARTS), ("早上", "中午", "下午", "傍晚", "夜间"), strict=True))
_PARTS_EN = dict(
    zip((p for p, _, _ in PARTS), ("mornings", "lunchtimes", "afternoons", "evenings", "nights"), strict=True)
)


@dataclass(frozen=True, slots=True)
class Named:
    """A scene's name and the need behind it, in both languages."""

    zh: str
    en: str
    need_zh: str
    need_en: str


@dataclass(frozen=True, slots=True)
class Habit:
    """The evidence that a name is made of.

    weights: (categories,) how much each tells this scene from the shop, largest matters; slots, shop_slots:
    (slots,) shares of baskets; often, size: members' baskets a month and lines a basket over the shop's.
    said: cues of their reviews that tell them from the shop beyond chance, most telling first.
    """

    weights: Floats
    slots: Floats
    shop_slots: Floats
    often: float
    size: float
    said: tuple[str, ...] = ()


def telling(profile: Floats, shop: Floats) -> Floats:
    """(categories,) parts of a scene's divergence from the shop: what it has much of, and more than usual."""
    own, base = profile / max(profile.sum(), 1e-12), shop / max(shop.sum(), 1e-12)
    return np.asarray(own * np.log(np.maximum(own, 1e-12) / np.maximum(base, 1e-12)))


def names(habits: Sequence[Habit], categories: Sequence[str]) -> list[Named]:
    """A name for each scene, no two alike: a second theme, then category names, tell apart what is."""
    found: list[Named] = []
    for habit in habits:
        for named in (_named(habit, categories, depth) for depth in range(4)):
            if all(named.en != other.en and named.zh != other.zh for other in found):
                break
        found.append(named)
    return found


def _named(habit: Habit, categories: Sequence[str], depth: int) -> Named:
    themes = _themes(habit.weights, categories)
    shown = [theme for theme, sure in themes if sure or depth > 0][: 1 + (depth > 0 or len(themes) > 1)]
    if not shown:
        return _by_category(habit, categories, 1 + depth)
    zh = "、".join(theme.do_zh for theme in shown)
    en = " and ".join(theme.do_en for theme in shown)
    if depth > 1:
        own = _own_names(habit, categories, depth)
        zh, en = f"{zh}（{'、'.join(own)}）", f"{en} ({', '.join(own)})"
    needs_zh, needs_en = (tuple(getattr(theme, name) for theme in shown) for name in ("need_zh", "need_en"))
    spoken = _spoken(habit, {theme.key for theme in shown})
    named = Named(zh, en, "；".join(needs_zh), "; ".join(needs_en))
    return _dressed(habit, named, spoken)


def _by_category(habit: Habit, categories: Sequence[str], count: int) -> Named:
    own = _own_names(habit, categories, count + 1)
    zh, en = "、".join(own), " and ".join(own)
    named = Named(f"常买{zh}", f"often buys {en}", f"手边总有{zh}", f"to have {en} at hand")
    return _dressed(habit, named, _spoken(habit, set()))


def _spoken(habit: Habit, told: set[str]) -> Cue | None:
    """The first cue of their reviews that the themes in the name do not say already."""
    return next((cue_of(key) for key in habit.said if key not in told), None)


def _own_names(habit: Habit, categories: Sequence[str], count: int) -> list[str]:
    best = np.argsort(-habit.weights, kind="stable")[:count].tolist()
    return [categories[place].split(" > ")[-1].lower() for place in best]


def _themes(weights: Floats, categories: Sequence[str]) -> list[tuple[Theme, bool]]:
    """Themes by the evidence for them, and whether the name needs them."""
    sums: dict[str, tuple[float, Theme]] = {}
    for place in np.flatnonzero(weights > 0).tolist():
        theme = theme_of(categories[place])
        if theme:
            sums[theme.key] = (sums.get(theme.key, (0.0, theme))[0] + float(weights[place]), theme)
    ranked = sorted(sums.values(), key=lambda entry: (-entry[0], entry[1].key))
    return [(theme, held >= SECOND * ranked[0][0]) for held, theme in ranked[:2]]


def _dressed(habit: Habit, plain: Named, spoken: Cue | None) -> Named:
    """A name of what they do with what for, when and how often."""
    when_zh, when_en = when(habit.slots, habit.shop_slots)
    often_zh, often_en = _rhythm(habit)
    said_zh, said_en = (f"（{spoken.to_zh}）", spoken.to_en) if spoken else ("", "")
    first = plain.en[:1].upper() + plain.en[1:]
    told = ", ".join(part for part in (first, said_en, when_en, often_en) if part)
    return Named(f"{when_zh}{often_zh}{plain.zh}{said_zh}", told, plain.need_zh, plain.need_en)


def _rhythm(habit: Habit) -> tuple[str, str]:
    if habit.size >= MUCH:
        return "大篮采购：", "in big baskets"
    if habit.often >= MUCH:
        return "常来：", "and comes often"
    if habit.size <= 1 / MUCH:
        return "小篮即买：", "in small baskets"
    return "", ""


def when(slots: Floats, shop: Floats) -> tuple[str, str]:
    """The slots that members prefer, as words; empty where they come when everybody does."""
    lift = slots / np.maximum(shop, 1e-12)
    hot = (lift >= HOT) & (slots >= HELD)
    if not hot.any():
        return "", ""
    count = len(PARTS)
    weekday, weekend = hot[:count], hot[count:]
    if (weekday & weekend).any():
        return _said("", weekday & weekend, slots[:count] + slots[count:])
    side = float((slots[:count] * weekday).sum()) >= float((slots[count:] * weekend).sum())
    if not side and weekend.sum() >= 3:
        return "周末", "at weekends"
    return _said(*(("weekday", weekday, slots[:count]) if side else ("weekend", weekend, slots[count:])))


def _said(days: str, hot: Bools, shares: Floats) -> tuple[str, str]:
    """At most two parts of the day, in the order of the clock."""
    best = sorted(sorted((int(part) for part in np.flatnonzero(hot)), key=lambda part: -shares[part])[:2])
    parts = [PARTS[part][0] for part in best]
    zh = {"weekday": "工作日", "weekend": "周末", "": ""}[days] + "和".join(_PARTS_ZH[p] for p in parts)
    said = " and ".join(_PARTS_EN[p] for p in parts)
    return zh, f"on {days} {said}" if days else f"preferring {said}"


assert len(SLOTS) == 2 * len(PARTS)
