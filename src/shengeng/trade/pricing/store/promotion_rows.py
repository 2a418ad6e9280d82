"""Promotions, their versions and what they have spent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shengeng.storage.remembered import remembered
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.contracts import Limits, Promotion, PromotionState, Spent
from shengeng.trade.pricing.store.forms import from_json, to_json
from shengeng.trade.pricing.store.tables import (
    coupon_batches,
    coupons,
    promotion_holds,
    promotion_members,
    promotion_spending,
    promotion_versions,
    promotions,
)

_Span = tuple[str, datetime | None, datetime | None]
_COUNTED = ("limited", "held_minor", "redeemed_minor", "held_uses", "redeemed_uses")
_SELECT = sa.select(promotions, *(promotion_spending.c[name] for name in _COUNTED)).join_from(
    promotions, promotion_spending
)


def running(
    uow: UnitOfWork, channel_id: str, now: datetime, opened: Collection[UUID], extra: Collection[UUID] = ()
) -> list[Promotion]:
    """Live promotions of a channel: automatic ones and those that coupons open; extra ones in any state."""
    if not opened and not extra and not any(_runs(one, channel_id, now) for one in _automatic(uow)):
        return []
    starts, ends = promotions.c.starts_at, promotions.c.ends_at
    live = sa.and_(
        promotions.c.state == "live",
        sa.or_(starts.is_(None), starts <= now),
        sa.or_(ends.is_(None), ends > now),
        sa.or_(promotions.c.trigger == "automatic", promotions.c.id.in_(opened)),
    )
    wanted = sa.or_(live, promotions.c.id.in_(extra)) if extra else live
    found = _SELECT.where(promotions.c.channel_id == channel_id, wanted)
    return [_promotion(row) for row in uow.conn.execute(found)]


@remembered(promotions)
def _automatic(uow: UnitOfWork) -> tuple[_Span, ...]:
    """Channel, beginning and end of every live promotion that needs no coupon."""
    live = sa.and_(promotions.c.state == "live", promotions.c.trigger == "automatic")
    found = sa.select(promotions.c.channel_id, promotions.c.starts_at, promotions.c.ends_at).where(live)
    return tuple((row.channel_id, row.starts_at, row.ends_at) for row in uow.conn.execute(found))


def _runs(span: _Span, channel_id: str, now: datetime) -> bool:
    where, starts, ends = span
    return where == channel_id and (starts is None or starts <= now) and (ends is None or ends > now)


def announced(uow: UnitOfWork, channel_id: str, now: datetime) -> list[tuple[Promotion, str | None]]:
    """Live promotions that shoppers are told of, by priority, each with the shared code that opens it."""
    starts, ends, code_ends = promotions.c.starts_at, promotions.c.ends_at, coupons.c.ends_at
    code = (
        sa.select(coupons.c.code)
        .join_from(coupons, coupon_batches)
        .where(
            coupons.c.promotion_id == promotions.c.id,
            coupon_batches.c.kind == "shared",
            coupons.c.taken < coupons.c.uses_most,
            sa.or_(code_ends.is_(None), code_ends > now),
        )
        .order_by(coupons.c.id.desc())
        .limit(1)
        .correlate(promotions)
        .scalar_subquery()
        .label("code")
    )
    shown = promotions.c.definition["code_shown"].astext == "true"
    found = _SELECT.add_columns(code).where(
        promotions.c.channel_id == channel_id,
        promotions.c.state == "live",
        sa.or_(starts.is_(None), starts <= now),
        sa.or_(ends.is_(None), ends > now),
        sa.or_(promotions.c.trigger == "automatic", shown),
    )
    told = [(_promotion(row), row.code) for row in uow.conn.execute(found)]
    return sorted(told, key=lambda one: (one[0].draft.priority, one[0].id))


def one(uow: UnitOfWork, promotion_id: UUID, *, lock: bool = False) -> Promotion | None:
    """A promotion with its exact spending; lock: nobody else changes it meanwhile."""
    found = _SELECT.where(promotions.c.id == promotion_id)
    if lock:
        found = found.with_for_update(of=promotions, key_share=True)
    row = uow.conn.execute(found).first()
    return exactly(uow, [_promotion(row)], [row.limited])[0] if row else None


def listed(
    uow: UnitOfWork,
    *,
    state: PromotionState | None = None,
    trigger: str | None = None,
    query: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Promotion]:
    """Promotions, newest first, with their exact spending."""
    found = _SELECT.order_by(promotions.c.id.desc()).limit(limit)
    if state is not None:
        found = found.where(promotions.c.state == state)
    if trigger is not None:
        found = found.where(promotions.c.trigger == trigger)
    if query:
        name = promotions.c.definition["name"]
        found = found.where(
            sa.or_(*(name[lang].astext.icontains(query, autoescape=True) for lang in ("zh", "en")))
        )
    if after is not None:
        found = found.where(promotions.c.id < after)
    rows = uow.conn.execute(found).all()
    return exactly(uow, [_promotion(row) for row in rows], [row.limited for row in rows])


def exactly(uow: UnitOfWork, found: Sequence[Promotion], limited: Sequence[bool]) -> list[Promotion]:
    """With the spending of those without limits counted from their holds."""
    loose = [one.id for one, counted in zip(found, limited, strict=True) if not counted]
    counted = totals(uow, loose) if loose else {}
    return [
        Promotion(p.id, p.version, p.state, p.draft, counted.get(p.id, p.spent), p.updated_at, p.updated_by)
        for p in found
    ]


def totals(uow: UnitOfWork, promotion_ids: Collection[UUID]) -> Mapping[UUID, Spent]:
    """What living holds of these promotions add up to."""
    state, amount = promotion_holds.c.state, promotion_holds.c.amount_minor
    held, redeemed = state == "held", state == "redeemed"
    count = sa.func.count().filter
    found = (
        sa.select(
            promotion_holds.c.promotion_id,
            sa.func.coalesce(sa.func.sum(amount).filter(held), 0),
            sa.func.coalesce(sa.func.sum(amount).filter(redeemed), 0),
            count(held),
            count(redeemed),
        )
        .where(promotion_holds.c.promotion_id.in_(promotion_ids), state != "released")
        .group_by(promotion_holds.c.promotion_id)
    )
    return {row[0]: Spent(int(row[1]), int(row[2]), row[3], row[4]) for row in uow.conn.execute(found)}


def add(uow: UnitOfWork, made: Promotion) -> None:
    """A new promotion with its first version and nothing spent."""
    uow.conn.execute(promotions.insert().values(id=made.id, **_row(made)))
    limits = made.draft.limits
    zero = dict.fromkeys(("held_minor", "redeemed_minor", "held_uses", "redeemed_uses"), 0)
    uow.conn.execute(promotion_spending.insert().values(promotion_id=made.id, **_limits(limits), **zero))
    _keep_version(uow, made)


def change(uow: UnitOfWork, made: Promotion, spent: Spent) -> None:
    """The next version. spent: what counts against its limits from here on."""
    uow.conn.execute(promotions.update().where(promotions.c.id == made.id).values(**_row(made)))
    counted = {
        "held_minor": spent.held_minor,
        "redeemed_minor": spent.redeemed_minor,
        "held_uses": spent.held_uses,
        "redeemed_uses": spent.redeemed_uses,
    }
    uow.conn.execute(
        promotion_spending.update()
        .where(promotion_spending.c.promotion_id == made.id)
        .values(**_limits(made.draft.limits), **counted)
    )
    _keep_version(uow, made)


def versions(uow: UnitOfWork, promotion_id: UUID) -> list[tuple[int, PromotionState, datetime, str]]:
    """Number, state, moment and author of each version, newest first."""
    table = promotion_versions
    found = (
        sa.select(table.c.version, table.c.state, table.c.at, table.c.by)
        .where(table.c.promotion_id == promotion_id)
        .order_by(table.c.version.desc())
        .limit(100)
    )
    return [(row.version, row.state, row.at, row.by) for row in uow.conn.execute(found)]


def member_uses(uow: UnitOfWork, member_id: str, promotion_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How often the member has used each of them, open orders included."""
    table = promotion_members
    found = sa.select(table.c.promotion_id, table.c.uses).where(
        table.c.member_id == member_id, table.c.promotion_id.in_(promotion_ids)
    )
    return {row.promotion_id: row.uses for row in uow.conn.execute(found)}


def _keep_version(uow: UnitOfWork, made: Promotion) -> None:
    uow.conn.execute(
        promotion_versions.insert().values(
            promotion_id=made.id,
            version=made.version,
            state=made.state,
            definition=to_json(made.draft),
            at=made.updated_at,
            by=made.updated_by,
        )
    )


def _row(made: Promotion) -> dict[str, Any]:
    draft = made.draft
    return {
        "channel_id": draft.channel_id,
        "version": made.version,
        "state": made.state,
        "trigger": draft.trigger,
        "definition": to_json(draft),
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "updated_at": made.updated_at,
        "updated_by": made.updated_by,
    }


def _limits(limits: Limits) -> dict[str, Any]:
    limited = limits.budget_minor is not None or limits.uses is not None
    return {"limited": limited, "budget_minor": limits.budget_minor, "uses_most": limits.uses}


def _promotion(row: Any) -> Promotion:
    spent = Spent(row.held_minor, row.redeemed_minor, row.held_uses, row.redeemed_uses)
    draft = from_json(row.definition)
    return Promotion(row.id, row.version, row.state, draft, spent, row.updated_at, row.updated_by)
