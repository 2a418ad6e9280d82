"""Orders that are not agreed yet: nothing follows from them, so they are written anew with every change."""

from __future__ import annotations

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders.store.tables import lines, orders

_MINE = sa.and_(orders.c.order_id == sa.bindparam("id"), orders.c.state == "draft")


def drop(uow: UnitOfWork, order_id: str) -> bool:
    """Throw a draft away that is locked; whether there was one."""
    there = sa.exists().where(orders.c.order_id == lines.c.order_id, orders.c.state == "draft")
    uow.conn.execute(sa.delete(lines).where(lines.c.order_id == order_id, there))
    return uow.conn.execute(sa.delete(orders).where(_MINE), {"id": order_id}).rowcount == 1
