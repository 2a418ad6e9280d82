"""Coupons: batches of codes that open a promotion, and the states of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shengeng.kernel.words import Words

CouponState = Literal["issued", "locked", "redeemed", "released", "expired"]
BatchKind = Literal["shared", "single"]


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """Coupons to issue for a promotion whose trigger is "coupon".

    code: one shared code that up to `uses` orders may use. count: so many single-use random codes.
    member_ids: one single-use coupon for each of these members, usable by them alone. Exactly one of the
    three is given.
    """

    promotion_id: UUID
    name: Words
    code: str | None = None
    uses: int = 1
    count: int = 0
    member_ids: tuple[str, ...] = ()
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of coupons and how many stand in each state; for a shared code uses are counted instead."""

    id: UUID
    promotion_id: UUID
    promotion: Words
    name: Words
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


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon. uses_most 1: it is its holder's once; more: a shared code with its uses counted."""

    id: UUID
    batch_id: UUID
    promotion_id: UUID
    code: str
    member_id: str | None
    state: CouponState
    uses_most: int
    taken: int
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class CouponMove:
    """One entry of a coupon's history, oldest first; order_id where an order was the cause."""

    state: CouponState
    order_id: str | None
    at: datetime
