"""What is added to the ledger, and the one statement that moves decisions."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.decide.ledger.contracts import (
    GroupProposal,
    Json,
    Play,
    Proposal,
    Settlement,
    Slate,
    State,
    Worth,
)
from shengeng.decide.ledger.store.tables import decisions, groups, settlements, slates, transitions
from shengeng.kernel.ids import new_id
from shengeng.kernel.units import Interval
from shengeng.storage.rows import UnitOfWork

_COLUMNS = (
    *("id", "group_id", "play", "team", "subject", "customer_id", "product_id", "title"),
    *("window_start", "window_end", "action", "default_action", "cost_minor"),
    *("gain_low_minor", "gain_mid_minor", "gain_high_minor"),
    *("forecast_low", "forecast_mid", "forecast_high", "evidence", "created_at", "updated_at"),
)
_ARROW: Mapping[str, pa.DataType] = {
    "window_start": pa.date32(),
    "window_end": pa.date32(),
    "created_at": pa.timestamp("us", tz="UTC"),
    "updated_at": pa.timestamp("us", tz="UTC"),
    **dict.fromkeys(("cost_minor", "gain_low_minor", "gain_mid_minor", "gain_high_minor"), pa.int64()),
    **dict.fromkeys(("forecast_low", "forecast_mid", "forecast_high"), pa.float64()),
}
_SCHEMA = pa.schema([pa.field(name, _ARROW.get(name, pa.string())) for name in _COLUMNS])


def whole(gain: Interval) -> tuple[int, int, int]:
    """An interval of money in whole minor units, still in order."""
    return round(gain.low), round(gain.mid), round(gain.high)


def _sums(gain: Interval, forecast: Interval) -> dict[str, Any]:
    low, mid, high = whole(gain)
    return {
        "gain_low_minor": low,
        "gain_mid_minor": mid,
        "gain_high_minor": high,
        "forecast_low": forecast.low,
        "forecast_mid": forecast.mid,
        "forecast_high": forecast.high,
    }


def add_slate(uow: UnitOfWork, play: Play, slate: Slate, now: datetime) -> tuple[UUID, bool]:
    """The slate's id, and whether it is new; an older one of the same play and day is left as it is."""
    row = {
        "id": new_id(now),
        "play": play.key,
        "proposed_on": slate.proposed_on,
        "window_start": slate.window_start,
        "window_end": slate.window_end,
        "horizon_days": slate.horizon_days,
        "subject_kind": play.subject_kind,
        "basis": play.basis,
        "forecast_unit": play.forecast_unit,
        "method": slate.method,
        "assumptions": dict(slate.assumptions),
        "count": 0,
        **_sums(Interval(0, 0, 0), Interval(0, 0, 0)),
        "nothing_because": None,
        "created_at": now,
    }
    added = insert(slates).values(row).on_conflict_do_nothing().returning(slates.c.id)
    fresh: UUID | None = uow.conn.execute(added).scalar()
    if fresh is not None:
        return fresh, True
    same = (slates.c.play == play.key) & (slates.c.proposed_on == slate.proposed_on)
    return uow.conn.execute(sa.select(slates.c.id).where(same)).scalar_one(), False


def add_group(
    uow: UnitOfWork, slate_id: UUID, play: str, day: date, *, group: GroupProposal, now: datetime
) -> tuple[UUID, bool]:
    """The group's id, and whether it is new; its sums start at nothing and are adjusted afterwards."""
    row = {
        "id": new_id(now),
        "slate_id": slate_id,
        "play": play,
        "group_key": group.group_key,
        "team": group.team,
        "proposed_on": day,
        "count": 0,
        **_sums(Interval(0, 0, 0), Interval(0, 0, 0)),
        "cost_minor": 0,
        "reason": {"code": group.reason.code, "params": dict(group.reason.params)},
        "spark": list(group.spark),
        "title_params": dict(group.title_params),
        "evidence": dict(group.evidence),
    }
    added = insert(groups).values(row).on_conflict_do_nothing().returning(groups.c.id)
    fresh: UUID | None = uow.conn.execute(added).scalar()
    if fresh is not None:
        return fresh, True
    same = (groups.c.play == play) & (groups.c.group_key == group.group_key) & (groups.c.proposed_on == day)
    return uow.conn.execute(sa.select(groups.c.id).where(same)).scalar_one(), False


