"""A customer's decisions: read for them, and made nobody's; what the shop was worth to itself stays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.decide.ledger.store.tables import decisions, transitions
from shengeng.storage.rows import UnitOfWork

_SHOWN = (
    *("play", "product_id", "title", "window_start", "window_end", "action", "default_action"),
    *("gain_mid_minor", "forecast_mid", "evidence", "state", "created_at", "updated_at"),
)
# Where an open decision about nobody goes.
_ENDS = {"proposed": "rejected", "approved": "cancelled", "executing": "cancelled"}


def of_customers(uow: UnitOfWork, ids: Collection[str]) -> list[dict[str, Any]]:
    """Every decision about some customers, oldest first."""
    c = decisions.c
    mine = sa.select(*(c[name] for name in _SHOWN)).where(c.customer_id.in_(sorted(ids)))
    return [dict(row) for row in uow.conn.execute(mine.order_by(c.created_at, c.id)).mappings()]


def forget(uow: UnitOfWork, ids: Collection[str], stand_in: str) -> int:
    """End the open decisions about some customers and make all of them nobody's; returns how many."""
    uow.erasing(on=False)
    for before, after in _ENDS.items():
        _end(uow, ids, before, after)
    uow.erasing()
    return sum(
        _rename(uow, id, stand_in if place == 0 else f"{stand_in}-{place}")
        for place, id in enumerate(sorted(ids))
    )


def _end(uow: UnitOfWork, ids: Collection[str], before: str, after: str) -> None:
    c = decisions.c
    mine = sa.and_(c.customer_id.in_(sorted(ids)), c.state == before)
    now = sa.func.clock_timestamp()
    columns = ("decision_id", "version", "at", "actor", "before", "after", "why")
    told = sa.select(c.id, c.version + 1, now, *map(sa.literal, ("privacy", before, after, "erased"))).where(
        mine
    )
    uow.conn.execute(insert(transitions).from_select(columns, told))
    uow.conn.execute(
        sa.update(decisions).where(mine).values(state=after, version=c.version + 1, updated_at=now)
    )


def _rename(uow: UnitOfWork, id: str, name: str) -> int:
    """Another name in place of the customer's, in the subject's front too; what was known of them goes."""
    c = decisions.c
    subject = sa.case(
        (sa.func.starts_with(c.subject, id), sa.literal(name) + sa.func.substr(c.subject, len(id) + 1)),
        else_=sa.literal(name) + " " + sa.cast(c.id, sa.Text),
    )
    title = sa.case((c.title == id, name), else_=c.title)
    change = sa.update(decisions).where(c.customer_id == id)
    values = {"customer_id": name, "subject": subject, "title": title, "evidence": {}}
    return uow.conn.execute(change.values(**values)).rowcount
