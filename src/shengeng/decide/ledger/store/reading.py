"""How the ledger is read: pages by keyset, single decisions with their history, what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shengeng.decide.ledger.contracts import (
    Contact,
    DecisionDetail,
    DecisionRow,
    Settlement,
    State,
    Transition,
)
from shengeng.decide.ledger.store.tables import (
    decisions,
    groups,
    settlements,
    slates,
    transitions,
)
from shengeng.kernel.units import Interval
from shengeng.storage.rows import UnitOfWork

Row = sa.RowMapping


def open_subjects(uow: UnitOfWork, play: str, start: date, end: date) -> list[str]:
    """Subjects of a play that have a window with a day in [start, end], whatever their state."""
    taken = sa.select(decisions.c.subject).where(
        decisions.c.play == play, decisions.c.window_end >= start, decisions.c.window_start <= end
    )
    return list(uow.conn.execute(taken).scalars())


def contacts(uow: UnitOfWork, start: date, end: date, states: Sequence[State]) -> list[Contact]:
    """Decisions about a customer in one of these states that have a window with a day in [start, end]."""
    found = sa.select(
        decisions.c.customer_id, decisions.c.play, decisions.c.action["channel"].astext.label("channel")
    ).where(
        decisions.c.customer_id.is_not(None),
        decisions.c.window_end >= start,
        decisions.c.window_start <= end,
        decisions.c.state.in_(list(states)),
    )
    return [Contact(**row) for row in uow.conn.execute(found).mappings()]


def _decision_query() -> sa.Select[Any]:
    of_slate = (
        slates.c.subject_kind,
        slates.c.basis,
        slates.c.forecast_unit,
        slates.c.horizon_days,
        slates.c.method,
        slates.c.assumptions,
        slates.c.proposed_on,
    )
    return (
        sa.select(decisions, groups.c.group_key, *of_slate)
        .join(groups, groups.c.id == decisions.c.group_id)
        .join(slates, slates.c.id == groups.c.slate_id)
    )


def decisions_page(
    uow: UnitOfWork, where: Mapping[str, object], after: tuple[int, UUID] | None, limit: int
) -> list[DecisionRow]:
    """Decisions by gain, richest first; after: gain (or -1e18 when unknown) and id of the last one seen."""
    known = sa.func.coalesce(decisions.c.gain_mid_minor, _UNKNOWN)
    query = _decision_query().where(*_fits(where)).order_by(known.desc(), decisions.c.id).limit(limit)
    if after:
        gain, last = after
        query = query.where((known < gain) | (known == gain) & (decisions.c.id > last))
    return _with_settlements(uow, [_row(row) for row in uow.conn.execute(query).mappings()])


_UNKNOWN = sa.literal(-(10**18), sa.BigInteger)


def count_decisions(uow: UnitOfWork, where: Mapping[str, object]) -> int:
    """How many decisions fit."""
    counted = sa.select(sa.func.count()).select_from(decisions).where(*_fits(where))
    return int(uow.conn.execute(counted).scalar_one())


def _fits(where: Mapping[str, object]) -> list[sa.ColumnElement[bool]]:
    columns = {"group": "group_id", "play": "play", "subject": "subject", "state": "state", "team": "team"}
    columns |= {"customer_id": "customer_id", "product_id": "product_id"}
    return [decisions.c[columns[key]] == value for key, value in where.items() if value is not None]


def decisions_of(
    uow: UnitOfWork,
    *,
    customer_id: str | None = None,
    product_ids: Collection[str] = (),
    play: str | None = None,
    on: date | None = None,
    limit: int = 50,
) -> list[DecisionRow]:
    """Newest first: a customer's decisions, or those about products; on: windows with that day or later."""
    wanted = [decisions.c.play == play] if play else []
    if customer_id is not None:
        wanted.append(decisions.c.customer_id == customer_id)
    if product_ids:
        wanted.append(decisions.c.product_id.in_(list(product_ids)))
    if on is not None:
        wanted.append(decisions.c.window_end >= on)
    newest = (decisions.c.window_start.desc(), decisions.c.gain_mid_minor.desc().nulls_last(), decisions.c.id)
    found = uow.conn.execute(_decision_query().where(*wanted).order_by(*newest).limit(limit)).mappings()
    return _with_settlements(uow, [_row(row) for row in found])


