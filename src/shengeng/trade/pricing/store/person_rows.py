"""What pricing keeps of a person, and its erasure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.store.tables import coupons, promotion_holds, promotion_members


def uses(uow: UnitOfWork, member_ids: Collection[str]) -> list[dict[str, Any]]:
    """Promotions that the person has used, each with its order, oldest first."""
    table = promotion_holds
    found = (
        sa.select(
            table.c.order_id, table.c.promotion_id, table.c.amount_minor, table.c.state, table.c.held_at
        )
        .where(table.c.member_id.in_(member_ids))
        .order_by(table.c.held_at, table.c.id)
    )
    return [dict(row) for row in uow.conn.execute(found).mappings()]


def erase(uow: UnitOfWork, member_ids: Collection[str]) -> int:
    """Counts go, coupons become nobody's and end, holds stay with their orders without the person."""
    gone = uow.conn.execute(
        promotion_members.delete().where(promotion_members.c.member_id.in_(member_ids))
    ).rowcount
    state = sa.case((coupons.c.state.in_(("issued", "released")), "expired"), else_=coupons.c.state)
    gone += uow.conn.execute(
        coupons.update().where(coupons.c.member_id.in_(member_ids)).values(member_id=None, state=state)
    ).rowcount
    holds = promotion_holds.update().where(promotion_holds.c.member_id.in_(member_ids))
    return gone + uow.conn.execute(holds.values(member_id=None)).rowcount
