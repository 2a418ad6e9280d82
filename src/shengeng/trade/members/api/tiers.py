"""Tiers: which there are, and who has which. Others decide (they push), members keeps the state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.members import store
from shengeng.trade.members.contracts import (
    NO_MEMBER,
    NO_TIER,
    TIER_IN_USE,
    TIERS_MOST,
    TOO_MANY_TIERS,
    Tier,
    TierChange,
)
from shengeng.trade.members.methods import clean_tier


def tiers(uow: UnitOfWork) -> list[Tier]:
    """Every tier, lowest position first."""
    return store.all_tiers(uow)


def put_tier(uow: UnitOfWork, who: Principal, tier: Tier, now: datetime) -> Tier:
    """Makes a tier, or changes its names and position (operator). A key stays what it is."""
    require(who, Role.OPERATOR)
    clean_tier(tier.key)
    uow.lock("trade.members.tiers")
    there = {one.key: one for one in store.all_tiers(uow)}
    if tier.key not in there and len(there) >= TIERS_MOST:
        raise TOO_MANY_TIERS.error(limit=TIERS_MOST)
    if there.get(tier.key) != tier:
        store.put_tier(uow, tier)
        detail: dict[str, audit.Plain] = {"zh": tier.name.zh, "en": tier.name.en, "position": tier.position}
        audit.record(uow, at=now, actor=who.name, action="tier.kept", target=tier.key, detail=detail)
    return tier


def drop_tier(uow: UnitOfWork, who: Principal, key: str, now: datetime) -> None:
    """Removes a tier that nobody has (operator)."""
    require(who, Role.OPERATOR)
    uow.lock("trade.members.tiers")
    if held := store.tier_sizes(uow).get(key, 0):
        raise TIER_IN_USE.error(tier=key, members=held)
    if not store.drop_tier(uow, key):
        raise _unknown(uow, key)
    audit.record(uow, at=now, actor=who.name, action="tier.dropped", target=key)


def set_tier(
    uow: UnitOfWork, who: Principal, wanted: Mapping[str, str | None], why: str, now: datetime
) -> list[str]:
    """Gives members their tiers, or takes them (None), all or none (operator); returns whose changed.

    Refuses an unknown tier (invalid) and an unknown member (not_found). Rows are locked in the order of ids,
    so two pushes at once do not stop each other.
    """
    require(who, Role.OPERATOR)
    uow.lock("trade.members.tiers")
    keys = {tier.key for tier in store.all_tiers(uow)}
    for tier in wanted.values():
        if tier is not None and tier not in keys:
            raise _unknown(uow, tier)
    known = {one.member_id for one in store.known(uow, wanted)}
    if missing := sorted(set(wanted) - known):
        raise NO_MEMBER.error(id=missing[0][:60])
    moved = store.move_tiers(uow, wanted, now=now, by=who.name, why=why[:500])
    if moved:
        detail: dict[str, audit.Plain] = {"members": len(moved), "why": why[:500]}
        target = moved[0] if len(moved) == 1 else ""
        audit.record(uow, at=now, actor=who.name, action="tier.given", target=target, detail=detail)
    return moved


def tier_of(uow: UnitOfWork, member_id: str) -> str | None:
    """The tier that a member has now; None without one, and for who is no member."""
    found = store.known(uow, [member_id])
    return found[0].tier if found else None


def tier_changes(uow: UnitOfWork, member_id: str) -> list[TierChange]:
    """When a member came to which tier, newest first."""
    return store.changes_of(uow, member_id)


def sizes(uow: UnitOfWork) -> Mapping[str | None, int]:
    """How many members have each tier; None: no tier."""
    return store.tier_sizes(uow)


def _unknown(uow: UnitOfWork, tier: str) -> Exception:
    known = ", ".join(one.key for one in store.all_tiers(uow)) or "-"
    return NO_TIER.error(tier=tier[:40], known=known)
