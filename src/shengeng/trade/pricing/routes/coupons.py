"""/v1/trade/coupon-batches and /v1/trade/coupons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import Approver, Cursor, Limit, Now, Operator, Unit, Viewer, to_cursor
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import CODES_A_BATCH, BatchDraft, BatchKind, CouponState
from shengeng.trade.pricing.routes.door import router
from shengeng.trade.pricing.routes.promotions import id_from
from shengeng.trade.pricing.routes.shapes import BothWords, Id, words


class CouponBatchShown(BaseModel):
    """A batch and how its coupons stand; of a shared code uses are counted instead."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    promotion_id: UUID
    promotion: BothWords
    name: BothWords
    kind: BatchKind
    code: str | None
    coupons: int
    uses_most: int
    locked: int
    redeemed: int
    expired: int
    ends_at: datetime | None
    issued_at: datetime
    issued_by: str


class CouponBatchPage(BaseModel):
    """Batches, newest first."""

    rows: list[CouponBatchShown]
    next: str | None


class NewCouponBatch(BaseModel):
    """Coupons to issue: exactly one of a shared code, a count of random codes, members."""

    model_config = ConfigDict(extra="forbid")
    promotion_id: UUID
    name: BothWords
    code: Annotated[str, StringConstraints(max_length=80)] | None = None
    uses: Annotated[int, Field(ge=1, le=10_000_000)] = 1
    count: Annotated[int, Field(ge=0, le=CODES_A_BATCH)] = 0
    member_ids: Annotated[list[Id], Field(max_length=5_000)] = []
    ends_at: AwareDatetime | None = None


class CouponShown(BaseModel):
    """One coupon; member_id: whose alone it is."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    batch_id: UUID
    promotion_id: UUID
    code: str
    member_id: str | None
    state: CouponState
    uses_most: int
    taken: int
    ends_at: datetime | None


class CouponPage(BaseModel):
    """Coupons in order of issue."""

    rows: list[CouponShown]
    next: str | None


class CouponMoved(BaseModel):
    """One entry of a coupon's history."""

    model_config = ConfigDict(from_attributes=True)
    state: CouponState
    order_id: str | None
    at: datetime


class CouponHistory(BaseModel):
    """A coupon and what happened to it, oldest first."""

    coupon: CouponShown
    moves: list[CouponMoved]


@router.get("/coupon-batches")
def list_coupon_batches(_: Viewer, uow: Unit, cursor: Cursor = None, limit: Limit = 50) -> CouponBatchPage:
    """Batches, newest first."""
    found = api.batches(uow, after=id_from(cursor), limit=limit + 1)
    following = to_cursor(str(found[limit - 1].id)) if len(found) > limit else None
    return CouponBatchPage(
        rows=[CouponBatchShown.model_validate(one) for one in found[:limit]], next=following
    )


@router.post("/coupon-batches", status_code=201)
def issue_coupons(body: NewCouponBatch, who: Approver, uow: Unit, now: Now) -> CouponBatchShown:
    """Issue coupons of a promotion that coupons open."""
    draft = BatchDraft(
        promotion_id=body.promotion_id,
        name=words(body.name),
        code=body.code,
        uses=body.uses,
        count=body.count,
        member_ids=tuple(dict.fromkeys(body.member_ids)),
        ends_at=body.ends_at,
    )
    return CouponBatchShown.model_validate(api.issue(uow, who, draft, now))


@router.get("/coupon-batches/{batch_id}")
def get_coupon_batch(batch_id: UUID, _: Viewer, uow: Unit) -> CouponBatchShown:
    """One batch and how its coupons stand."""
    return CouponBatchShown.model_validate(api.batch(uow, batch_id))


@router.post("/coupon-batches/{batch_id}/end")
def end_coupon_batch(batch_id: UUID, who: Operator, uow: Unit, now: Now) -> CouponBatchShown:
    """Nobody locks a coupon of the batch any more; those that orders hold stay theirs."""
    return CouponBatchShown.model_validate(api.end_batch(uow, who, batch_id, now))


@router.get("/coupons")
def list_coupons(
    _: Operator,
    uow: Unit,
    *,
    batch: UUID | None = None,
    state: CouponState | None = None,
    code: Annotated[str, Query(max_length=80)] = "",
    member: Id | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CouponPage:
    """Coupons with their codes, which are worth money: operators see them. member: whose alone they are."""
    after = id_from(cursor)
    found = api.coupons(
        uow, batch_id=batch, state=state, code=code, member_id=member, after=after, limit=limit + 1
    )
    following = to_cursor(str(found[limit - 1].id)) if len(found) > limit else None
    return CouponPage(rows=[CouponShown.model_validate(one) for one in found[:limit]], next=following)


@router.get("/coupons/{coupon_id}")
def get_coupon(coupon_id: UUID, _: Operator, uow: Unit) -> CouponHistory:
    """One coupon and its history."""
    coupon, moves = api.history(uow, coupon_id)
    return CouponHistory(
        coupon=CouponShown.model_validate(coupon), moves=[CouponMoved.model_validate(one) for one in moves]
    )
