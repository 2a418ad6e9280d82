"""People approve, reject and take back; the calendar lets things expire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from shengeng.decide.ledger import store
from shengeng.decide.ledger.api.refusals import (
    NEEDS_ROLE,
    NOT_YOUR_TEAM,
    OVER_BUDGET,
    PLAY_OFF,
    WORTH_UNKNOWN,
)
from shengeng.decide.ledger.contracts import (
    MOVES,
    NO_DECISION,
    NO_GROUP,
    NO_SUCH_MOVE,
    NOTHING_TO_MOVE,
    STALE_DECISION,
    STALE_GROUP,
    DecisionRow,
    Group,
    PlayRule,
    State,
)
from shengeng.govern.audit import api as audit
from shengeng.govern.audit.contracts import Plain
from shengeng.kernel.roles import Principal, Role, require

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork

Verdict = Literal["approve", "reject", "undo"]
_TO: Mapping[Verdict, State] = {"approve": "approved", "reject": "rejected", "undo": "proposed"}
_FROM: Mapping[Verdict, tuple[State, ...]] = {
    "approve": ("proposed",),
    "reject": ("proposed",),
    "undo": ("approved", "rejected"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an approval would spend, in one play, team and local week."""

    play: str
    team: str
    week: date
    cost_minor: int
    unknown: int


def judge(
    uow: UnitOfWork,
    who: Principal,
    decision_id: UUID,
    verdict: Verdict,
    *,
    version: int,
    why: str | None,
    now: datetime,
) -> DecisionRow:
    """Approve, reject or take back one decision that is still at the version that the operator saw.

    Refuses a stale version (conflict), a step its state does not allow, an unknown worth, a cost past the
    week's budget, and a cost above the limit without the role that it needs.
    """
    require(who, Role.OPERATOR)
    check_team(who, _rule(uow, play_of(uow, decision_id), lock=True))
    row = seen(uow, decision_id, version)
    if row.state not in _FROM[verdict]:
        raise refused_move(decision_id, row.state, _TO[verdict])
    if verdict == "approve":
        unknown = int(row.gain is None or row.cost_minor is None)
        _may_spend(
            uow, who, _Asked(row.play, row.team, monday(row.window_start), row.cost_minor or 0, unknown)
        )
    store.move(uow, store.only(decision_id), _FROM[verdict], _TO[verdict], actor=who.name, why=why, now=now)
    _audit(uow, who, f"decision.{verdict}", str(decision_id), now, play=row.play, why=why, decisions=1)
    return _row(uow, decision_id)


def judge_group(
    uow: UnitOfWork,
    who: Principal,
    group_id: UUID,
    verdict: Verdict,
    *,
    version_sum: int | None,
    why: str | None,
    now: datetime,
) -> Group:
    """Approve or reject everything of a group that is proposed; or take back its last such step.

    version_sum: what the operator saw; another one is refused as stale. Limits as for `judge`.
    """
    require(who, Role.OPERATOR)
    group = _group(uow, group_id)
    check_team(who, _rule(uow, group.play, lock=True))
    group = _group(uow, group_id)  # as it stands now that nobody else can judge it
    if version_sum is not None and version_sum != group.version_sum:
        raise STALE_GROUP.error(id=group_id, version=group.version_sum, seen=version_sum)
    if verdict == "approve":
        cost, unknown = store.cost_of_proposed(uow, group_id)
        _may_spend(uow, who, _Asked(group.play, group.team, monday(group.window_start), cost, unknown))
    where = store.last_judged(uow, group_id) if verdict == "undo" else store.inside(group_id)
    moved = store.move(uow, where, _FROM[verdict], _TO[verdict], actor=who.name, why=why, now=now)
    if not moved:
        states = ", ".join(f"{state}: {n}" for state, n in sorted(group.state_counts.items()))
        raise NOTHING_TO_MOVE.error(id=group_id, wanted=_TO[verdict], count=group.count, states=states)
    _audit(
        uow, who, f"decisions.{verdict}", str(group_id), now, play=group.play, why=why, decisions=len(moved)
    )
    return _group(uow, group_id)


