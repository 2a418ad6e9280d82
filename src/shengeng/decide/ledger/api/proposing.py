"""A play's day enters the ledger: once per play, subject and window."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.decide.ledger import store
from shengeng.decide.ledger.api.judging import monday
from shengeng.decide.ledger.api.ruling import rule_of
from shengeng.decide.ledger.contracts import (
    LIVE,
    SPENT,
    Contact,
    GroupProposal,
    Play,
    Proposal,
    Proposed,
    Reason,
    Slate,
)
from shengeng.decide.ledger.methods import NOTHING, minus, plus, total
from shengeng.govern.audit import api as audit
from shengeng.govern.audit.contracts import Plain
from shengeng.kernel.units import Interval

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork

CYCLE = "cycle"


def open_subjects(uow: UnitOfWork, play: str, start: date, end: date) -> frozenset[str]:
    """Subjects of a play with a window on some day of [start, end], whatever their state.

    Holds the play's proposing lock until the transaction ends, so that what is read stays true.
    """
    uow.lock(f"propose:{play}")
    return frozenset(store.open_subjects(uow, play, start, end))


def contacts(uow: UnitOfWork, start: date, end: date, *, over: bool = False) -> list[Contact]:
    """Live decisions of any play about a customer with a window on some day of [start, end].

    over: with those that expired since, as it was while they waited.
    """
    return store.contacts(uow, start, end, (*LIVE, "expired") if over else LIVE)


def budget_left(uow: UnitOfWork, play: str, day: date) -> int | None:
    """What of a play's budget for the local week of a day is neither spent nor proposed; None: no budget."""
    rule = rule_of(uow, play)
    if rule.budget_minor is None:
        return None
    used = store.budget_used(uow, play, rule.team, monday(day), ("proposed", *SPENT))
    return max(rule.budget_minor - used, 0)


def propose(uow: UnitOfWork, play: Play, slate: Slate, now: datetime) -> Proposed:
    """Add a play's slate. Subjects whose window is taken are left out; a second call adds nothing.

    Groups and the day keep the intervals of their sums: the slate's own, less what was left out.
    """
    taken = open_subjects(uow, play.key, slate.window_start, slate.window_end)
    kept = [thinned for group in slate.groups if (thinned := _without(group, taken)).proposals]
    skipped = _count(slate.groups) - _count(kept)
    slate_id, _ = store.add_slate(uow, play, slate, now)
    members = [_enter(uow, slate_id, play.key, slate.proposed_on, group=group, now=now) for group in kept]
    added = store.add_decisions(uow, play.key, slate, members, now)
    because = _add_to_day(uow, slate_id, slate, kept, added)
    if added:
        detail: dict[str, Plain] = {
            "decisions": added,
            "groups": len(kept),
            "day": slate.proposed_on.isoformat(),
        }
        audit.record(uow, at=now, actor=CYCLE, action="decisions.proposed", target=play.key, detail=detail)
    return Proposed(play.key, added, len(kept), skipped, because)


def _without(group: GroupProposal, taken: Collection[str]) -> GroupProposal:
    gone = [p for p in group.proposals if p.subject in taken]
    if not gone:
        return group
    gain, forecast = _less(group.gain, group.forecast, gone)
    left = [p for p in group.proposals if p.subject not in taken]
    return replace(group, gain=gain, forecast=forecast, proposals=left)


def _less(gain: Interval, forecast: Interval, gone: Sequence[Proposal]) -> tuple[Interval, Interval]:
    gains = total(p.worth.gain for p in gone if p.worth.gain is not None)
    return minus(gain, gains), minus(forecast, total(p.worth.forecast for p in gone))


def _count(groups: Sequence[GroupProposal]) -> int:
    return sum(len(group.proposals) for group in groups)


def _enter(
    uow: UnitOfWork, slate_id: UUID, play: str, day: date, *, group: GroupProposal, now: datetime
) -> tuple[UUID, str, Sequence[Proposal]]:
    group_id, _ = store.add_group(uow, slate_id, play, day, group=group, now=now)
    count, gain, forecast, cost = store.sums(uow, store.groups, group_id)
    costs = sum(p.worth.cost_minor or 0 for p in group.proposals)
    store.adjust_sums(
        uow,
        store.groups,
        group_id,
        plus(gain, group.gain),
        plus(forecast, group.forecast),
        count=count + len(group.proposals),
        cost_minor=cost + costs,
    )
    return group_id, group.team, group.proposals


def _add_to_day(
    uow: UnitOfWork, slate_id: UUID, slate: Slate, kept: Sequence[GroupProposal], added: int
) -> Reason | None:
    count, gain, forecast, _ = store.sums(uow, store.slates, slate_id)
    gone = added < _count(slate.groups)
    new_gain, new_forecast = _day_less(slate, kept) if gone else (slate.gain, slate.forecast)
    because = None if count + added else slate.nothing_because
    said = {"code": because.code, "params": dict(because.params)} if because else None
    store.adjust_sums(
        uow,
        store.slates,
        slate_id,
        plus(gain, new_gain),
        plus(forecast, new_forecast),
        count=count + added,
        nothing_because=said,
    )
    return because


def _day_less(slate: Slate, kept: Sequence[GroupProposal]) -> tuple[Interval, Interval]:
    left = {p.subject for group in kept for p in group.proposals}
    gone = [p for group in slate.groups for p in group.proposals if p.subject not in left]
    return _less(slate.gain, slate.forecast, gone) if left else (NOTHING, NOTHING)
