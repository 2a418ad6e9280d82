"""Whom a sentence is true of at a moment: each kind of condition, then all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from shengeng.decide.audiences.api.facts import Asked
from shengeng.decide.audiences.api.traits import trait_answer, wrote
from shengeng.decide.audiences.contracts import NEVER, Answer
from shengeng.decide.audiences.contracts.language import (
    Basket,
    Definition,
    Did,
    InAudience,
    InPersona,
    InStage,
    InTier,
    Leaf,
    NextPurchase,
    Sequence,
    Text,
    Trait,
    What,
    Window,
    Worth,
    leaves,
)
from shengeng.decide.audiences.methods import sequences
from shengeng.decide.audiences.methods.sets import against, combined, never, soonest
from shengeng.decide.audiences.store import estimates, matching, measuring
from shengeng.decide.audiences.store.people import micros, micros_of
from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.affinity import api as affinity
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.personas import api as personas
from shengeng.understand.value import api as value

_WORTH = {"value_minor": "margin_minor_mid", "p_alive": "p_alive", "orders": "orders_mid"}
Inner = Callable[[InAudience], Definition]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence answered: of the whole, of each leaf, and by path whom each node is true of."""

    whole: Answer
    leaves: Mapping[str, Answer]
    nodes: Mapping[str, Bools]


def said(asked: Asked, definition: Definition, inner: Inner) -> Said:
    """The answer of everybody that is asked about (`asked.people`). inner: the sentence of an audience."""
    found = _answers(asked, dict(leaves(definition.where)), inner)
    whole, nodes = combined(definition.where, found)
    return Said(whole, found, nodes)


def _answers(asked: Asked, every: Mapping[str, Leaf], inner: Inner) -> dict[str, Answer]:
    measured = {path: leaf for path, leaf in every.items() if isinstance(leaf, Did | Basket)}
    found = _measured(asked, measured)
    for path, leaf in every.items():
        match leaf:
            case Sequence():
                found[path] = _sequence(asked, leaf)
            case InAudience():
                found[path] = said(asked, inner(leaf), inner).whole
            case Trait():
                found[path] = trait_answer(asked, leaf)
            case Text():
                found[path] = _text(asked, leaf)
            case InStage() | InTier() | InPersona() | Worth() | NextPurchase():
                found[path] = _estimated(asked, leaf)
    return found


def _measured(asked: Asked, every: Mapping[str, Did | Basket]) -> dict[str, Answer]:
    """Conditions over the same facts share a scan."""
    found: dict[str, Answer] = {}
    for fact in ("order", "event"):
        mine = {path: leaf for path, leaf in every.items() if _fact(leaf) == fact}
        if not mine:
            continue
        keys = {f"c{place}": path for place, path in enumerate(mine)}
        asked_for = {key: mine[path] for key, path in keys.items()}
        facts = asked.orders if fact == "order" else asked.events
        columns: dict[str, pa.ChunkedArray] = {}
        for table in measuring.measured(facts, asked.products, asked_for, asked.at):
            places = asked.people.places(table["person_id"])
            columns |= {name: (places, table[name]) for name in table.column_names[1:]}
        for key, path in keys.items():
            found[path] = _bound(asked, key, mine[path], columns)
    return found


def _fact(leaf: Did | Basket) -> str:
    return leaf.what.fact if isinstance(leaf, Did) else "order"


def _bound(
    asked: Asked, key: str, leaf: Did | Basket, columns: Mapping[str, tuple[Ints, pa.ChunkedArray]]
) -> Answer:
    nothing = np.nan if isinstance(leaf, Did) and leaf.measure in ("min", "max") else 0.0
    figure = _spread(asked, columns[f"{key}_{measuring.FIGURE}"], nothing)
    if isinstance(leaf, Did):
        held = against(figure, leaf.compare, leaf.value)
    else:
        both = _spread(asked, columns[f"{key}_{measuring.BOTH}"], 0.0)
        held = (figure >= leaf.at_least) & ((both == 0) | (leaf.how == "together"))
    return Answer(held, _due(asked, leaf.window, key, columns), figure)


def _spread(asked: Asked, column: tuple[Ints, pa.ChunkedArray], otherwise: float) -> Floats:
    places, values = column
    numbers = values.cast(pa.float64()).fill_null(otherwise).to_numpy()
    found = np.full(len(asked.people), otherwise)
    found[places[places >= 0]] = numbers[places >= 0]
    return found


def _due(
    asked: Asked,
    window: Window | None,
    key: str,
    columns: Mapping[str, tuple[Ints, pa.ChunkedArray]],
) -> Ints:
    """When the first fact leaves a window that moves, or the next one comes in."""
    due = _moments(asked, columns[f"{key}_{measuring.NEXT}"])
    if window is None or window.last_days is None:
        return due
    first = _moments(asked, columns[f"{key}_{measuring.FIRST}"])
    length = micros_of(datetime(1970, 1, 1) + timedelta(days=window.last_days))  # noqa: DTZ001
    return soonest(due, np.where(first == NEVER, NEVER, np.minimum(first, NEVER - length) + length))


