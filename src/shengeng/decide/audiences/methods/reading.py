"""From JSON to a sentence, with refusals that name the node."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

from shengeng.decide.audiences.contracts import language as lang
from shengeng.decide.audiences.contracts.language import (
    Absent,
    And,
    At,
    Basket,
    Definition,
    Did,
    InAudience,
    InPersona,
    InStage,
    InTier,
    Leaf,
    NextPurchase,
    Node,
    Not,
    Or,
    Plain,
    Sequence,
    Span,
    Step,
    Text,
    Trait,
    What,
    When,
    Window,
    Worth,
)
from shengeng.decide.audiences.contracts.refusals import TOO_BIG
from shengeng.decide.audiences.methods.spots import Spot
from shengeng.understand.lifecycle.contracts import STAGE_NAMES, TIER_NAMES

_FACTS = ("order", "event")
_TONES: tuple[lang.Tone, ...] = get_args(lang.Tone)
_HOWS: tuple[lang.How, ...] = get_args(lang.How)
_WORTHS: tuple[lang.ValueMeasure, ...] = get_args(lang.ValueMeasure)
_HOUR = 24
_MOST = 1e15  # above what a bound can mean, below where a float loses whole numbers


def read(document: object) -> Definition:
    """The sentence that a JSON document says; refuses by path what is no sentence, too deep or too long."""
    _check_size(document)
    top = Spot("", document).table("version", "where")
    if top.at("version").given:
        top.at("version").whole(lang.VERSION, lang.VERSION)
    where = _node(top.at("where"), 1)
    count = sum(1 for _ in lang.leaves(where))
    if count > lang.MOST_LEAVES:
        raise _too_big("where", count, lang.MOST_LEAVES, "conditions", "个条件")
    return Definition(where)


def _check_size(document: object) -> None:
    """Before anything is read: a small document cannot take long."""
    try:
        size = len(json.dumps(document, ensure_ascii=False).encode())
    except RecursionError:
        raise _too_big("where", lang.MOST_DEPTH + 1, lang.MOST_DEPTH, "levels", "层") from None
    if size > lang.MOST_BYTES:
        raise _too_big("where", size, lang.MOST_BYTES, "bytes", "字节")


def _too_big(path: str, value: int, limit: int, what: str, what_zh: str) -> Exception:
    return TOO_BIG.error(path=path, value=value, limit=limit, what=what, what_zh=what_zh)


def _node(spot: Spot, depth: int) -> Node:
    if depth > lang.MOST_DEPTH:
        raise _too_big(spot.path, depth, lang.MOST_DEPTH, "levels", "层")
    op = _op(spot)
    if op == "not":
        spot.table("op", "of")
        return Not(_node(spot.at("of"), depth + 1))
    if op in ("and", "or"):
        spot.table("op", "of")
        of = tuple(_node(one, depth + 1) for one in spot.at("of").each(1, lang.MOST_LEAVES))
        return And(of) if op == "and" else Or(of)
    return _LEAVES[op](spot)


def _op(spot: Spot) -> str:
    if not isinstance(spot.value, dict):
        names = " | ".join(lang.OPS)
        raise spot.wrong(f"A condition with op {names} is needed", f"应为带 op 的条件：{names}")
    return spot.at("op").word(tuple(lang.OPS))


def _trait(spot: Spot) -> Trait:
    spot.table("op", "name", "compare", "value")
    compare = spot.at("compare").word(lang.TRAIT_COMPARES)
    return Trait(spot.at("name").text(), compare, _trait_value(spot.at("value"), compare))


def _trait_value(spot: Spot, compare: str) -> Plain | tuple[Plain, ...] | None:
    if compare == "exists":
        if spot.given:
            raise spot.wrong("exists takes no value: leave it out", "exists 不需要值，请删除")
        return None
    if compare == "in":
        return tuple(sorted({one.plain() for one in spot.each(1)}, key=lambda one: (str(type(one)), one)))
    return spot.text() if compare == "contains" else spot.plain()


def _did(spot: Spot) -> Did:
    spot.table("op", "what", "measure", "of", "compare", "value", "window", "when", "at")
    what = _what(spot.at("what"))
    measure = spot.at("measure").word(tuple(lang.MEASURED))
    fitting = lang.OF_ORDERS if what.fact == "order" else lang.OF_EVENTS
    return Did(
        what=what,
        measure=measure,
        of=spot.at("of").word([one for one in lang.MEASURED[measure] if one in fitting]),
        compare=spot.at("compare").word(lang.COMPARES),
        value=spot.at("value").number(-_MOST, _MOST),
        window=_window(spot.at("window")),
        when=_when(spot.at("when")),
        at=_places(spot.at("at")),
    )


def _sequence(spot: Spot) -> Sequence:
    spot.table("op", "steps", "window", "within")
    spots = list(spot.at("steps").each(1, lang.MOST_STEPS))
    steps = tuple(_step(one, first=not place) for place, one in enumerate(spots))
    for step, one in zip(steps[:-1], spots[:-1], strict=True):
        if isinstance(step, Absent) and step.span is not None:
            raise one.at("for").wrong(
                "Only the last step may be absent for a time: between two steps, absent alone says it",
                "只有最后一步可以限定“多久没有”：两步之间直接写 absent 即可",
            )
    return Sequence(steps, _window(spot.at("window")), _span(spot.at("within")))


def _step(spot: Spot, *, first: bool) -> Step | Absent:
    if not isinstance(spot.value, dict) or "absent" not in spot.value:
        spot.table("what", "within", "absent", "for")
        within = _span(spot.at("within"))
        if first and within is not None:
            raise spot.at("within").wrong(
                "The first step follows nothing: leave it out", "第一步之前没有步骤，请删除"
            )
        return Step(_what(spot.at("what")), within)
    spot.table("absent", "for")
    if first:
        raise spot.wrong("A sequence begins with something that happened", "序列必须以发生过的行为开始")
    return Absent(_what(spot.at("absent")), _span(spot.at("for")))


def _basket(spot: Spot) -> Basket:
    spot.table("op", "how", "a", "b", "at_least", "window")
    how = spot.at("how").word(_HOWS)
    sides = []
    for name in ("a", "b"):
        side = _what(spot.at(name))
        if side.fact != "order":
            raise (
                spot.at(name)
                .at("fact")
                .wrong("A basket is of orders: use order", "购物篮只看订单：请用 order")
            )
        sides.append(side)
    least = spot.at("at_least").whole(1, 10_000) if spot.at("at_least").given else 1
    return Basket(how, sides[0], sides[1], least, _window(spot.at("window")))


def _text(spot: Spot) -> Text:
    spot.table("op", "aspect", "tone", "window")
    tone: lang.Tone = spot.at("tone").word(_TONES) if spot.at("tone").given else "any"
    return Text(spot.at("aspect").text(), tone, _window(spot.at("window")))


def _stage(spot: Spot) -> InStage:
    return InStage(spot.table("op", "in").at("in").words(STAGE_NAMES))


def _tier(spot: Spot) -> InTier:
    return InTier(spot.table("op", "in").at("in").words(TIER_NAMES))


def _persona(spot: Spot) -> InPersona:
    spot.table("op", "in", "at_least")
    least = spot.at("at_least")
    return InPersona(spot.at("in").texts(1), least.number(0.0, 1.0) if least.given else None)


def _worth(spot: Spot) -> Worth:
    spot.table("op", "measure", "compare", "value")
    compare = spot.at("compare").word(lang.COMPARES)
    return Worth(spot.at("measure").word(_WORTHS), compare, spot.at("value").number(-_MOST, _MOST))


def _next_purchase(spot: Spot) -> NextPurchase:
    spot.table("op", "products", "categories", "within_days", "probability")
    days, chance = spot.at("within_days"), spot.at("probability")
    return NextPurchase(
        spot.at("products").texts(),
        spot.at("categories").texts(),
        days.whole(1, 7) if days.given else 7,
        chance.number(0.0, 1.0) if chance.given else 0.3,
    )


def _audience(spot: Spot) -> InAudience:
    return InAudience(spot.table("op", "id").at("id").identity())


_LEAVES: dict[str, Callable[[Spot], Leaf]] = {
    "trait": _trait,
    "did": _did,
    "sequence": _sequence,
    "basket": _basket,
    "text": _text,
    "stage": _stage,
    "tier": _tier,
    "persona": _persona,
    "value": _worth,
    "next_purchase": _next_purchase,
    "audience": _audience,
}


def _what(spot: Spot) -> What:
    spot.table("fact", "name", "products", "departments", "categories")
    fact: Any = spot.at("fact").word(_FACTS)
    name = spot.at("name")
    if fact == "order" and name.given:
        raise name.wrong("Orders have no name: leave it out", "订单没有名称，请删除")
    return What(
        fact,
        name.text() if fact == "event" else None,
        spot.at("products").texts(),
        spot.at("departments").texts(),
        spot.at("categories").texts(),
    )


def _window(spot: Spot) -> Window | None:
    if not spot.given:
        return None
    spot.table("last_days", "from", "to")
    if spot.at("last_days").given:
        for name in ("from", "to"):
            if spot.at(name).given:
                raise spot.at(name).wrong("Use last_days, or from and to", "last_days 与 from、to 只能二选一")
        return Window(last_days=spot.at("last_days").whole(1, lang.MOST_DAYS))
    start, end = spot.at("from").day(), spot.at("to").day()
    if end < start:
        raise spot.at("to").wrong(f"A day on or after {start} is needed", f"应为 {start} 当天或之后的日期")
    return Window(start=start, end=end)


def _when(spot: Spot) -> When | None:
    if not spot.given:
        return None
    spot.table("hours", "weekdays")
    hours, days = spot.at("hours"), spot.at("weekdays")
    weekdays = tuple(sorted({day.whole(1, 7) for day in days.each(1, 7)})) if days.given else ()
    found = When(_hours(hours) if hours.given else None, weekdays)
    return found if found != When() else None


def _hours(spot: Spot) -> tuple[int, int]:
    both = [hour.whole(0, _HOUR) for hour in spot.each(2, 2)]
    if both[0] == both[1] or both[0] == _HOUR:
        raise spot.wrong(
            "Two different hours are needed, the first included, the second not: [6, 10] is 6:00 to 9:59",
            "应为两个不同的整点，含前不含后：[6, 10] 表示 6:00 到 9:59",
        )
    return both[0], both[1]


def _places(spot: Spot) -> At | None:
    if not spot.given:
        return None
    spot.table("stores", "channels", "rooms")
    found = At(*(spot.at(name).texts() for name in ("stores", "channels", "rooms")))
    return found if found != At() else None


def _span(spot: Spot) -> Span | None:
    if not spot.given:
        return None
    spot.table(*lang.SPAN_UNITS)
    given = [unit for unit in lang.SPAN_UNITS if spot.at(unit).given]
    if len(given) != 1:
        raise spot.wrong("One of days, hours, minutes is needed", "days、hours、minutes 恰好写一个")
    most = {"days": 1, "hours": 24, "minutes": 1440}[given[0]] * lang.MOST_DAYS
    return Span(spot.at(given[0]).whole(1, most), given[0])
