"""Holds of orders on promotions and coupons: conditional updates in key order, contended rows last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.store.tables import (
    promotion_holds,
    promotion_members,
    promotion_spending,
    promotions,
)

HoldState = Literal["held", "redeemed", "released"]
_SPENDING = promotion_spending


@dataclass(frozen=True, slots=True)
class Hold:
    """What one order has of one promotion."""

    id: UUID
    order_id: str
    promotion_id: UUID
    coupon_id: UUID | None
    member_id: str | None
    amount_minor: int


def claim(uow: UnitOfWork, holds: Sequence[Hold], now: datetime) -> int:
    """Write the holds that do not stand already; returns how many were written."""
    rows = [
        {
            "id": one.id,
            "order_id": one.order_id,
            "promotion_id": one.promotion_id,
            "coupon_id": one.coupon_id,
            "member_id": one.member_id,
            "amount_minor": one.amount_minor,
            "state": "held",
            "held_at": now,
        }
        for one in holds
    ]
    made = insert(promotion_holds).values(rows).on_conflict_do_nothing().returning(promotion_holds.c.id)
    return len(uow.conn.execute(made).all())


def living(uow: UnitOfWork, order_id: str) -> list[tuple[UUID, UUID | None, int]]:
    """Promotion, coupon and amount of every hold of an order that has not been released."""
    table = promotion_holds
    found = sa.select(table.c.promotion_id, table.c.coupon_id, table.c.amount_minor).where(
        table.c.order_id == order_id, table.c.state != "released"
    )
    return [(row.promotion_id, row.coupon_id, row.amount_minor) for row in uow.conn.execute(found)]


def states(uow: UnitOfWork, order_id: str) -> set[HoldState]:
    """The states in which holds of an order stand."""
    found = sa.select(promotion_holds.c.state).where(promotion_holds.c.order_id == order_id).distinct()
    return set(uow.conn.execute(found).scalars())


def settle(
    uow: UnitOfWork, order_id: str, now: datetime, *, frm: tuple[HoldState, ...], to: HoldState
) -> list[tuple[Hold, HoldState]]:
    """Move an order's holds to a state, each exactly once; returns those moved and where they stood."""
    table = promotion_holds
    there = (
        sa.select(table.c.id, table.c.state)
        .where(table.c.order_id == order_id, table.c.state.in_(frm))
        .order_by(table.c.id)
        .with_for_update()
        .cte("there")
    )
    moved = (
        table.update()
        .where(table.c.id == there.c.id)
        .values(state=to, settled_at=now)
        .returning(
            table.c.id,
            table.c.order_id,
            table.c.promotion_id,
            table.c.coupon_id,
            table.c.member_id,
            table.c.amount_minor,
            there.c.state.label("was"),
        )
    )
    rows = uow.conn.execute(moved).all()
    return sorted(((Hold(*row[:6]), row.was) for row in rows), key=lambda pair: pair[0].promotion_id)


def rules(uow: UnitOfWork, promotion_ids: Collection[UUID]) -> dict[UUID, tuple[bool, int | None]]:
    """Of each promotion whether it is limited and how often a member may use it.

    Nobody sets other limits until the transaction ends: the counters of promotions without limits are never
    touched, so that orders do not queue for them, and whoever sets a limit must see every hold first.
    """
    for promotion_id in sorted(promotion_ids):
        name = sa.func.hashtextextended(_gate(promotion_id), 0)
        uow.conn.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(name)))
    most = promotions.c.definition["limits"]["member_uses"].as_integer()
    found = (
        sa.select(promotions.c.id, _SPENDING.c.limited, most.label("most"))
        .join_from(promotions, _SPENDING)
        .where(promotions.c.id.in_(promotion_ids))
    )
    return {row.id: (row.limited, row.most) for row in uow.conn.execute(found)}


def keep_out(uow: UnitOfWork, promotion_id: UUID) -> None:
    """Wait for the orders that are taking from a promotion, and hold up others until the end."""
    uow.lock(_gate(promotion_id))


def _gate(promotion_id: UUID) -> str:
    return f"pricing.promotion {promotion_id}"


def count_member(uow: UnitOfWork, promotion_id: UUID, member_id: str, most: int | None) -> bool:
    """One use more of a member; False when that would be more than they may."""
    table = promotion_members
    made = insert(table).values(promotion_id=promotion_id, member_id=member_id, uses=1)
    room = table.c.uses < most if most is not None else None
    counted = made.on_conflict_do_update(
        index_elements=["promotion_id", "member_id"], set_={"uses": table.c.uses + 1}, where=room
    ).returning(table.c.uses)
    return uow.conn.execute(counted).first() is not None


def uncount_member(uow: UnitOfWork, promotion_id: UUID, member_id: str) -> None:
    table = promotion_members
    uow.conn.execute(
        table.update()
        .where(table.c.promotion_id == promotion_id, table.c.member_id == member_id, table.c.uses > 0)
        .values(uses=table.c.uses - 1)
    )


def take(uow: UnitOfWork, promotion_id: UUID, amount_minor: int) -> bool:
    """Take one use and its money from a limited promotion; False when either has run out."""
    money = _SPENDING.c.held_minor + _SPENDING.c.redeemed_minor + amount_minor
    uses = _SPENDING.c.held_uses + _SPENDING.c.redeemed_uses + 1
    taken = (
        _SPENDING.update()
        .where(
            _SPENDING.c.promotion_id == promotion_id,
            sa.or_(_SPENDING.c.budget_minor.is_(None), money <= _SPENDING.c.budget_minor),
            sa.or_(_SPENDING.c.uses_most.is_(None), uses <= _SPENDING.c.uses_most),
        )
        .values(held_minor=_SPENDING.c.held_minor + amount_minor, held_uses=_SPENDING.c.held_uses + 1)
    )
    return uow.conn.execute(taken).rowcount == 1


def move(uow: UnitOfWork, promotion_id: UUID, amount_minor: int, frm: HoldState, to: HoldState) -> None:
    """Move one use and its money between the counters of a limited promotion; to "released" gives back."""
    changed = {
        **_counted(frm, -1, -amount_minor),
        **_counted(to, 1, amount_minor),
    }
    uow.conn.execute(
        _SPENDING.update()
        .where(_SPENDING.c.promotion_id == promotion_id, _SPENDING.c.limited)
        .values(changed)
    )


def _counted(state: HoldState, uses: int, minor: int) -> dict[str, sa.ColumnElement[int]]:
    if state == "released":
        return {}
    return {
        f"{state}_minor": _SPENDING.c[f"{state}_minor"] + minor,
        f"{state}_uses": _SPENDING.c[f"{state}_uses"] + uses,
    }
