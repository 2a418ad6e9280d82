"""The plays' rules, and what of a week's budget is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.decide.ledger.contracts import SPENT, Play, PlayRule, State
from shengeng.decide.ledger.store.tables import decisions
from shengeng.decide.ledger.store.tables import rules as table
from shengeng.storage.rows import UnitOfWork


def enrol(uow: UnitOfWork, play: Play) -> None:
    """Give a play its first rule: its own team, no budget, no limit, approver; a rule in place stays."""
    first = {
        "play": play.key,
        "team": play.team,
        "budget_minor": None,
        "approve_limit_minor": None,
        "approve_role": "approver",
        "enabled": True,
        "basis": play.basis,
        "default_policy": play.default_policy,
    }
    uow.conn.execute(insert(table).values(first).on_conflict_do_nothing())


def rules(uow: UnitOfWork) -> list[PlayRule]:
    """Every play's rule, by name."""
    return [PlayRule(**row) for row in uow.conn.execute(sa.select(table).order_by(table.c.play)).mappings()]


def rule(uow: UnitOfWork, play: str, *, lock: bool = False) -> PlayRule | None:
    """One play's rule; locked, it makes everybody who spends that play's budget wait in line."""
    found = sa.select(table).where(table.c.play == play)
    row = uow.conn.execute(found.with_for_update() if lock else found).mappings().one_or_none()
    return PlayRule(**row) if row else None


def change_rule(uow: UnitOfWork, play: str, values: Mapping[str, Any]) -> None:
    """Write some fields of a rule."""
    uow.conn.execute(sa.update(table).where(table.c.play == play).values(dict(values)))


def budget_used(uow: UnitOfWork, play: str, team: str, week: date, states: Collection[State] = SPENT) -> int:
    """Minor units that a play and team have spent or promised in the local week that begins on a Monday."""
    spent = sa.select(sa.func.coalesce(sa.func.sum(decisions.c.cost_minor), 0)).where(
        decisions.c.play == play,
        decisions.c.team == team,
        decisions.c.window_start.between(week, week + timedelta(days=6)),
        decisions.c.state.in_(list(states)),
    )
    return int(uow.conn.execute(spent).scalar_one())