def expire(uow: UnitOfWork, as_of: date, now: datetime) -> int:
    """Let proposed and approved decisions whose window is over on a local day expire; returns how many."""
    over = store.ended(as_of)
    moved = store.move(uow, over, ("proposed", "approved"), "expired", actor="cycle", why=None, now=now)
    if moved:
        detail: dict[str, Plain] = {"decisions": len(moved), "day": as_of.isoformat()}
        audit.record(uow, at=now, actor="cycle", action="decisions.expired", detail=detail)
    return len(moved)


def monday(day: date) -> date:
    """The Monday of a day's week: budgets are counted by it."""
    return day - timedelta(days=day.weekday())


def play_of(uow: UnitOfWork, decision_id: UUID) -> str:
    """The play of a decision; refuses (not_found) an id that is none."""
    found = store.decision(uow, decision_id)
    if found is None:
        raise NO_DECISION.error(id=decision_id)
    return found.row.play


def seen(uow: UnitOfWork, decision_id: UUID, version: int) -> DecisionRow:
    """The decision, locked; refused when it is gone on since the version that somebody saw."""
    locked = store.lock_decision(uow, decision_id)
    if locked is None:
        raise NO_DECISION.error(id=decision_id)
    if locked[1] != version:
        raise STALE_DECISION.error(id=decision_id, version=locked[1], seen=version)
    return _row(uow, decision_id)


def refused_move(decision_id: UUID, state: State, wanted: str) -> Exception:
    """The error for a step that the state does not allow."""
    allowed = ", ".join(MOVES[state]) or "-"
    return NO_SUCH_MOVE.error(id=decision_id, state=state, wanted=wanted, allowed=allowed)


def check_team(who: Principal, rule: PlayRule) -> None:
    """Refuses somebody who is in teams, but not in the play's; admins and people without a team may."""
    if who.role is Role.ADMIN or not who.teams or rule.team in who.teams:
        return
    raise NOT_YOUR_TEAM.error(play=rule.play, team=rule.team, teams=", ".join(who.teams))


def _may_spend(uow: UnitOfWork, who: Principal, asked: _Asked) -> None:
    rule = _rule(uow, asked.play)
    if not rule.enabled:
        raise PLAY_OFF.error(play=rule.play)
    if asked.unknown:
        raise WORTH_UNKNOWN.error(count=asked.unknown)
    limit, needed = rule.approve_limit_minor, Role(rule.approve_role)
    if limit is not None and asked.cost_minor > limit and not who.role.may(needed):
        raise NEEDS_ROLE.error(
            play=rule.play,
            asked_minor=asked.cost_minor,
            limit_minor=limit,
            needed=needed.value,
            role=who.role.value,
        )
    if rule.budget_minor is None:
        return
    used = store.budget_used(uow, asked.play, asked.team, asked.week)
    if used + asked.cost_minor > rule.budget_minor:
        raise OVER_BUDGET.error(
            play=rule.play,
            team=asked.team,
            week=asked.week.isoformat(),
            budget_minor=rule.budget_minor,
            used_minor=used,
            asked_minor=asked.cost_minor,
        )


def _rule(uow: UnitOfWork, play: str, *, lock: bool = False) -> PlayRule:
    rule = store.rule(uow, play, lock=lock)
    assert rule is not None, f"{play} proposed without being enrolled"
    return rule


def _group(uow: UnitOfWork, group_id: UUID) -> Group:
    found = store.group(uow, group_id)
    if found is None:
        raise NO_GROUP.error(id=group_id)
    return found


def _row(uow: UnitOfWork, decision_id: UUID) -> DecisionRow:
    found = store.decision(uow, decision_id)
    assert found is not None
    return found.row


def _audit(
    uow: UnitOfWork,
    who: Principal,
    action: str,
    target: str,
    now: datetime,
    *,
    play: str,
    why: str | None,
    decisions: int,
) -> None:
    detail: dict[str, Plain] = {"play": play, "decisions": decisions, "why": why}
    audit.record(uow, at=now, actor=who.name, action=action, target=target, detail=detail)