def decision(uow: UnitOfWork, decision_id: UUID) -> DecisionDetail | None:
    """One decision with its history."""
    found = uow.conn.execute(_decision_query().where(decisions.c.id == decision_id)).mappings().one_or_none()
    if found is None:
        return None
    outcomes = settlements_of(uow, [decision_id]).get(decision_id, [])
    steps = [_first_step(found), *transitions_of(uow, decision_id)]
    return _detail(found, steps, outcomes)


def _first_step(row: Row) -> Transition:
    return Transition(row["created_at"], "cycle", None, "proposed", None, None)


def details(uow: UnitOfWork, ids: Collection[UUID]) -> list[DecisionDetail]:
    """Decisions by id, in the order of the ids; steps and settlements left out."""
    wanted = decisions.c.id == sa.func.any(sa.cast(list(ids), sa.ARRAY(sa.UUID)))
    found = {
        row["id"]: _detail(row, [], [])
        for row in uow.conn.execute(_decision_query().where(wanted)).mappings()
    }
    return [found[key] for key in ids]


def _row(row: Row) -> DecisionRow:
    ids = {"customer_id": row["customer_id"], "product_id": row["product_id"]}
    return DecisionRow(
        id=row["id"],
        group_id=row["group_id"],
        play=row["play"],
        subject_kind=row["subject_kind"],
        subject=row["subject"],
        title=row["title"],
        subject_params={key: value for key, value in ids.items() if value is not None},
        state=row["state"],
        version=row["version"],
        action=row["action"],
        default_action=row["default_action"],
        gain=_gain(row) if row["gain_mid_minor"] is not None else None,
        basis=row["basis"],
        cost_minor=row["cost_minor"],
        forecast=_forecast(row),
        forecast_unit=row["forecast_unit"],
        window_start=row["window_start"],
        window_end=row["window_end"],
        proposed_on=row["proposed_on"],
        team=row["team"],
        group_key=row["group_key"],
    )


def _detail(row: Row, steps: Sequence[Transition], outcomes: Sequence[Settlement]) -> DecisionDetail:
    return DecisionDetail(
        row=_settled(_row(row), outcomes),
        evidence=row["evidence"],
        assumptions=row["assumptions"],
        method=row["method"],
        horizon_days=row["horizon_days"],
        propensity=row["propensity"],
        holdout=row["holdout"],
        transitions=steps,
        settlements=outcomes,
    )


def _settled(row: DecisionRow, outcomes: Sequence[Settlement]) -> DecisionRow:
    return replace(row, settlement=outcomes[-1]) if outcomes else row


def _with_settlements(uow: UnitOfWork, rows: list[DecisionRow]) -> list[DecisionRow]:
    outcomes = settlements_of(uow, [row.id for row in rows])
    return [_settled(row, outcomes.get(row.id, [])) for row in rows]


def _gain(row: Row) -> Interval:
    return Interval(row["gain_low_minor"], row["gain_mid_minor"], row["gain_high_minor"])


def _forecast(row: Row) -> Interval:
    return Interval(row["forecast_low"], row["forecast_mid"], row["forecast_high"])


def settlements_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, list[Settlement]]:
    """Settlements by decision, oldest version first."""
    if not ids:
        return {}
    columns = [c for c in settlements.c if c.name != "decision_id"]
    wanted = settlements.c.decision_id == sa.func.any(sa.cast(list(ids), sa.ARRAY(sa.UUID)))
    query = sa.select(settlements.c.decision_id, *columns).where(wanted).order_by(settlements.c.version)
    found: dict[UUID, list[Settlement]] = {}
    for row in uow.conn.execute(query).mappings():
        fields = {key: row[key] for key in row if key != "decision_id"}
        found.setdefault(row["decision_id"], []).append(Settlement(**fields))
    return found


def transitions_of(uow: UnitOfWork, decision_id: UUID) -> list[Transition]:
    """Steps of a decision, oldest first."""
    mine = sa.select(transitions).where(transitions.c.decision_id == decision_id)
    rows = uow.conn.execute(mine.order_by(transitions.c.version)).mappings()
    return [Transition(r["at"], r["actor"], r["before"], r["after"], r["why"], r["diff"]) for r in rows]


def judged_by_people(uow: UnitOfWork) -> bool:
    """Whether anybody but the cycle ever moved a decision."""
    anybody = sa.select(sa.literal(1)).where(transitions.c.actor != "cycle").limit(1)
    return uow.conn.execute(anybody).scalar() is not None
