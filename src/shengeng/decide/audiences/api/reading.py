"""Sentences in and out: JSON, checked against this shop, and plain words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shengeng.decide.audiences.contracts.language import (
    Basket,
    Definition,
    Did,
    InAudience,
    InPersona,
    NextPurchase,
    Sequence,
    Text,
    What,
    inner,
    leaves,
    walk,
)
from shengeng.decide.audiences.contracts.refusals import BAD_NODE, CIRCLE, UNKNOWN_INNER
from shengeng.decide.audiences.methods import words as plain
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.methods.words import Names
from shengeng.decide.audiences.methods.writing import write
from shengeng.decide.audiences.store import saved
from shengeng.kernel.errors import Lang
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.people import api as people
from shengeng.understand.personas import api as personas


def checked(stores: Stores, uow: UnitOfWork, document: object, of: UUID | None = None) -> Definition:
    """The sentence of a JSON document, once it can be asked in this shop.

    of: the audience that it is for; a sentence that rests on that audience, however far down, is refused.
    Every refusal names the node.
    """
    del stores
    found = read(document)
    known = {cue.key for cue in personas.cues()}
    for path, leaf in leaves(found.where):
        if isinstance(leaf, Text) and leaf.aspect not in known:
            listed = " | ".join(sorted(known))
            raise BAD_NODE.error(
                path=f"{path}.aspect",
                value=repr(leaf.aspect),
                limit=f"Reviews are heard for {listed}",
                limit_zh=f"评价中能听出的有 {listed}",
            )
        if isinstance(leaf, InAudience):
            _check_inner(uow, path, leaf.id, of)
    return found


def _check_inner(uow: UnitOfWork, path: str, id: UUID, of: UUID | None) -> None:
    row = saved.one(uow, id)
    if row is None or row["archived_at"] is not None:
        raise UNKNOWN_INNER.error(path=f"{path}.id", id=id)
    if of is not None and (way := _way(uow, id, of)):
        raise CIRCLE.error(path=f"{path}.id", name=row["name"], way=" → ".join(way))


def _way(uow: UnitOfWork, start: UUID, end: UUID) -> list[str]:
    """The names on the way from one audience to another that it rests on; empty where it does not."""
    rows = {row["id"]: row for row in saved.every(uow)}
    trail: list[tuple[UUID, list[str]]] = [(start, [])]
    seen: set[UUID] = set()
    while trail:
        id, names = trail.pop()
        if id not in rows or id in seen:
            continue
        seen.add(id)
        here = [*names, rows[id]["name"]]
        if id == end:
            return here
        trail += [(one, here) for one in inner(read(rows[id]["definition"]).where)]
    return []


def written(definition: Definition) -> dict[str, Any]:
    """Its canonical JSON."""
    return write(definition)


def words(definition: Definition, lang: Lang, names: Names | None = None) -> str:
    """The whole sentence in plain words."""
    return plain.said(definition.where, lang, names or {})


def node_words(definition: Definition, lang: Lang, names: Names | None = None) -> dict[str, str]:
    """Every node in plain words, by path."""
    return {path: plain.said(node, lang, names or {}) for path, node in walk(definition.where)}


def names(stores: Stores, uow: UnitOfWork, definition: Definition, lang: Lang) -> Names:
    """What products, audiences, scenes and aspects of a sentence are called."""
    found: dict[tuple[str, str], str] = {}
    wanted: set[str] = set()
    for _, leaf in leaves(definition.where):
        for what in _whats(leaf):
            wanted.update(what.products)
        if isinstance(leaf, NextPurchase):
            wanted.update(leaf.products)
        if isinstance(leaf, InAudience) and (row := saved.one(uow, leaf.id)):
            found["audience", str(leaf.id)] = row["name"]
        if isinstance(leaf, Text) and (cue := personas.cue(leaf.aspect)):
            found["aspect", leaf.aspect] = cue.to_zh if lang == "zh" else cue.to_en
    lake = stores.lake.inside(uow)
    if wanted:
        found |= {("product", id): title for id, (title, _) in people.titles(lake, wanted).items()}
    if any(isinstance(leaf, InPersona) for _, leaf in leaves(definition.where)):
        found |= _scene_names(stores, uow, lang)
    return found


def _whats(leaf: object) -> list[What]:
    match leaf:
        case Did(what):
            return [what]
        case Basket(_, a, b):
            return [a, b]
        case Sequence(steps):
            return [step.what for step in steps]
        case _:
            return []


def _scene_names(stores: Stores, uow: UnitOfWork, lang: Lang) -> dict[tuple[str, str], str]:
    days = personas.days(stores, uow)
    if not days:
        return {}
    cards = personas.catalogue(stores.lake.inside(uow), days[-1])
    return {("persona", card["persona_id"]): card[f"name_{lang}"] for card in cards}
