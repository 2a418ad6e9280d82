"""Operators change an action; executors claim, complete and fail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.decide.ledger import store
from shengeng.decide.ledger.api.judging import check_team, play_of, refused_move, seen
from shengeng.decide.ledger.contracts import (
    NO_DECISION,
    DecisionDetail,
    DecisionRow,
    Json,
    Play,
    State,
    Worth,
)
from shengeng.decide.ledger.methods import NOTHING, minus, plus
from shengeng.govern.audit import api as audit
from shengeng.govern.audit.contracts import Plain
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.units import Interval

if TYPE_CHECKING:
    from shengeng.storage.lake import Lake
    from shengeng.storage.rows import UnitOfWork


def edit(
    uow: UnitOfWork,
    lake: Lake,
    play: Play,
    who: Principal,
    decision_id: UUID,
    *,
    action: Json,
    version: int,
    why: str | None,
    now: datetime,
) -> DecisionRow:
    """Give a proposed decision another action; the play itself checks it and says what it is worth.

    The group's and the day's sums follow. Refuses a stale version, a state other than proposed (take an
    approval back first), and an action that the play does not know or cannot value.
    """
    require(who, Role.OPERATOR)
    rule = store.rule(uow, play_of(uow, decision_id), lock=True)
    assert rule is not None
    check_team(who, rule)
    row = seen(uow, decision_id, version)
    if row.state != "proposed":
        raise refused_move(decision_id, row.state, "edited")
    detail = store.decision(uow, decision_id)
    assert detail is not None
    checked, worth = play.edited(detail, action, lake)
    diff = _diff(row, checked, worth)
    by = who.name
    store.edit(uow, decision_id, version, action=checked, worth=worth, diff=diff, actor=by, why=why, now=now)
    _follow(uow, row, worth)
    audit.record(
        uow,
        at=now,
        actor=who.name,
        action="decision.edit",
        target=str(decision_id),
        detail={**diff, "why": why},
    )
    return _now_is(uow, decision_id).row


def _diff(row: DecisionRow, action: Json, worth: Worth) -> dict[str, Plain]:
    pairs: dict[str, tuple[Plain, Plain]] = {
        "action": (dict(row.action), dict(action)),
        "gain_minor": (_three(row.gain), _three(worth.gain)),
        "forecast": (_three(row.forecast), _three(worth.forecast)),
        "cost_minor": (row.cost_minor, worth.cost_minor),
    }
    return {key: [old, new] for key, (old, new) in pairs.items() if old != new}


def _three(interval: Interval | None) -> Plain:
    return None if interval is None else [interval.low, interval.mid, interval.high]


def _follow(uow: UnitOfWork, row: DecisionRow, worth: Worth) -> None:
    """Swap the decision's old worth for its new one in the sums of its group and its day."""
    slate = store.slate_of(uow, row.group_id)
    for table, key in ((store.groups, row.group_id), (store.slates, slate)):
        _, gain, forecast, cost = store.sums(uow, table, key)
        gain = plus(minus(gain, row.gain or NOTHING), worth.gain or NOTHING)
        forecast = plus(minus(forecast, row.forecast), worth.forecast)
        dearer = (worth.cost_minor or 0) - (row.cost_minor or 0)
        new_cost = cost + dearer if table is store.groups else None
        store.adjust_sums(uow, table, key, gain, forecast, cost_minor=new_cost)


def claim(
    uow: UnitOfWork, plays: Collection[str], limit: int, *, actor: str, now: datetime
) -> list[DecisionDetail]:
    """Take up to `limit` approved decisions of these plays for execution, richest first.

    Two claimers never get the same one; held-out decisions are never handed out.
    """
    ids = store.claim(uow, plays, limit, actor, now)
    if ids:
        detail: dict[str, Plain] = {"decisions": len(ids), "plays": [*sorted(plays)]}
        audit.record(uow, at=now, actor=actor, action="decisions.claimed", detail=detail)
    return [_now_is(uow, found) for found in ids]


def complete(uow: UnitOfWork, decision_id: UUID, *, actor: str, now: datetime) -> DecisionRow:
    """An executing decision was executed."""
    return _finish(uow, decision_id, "executed", actor=actor, why=None, now=now)


def fail(uow: UnitOfWork, decision_id: UUID, why: str, *, actor: str, now: datetime) -> DecisionRow:
    """An executing decision could not be executed, and why."""
    return _finish(uow, decision_id, "failed", actor=actor, why=why, now=now)


def cancel(uow: UnitOfWork, decision_id: UUID, why: str, *, actor: str, now: datetime) -> DecisionRow:
    """An approved or executing decision is called off, and why."""
    return _finish(uow, decision_id, "cancelled", actor=actor, why=why, now=now)


def _finish(
    uow: UnitOfWork, decision_id: UUID, to: State, *, actor: str, why: str | None, now: datetime
) -> DecisionRow:
    froms: tuple[State, ...] = ("approved", "executing") if to == "cancelled" else ("executing",)
    if not store.move(uow, store.only(decision_id), froms, to, actor=actor, why=why, now=now):
        raise refused_move(decision_id, _now_is(uow, decision_id).row.state, to)
    audit.record(
        uow, at=now, actor=actor, action=f"decision.{to}", target=str(decision_id), detail={"why": why}
    )
    return _now_is(uow, decision_id).row


def _now_is(uow: UnitOfWork, decision_id: UUID) -> DecisionDetail:
    found = store.decision(uow, decision_id)
    if found is None:
        raise NO_DECISION.error(id=decision_id)
    return found
