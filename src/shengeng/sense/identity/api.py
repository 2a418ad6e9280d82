"""Observe who was seen with whom; ask who is who, and why; cut and restore."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from shengeng.govern.audit import api as audit
from shengeng.govern.privacy.contracts import Person
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Principal, Role, require
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect import api as connect
from shengeng.sense.identity.contracts import (
    ALREADY_SO,
    KINDS,
    NO_EDGE,
    NO_WHY,
    Edge,
    Explained,
    Identifiers,
    Kind,
    Seen,
    person_id,
)
from shengeng.sense.identity.methods.persons import resolve
from shengeng.sense.identity.methods.usable import email_hash, phone_hash, usable
from shengeng.sense.identity.store import explained, graph, log, personal, published
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
    "erase_person",
    "export_person",
    "email_hash",
    "explain",
    "follow",
    "identifiers",
    "lines",
    "observe",
    "person_of",
    "persons",
    "phone_hash",
    "resolved",
    "restore",
    "usable",
]
LONGEST_WHY = 300


def observe(uow: UnitOfWork, edges: Sequence[Edge], now: datetime) -> set[str]:
    """Take note of identifiers that were seen together; returns the persons whose history changed by it.

    Masked values, junk and test numbers are left out. The same edges again change nothing, and in any order
    they come to the same persons. Those who changed are noted as arrived.
    """
    seen = _usable(edges)
    if not seen:
        return set()
    limit, version = log.hold(uow, _limit(uow))
    touched = log.add(uow, seen, now)
    return _settle(uow, touched, limit, version, now)


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


def cut(uow: UnitOfWork, by: Principal, edge_id: int, why: str, now: datetime) -> set[str]:
    """Let an edge merge nothing from now on (operator, audited); returns the persons who changed."""
    return _act(uow, by, edge_id, what="cut", why=why, now=now)


def restore(uow: UnitOfWork, by: Principal, edge_id: int, why: str, now: datetime) -> set[str]:
    """Let a cut edge count again (operator, audited); returns the persons who changed."""
    return _act(uow, by, edge_id, what="restored", why=why, now=now)


def _act(uow: UnitOfWork, by: Principal, edge_id: int, *, what: str, why: str, now: datetime) -> set[str]:
    require(by, Role.OPERATOR)
    reason = why.strip()
    if not 0 < len(reason) <= LONGEST_WHY:
        raise NO_WHY.error()
    limit, version = log.hold(uow, _limit(uow))
    which = log.pair(uow, edge_id)
    if which is None:
        raise NO_EDGE.error(id=edge_id)
    if which.cut == (what == "cut"):
        raise ALREADY_SO.error(id=edge_id, state=what, state_zh="已切断" if which.cut else "有效")
    log.act(uow, which, what=what, by=by.name, why=reason, now=now)
    detail: dict[str, audit.Plain] = {"why": reason}
    audit.record(uow, at=now, actor=by.name, action=f"identity.{what}", target=str(edge_id), detail=detail)
    # An end that was shared may be so no longer: then its other neighbours count again.
    ends = [which.a, which.b]
    return _settle(uow, {*ends, *log.neighbours(uow, log.shared(uow, ends))}, limit, version, now, anew=ends)


def _settle(
    uow: UnitOfWork,
    touched: Collection[int],
    limit: int,
    version: int,
    now: datetime,
    *,
    anew: Collection[int] = (),
) -> set[str]:
    """Work out again who is who among the touched, and note whose history changed."""
    if not touched:
        return set()
    part = graph.around(uow, touched, anew=anew)
    changed = graph.save(uow, part, resolve(part.graph, limit), version)
    arrivals.note(uow, changed, now)
    return changed


def _limit(uow: UnitOfWork) -> int:
    return shop.assumptions(uow).identity_most_customers


def _usable(edges: Sequence[Edge]) -> list[Edge]:
    """Edges between usable identifiers, lower kind first, of each source's repetitions the earliest."""
    found: dict[tuple[str, str, str, str, str], Edge] = {}
    for edge in edges:
        if not (usable(edge.kind_a, edge.value_a) and usable(edge.kind_b, edge.value_b)):
            continue
        turned = _turned(edge)
        if turned is None:
            continue
        key = (turned.kind_a, turned.value_a, turned.kind_b, turned.value_b, turned.source)
        if key not in found or turned.occurred_at < found[key].occurred_at:
            found[key] = turned
    return list(found.values())


def _turned(edge: Edge) -> Edge | None:
    """The edge with its lower end first; None for one from an identifier to itself."""
    a, b = (KINDS.index(edge.kind_a), edge.value_a), (KINDS.index(edge.kind_b), edge.value_b)
    if a == b:
        return None
    if a < b:
        return edge
    return Edge(
        edge.kind_b, edge.value_b, edge.kind_a, edge.value_a, edge.source, edge.occurred_at, edge.evidence
    )