def adjust_sums(
    uow: UnitOfWork,
    table: sa.Table,
    key: UUID,
    gain: Interval,
    forecast: Interval,
    *,
    count: int | None = None,
    cost_minor: int | None = None,
    nothing_because: Json | None = None,
) -> None:
    """Write the sums of a slate or group anew; count, cost and the reason for nothing only when given."""
    values: dict[str, Any] = _sums(gain, forecast)
    if count is not None:
        values["count"] = count
    if cost_minor is not None:
        values["cost_minor"] = cost_minor
    if table is slates:
        values["nothing_because"] = nothing_because if nothing_because is not None else sa.null()
    uow.conn.execute(sa.update(table).where(table.c.id == key).values(values))


def add_decisions(
    uow: UnitOfWork,
    play: str,
    slate: Slate,
    members: Sequence[tuple[UUID, str, Sequence[Proposal]]],
    now: datetime,
) -> int:
    """COPY the proposals of groups (group id, team, proposals) into the ledger; returns how many."""
    rows = [
        _record(proposal, group_id, team, play=play, slate=slate, now=now)
        for group_id, team, proposals in members
        for proposal in proposals
    ]
    if not rows:
        return 0
    return uow.copy_in("decisions", _COLUMNS, pa.Table.from_pylist(rows, schema=_SCHEMA))


def _record(
    proposal: Proposal, group_id: UUID, team: str, *, play: str, slate: Slate, now: datetime
) -> dict[str, Any]:
    worth = proposal.worth
    low, mid, high = whole(worth.gain) if worth.gain is not None else (None, None, None)
    return {
        "id": str(new_id(now)),
        "group_id": str(group_id),
        "play": play,
        "team": team,
        "subject": proposal.subject,
        "customer_id": proposal.customer_id,
        "product_id": proposal.product_id,
        "title": proposal.title,
        "window_start": slate.window_start,
        "window_end": slate.window_end,
        "action": _json(proposal.action),
        "default_action": _json(proposal.default_action),
        "cost_minor": worth.cost_minor,
        "gain_low_minor": low,
        "gain_mid_minor": mid,
        "gain_high_minor": high,
        "forecast_low": worth.forecast.low,
        "forecast_mid": worth.forecast.mid,
        "forecast_high": worth.forecast.high,
        "evidence": _json(proposal.evidence),
        "created_at": now,
        "updated_at": now,
    }


def _json(value: Json) -> str:
    return json.dumps(dict(value), ensure_ascii=False, allow_nan=False)


Where = Sequence[sa.ColumnElement[bool]]


def only(decision_id: UUID) -> Where:
    """The one decision."""
    return (decisions.c.id == decision_id,)


def inside(group_id: UUID) -> Where:
    """The decisions of a group."""
    return (decisions.c.group_id == group_id,)


def ended(day: date) -> Where:
    """Decisions whose window is over when a local day is."""
    return (decisions.c.window_end <= day,)


def last_judged(uow: UnitOfWork, group_id: UUID) -> Where:
    """The decisions of a group that were approved or rejected together, last of all."""
    judged = (decisions.c.group_id == group_id, decisions.c.state.in_(["approved", "rejected"]))
    latest = uow.conn.execute(sa.select(sa.func.max(decisions.c.updated_at)).where(*judged)).scalar()
    return (*judged, decisions.c.updated_at == latest)


