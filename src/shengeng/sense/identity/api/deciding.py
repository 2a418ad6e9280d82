"""Edges in, persons out: what observing, cutting and restoring have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Principal, Role, require
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.identity.contracts import ALREADY_SO, KINDS, NO_EDGE, NO_WHY, Edge
from shengeng.sense.identity.methods.persons import resolve
from shengeng.sense.identity.methods.usable import usable
from shengeng.sense.identity.store import graph, log
from shengeng.storage.rows import UnitOfWork

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
    return settle(uow, touched, limit, version, now)


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
    return settle(uow, {*ends, *log.neighbours(uow, log.shared(uow, ends))}, limit, version, now, anew=ends)


def settle(
    uow: UnitOfWork,
    touched: Collection[int],
    limit: int,
    version: int,
    now: datetime,
    *,
    anew: Collection[int] = (),
) -> set[str]:
    """Work out again who is who among the touched; returns, and notes as arrived, whose history changed.

    anew: nodes that were shared and may be so no longer.
    """
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
