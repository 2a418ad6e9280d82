"""Notes of the shop's people about orders."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders.contracts import Note
from shengeng.trade.orders.store.tables import notes

_N = notes.c


def of(uow: UnitOfWork, order_id: str) -> tuple[Note, ...]:
    """What was noted, oldest first."""
    wanted = sa.select(_N.at, _N.by, _N.text).where(_N.order_id == order_id).order_by(_N.id)
    return tuple(Note(*row) for row in uow.conn.execute(wanted))


def add(uow: UnitOfWork, order_id: str, note: Note) -> None:
    """Keep a note."""
    row = {"order_id": order_id, "at": note.at, "by": note.by, "text": note.text}
    uow.conn.execute(sa.insert(notes).values(row))


def forget(uow: UnitOfWork, order_ids: Collection[str]) -> None:
    """Notes of some orders are no more."""
    uow.conn.execute(sa.delete(notes).where(_N.order_id.in_(sorted(order_ids))))
