"""What the ledger answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shengeng.decide.ledger import store
from shengeng.decide.ledger.contracts import (
    NO_DECISION,
    NO_GROUP,
    WINDOW_DAYS,
    Basis,
    DecisionDetail,
    DecisionRow,
    Expected,
    Group,
    SlateSums,
    State,
)
from shengeng.decide.ledger.methods import share, total
from shengeng.kernel.units import Interval

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def decision(uow: UnitOfWork, decision_id: UUID) -> DecisionDetail:
    """One decision with its evidence, assumptions, steps and settlements; refuses (not_found) another id."""
    found = store.decision(uow, decision_id)
    if found is None:
        raise NO_DECISION.error(id=decision_id)
    return found


def group(uow: UnitOfWork, group_id: UUID) -> Group:
    """One group; refuses (not_found) an id that is none."""
    found = store.group(uow, group_id)
    if found is None:
        raise NO_GROUP.error(id=group_id)
    return found


def list_groups(
    uow: UnitOfWork,
    *,
    play: str | None = None,
    state: State | None = None,
    team: str | None = None,
    day: date | None = None,
    on: date | None = None,
    sort: store.Sort = "gain",
    after: tuple[int | date, UUID] | None = None,
    limit: int = 50,
) -> tuple[list[Group], int]:
    """A page of groups, richest (or latest) first, and how many there are in all.

    state: groups with at least one decision in it; on: whose window reaches this local day.
    after: sort value and id of the last group seen.
    """
    where: Mapping[str, object] = {
        "play": play,
        "state": state,
        "team": team,
        "day": day,
        "on": on - timedelta(days=WINDOW_DAYS) if on else None,
    }
    return store.groups_page(uow, where, after, limit, sort), store.count_groups(uow, where)


def list_decisions(
    uow: UnitOfWork,
    *,
    group: UUID | None = None,
    play: str | None = None,
    subject: str | None = None,
    state: State | None = None,
    after: tuple[int, UUID] | None = None,
    limit: int = 50,
) -> tuple[list[DecisionRow], int]:
    """A page of decisions, richest first, and how many there are in all.

    after: gain in minor units (-10**18 where it is unknown) and id of the last decision seen.
    """
    where: Mapping[str, object] = {"group": group, "play": play, "subject": subject, "state": state}
    return store.decisions_page(uow, where, after, limit), store.count_decisions(uow, where)


def decisions_of_customer(uow: UnitOfWork, customer_id: str, limit: int = 50) -> list[DecisionRow]:
    """A customer's decisions, latest window first."""
    return store.decisions_of(uow, customer_id=customer_id, limit=limit)


def decisions_of_products(
    uow: UnitOfWork, product_ids: Collection[str], *, play: str, on: date
) -> dict[str, DecisionRow]:
    """By product: the latest decision whose window reaches a local day; products without are absent."""
    if not product_ids:
        return {}
    limit = 4 * len(product_ids)
    rows = store.decisions_of(uow, product_ids=product_ids, play=play, on=on, limit=limit)
    return {str(row.subject_params["product_id"]): row for row in reversed(rows)}


def judged_by_people(uow: UnitOfWork) -> bool:
    """Whether anybody but the cycle ever moved a decision."""
    return store.judged_by_people(uow)


def slates_of(
    uow: UnitOfWork, *, ids: Collection[UUID] | None = None, play: str | None = None, day: date | None = None
) -> list[SlateSums]:
    """What plays proposed day by day, oldest first, with the intervals of the days' sums."""
    return store.slates_of(uow, ids=ids, play=play, day=day)


def expected(uow: UnitOfWork, today: date, team: str | None = None) -> Expected:
    """What decisions may bring whose window reaches `today` and that nobody rejected, by basis.

    Each day's interval shrinks to the part that is still live; days add as independent.
    """
    days = [dict(row) for row in store.waiting(uow, team, today)]
    parts: dict[Basis, list[Interval]] = {"policy": [], "assumed": [], "measured": []}
    for day in days:
        whole = Interval(day["gain_low_minor"], day["gain_mid_minor"], day["gain_high_minor"])
        parts[day["basis"]].append(share(whole, float(day["live_minor"])))
    return Expected(
        policy=total(parts["policy"]),
        assumed=total(parts["assumed"]),
        measured=total(parts["measured"]),
        cost_minor=_sum(days, "cost_minor"),
        groups=_sum(days, "groups"),
        decisions=_sum(days, "decisions"),
    )


def _sum(days: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(int(day[key]) for day in days)
