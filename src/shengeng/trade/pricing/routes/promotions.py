"""/v1/trade/promotions: write them, start and stop them, and see what a basket would cost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from shengeng.http import (
    Approver,
    Cursor,
    Limit,
    Now,
    Operator,
    Unit,
    Viewer,
    from_cursor,
    to_cursor,
)
from shengeng.http.cursors import BAD_CURSOR
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import Policy, PromotionState, Trigger
from shengeng.trade.pricing.routes.door import router
from shengeng.trade.pricing.routes.shapes import (
    BasketAsked,
    Id,
    PromotionBody,
    PromotionPreview,
    PromotionShown,
    Quoted,
    StackingPolicy,
)

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PromotionPage(BaseModel):
    """Promotions, newest first."""

    rows: list[PromotionShown]
    next: str | None


class PromotionVersion(BaseModel):
    """Who wrote which version when."""

    version: int
    state: PromotionState
    at: datetime
    by: str


class PromotionDetail(BaseModel):
    """A promotion and its versions, newest first."""

    promotion: PromotionShown
    versions: list[PromotionVersion]


class NewPromotion(BaseModel):
    """A promotion to write. state: live starts it at once (approver)."""

    model_config = ConfigDict(extra="forbid")
    draft: PromotionBody
    state: Literal["draft", "live"] = "draft"


class PromotionChange(BaseModel):
    """The next version. version: the one that was looked at."""

    model_config = ConfigDict(extra="forbid")
    version: Version
    draft: PromotionBody


class PromotionMove(BaseModel):
    """Start, pause, resume or end."""

    model_config = ConfigDict(extra="forbid")
    version: Version
    state: Literal["live", "paused", "ended"]


@router.get("/promotions")
def list_promotions(
    _: Viewer,
    uow: Unit,
    *,
    state: PromotionState | None = None,
    trigger: Trigger | None = None,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PromotionPage:
    """Promotions, newest first, with what they have spent."""
    after = id_from(cursor)
    found = api.promotions(uow, state=state, trigger=trigger, query=q, after=after, limit=limit + 1)
    following = to_cursor(str(found[limit - 1].id)) if len(found) > limit else None
    return PromotionPage(rows=[PromotionShown.of(one) for one in found[:limit]], next=following)


@router.post("/promotions", status_code=201)
def create_promotion(body: NewPromotion, who: Operator, uow: Unit, now: Now) -> PromotionShown:
    """A new promotion."""
    return PromotionShown.of(api.put_promotion(uow, who, body.draft.draft(), now, state=body.state))


@router.post("/promotions/preview")
def preview_promotion(body: PromotionBody, _: Operator, uow: Unit, now: Now) -> PromotionPreview:
    """Which goods a promotion touches and what it takes off each; nothing is kept."""
    return PromotionPreview.model_validate(api.preview(uow, body.draft(), now))


@router.get("/promotions/{promotion_id}")
def get_promotion(promotion_id: UUID, _: Viewer, uow: Unit) -> PromotionDetail:
    """One promotion and who wrote it."""
    told = api.versions(uow, promotion_id)
    return PromotionDetail(
        promotion=PromotionShown.of(api.promotion(uow, promotion_id)),
        versions=[PromotionVersion(version=v, state=s, at=at, by=by) for v, s, at, by in told],
    )


@router.put("/promotions/{promotion_id}")
def change_promotion(
    promotion_id: UUID, body: PromotionChange, who: Operator, uow: Unit, now: Now
) -> PromotionShown:
    """The next version of a promotion."""
    made = api.put_promotion(
        uow, who, body.draft.draft(), now, promotion_id=promotion_id, version=body.version
    )
    return PromotionShown.of(made)


@router.post("/promotions/{promotion_id}/state")
def move_promotion(
    promotion_id: UUID, body: PromotionMove, who: Operator, uow: Unit, now: Now
) -> PromotionShown:
    """Start, pause, resume or end a promotion."""
    moved = api.set_state(uow, who, promotion_id, now, version=body.version, state=body.state)
    return PromotionShown.of(moved)


@router.post("/pricing/simulate")
def simulate_basket(body: BasketAsked, _: Viewer, uow: Unit, now: Now) -> Quoted:
    """What this basket would cost now and why; nothing is held by it."""
    other = Policy(body.policy.most_bp, body.policy.coupons) if body.policy else None
    return Quoted.of(api.simulate(uow, body.ask(), now, body.also, other))


@router.get("/pricing/policy/{channel_id}")
def get_stacking_policy(channel_id: Id, _: Viewer, uow: Unit) -> StackingPolicy:
    """What holds for every order of a channel, whatever promotions say."""
    return StackingPolicy.model_validate(api.policy(uow, channel_id))


@router.put("/pricing/policy/{channel_id}")
def set_stacking_policy(
    channel_id: Id, body: StackingPolicy, who: Approver, uow: Unit, now: Now
) -> StackingPolicy:
    """Set what holds for every order of a channel."""
    wanted = Policy(body.most_bp, body.coupons)
    return StackingPolicy.model_validate(api.set_policy(uow, who, channel_id, wanted, now))


def id_from(cursor: str | None) -> UUID | None:
    """The row's id that a cursor of ours carries."""
    after = from_cursor(cursor, str)
    if after is None:
        return None
    try:
        return UUID(str(after[0]))
    except ValueError:
        raise BAD_CURSOR.error(value=(cursor or "")[:80]) from None
