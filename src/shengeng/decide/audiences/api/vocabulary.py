"""What can be named in this shop, and sentences to begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shengeng.decide.audiences.api.facts import Asked
from shengeng.decide.audiences.contracts import Named, Template, TraitName, Vocabulary
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.store import naming, saved
from shengeng.govern.shop import api as shop
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle.contracts import STAGE_NAMES, TIER_NAMES
from shengeng.understand.personas import api as personas

_FEW_VALUES = 30  # a trait with more is a name, not a choice


def vocabulary(stores: Stores, uow: UnitOfWork) -> Vocabulary:
    """Events seen, categories, places, stages, tiers, scenes, aspects, traits, audiences; empty without a
    shop."""
    profile = shop.find_profile(uow)
    if profile is None or profile.as_of is None:
        return Vocabulary()
    here = _here(stores, uow)
    found = {name: _both(here, column) for name, column in _PLACES.items()}
    return Vocabulary(
        events=_named(naming.values(here.events, "name")),
        departments=_named(naming.categories(here.products, "department")),
        categories=_named(naming.categories(here.products, "category")),
        stages=tuple(Named(name) for name in STAGE_NAMES),
        tiers=tuple(Named(name) for name in TIER_NAMES),
        personas=_scenes(stores, uow),
        aspects=tuple(Named(cue.key, cue.to_zh, cue.to_en) for cue in personas.cues()),
        traits=_traits(here.traits.values()),
        audiences=tuple(
            Named(str(row["id"]), row["name"], row["name"], row["member_count"]) for row in saved.every(uow)
        ),
        **found,
    )


_PLACES = {"stores": "store_id", "channels": "channel", "rooms": "room_id"}


def _here(stores: Stores, uow: UnitOfWork) -> Asked:
    as_of = shop.profile(uow).as_of
    assert as_of is not None
    return Asked(stores, uow, datetime.combine(as_of, datetime.max.time()))


def _both(here: Asked, column: str) -> tuple[Named, ...]:
    """Places of orders and of events together."""
    counted: Counter[str] = Counter()
    for table in (here.orders, here.events):
        counted.update(dict(naming.values(table, column)))
    return _named(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _named(found: Iterable[tuple[str, int]]) -> tuple[Named, ...]:
    return tuple(Named(value, count=count) for value, count in found)


def _scenes(stores: Stores, uow: UnitOfWork) -> tuple[Named, ...]:
    days = personas.days(stores, uow)
    if not days:
        return ()
    cards = personas.catalogue(stores.lake.inside(uow), days[-1])
    return tuple(
        Named(card["persona_id"], card["name_zh"], card["name_en"], card["customers"]) for card in cards
    )


def _traits(said: Iterable[dict[str, Any]]) -> tuple[TraitName, ...]:
    counted: dict[str, Counter[str]] = {}
    for traits in said:
        for name, value in traits.items():
            counted.setdefault(name, Counter())[str(value)] += 1
    found = []
    for name, values in sorted(counted.items()):
        few = values.most_common() if len(values) <= _FEW_VALUES else []
        found.append(TraitName(name, values.total(), _named(few)))
    return tuple(found)


def templates(stores: Stores, uow: UnitOfWork) -> list[Template]:
    """Sentences to begin with, fitted to the shop's own categories; only those whose goods it has."""
    profile = shop.find_profile(uow)
    if profile is None or profile.as_of is None:
        return []
    here = _here(stores, uow)
    paths = [value for value, _ in naming.categories(here.products, "category")]
    every = (_risk_of_fresh(paths), _coffee_without_milk(paths), _came_once())
    return [one for one in every if one is not None]


def _among(paths: list[str], *words: str) -> list[str]:
    """Categories whose last level holds an English word, or any level a Chinese one."""
    return [
        path
        for path in paths
        if any(word in (path.split(" > ")[-1].casefold() if word.isascii() else path) for word in words)
    ]


def _fresh(paths: list[str]) -> list[str]:
    """Fruit of the departments of fresh goods, where the shop has such departments; any fruit otherwise."""
    fruit = _among(paths, "fruit", "berries", "apples", "grapes", "citrus", "melons", "水果")
    fresh = ("produce", "fresh", "水果", "生鲜")
    return [path for path in fruit if any(word in path.split(" > ")[0].casefold() for word in fresh)] or fruit


def _risk_of_fresh(paths: list[str]) -> Template | None:
    fruit = _fresh(paths)
    if not fruit:
        return None
    bought = {
        "op": "did",
        "what": {"fact": "order", "categories": fruit},
        "measure": "count",
        "of": "orders",
        "compare": "gte",
        "value": 1,
        "when": {"hours": [6, 11], "weekdays": [1, 2, 3, 4, 5]},
    }
    where = {"op": "and", "of": [{"op": "tier", "in": ["high"]}, {"op": "stage", "in": ["at_risk"]}, bought]}
    return Template(
        "fresh_at_risk",
        "工作日早晨买过鲜果、有流失风险的高价值顾客",
        "High value at risk, bought fresh fruit on weekday mornings",
        read({"where": where}),
        "值得早晨送上一份时令水果的人：他们来过，也买得多，只是最近迟了。",
        "Whom a seasonal fruit offer in the morning may bring back: they came, spent much, and are late.",
    )


def _coffee_without_milk(paths: list[str]) -> Template | None:
    coffee, milk = _among(paths, "coffee", "咖啡"), _among(paths, "fluid milk", "牛奶", "鲜奶")
    if not coffee or not milk:
        return None
    a, b = ({"fact": "order", "categories": found} for found in (coffee, milk))
    window = {"last_days": 90}
    often = {
        "op": "did",
        "what": a,
        "measure": "count",
        "of": "orders",
        "compare": "gte",
        "value": 3,
        "window": window,
    }
    apart = {"op": "basket", "how": "never_together", "a": a, "b": b, "window": window}
    return Template(
        "coffee_without_milk",
        "常买咖啡、从不搭配牛奶的顾客",
        "Coffee three times in 90 days, never with milk",
        read({"where": {"op": "and", "of": [often, apart]}}),
        "可以试着推荐搭配：咖啡是固定的，牛奶从不在同一单里。",
        "Somebody to suggest a complement to: coffee is a habit, milk never comes along.",
    )


def _came_once() -> Template:
    once = {
        "op": "did",
        "what": {"fact": "order"},
        "measure": "count",
        "of": "days",
        "compare": "eq",
        "value": 1,
        "window": {"last_days": 28},
    }
    return Template(
        "new_once",
        "近四周只来过一天的新客",
        "New, came on one day of the last four weeks",
        read({"where": {"op": "and", "of": [{"op": "stage", "in": ["new"]}, once]}}),
        "第二次购买最难：趁还记得这家店的时候。",
        "The second purchase is the hardest: while they still remember the shop.",
    )
