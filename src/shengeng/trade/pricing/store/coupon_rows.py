"""Coupons, their batches and their histories."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa

from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.contracts import Batch, Coupon, CouponMove, CouponState
from shengeng.trade.pricing.store.tables import coupon_batches, coupon_moves, coupons, promotions

_FREE = ("issued", "released")


def add_batch(uow: UnitOfWork, made: Batch) -> None:
    uow.conn.execute(
        coupon_batches.insert().values(
            id=made.id,
            promotion_id=made.promotion_id,
            name_zh=made.name.zh,
            name_en=made.name.en,
            kind=made.kind,
            ends_at=made.ends_at,
            issued_at=made.issued_at,
            issued_by=made.issued_by,
        )
    )


def add(uow: UnitOfWork, made: Sequence[Coupon], now: datetime) -> None:
    """New coupons, each with the first entry of its history."""
    uow.copy_in(
        "coupons",
        (
            "id",
            "batch_id",
            "promotion_id",
            "code",
            "member_id",
            "state",
            "uses_most",
            "taken",
            "redeemed",
            "ends_at",
        ),
        pa.table(
            {
                "id": [str(one.id) for one in made],
                "batch_id": [str(one.batch_id) for one in made],
                "promotion_id": [str(one.promotion_id) for one in made],
                "code": [one.code for one in made],
                "member_id": pa.array([one.member_id for one in made], pa.string()),
                "state": [one.state for one in made],
                "uses_most": [one.uses_most for one in made],
                "taken": [0] * len(made),
                "redeemed": [0] * len(made),
                "ends_at": pa.array([one.ends_at for one in made], pa.timestamp("us", tz="UTC")),
            }
        ),
    )
    note(uow, [one.id for one in made], "issued", None, now)


def note(
    uow: UnitOfWork, coupon_ids: Sequence[UUID], state: CouponState, order_id: str | None, now: datetime
) -> None:
    """One entry in the history of each."""
    if coupon_ids:
        given = sa.func.unnest(sa.literal(list(coupon_ids), sa.ARRAY(sa.Uuid)))
        rows = sa.select(
            given,
            sa.literal(state),
            sa.literal(order_id, sa.Text),
            sa.literal(now, sa.DateTime(timezone=True)),
        )
        uow.conn.execute(coupon_moves.insert().from_select(["coupon_id", "state", "order_id", "at"], rows))


def taken_codes(uow: UnitOfWork, codes: Collection[str]) -> list[str]:
    """Those of the codes that some coupon has."""
    found = sa.select(coupons.c.code).where(coupons.c.code.in_(codes))
    return list(uow.conn.execute(found).scalars())


def by_code(uow: UnitOfWork, codes: Collection[str]) -> dict[str, Coupon]:
    found = sa.select(coupons).where(coupons.c.code.in_(codes))
    return {row.code: _coupon(row) for row in uow.conn.execute(found)}


def one(uow: UnitOfWork, coupon_id: UUID) -> Coupon | None:
    row = uow.conn.execute(sa.select(coupons).where(coupons.c.id == coupon_id)).first()
    return _coupon(row) if row else None


def of_member(uow: UnitOfWork, member_id: str) -> list[Coupon]:
    """A member's own coupons, newest first."""
    found = (
        sa.select(coupons).where(coupons.c.member_id == member_id).order_by(coupons.c.id.desc()).limit(500)
    )
    return [_coupon(row) for row in uow.conn.execute(found)]


def lock(uow: UnitOfWork, coupon_id: UUID, member_id: str | None, now: datetime) -> bool:
    """Take one use of a coupon; False when it is not free, over, or another member's."""
    mine: sa.ColumnElement[bool] = coupons.c.member_id.is_(None)
    if member_id is not None:
        mine = sa.or_(mine, coupons.c.member_id == member_id)
    taken = (
        coupons.update()
        .where(
            coupons.c.id == coupon_id,
            coupons.c.state.in_(_FREE),
            coupons.c.taken < coupons.c.uses_most,
            sa.or_(coupons.c.ends_at.is_(None), coupons.c.ends_at > now),
            mine,
        )
        .values(taken=coupons.c.taken + 1, state=_single("locked"))
    )
    return uow.conn.execute(taken).rowcount == 1


def redeem(uow: UnitOfWork, coupon_id: UUID) -> None:
    uow.conn.execute(
        coupons.update()
        .where(coupons.c.id == coupon_id)
        .values(redeemed=coupons.c.redeemed + 1, state=_single("redeemed"))
    )


def release(uow: UnitOfWork, coupon_id: UUID, *, redeemed: bool) -> None:
    """Give one use back; redeemed: it had been used up by a paid order."""
    uow.conn.execute(
        coupons.update()
        .where(coupons.c.id == coupon_id)
        .values(
            taken=coupons.c.taken - 1,
            redeemed=coupons.c.redeemed - (1 if redeemed else 0),
            state=_single("released"),
        )
    )


