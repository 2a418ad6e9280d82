"""A person's identifiers and what was seen between them: read, and forgotten."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from shengeng.sense.identity.store.tables import edges, nodes
from shengeng.storage.rows import UnitOfWork


def of(uow: UnitOfWork, values: Collection[str]) -> list[dict[str, Any]]:
    """Everything that was seen at some identifiers, oldest first."""
    a, b = nodes.alias("a"), nodes.alias("b")
    c = edges.c
    found = (
        sa.select(
            a.c.kind.label("kind_a"),
            a.c.value.label("value_a"),
            b.c.kind.label("kind_b"),
            b.c.value.label("value_b"),
            c.act,
            c.source,
            c.occurred_at,
            c.evidence,
        )
        .join_from(edges, a, c.a == a.c.id)
        .join(b, c.b == b.c.id)
        .where(sa.or_(a.c.value.in_(sorted(values)), b.c.value.in_(sorted(values))))
        .order_by(c.id)
    )
    return [dict(row) for row in uow.conn.execute(found).mappings()]


def forget(uow: UnitOfWork, values: Collection[str]) -> tuple[int, int]:
    """Identifiers and everything that was seen at them go; returns (identifiers, edges)."""
    gone = list(uow.conn.execute(sa.select(nodes.c.id).where(nodes.c.value.in_(sorted(values)))).scalars())
    touching = sa.or_(edges.c.a.in_(gone), edges.c.b.in_(gone))
    seen = uow.conn.execute(sa.delete(edges).where(touching)).rowcount
    return uow.conn.execute(sa.delete(nodes).where(nodes.c.id.in_(gone))).rowcount, seen
