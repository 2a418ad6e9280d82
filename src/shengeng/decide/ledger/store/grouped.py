"""How groups and days of decisions are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from shengeng.decide.ledger.contracts import LIVE, Group, Reason, SlateSums, State
from shengeng.decide.ledger.store.tables import decisions, groups, slates
from shengeng.kernel.units import Interval
from shengeng.storage.rows import UnitOfWork

Row = sa.RowMapping
Sort = Literal["gain", "day"]
_KEYS = {"gain": groups.c.gain_mid_minor, "day": groups.c.proposed_on}


def _query() -> sa.Select[Any]:
    of_slate = (
        slates.c.window_start,
        slates.c.window_end,
        slates.c.basis,
        slates.c.forecast_unit,
        slates.c.assumptions,
        slates.c.method,
    )
    return sa.select(groups, *of_slate).join(slates, slates.c.id == groups.c.slate_id)


def groups_page(
    uow: UnitOfWork,
    where: Mapping[str, object],
    after: tuple[int | date, UUID] | None,
    limit: int,
    sort: Sort = "gain",
) -> list[Group]:
    """Groups, richest (or latest) first; state: with at least one decision in that state."""
    key = _KEYS[sort]
    query = _query().where(*_fits(where)).order_by(key.desc(), groups.c.id.desc()).limit(limit)
    if after:
        query = query.where(
            sa.tuple_(key, groups.c.id) < sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        )
    rows = uow.conn.execute(query).mappings().all()
    states = _states(uow, [row["id"] for row in rows])
    return [_group(row, *states.get(row["id"], ({}, 0))) for row in rows]


def count_groups(uow: UnitOfWork, where: Mapping[str, object]) -> int:
    """How many groups fit."""
    return int(
        uow.conn.execute(sa.select(sa.func.count()).select_from(groups).where(*_fits(where))).scalar_one()
    )


def group(uow: UnitOfWork, group_id: UUID) -> Group | None:
    """One group."""
    found = uow.conn.execute(_query().where(groups.c.id == group_id)).mappings().one_or_none()
    return None if found is None else _group(found, *_states(uow, [group_id]).get(group_id, ({}, 0)))


def _fits(where: Mapping[str, object]) -> list[sa.ColumnElement[bool]]:
    columns = {"play": "play", "team": "team", "day": "proposed_on"}
    fits = [
        groups.c[columns[key]] == value
        for key, value in where.items()
        if key in columns and value is not None
    ]
    if on := where.get("on"):
        fits.append(groups.c.proposed_on >= on)
    if state := where.get("state"):
        inside = (decisions.c.group_id == groups.c.id) & (decisions.c.state == state)
        fits.append(sa.exists(sa.select(1).where(inside)))
    return fits


def _states(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, tuple[dict[State, int], int]]:
    """By group: how many decisions are in each state, and the sum of their versions."""
    if not ids:
        return {}
    counted = (
        sa.select(decisions.c.group_id, decisions.c.state, sa.func.count(), sa.func.sum(decisions.c.version))
        .where(decisions.c.group_id.in_(list(ids)))
        .group_by(decisions.c.group_id, decisions.c.state)
    )
    found: dict[UUID, tuple[dict[State, int], int]] = {}
    for key, state, count, versions in uow.conn.execute(counted):
        counts, total = found.get(key, ({}, 0))
        found[key] = ({**counts, state: count}, total + int(versions))
    return found


def _group(row: Row, states: Mapping[State, int], versions: int) -> Group:
    only = next(iter(states)) if len(states) == 1 else "mixed"
    return Group(
        id=row["id"],
        play=row["play"],
        group_key=row["group_key"],
        title_params={"group_key": row["group_key"], **row["title_params"], "count": row["count"]},
        team=row["team"],
        proposed_on=row["proposed_on"],
        window_start=row["window_start"],
        window_end=row["window_end"],
        count=row["count"],
        state_counts=states,
        gain=_gain(row),
        basis=row["basis"],
        cost_minor=row["cost_minor"],
        forecast=_forecast(row),
        forecast_unit=row["forecast_unit"],
        reason=Reason(**row["reason"]),
        spark=row["spark"],
        state=only,
        version_sum=versions,
        method=row["method"],
        assumptions=row["assumptions"],
        evidence=row["evidence"],
    )


def _gain(row: Row) -> Interval:
    return Interval(row["gain_low_minor"], row["gain_mid_minor"], row["gain_high_minor"])


def _forecast(row: Row) -> Interval:
    return Interval(row["forecast_low"], row["forecast_mid"], row["forecast_high"])


def sums(uow: UnitOfWork, table: sa.Table, key: UUID) -> tuple[int, Interval, Interval, int]:
    """Count, gain, forecast and cost of a slate or group (a slate's cost is 0), locked until the end."""
    row = uow.conn.execute(sa.select(table).where(table.c.id == key).with_for_update()).mappings().one()
    return row["count"], _gain(row), _forecast(row), row.get("cost_minor", 0)


def cost_of_proposed(uow: UnitOfWork, group_id: UUID) -> tuple[int, int]:
    """Cost in minor units of a group's proposed decisions, and how many of them have no known worth."""
    unknown = decisions.c.gain_mid_minor.is_(None) | decisions.c.cost_minor.is_(None)
    query = sa.select(
        sa.func.coalesce(sa.func.sum(decisions.c.cost_minor), 0), sa.func.count().filter(unknown)
    ).where(decisions.c.group_id == group_id, decisions.c.state == "proposed")
    cost, missing = uow.conn.execute(query).one()
    return int(cost), int(missing)


def slate_of(uow: UnitOfWork, group_id: UUID) -> UUID:
    """The slate that a group belongs to."""
    found: UUID = uow.conn.execute(sa.select(groups.c.slate_id).where(groups.c.id == group_id)).scalar_one()
    return found


def slates_of(
    uow: UnitOfWork, *, ids: Collection[UUID] | None = None, play: str | None = None, day: date | None = None
) -> list[SlateSums]:
    """Days of plays, oldest first, with the intervals of their sums."""
    wanted: list[sa.ColumnElement[bool]] = []
    if ids is not None:
        wanted.append(slates.c.id.in_(list(ids)))
    if play:
        wanted.append(slates.c.play == play)
    if day:
        wanted.append(slates.c.proposed_on == day)
    rows = uow.conn.execute(sa.select(slates).where(*wanted).order_by(slates.c.proposed_on, slates.c.play))
    return [_slate(row) for row in rows.mappings()]


def _slate(row: Row) -> SlateSums:
    because = row["nothing_because"]
    return SlateSums(
        id=row["id"],
        play=row["play"],
        proposed_on=row["proposed_on"],
        window_start=row["window_start"],
        window_end=row["window_end"],
        count=row["count"],
        basis=row["basis"],
        gain=_gain(row),
        forecast=_forecast(row),
        forecast_unit=row["forecast_unit"],
        nothing_because=Reason(**because) if because else None,
    )


def waiting(uow: UnitOfWork, team: str | None, day: date) -> Sequence[Row]:
    """By slate whose window reaches the day: live gain beside all gain, cost, and what still waits."""
    live = decisions.c.state.in_(list(LIVE))
    mine = [decisions.c.team == team] if team else []
    proposed = decisions.c.state == "proposed"
    count = sa.func.count
    query = (
        sa.select(
            slates.c.id,
            slates.c.basis,
            slates.c.gain_low_minor,
            slates.c.gain_mid_minor,
            slates.c.gain_high_minor,
            sa.func.coalesce(sa.func.sum(decisions.c.gain_mid_minor).filter(live), 0).label("live_minor"),
            sa.func.coalesce(sa.func.sum(decisions.c.cost_minor).filter(live), 0).label("cost_minor"),
            count().filter(live).label("live"),
            count().filter(proposed).label("decisions"),
            count(sa.distinct(decisions.c.group_id)).filter(proposed).label("groups"),
            slates.c.count.label("all"),
        )
        .join(groups, groups.c.slate_id == slates.c.id)
        .join(decisions, decisions.c.group_id == groups.c.id)
        .where(slates.c.window_end >= day, *mine)
        .group_by(slates.c.id)
    )
    return uow.conn.execute(query).mappings().all()
