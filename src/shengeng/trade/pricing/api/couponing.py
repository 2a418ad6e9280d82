"""Issue coupons and look at them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.trade.pricing import store
from shengeng.trade.pricing.api.codes import plain
from shengeng.trade.pricing.api.promoting import promotion
from shengeng.trade.pricing.contracts import (
    BAD_BATCH,
    CODE_EXISTS,
    CODES_A_BATCH,
    NO_BATCH,
    NO_COUPON,
    Batch,
    BatchDraft,
    Coupon,
    CouponMove,
    CouponState,
)

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork

_CODE = re.compile(r"[A-Z0-9]{4,40}")
# Letters and digits that nobody takes for another one; 12 of them are 59 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONG = 12
_USES_MOST = 10_000_000


def issue(uow: UnitOfWork, who: Principal, draft: BatchDraft, now: datetime) -> Batch:
    """Issue coupons of a promotion (approver: they are worth money): a shared code, codes, or for members.

    Refuses a promotion that no coupon opens, a code in use, more than 20,000 at once.
    """
    require(who, Role.APPROVER)
    _check(uow, draft, now)
    batch_id = new_id(now)
    code = plain(draft.code) if draft.code is not None else None
    made = Batch(
        id=batch_id,
        promotion_id=draft.promotion_id,
        promotion=draft.name,
        name=draft.name,
        kind="shared" if code else "single",
        code=code,
        coupons=0,
        uses_most=0,
        locked=0,
        redeemed=0,
        expired=0,
        ends_at=draft.ends_at,
        issued_at=now,
        issued_by=who.name,
    )
    store.coupon_rows.add_batch(uow, made)
    holders = draft.member_ids or (None,) * (1 if code else draft.count)
    store.coupon_rows.add(uow, [_coupon(made, draft, code, member, now) for member in holders], now)
    issued = batch(uow, batch_id)
    detail: dict[str, audit.Plain] = {"coupons": issued.coupons, "uses": issued.uses_most, "code": code or ""}
    audit.record(uow, at=now, actor=who.name, action="coupons.issued", target=str(batch_id), detail=detail)
    return issued


def batches(uow: UnitOfWork, *, after: UUID | None = None, limit: int = 50) -> list[Batch]:
    """Batches, newest first, with how their coupons stand."""
    return store.coupon_rows.batches(uow, after=after, limit=limit)


def batch(uow: UnitOfWork, batch_id: UUID) -> Batch:
    """One batch; refuses one that is not there."""
    found = store.coupon_rows.batches(uow, only=batch_id)
    if not found:
        raise NO_BATCH.error(id=batch_id)
    return found[0]


def end_batch(uow: UnitOfWork, who: Principal, batch_id: UUID, now: datetime) -> Batch:
    """End a batch before its time (operator, as a promotion may be paused): a code that got about, say.

    Coupons that an order has locked stay its own. Again it changes nothing.
    """
    require(who, Role.OPERATOR)
    was = batch(uow, batch_id)
    if was.ends_at is not None and was.ends_at <= now:
        return was
    store.coupon_rows.end_batch(uow, batch_id, now)
    made = batch(uow, batch_id)
    detail: dict[str, audit.Plain] = {"expired": made.expired - was.expired, "locked": made.locked}
    audit.record(uow, at=now, actor=who.name, action="coupons.ended", target=str(batch_id), detail=detail)
    return made


def coupons(
    uow: UnitOfWork,
    *,
    batch_id: UUID | None = None,
    state: CouponState | None = None,
    code: str = "",
    member_id: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Coupon]:
    """Coupons in order of issue; code: how theirs begins; member_id: whose alone they are."""
    return store.coupon_rows.listed(
        uow,
        batch_id=batch_id,
        state=state,
        code=plain(code),
        member_id=member_id,
        after=after,
        limit=limit,
    )


def history(uow: UnitOfWork, coupon_id: UUID) -> tuple[Coupon, Sequence[CouponMove]]:
    """A coupon and what happened to it, oldest first."""
    found = store.coupon_rows.one(uow, coupon_id)
    if found is None:
        raise NO_COUPON.error(id=coupon_id)
    return found, store.coupon_rows.history(uow, coupon_id)


def coupons_of(uow: UnitOfWork, member_id: str) -> list[Coupon]:
    """A member's own coupons, newest first."""
    return store.coupon_rows.of_member(uow, member_id)


def _check(uow: UnitOfWork, draft: BatchDraft, now: datetime) -> None:
    opened = promotion(uow, draft.promotion_id)
    if opened.draft.trigger != "coupon":
        raise BAD_BATCH.error(what="promotion.trigger", value=opened.draft.trigger, limit="coupon")
    if opened.state == "ended":
        raise BAD_BATCH.error(what="promotion.state", value="ended", limit="draft, live, paused")
    ways = [draft.code is not None, draft.count > 0, bool(draft.member_ids)]
    if sum(ways) != 1:
        raise BAD_BATCH.error(what="code, count, member_ids", value=sum(ways), limit="1")
    bounds = [
        ("count", draft.count, 0, CODES_A_BATCH),
        ("member_ids", len(draft.member_ids), 0, CODES_A_BATCH),
        ("uses", draft.uses, 1, _USES_MOST if draft.code is not None else 1),
        ("name", max(len(draft.name.zh), len(draft.name.en)), 1, 200),
    ]
    for what, value, low, high in bounds:
        if not low <= value <= high:
            raise BAD_BATCH.error(what=what, value=value, limit=f"{low}..{high}")
    if draft.ends_at is not None and draft.ends_at <= now:
        raise BAD_BATCH.error(what="ends_at", value=draft.ends_at.isoformat(), limit=f"> {now.isoformat()}")
    if draft.code is not None:
        _check_code(uow, plain(draft.code))


def _check_code(uow: UnitOfWork, code: str) -> None:
    if not _CODE.fullmatch(code):
        raise BAD_BATCH.error(what="code", value=code, limit="A-Z 0-9, 4..40")
    uow.lock("pricing.codes")
    if store.coupon_rows.by_code(uow, [code]):
        raise CODE_EXISTS.error(code=code)


def _coupon(made: Batch, draft: BatchDraft, code: str | None, member: str | None, now: datetime) -> Coupon:
    own = code or "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
    uses = draft.uses if code else 1
    return Coupon(new_id(now), made.id, made.promotion_id, own, member, "issued", uses, 0, made.ends_at)
