"""Promotions and codes as offers to one basket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shengeng.kernel.words import Words
from shengeng.trade.pricing.contracts import Coupon, Promotion, RefusedCode
from shengeng.trade.pricing.methods import saying
from shengeng.trade.pricing.methods.goods import Offer


@dataclass(frozen=True, slots=True)
class Opened:
    """A code that opens a promotion in this basket."""

    code: str
    coupon_id: UUID


def offer(promotion: Promotion, opened: Opened | None, member_id: str | None, member_used: int) -> Offer:
    """What a promotion offers this buyer. member_used: how often they have used it."""
    limits = promotion.draft.limits
    left = None if limits.budget_minor is None else limits.budget_minor - promotion.spent.minor
    return Offer(
        promotion.id,
        promotion.draft,
        left,
        _refused(promotion, member_id, member_used),
        opened.code if opened else None,
        opened.coupon_id if opened else None,
    )


def _refused(promotion: Promotion, member_id: str | None, member_used: int) -> Words | None:
    limits = promotion.draft.limits
    if limits.uses is not None and promotion.spent.uses >= limits.uses:
        return saying.USED_UP
    if limits.member_uses is None:
        return None
    if member_id is None:
        return saying.MEMBERS_ONLY
    return saying.MEMBER_USED if member_used >= limits.member_uses else None


def code_refused(coupon: Coupon | None, member_id: str | None, now: datetime) -> Words | None:
    """Why a code opens nothing for this buyer now; None when it does."""
    if coupon is None:
        return saying.UNKNOWN_CODE
    if coupon.member_id is not None and coupon.member_id != member_id:
        return saying.NOT_YOURS
    if coupon.state == "expired" or (coupon.ends_at is not None and coupon.ends_at <= now):
        return saying.CODE_OVER
    return saying.CODE_TAKEN if coupon.taken >= coupon.uses_most else None


def over(opened: Opened) -> RefusedCode:
    """A code whose promotion is not running."""
    return RefusedCode(opened.code, saying.CODE_OVER)


def too_many(code: str) -> RefusedCode:
    """A code beyond those that one order may use."""
    return RefusedCode(code, saying.TOO_MANY_CODES)


def same(code: str) -> RefusedCode:
    """A second code of one promotion."""
    return RefusedCode(code, saying.SAME_PROMOTION)
