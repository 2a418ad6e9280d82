"""Observe who was seen with whom; ask who is who, and why; cut and restore."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from shengeng.govern.privacy.contracts import Person
from shengeng.sense.connect import api as connect
from shengeng.sense.identity.api.deciding import cut, observe, restore
from shengeng.sense.identity.api.keeping import due, give, keep
from shengeng.sense.identity.contracts import (
    KINDS,
    Edge,
    Explained,
    Identifiers,
    Kind,
    Seen,
    person_id,
)
from shengeng.sense.identity.methods.usable import email_hash, phone_hash, usable
from shengeng.sense.identity.store import explained, graph, personal, published
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "Edge",
    "Explained",
    "Identifiers",
    "Seen",
    "cut",
    "due",
    "email_hash",
    "erase_person",
    "explain",
    "export_person",
    "follow",
    "give",
    "identifiers",
    "keep",
    "lines",
    "observe",
    "person_of",
    "persons",
    "phone_hash",
    "resolved",
    "restore",
    "usable",
    "version",
]


def persons(uow: UnitOfWork, kind: Kind, values: Collection[str]) -> dict[str, str]:
    """The person of each identifier of a kind; one that nobody has seen is a person of its own."""
    known = explained.people_of(uow, kind, values)
    return {value: known.get(value) or person_id(kind, value) for value in values}


def person_of(uow: UnitOfWork, kind: Kind, value: str) -> str:
    """The person of one identifier."""
    return persons(uow, kind, [value])[value]


def identifiers(uow: UnitOfWork, person: str) -> Identifiers:
    """Everything that is this person; somebody of whom nothing else is known is only themselves."""
    rows = [(row.kind, row.value) for row in graph.of_persons(uow, [person])]
    if not rows and not person.startswith("anon:"):
        rows = [("customer", person)]
    elif not rows:
        rows = [("anonymous", person.removeprefix("anon:"))]
    values = {kind: frozenset(value for k, value in rows if k == kind) for kind in KINDS}
    return Identifiers(
        person,
        values["customer"],
        values["anonymous"],
        values["phone_hash"],
        values["email_hash"],
        values["unionid"],
    )


def resolved(lake: Lake, kinds: Collection[str] = KINDS) -> ir.Table:
    """RESOLVED: identifiers whose person is another than they say by themselves; the others have no row."""
    found = published.resolved(lake, kinds)
    return published.nothing(lake) if found is None else found


def lines(lake: Lake, as_of: date | None = None) -> ir.Table:
    """connect.lines under persons: customer_id is the person's. The same table where nobody was merged."""
    return published.follow(lake, connect.lines(lake, as_of))


def follow(lake: Lake, facts: ir.Table) -> ir.Table:
    """Any facts with a customer_id under persons: customer_id is the person's."""
    return published.follow(lake, facts)


def version(uow: UnitOfWork) -> int:
    """A number that is another once anybody became another person, for whoever keeps what they asked."""
    return published.version(uow)


def explain(uow: UnitOfWork, person: str) -> Explained:
    """A person's identifiers and every edge at one of them: when, by which source, on what evidence, and
    which of them merge nothing and why."""
    mine = identifiers(uow, person)
    return Explained(mine, explained.edges_at(uow, person))


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Everything that was seen between a person's identifiers."""
    del stores
    return {"identity_edges": personal.of(uow, person.every)}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Forgets a person's identifiers and what was seen at them, in rows and in the lake."""
    lake = sum(
        stores.lake.rewrite(uow, published.DATASET, column, person.every) for column in ("value", "person_id")
    )
    nodes, edges = personal.forget(uow, person.every)
    return {"identity_nodes": nodes, "identity_edges": edges, published.DATASET: lake}