def _moments(asked: Asked, column: tuple[Ints, pa.ChunkedArray]) -> Ints:
    places, values = column
    known = micros(values)
    found = never(len(asked.people))
    fine = (places >= 0) & values.is_valid().to_numpy()
    found[places[fine]] = known[fine]
    return found


def _sequence(asked: Asked, leaf: Sequence) -> Answer:
    low = matching.begins(leaf.window, asked.at)
    high = micros_of(matching.ends(leaf.window, asked.at))
    moving = leaf.window is not None and leaf.window.last_days is not None
    length = (leaf.window.last_days or 0) * 86_400_000_000 if moving and leaf.window else None
    start, pattern = None if low is None else micros_of(low), sequences.pattern(leaf)
    parts = [
        sequences.follow(facts, pattern, start, high, length)
        for facts in asked.laid_out(tuple(whats_of(leaf)))
    ]
    return sequences.joined(parts)


def whats_of(leaf: Sequence) -> list[What]:
    """What each step speaks of, in order."""
    return [step.what for step in leaf.steps]


def _estimated(asked: Asked, leaf: InStage | InTier | InPersona | Worth | NextPurchase) -> Answer:
    only = None if asked.only is None else list(asked.only)
    match leaf:
        case NextPurchase():
            return _next_purchase(asked, leaf, only)
        case Worth():
            table = None if asked.estimated_on is None else value.value(asked.lake, asked.estimated_on)
            figure = _figure(asked, table, _WORTH[leaf.measure], only)
            return _lasting(against(figure, leaf.compare, leaf.value), figure)
        case InPersona():
            if asked.scenes_on is None:
                return _lasting(np.zeros(len(asked.people), np.bool_))
            found = estimates.scenes(personas.memberships(asked.lake, asked.scenes_on), leaf, only)
            figure = asked.people.spread(found["person_id"], found["value"].to_numpy(), np.nan)
            return _lasting(~np.isnan(figure), figure)
        case _:
            return _lasting(_standing(asked, leaf, only))


def _figure(asked: Asked, table: Any, name: str, only: list[str] | None) -> Floats:
    if table is None:
        return np.full(len(asked.people), np.nan)
    found = estimates.column(table, name, only)
    return asked.people.spread(found["person_id"], found["value"].cast(pa.float64()).to_numpy(), np.nan)


def _standing(asked: Asked, leaf: InStage | InTier, only: list[str] | None) -> Bools:
    held = np.zeros(len(asked.people), np.bool_)
    if asked.staged_on is not None:
        name = "stage" if isinstance(leaf, InStage) else "tier"
        found = estimates.column(lifecycle.stages(asked.lake, asked.staged_on), name, only)
        places = asked.people.places(found["person_id"])
        among = np.isin(found["value"].to_numpy(zero_copy_only=False).astype(str), list(leaf.names))
        held[places[(places >= 0) & among]] = True
    return held


def _lasting(held: Bools, figure: Floats | None = None) -> Answer:
    """An estimate changes with the day's cycle, which tells us itself."""
    return Answer(held, never(len(held)), figure)


def _next_purchase(asked: Asked, leaf: NextPurchase, only: list[str] | None) -> Answer:
    """Who is due later is due to be asked again on the first day that is near enough."""
    size = len(asked.people)
    if asked.estimated_on is None:
        return _lasting(np.zeros(size, np.bool_))
    chances = affinity.affinity(asked.lake, asked.estimated_on)
    found = estimates.next_purchases(chances, asked.products, leaf, only, asked.at.date())
    figure = asked.people.spread(
        found["person_id"], found["value"].cast(pa.float64()).fill_null(np.nan).to_numpy(), np.nan
    )
    due = never(size)
    for person, day in zip(
        asked.people.places(found["person_id"]).tolist(), found["soonest"].to_pylist(), strict=True
    ):
        if day is not None and person >= 0:
            due[person] = micros_of(_near(day, leaf.within_days))
    return Answer(~np.isnan(figure), due, figure)


def _near(day: date, within_days: int) -> datetime:
    return datetime.combine(day - timedelta(days=within_days), time())


def _text(asked: Asked, leaf: Text) -> Answer:
    low = matching.begins(leaf.window, asked.at)
    until = matching.ends(leaf.window, asked.at)
    size = len(asked.people)
    count, due = np.zeros(size), never(size)
    length = timedelta(days=(leaf.window.last_days or 0) if leaf.window else 0)
    for review in wrote(asked, leaf):
        person = asked.place_of(review.person_id)
        if person < 0 or (low is not None and review.at <= low):
            continue
        if review.at <= until:
            count[person] += 1
            if length:
                due[person] = min(due[person], micros_of(review.at + length))
        elif leaf.window is None or leaf.window.end is None or review.at.date() <= leaf.window.end:
            due[person] = min(due[person], micros_of(review.at))
    return Answer(count > 0, due, count)