def move(
    uow: UnitOfWork,
    where: Where,
    froms: Collection[State],
    to: State,
    *,
    actor: str,
    why: str | None,
    now: datetime,
    skip_locked: bool = False,
    limit: int | None = None,
) -> list[UUID]:
    """Move every decision that fits and is in one of the states, with its transition row; returns the ids."""
    fitting = sa.select(decisions.c.id, decisions.c.state).where(*where, decisions.c.state.in_(list(froms)))
    ordered = fitting.order_by(decisions.c.gain_mid_minor.desc() if limit else decisions.c.id, decisions.c.id)
    picked = ordered.limit(limit).with_for_update(skip_locked=skip_locked).cte("picked")
    moved = (
        sa.update(decisions)
        .where(decisions.c.id == picked.c.id)
        .values(state=to, version=decisions.c.version + 1, updated_at=now)
        .returning(decisions.c.id, decisions.c.version, picked.c.state.label("before"))
        .cte("moved")
    )
    fixed = (sa.literal(now), sa.literal(actor), sa.literal(to), sa.literal(why, sa.Text))
    recorded = (
        sa.insert(transitions)
        .from_select(
            ["decision_id", "version", "before", "at", "actor", "after", "why"],
            sa.select(moved.c.id, moved.c.version, moved.c.before, *fixed),
        )
        .returning(transitions.c.decision_id)
    )
    return list(uow.conn.execute(recorded).scalars())


def claim(uow: UnitOfWork, plays: Collection[str], limit: int, actor: str, now: datetime) -> list[UUID]:
    """Take approved decisions of plays for execution, richest first; two claimers never get the same one."""
    wanted = (decisions.c.play.in_(list(plays)), decisions.c.holdout.is_(False))
    return move(
        uow, wanted, ["approved"], "executing", actor=actor, why=None, now=now, skip_locked=True, limit=limit
    )


def lock_decision(uow: UnitOfWork, decision_id: UUID) -> tuple[State, int, UUID] | None:
    """State, version and group of a decision, locked until the transaction ends."""
    found = sa.select(decisions.c.state, decisions.c.version, decisions.c.group_id).where(
        decisions.c.id == decision_id
    )
    row = uow.conn.execute(found.with_for_update()).one_or_none()
    return (row.state, row.version, row.group_id) if row else None


def edit(
    uow: UnitOfWork,
    decision_id: UUID,
    version: int,
    *,
    action: Json,
    worth: Worth,
    diff: Json,
    actor: str,
    why: str | None,
    now: datetime,
) -> None:
    """Give a proposed decision another action and its worth, with the transition row that says so."""
    low, mid, high = whole(worth.gain) if worth.gain is not None else (None, None, None)
    changed = {
        "action": dict(action),
        "cost_minor": worth.cost_minor,
        "gain_low_minor": low,
        "gain_mid_minor": mid,
        "gain_high_minor": high,
        "forecast_low": worth.forecast.low,
        "forecast_mid": worth.forecast.mid,
        "forecast_high": worth.forecast.high,
        "version": version + 1,
        "updated_at": now,
    }
    uow.conn.execute(sa.update(decisions).where(decisions.c.id == decision_id).values(changed))
    step = {"decision_id": decision_id, "version": version + 1, "at": now, "actor": actor}
    same = {"before": "proposed", "after": "proposed", "why": why, "diff": dict(diff)}
    uow.conn.execute(sa.insert(transitions).values(**step, **same))


def add_settlements(uow: UnitOfWork, rows: Sequence[tuple[UUID, Settlement]]) -> int:
    """Add settlements; one that is there already in the same version stays as it is."""
    if not rows:
        return 0
    incoming = pa.table(
        {
            "decision_id": [str(key) for key, _ in rows],
            "kind": [s.kind for _, s in rows],
            "version": pa.array([s.version for _, s in rows], pa.int32()),
            "settled_on": pa.array([s.settled_on for _, s in rows], pa.date32()),
            "forecast_observed": pa.array([s.forecast_observed for _, s in rows], pa.float64()),
            "gain_observed_minor": pa.array([s.gain_observed_minor for _, s in rows], pa.int64()),
            "inside": pa.array([s.inside for _, s in rows], pa.bool_()),
        }
    )
    return uow.copy_in(settlements.name, incoming.column_names, incoming)
