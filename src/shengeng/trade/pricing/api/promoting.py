"""Write promotions, start and stop them, and set the stacking policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.pricing import methods, store
from shengeng.trade.pricing.contracts import (
    BAD_PROMOTION,
    NO_PROMOTION,
    STALE,
    Announced,
    Policy,
    Promotion,
    PromotionDraft,
    PromotionState,
    Spent,
)

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork

_NEXT: dict[PromotionState, frozenset[PromotionState]] = {
    "draft": frozenset({"live", "ended"}),
    "live": frozenset({"paused", "ended"}),
    "paused": frozenset({"live", "ended"}),
    "ended": frozenset(),
}


def promotions(
    uow: UnitOfWork,
    *,
    state: PromotionState | None = None,
    trigger: str | None = None,
    query: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Promotion]:
    """Promotions, newest first, with what they have spent."""
    return store.promotion_rows.listed(
        uow, state=state, trigger=trigger, query=query, after=after, limit=limit
    )


def promotion(uow: UnitOfWork, promotion_id: UUID) -> Promotion:
    """One promotion with what it has spent; refuses one that is not there."""
    found = store.promotion_rows.one(uow, promotion_id)
    if found is None:
        raise NO_PROMOTION.error(id=promotion_id)
    return found


def versions(uow: UnitOfWork, promotion_id: UUID) -> Sequence[tuple[int, PromotionState, datetime, str]]:
    """Number, state, moment and author of each version, newest first."""
    return store.promotion_rows.versions(uow, promotion_id)


def put_promotion(
    uow: UnitOfWork,
    who: Principal,
    draft: PromotionDraft,
    now: datetime,
    *,
    promotion_id: UUID | None = None,
    version: int | None = None,
    state: PromotionState | None = None,
) -> Promotion:
    """Write a promotion: a new one (a draft unless state says otherwise) or the next version of one.

    Operators write drafts; whatever runs, or starts to, needs an approver: it gives money away. version: the
    one that was looked at; a newer one refuses. Limits below what orders hold or have used are refused.
    """
    require(who, Role.OPERATOR)
    methods.check(draft)
    catalogue.channel(uow, draft.channel_id)
    if promotion_id is None:
        made = Promotion(new_id(now), 1, state or "draft", draft, Spent(), now, who.name)
        _may(who, "draft", made.state)
        store.promotion_rows.add(uow, made)
        _tell(uow, who, now, made, "promotion.created")
        return made
    return _change(uow, who, now, promotion_id, draft=draft, version=version, state=state)


def set_state(
    uow: UnitOfWork, who: Principal, promotion_id: UUID, now: datetime, *, version: int, state: PromotionState
) -> Promotion:
    """Start, pause, resume or end a promotion (approver; an operator may pause and end)."""
    require(who, Role.OPERATOR)
    return _change(uow, who, now, promotion_id, draft=None, version=version, state=state)


def announced(
    uow: UnitOfWork, channel_id: str, now: datetime, tier: str | None = None
) -> tuple[Announced, ...]:
    """What shoppers are told of: promotions that run by themselves or by a code that the shop shows.

    Left out is what is used up, and what members of another tier than this one may have.
    """
    found = []
    for one, code in store.promotion_rows.announced(uow, channel_id, now):
        draft, limits, spent = one.draft, one.draft.limits, one.spent
        over = limits.budget_minor is not None and spent.minor >= limits.budget_minor
        over = over or (limits.uses is not None and spent.uses >= limits.uses)
        mine = not draft.scope.tiers or tier in draft.scope.tiers
        needed = code if draft.trigger == "coupon" else None
        if mine and not over and (needed or draft.trigger == "automatic"):
            found.append(Announced(one.id, draft.name, draft.benefit, draft.scope, needed, draft.ends_at))
    return tuple(found)


def policy(uow: UnitOfWork, channel_id: str) -> Policy:
    """The stacking policy of a channel."""
    catalogue.channel(uow, channel_id)
    return store.price_rows.policy(uow, channel_id)


def set_policy(uow: UnitOfWork, who: Principal, channel_id: str, wanted: Policy, now: datetime) -> Policy:
    """Set the stacking policy of a channel (approver)."""
    require(who, Role.APPROVER)
    catalogue.channel(uow, channel_id)
    for what, value, high in (("most_bp", wanted.most_bp, 9_999), ("coupons", wanted.coupons, 10)):
        if not 0 <= value <= high:
            raise BAD_PROMOTION.error(what=what, value=value, limit=f"0..{high}")
    store.price_rows.set_policy(uow, channel_id, wanted)
    detail: dict[str, audit.Plain] = {"most_bp": wanted.most_bp, "coupons": wanted.coupons}
    audit.record(uow, at=now, actor=who.name, action="pricing_policy.set", target=channel_id, detail=detail)
    return wanted


def _change(
    uow: UnitOfWork,
    who: Principal,
    now: datetime,
    promotion_id: UUID,
    *,
    draft: PromotionDraft | None,
    version: int | None,
    state: PromotionState | None,
) -> Promotion:
    was = store.promotion_rows.one(uow, promotion_id, lock=True)
    if was is None:
        raise NO_PROMOTION.error(id=promotion_id)
    if version is not None and version != was.version:
        raise STALE.error(version=was.version, given=version)
    to = state or was.state
    _may(who, was.state, to)
    if to != was.state and to not in _NEXT[was.state]:
        raise BAD_PROMOTION.error(what="state", value=to, limit=", ".join(sorted(_NEXT[was.state])) or "-")
    wanted = draft or was.draft
    if (wanted.channel_id, wanted.trigger) != (was.draft.channel_id, was.draft.trigger):
        raise BAD_PROMOTION.error(what="trigger", value=wanted.trigger, limit=was.draft.trigger)
    store.holding.keep_out(uow, promotion_id)
    spent = store.promotion_rows.totals(uow, [promotion_id]).get(promotion_id, Spent())
    _within_limits(wanted, spent)
    made = replace(
        was, version=was.version + 1, state=to, draft=wanted, spent=spent, updated_at=now, updated_by=who.name
    )
    store.promotion_rows.change(uow, made, spent)
    _tell(uow, who, now, made, "promotion.changed" if draft else f"promotion.{to}")
    return made


def _may(who: Principal, was: PromotionState, to: PromotionState) -> None:
    stops = was != to and to in ("paused", "ended")
    if not stops and (was, to) != ("draft", "draft"):
        require(who, Role.APPROVER)


def _within_limits(draft: PromotionDraft, spent: Spent) -> None:
    limits = draft.limits
    if limits.budget_minor is not None and limits.budget_minor < spent.minor:
        raise BAD_PROMOTION.error(what="budget_minor", value=limits.budget_minor, limit=f">= {spent.minor}")
    if limits.uses is not None and limits.uses < spent.uses:
        raise BAD_PROMOTION.error(what="uses", value=limits.uses, limit=f">= {spent.uses}")


def _tell(uow: UnitOfWork, who: Principal, now: datetime, made: Promotion, action: str) -> None:
    detail: dict[str, audit.Plain] = {
        "name": made.draft.name.text("en"),
        "version": made.version,
        "state": made.state,
        "kind": made.draft.benefit.kind,
    }
    audit.record(uow, at=now, actor=who.name, action=action, target=str(made.id), detail=detail)