def expire(uow: UnitOfWork, now: datetime, limit: int) -> list[UUID]:
    """End free coupons whose time is over; those that an order has locked stay its own."""
    over = (
        sa.select(coupons.c.id)
        .where(coupons.c.state.in_(_FREE), coupons.c.ends_at <= now)
        .order_by(coupons.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ended = coupons.update().where(coupons.c.id.in_(over)).values(state="expired").returning(coupons.c.id)
    return list(uow.conn.execute(ended).scalars())


def end_batch(uow: UnitOfWork, batch_id: UUID, now: datetime) -> None:
    """End a batch and its coupons now: free ones expire, those that orders hold cannot be taken again."""
    mine = coupons.c.batch_id == batch_id
    # In key order, as orders lock theirs.
    uow.conn.execute(sa.select(coupons.c.id).where(mine).order_by(coupons.c.id).with_for_update()).all()
    uow.conn.execute(coupon_batches.update().where(coupon_batches.c.id == batch_id).values(ends_at=now))
    later = sa.or_(coupons.c.ends_at.is_(None), coupons.c.ends_at > now)
    uow.conn.execute(coupons.update().where(mine, later).values(ends_at=now))
    free = coupons.update().where(mine, coupons.c.state.in_(_FREE)).values(state="expired")
    ended = list(uow.conn.execute(free.returning(coupons.c.id)).scalars())
    note(uow, ended, "expired", None, now)


def batches(
    uow: UnitOfWork, *, after: UUID | None = None, limit: int = 50, only: UUID | None = None
) -> list[Batch]:
    """Batches, newest first, with how their coupons stand."""
    table = coupon_batches
    page = sa.select(table).order_by(table.c.id.desc()).limit(limit)
    if after is not None:
        page = page.where(table.c.id < after)
    if only is not None:
        page = page.where(table.c.id == only)
    page_of = page.subquery()
    state = coupons.c.state
    counted = (
        sa.select(
            sa.func.count().label("coupons"),
            sa.func.min(coupons.c.code).label("code"),
            sa.func.coalesce(sa.func.sum(coupons.c.uses_most), 0).label("uses_most"),
            sa.func.coalesce(sa.func.sum(coupons.c.taken - coupons.c.redeemed), 0).label("locked"),
            sa.func.coalesce(sa.func.sum(coupons.c.redeemed), 0).label("redeemed"),
            sa.func.count().filter(state == "expired").label("expired"),
        )
        .where(coupons.c.batch_id == page_of.c.id)
        .lateral()
    )
    name = promotions.c.definition["name"]
    found = (
        sa.select(page_of, counted, name["zh"].astext.label("of_zh"), name["en"].astext.label("of_en"))
        .join_from(page_of, promotions, promotions.c.id == page_of.c.promotion_id)
        .join(counted, sa.true())
        .order_by(page_of.c.id.desc())
    )
    return [_batch(row) for row in uow.conn.execute(found)]


def listed(
    uow: UnitOfWork,
    *,
    batch_id: UUID | None = None,
    state: CouponState | None = None,
    code: str = "",
    member_id: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Coupon]:
    """Coupons in order of issue."""
    found = sa.select(coupons).order_by(coupons.c.id).limit(limit)
    if batch_id is not None:
        found = found.where(coupons.c.batch_id == batch_id)
    if state is not None:
        found = found.where(coupons.c.state == state)
    if member_id is not None:
        found = found.where(coupons.c.member_id == member_id)
    if code:
        found = found.where(coupons.c.code.startswith(code, autoescape=True))
    if after is not None:
        found = found.where(coupons.c.id > after)
    return [_coupon(row) for row in uow.conn.execute(found)]


def history(uow: UnitOfWork, coupon_id: UUID, limit: int = 500) -> list[CouponMove]:
    """The newest entries of a coupon's history, oldest first."""
    found = (
        sa.select(coupon_moves)
        .where(coupon_moves.c.coupon_id == coupon_id)
        .order_by(coupon_moves.c.id.desc())
        .limit(limit)
    )
    return [CouponMove(row.state, row.order_id, row.at) for row in reversed(uow.conn.execute(found).all())]


def _single(state: CouponState) -> sa.ColumnElement[str]:
    """A coupon of one use changes its state; a shared code only counts."""
    return sa.case((coupons.c.uses_most == 1, state), else_=coupons.c.state)


def _coupon(row: Any) -> Coupon:
    return Coupon(
        row.id,
        row.batch_id,
        row.promotion_id,
        row.code,
        row.member_id,
        row.state,
        row.uses_most,
        row.taken,
        row.ends_at,
    )


def _batch(row: Any) -> Batch:
    return Batch(
        id=row.id,
        promotion_id=row.promotion_id,
        promotion=Words(row.of_zh, row.of_en),
        name=Words(row.name_zh, row.name_en),
        kind=row.kind,
        code=row.code if row.kind == "shared" else None,
        coupons=row.coupons,
        uses_most=int(row.uses_most),
        locked=int(row.locked),
        redeemed=int(row.redeemed),
        expired=row.expired,
        ends_at=row.ends_at,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
    )
