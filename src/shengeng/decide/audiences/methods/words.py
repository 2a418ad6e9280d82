"""A sentence in plain words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from shengeng.decide.audiences.contracts.language import (
    Absent,
    And,
    At,
    Basket,
    Did,
    InAudience,
    InPersona,
    InStage,
    InTier,
    NextPurchase,
    Node,
    Or,
    Sequence,
    Span,
    Step,
    Text,
    Trait,
    What,
    When,
    Window,
    Worth,
    children,
)
from shengeng.kernel.errors import Lang

# What a value is called where it has a name: (kind, value), kinds product, audience, persona, aspect.
Names = Mapping[tuple[str, str], str]
_SHOWN = 3  # of a list of names

_COMPARE = {
    "zh": {"eq": "等于", "gte": "至少", "lte": "至多", "gt": "超过", "lt": "少于"},
    "en": {"eq": "exactly", "gte": "at least", "lte": "at most", "gt": "more than", "lt": "fewer than"},
}
_OF = {
    "zh": {
        "orders": "单",
        "lines": "行",
        "units": "件",
        "spend": "（金额，分）",
        "products": "种商品",
        "days": "天",
        "value": "（价值，分）",
        "events": "次",
    },
    "en": {
        "orders": "orders",
        "lines": "lines",
        "units": "units",
        "spend": "spent (minor units)",
        "products": "different products",
        "days": "days",
        "value": "worth (minor units)",
        "events": "times",
    },
}
_STAGE_ZH = {
    "new": "新客",
    "growing": "成长",
    "settled": "稳定",
    "at_risk": "有流失风险",
    "dormant": "沉睡",
}
_TIER_ZH = {"high": "高价值", "mid": "中价值", "low": "低价值"}
_STAGE_EN = {"at_risk": "at risk"}
_WORTH = {
    "zh": {"value_minor": "预期贡献（分）", "p_alive": "活跃概率", "orders": "预期订单数"},
    "en": {
        "value_minor": "expected margin (minor units)",
        "p_alive": "chance of being active",
        "orders": "expected orders",
    },
}
_TRAIT = {
    "zh": {
        "is": "是",
        "is_not": "不是",
        "in": "属于",
        "contains": "包含",
        "exists": "有值",
        "lt": "小于",
        "lte": "不大于",
        "gt": "大于",
        "gte": "不小于",
    },
    "en": {
        "is": "is",
        "is_not": "is not",
        "in": "is one of",
        "contains": "contains",
        "exists": "is known",
        "lt": "is below",
        "lte": "is at most",
        "gt": "is above",
        "gte": "is at least",
    },
}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_UNIT_ZH = {"days": "天", "hours": "小时", "minutes": "分钟"}
_EXTREME = {"zh": {"min": "最小单笔", "max": "最大单笔"}, "en": {"min": "smallest", "max": "largest"}}
_TONE = {
    "zh": {"any": "", "good": "好评中", "bad": "差评中"},
    "en": {"any": "", "good": "favourably ", "bad": "critically "},
}


def said(node: Node, lang: Lang, names: Names) -> str:
    """A node in words. Groups inside groups stand in brackets."""
    if isinstance(node, And | Or):
        inner = [_inside(one, lang, names) for one in node.of]
        both, either = ("，且", "，或") if lang == "zh" else (", and ", ", or ")
        return (both if isinstance(node, And) else either).join(inner)
    below = [child for _, child in children(node, "")]
    if below:
        inside = _inside(below[0], lang, names)
        return f"不满足：{inside}" if lang == "zh" else f"not: {inside}"
    return _zh(node, names) if lang == "zh" else _en(node, names)


def _inside(node: Node, lang: Lang, names: Names) -> str:
    text = said(node, lang, names)
    if not isinstance(node, And | Or) or len(node.of) == 1:
        return text
    return f"（{text}）" if lang == "zh" else f"({text})"


def _zh(node: Node, names: Names) -> str:
    return _of_facts_zh(node, names) or _of_estimates_zh(node) or _of_sets_zh(node, names)


def _of_facts_zh(node: Node, names: Names) -> str:
    match node:
        case Did():
            return _did_zh(node, names)
        case Sequence(steps, window, within):
            first = f"{_window_zh(window)}{_span_zh(within) + '内' if within else ''}依次："
            return first + "，".join(_step_zh(step, place, names) for place, step in enumerate(steps))
        case Basket(how, a, b, least, window):
            one, two = _basket_goods(a, names, "zh"), _basket_goods(b, names, "zh")
            if how == "together":
                return f"{_window_zh(window)}至少 {least} 单同时有{one}和{two}"
            return f"{_window_zh(window)}至少 {least} 单有{one}，且从未同时有{two}"
        case Text(aspect, tone, window):
            return f"{_window_zh(window)}{_TONE['zh'][tone]}在评价中提到“{_named('aspect', aspect, names)}”"
    return ""


def _of_estimates_zh(node: Node) -> str:
    match node:
        case Trait(name, compare, value):
            return f"{name} {_TRAIT['zh'][compare]} {_value(value)}".strip()
        case InStage(found):
            return "阶段为" + "、".join(_STAGE_ZH.get(name, name) for name in found)
        case InTier(found):
            return "、".join(_TIER_ZH.get(name, name) for name in found) + "顾客"
        case Worth(measure, compare, value):
            return f"{_WORTH['zh'][measure]}{_COMPARE['zh'][compare]} {value:g}"
    return ""


def _of_sets_zh(node: Node, names: Names) -> str:
    match node:
        case InPersona(found, least):
            belongs = "属于画像" if least is None else f"画像权重至少 {least:g}："
            return belongs + _list("persona", found, names, "zh")
        case NextPurchase(products, categories, days, chance):
            goods = _goods(products, (), categories, names, "zh") or "任一商品"
            return f"{days} 天内该再次购买{goods}，概率至少 {chance:g}"
        case InAudience(inner):
            return f"属于人群“{_named('audience', str(inner), names)}”"
    raise AssertionError(node)


def _did_zh(node: Did, names: Names) -> str:
    where = _window_zh(node.window) + _when_zh(node.when) + _places(node.at, "zh")
    verb = "购买" if node.what.fact == "order" else ""
    what = _what_zh(node.what, names)
    figure = f"{_COMPARE['zh'][node.compare]} {node.value:g} {_OF['zh'][node.of]}"
    extreme = _EXTREME["zh"].get(node.measure, "")
    return f"{where}{verb}{what}{extreme}{figure}"


def _en(node: Node, names: Names) -> str:
    return _of_facts_en(node, names) or _of_estimates_en(node) or _of_sets_en(node, names)


def _of_facts_en(node: Node, names: Names) -> str:
    match node:
        case Did():
            return _did_en(node, names)
        case Sequence(steps, window, within):
            told = ", ".join(_step_en(step, place, names) for place, step in enumerate(steps))
            whole = f", all within {_span_en(within)}" if within else ""
            return f"{told}{whole}{_window_en(window)}"
        case Basket(how, a, b, least, window):
            one, two = _basket_goods(a, names, "en"), _basket_goods(b, names, "en")
            if how == "together":
                return f"{one} and {two} in one order, at least {least} times{_window_en(window)}"
            return f"{one} in at least {least} orders, never together with {two}{_window_en(window)}"
        case Text(aspect, tone, window):
            said_so = f"said {_TONE['en'][tone]}in a review: {_named('aspect', aspect, names)}"
            return said_so + _window_en(window)
    return ""


def _of_estimates_en(node: Node) -> str:
    match node:
        case Trait(name, compare, value):
            return f"{name} {_TRAIT['en'][compare]} {_value(value)}".strip()
        case InStage(found):
            return "stage " + " or ".join(_STAGE_EN.get(name, name) for name in found)
        case InTier(found):
            return " or ".join(found) + " value"
        case Worth(measure, compare, value):
            return f"{_WORTH['en'][measure]} {_COMPARE['en'][compare]} {value:g}"
    return ""


def _of_sets_en(node: Node, names: Names) -> str:
    match node:
        case InPersona(found, least):
            belongs = "belongs to " if least is None else f"at least {least:g} in "
            return belongs + _list("persona", found, names, "en")
        case NextPurchase(products, categories, days, chance):
            goods = _goods(products, (), categories, names, "en") or "anything"
            return f"due to buy {goods} again within {days} days, chance at least {chance:g}"
        case InAudience(inner):
            return f"in the audience “{_named('audience', str(inner), names)}”"
    raise AssertionError(node)


def _did_en(node: Did, names: Names) -> str:
    what = _what_en(node.what, names)
    extreme = _EXTREME["en"].get(node.measure)
    figure = f"{_COMPARE['en'][node.compare]} {node.value:g} {_OF['en'][node.of]}"
    rest = _when_en(node.when) + _places(node.at, "en") + _window_en(node.window)
    return f"{what}: {extreme + ' ' if extreme else ''}{figure}{rest}"


def _basket_goods(what: What, names: Names, lang: Lang) -> str:
    anything = "任何商品" if lang == "zh" else "anything"
    return _goods(what.products, what.departments, what.categories, names, lang) or anything


def _what_zh(what: What, names: Names) -> str:
    goods = _goods(what.products, what.departments, what.categories, names, "zh")
    if what.fact == "event":
        return f"“{what.name}”" + (f"（{goods}）" if goods else "")
    return goods or "任何商品"


def _what_en(what: What, names: Names) -> str:
    goods = _goods(what.products, what.departments, what.categories, names, "en")
    if what.fact == "event":
        return f"“{what.name}”" + (f" of {goods}" if goods else "")
    return f"bought {goods or 'anything'}"


def _goods(
    products: tuple[str, ...],
    departments: tuple[str, ...],
    categories: tuple[str, ...],
    names: Names,
    lang: Lang,
) -> str:
    parts = [_list("department", departments, names, lang), _list("category", categories, names, lang)]
    parts.append(_list("product", products, names, lang))
    return ("、" if lang == "zh" else " or ").join(part for part in parts if part)


def _list(kind: str, found: tuple[str, ...], names: Names, lang: Lang) -> str:
    shown = [_named(kind, one, names) for one in found[:_SHOWN]]
    more = len(found) - len(shown)
    if lang == "zh":
        return "、".join(shown) + (f"等 {len(found)} 项" if more else "")
    return " or ".join(shown) + (f" or {more} more" if more else "")


def _named(kind: str, value: str, names: Names) -> str:
    return names.get((kind, value), value.rsplit(" > ", maxsplit=1)[-1] if kind == "category" else value)


def _value(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _window_zh(window: Window | None) -> str:
    if window is None:
        return ""
    if window.last_days is not None:
        return f"近 {window.last_days} 天"
    return f"{window.start} 至 {window.end} "


def _window_en(window: Window | None) -> str:
    if window is None:
        return ""
    if window.last_days is not None:
        return f" in the last {window.last_days} days"
    return f" from {window.start} to {window.end}"


def _when_zh(when: When | None) -> str:
    if when is None:
        return ""
    days = "、".join(f"周{_WEEKDAYS_ZH[day - 1]}" for day in when.weekdays)
    hours = f"{when.hours[0]}–{when.hours[1]} 点" if when.hours else ""
    return f"在{days}{hours}"


def _when_en(when: When | None) -> str:
    if when is None:
        return ""
    days = "/".join(_WEEKDAYS_EN[day - 1] for day in when.weekdays)
    hours = f"{when.hours[0]}:00-{when.hours[1]}:00" if when.hours else ""
    return " on " + " ".join(part for part in (days, hours) if part)


def _places(at: At | None, lang: Lang) -> str:
    if at is None:
        return ""
    words = {"zh": ("门店", "渠道", "直播间"), "en": ("store", "channel", "room")}[lang]
    lists = (at.stores, at.channels, at.rooms)
    parts = [
        f"{word} {_list('place', found, {}, lang)}" for word, found in zip(words, lists, strict=True) if found
    ]
    return f"在{'、'.join(parts)}" if lang == "zh" else f" at {', '.join(parts)}"


def _step_zh(step: Step | Absent, place: int, names: Names) -> str:
    what = _what_zh(step.what, names)
    if isinstance(step, Absent):
        return f"此后{_span_zh(step.span)}内没有{what}" if step.span else f"期间没有{what}"
    lead = "" if not place else f"{_span_zh(step.within)}内" if step.within else "之后"
    return f"{lead}{what}"


def _step_en(step: Step | Absent, place: int, names: Names) -> str:
    what = _what_en(step.what, names)
    if isinstance(step, Absent):
        return f"then none of {what} for {_span_en(step.span)}" if step.span else f"none of {what}"
    lead = "" if not place else "then "
    return f"{lead}{what}" + (f" within {_span_en(step.within)}" if step.within else "")


def _span_zh(span: Span | None) -> str:
    return f" {span.amount} {_UNIT_ZH[span.unit]}" if span else ""


def _span_en(span: Span | None) -> str:
    if span is None:
        return ""
    return f"{span.amount} {span.unit if span.amount != 1 else span.unit[:-1]}"
