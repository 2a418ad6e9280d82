"""Why a sentence is true of somebody, or not: the rows behind each condition, the figure and the bound."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shengeng.decide.audiences.api.answering import said, whats_of
from shengeng.decide.audiences.api.facts import Asked, asked
from shengeng.decide.audiences.api.looking import inner_of, why
from shengeng.decide.audiences.api.traits import wrote
from shengeng.decide.audiences.contracts import (
    MOST_EVIDENCE,
    NEVER,
    Evidence,
    EvidenceLeaf,
    EvidenceRow,
)
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
    Step,
    Text,
    Trait,
    Worth,
    leaves,
)
from shengeng.decide.audiences.contracts.refusals import NOT_A_MEMBER
from shengeng.decide.audiences.methods import sequences
from shengeng.decide.audiences.methods.writing import node_json
from shengeng.decide.audiences.store import behind, matching, saved
from shengeng.decide.audiences.store.people import micros_of, moment_of
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api as affinity
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people

Rows = tuple[list[EvidenceRow], int]


def evidence(
    stores: Stores, uow: UnitOfWork, definition: Definition, person_id: str, now: datetime
) -> Evidence:
    """For one person and each condition: the newest rows behind it, its figure against its bound.

    Answered as for everybody, asked of one. not_found where nothing is known of such a person.
    """
    here = asked(stores, uow, now, [person_id])
    if not len(here.people):
        raise NOT_A_MEMBER.error(person=person_id)
    found = said(here, definition, inner_of(uow))
    every = dict(leaves(definition.where))
    told = []
    for one in why(found, 0):
        leaf, due = every[one.path], int(found.leaves[one.path].due[0])
        rows, total = _rows(here, leaf, person_id)
        compare, bound = _bound(leaf)
        at = None if due == NEVER else moment_of(due)
        op = str(node_json(leaf)["op"])
        told.append(EvidenceLeaf(one.path, op, one.held, one.figure, compare, bound, tuple(rows), total, at))
    return Evidence(person_id, bool(found.whole.held[0]), here.at, tuple(told))


def _bound(leaf: Leaf) -> tuple[str | None, float | None]:
    """What the figure was held against."""
    if isinstance(leaf, Did | Worth):
        return leaf.compare, leaf.value
    bound: float | None = None
    match leaf:
        case Basket():
            bound = float(leaf.at_least)
        case Sequence():
            bound = float(sum(isinstance(step, Step) for step in leaf.steps))
        case Text():
            bound = 1.0
        case InPersona():
            bound = leaf.at_least
        case NextPurchase():
            bound = leaf.probability
    return (None, None) if bound is None else ("gte", bound)


def _rows(here: Asked, leaf: Leaf, person: str) -> Rows:
    match leaf:
        case Did() | Basket():
            return _facts(here, leaf)
        case Sequence():
            return _steps(here, leaf)
        case Text():
            return _reviews(here, leaf)
        case Trait() | InAudience():
            return _said_of(here, leaf, person)
        case _:
            return _estimate(here, leaf, person)


def _reviews(here: Asked, leaf: Text) -> Rows:
    found = [
        EvidenceRow("review", one.at, one.sentence, one.review_id)
        for one in wrote(here, leaf)
        if behind.stands(one.at, leaf.window, here.at)
    ]
    return found[::-1][:MOST_EVIDENCE], len(found)


def _said_of(here: Asked, leaf: Trait | InAudience, person: str) -> Rows:
    if isinstance(leaf, InAudience):
        row = saved.one(here.uow, leaf.id)
        return [EvidenceRow("audience", None, row["name"] if row else str(leaf.id), str(leaf.id))], 1
    value = here.traits.get(person, {}).get(leaf.name)
    rows = [] if value is None else [EvidenceRow("trait", None, f"{leaf.name} = {value}")]
    return rows, len(rows)


def _facts(here: Asked, leaf: Did | Basket) -> Rows:
    facts = here.events if isinstance(leaf, Did) and leaf.what.fact == "event" else here.orders
    rows, total = behind.facts(facts, here.products, leaf, here.at, MOST_EVIDENCE)
    return _told(here, [(row, None) for row in rows]), total


def _told(here: Asked, rows: list[tuple[dict[str, Any], int | None]]) -> list[EvidenceRow]:
    """Facts with the titles of their products, each with its step where it has one."""
    known = people.titles(here.lake, [row["product_id"] for row, _ in rows if row["product_id"]])
    named = {product: title for product, (title, _) in known.items()}
    return [_row(row, named.get(row["product_id"]), step) for row, step in rows]


def _row(row: dict[str, Any], title: str | None, step: int | None) -> EvidenceRow:
    if row["fact"] == "event":
        told = f"{row['name']}: {title}" if title else row["name"]
        return EvidenceRow("event", row["at"], told, row["order_id"], None, None, step)
    units, minor = float(row["units"]), int(row["minor"])
    return EvidenceRow("order", row["at"], title or row["product_id"], row["order_id"], units, minor, step)


def _steps(here: Asked, leaf: Sequence) -> Rows:
    """The facts at the moments of the steps, as far as they were reached."""
    whats = whats_of(leaf)
    low = matching.begins(leaf.window, here.at)
    moments = sequences.witness(
        here.laid_out(tuple(whats))[0],
        sequences.pattern(leaf),
        None if low is None else micros_of(low),
        micros_of(matching.ends(leaf.window, here.at)),
    )
    places = [place for place, step in enumerate(leaf.steps) if isinstance(step, Step)]
    found: list[tuple[dict[str, Any], int | None]] = []
    for place, moment in zip(places, moments, strict=False):
        facts = here.events if whats[place].fact == "event" else here.orders
        rows = behind.at_moment(facts, here.products, whats[place], moment_of(moment))
        found += [(row, place) for row in rows[:1]]
    return _told(here, found), len(found)


def _estimate(here: Asked, leaf: InStage | InTier | InPersona | Worth | NextPurchase, person: str) -> Rows:
    match leaf:
        case NextPurchase():
            return _purchases(here, leaf)
        case InStage() | InTier():
            day = here.staged_on
            standing = lifecycle.standing(here.lake, day, person) if day else None
            if standing is None or day is None:
                return [], 0
            if isinstance(leaf, InTier):
                return [EvidenceRow("estimate", _midnight(standing.tier_since), standing.tier)], 1
            return [EvidenceRow("estimate", _midnight(standing.since), standing.stage, standing.reason)], 1
        case _:
            day = here.scenes_on if isinstance(leaf, InPersona) else here.estimated_on
            title = ", ".join(leaf.names) if isinstance(leaf, InPersona) else leaf.measure
            return ([EvidenceRow("estimate", _midnight(day), title)], 1) if day else ([], 0)


def _purchases(here: Asked, leaf: NextPurchase) -> Rows:
    if here.estimated_on is None:
        return [], 0
    only = list(here.only or ())
    chances = affinity.affinity(here.lake, here.estimated_on)
    rows = behind.chances(leaf, chances, here.products, only)
    titles = people.titles(here.lake, [row["product_id"] for row in rows])
    found = [
        EvidenceRow(
            "estimate",
            _midnight(row["due_on"]),
            titles.get(row["product_id"], (row["product_id"], None))[0],
            row["product_id"],
            float(row["probability"]),
        )
        for row in rows
    ]
    return found[:MOST_EVIDENCE], len(found)


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, datetime.min.time())
