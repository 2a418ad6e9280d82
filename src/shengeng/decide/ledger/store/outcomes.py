"""What is due for settlement, and what settled decisions add up to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from shengeng.decide.ledger.contracts import Outcome
from shengeng.decide.ledger.store.tables import decisions, groups, settlements
from shengeng.kernel.units import Interval
from shengeng.storage.rows import UnitOfWork

_WINDOWS = pa.schema(
    [
        ("id", pa.string()),
        ("slate_id", pa.string()),
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("window_start", pa.date32()),
        ("window_end", pa.date32()),
        ("observed", pa.float64()),
        ("version", pa.int32()),
    ]
)


def _latest() -> sa.Subquery:
    key = (settlements.c.decision_id, settlements.c.kind)
    newest = sa.select(settlements).ext(distinct_on(*key))
    return newest.order_by(*key, settlements.c.version.desc()).subquery("latest")


def windows(uow: UnitOfWork, play: str, kind: str, late_from: date, until: date) -> pa.Table:
    """Decisions of a play whose window is over: never settled this way, or ended since late_from.

    observed, version: of the newest settlement; null and 0 without one.
    """
    newest = _latest()
    settled = (newest.c.decision_id == decisions.c.id) & (newest.c.kind == kind)
    query = (
        sa.select(
            sa.cast(decisions.c.id, sa.Text),
            sa.cast(groups.c.slate_id, sa.Text),
            decisions.c.customer_id,
            decisions.c.product_id,
            decisions.c.window_start,
            decisions.c.window_end,
            newest.c.forecast_observed,
            sa.func.coalesce(newest.c.version, 0),
        )
        .join(groups, groups.c.id == decisions.c.group_id)
        .outerjoin(newest, settled)
        .where(decisions.c.play == play, decisions.c.window_end <= until)
        .where((decisions.c.window_end >= late_from) | newest.c.version.is_(None))
        .order_by(decisions.c.id)
    )
    columns = list(zip(*uow.conn.execute(query), strict=True)) or [()] * len(_WINDOWS)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, _WINDOWS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_WINDOWS)


def outcomes(uow: UnitOfWork, slate_ids: Collection[UUID]) -> Sequence[Outcome]:
    """By group of these slates, all of whose decisions are settled: what was expected beside what came."""
    newest = _latest()
    inside_gain = newest.c.gain_observed_minor.between(
        decisions.c.gain_low_minor, decisions.c.gain_high_minor
    )
    summed = (
        sa.select(
            decisions.c.group_id,
            newest.c.kind,
            sa.func.count().label("n"),
            sa.func.sum(newest.c.forecast_observed).label("observed"),
            sa.func.sum(newest.c.gain_observed_minor).label("gain_observed"),
            sa.func.count().filter(newest.c.inside).label("inside"),
            sa.func.count(newest.c.inside).label("judged"),
            sa.func.count().filter(inside_gain).label("gain_inside"),
        )
        .join(newest, newest.c.decision_id == decisions.c.id)
        .join(groups, groups.c.id == decisions.c.group_id)
        .where(groups.c.slate_id.in_(list(slate_ids)))
        .group_by(decisions.c.group_id, newest.c.kind)
        .subquery()
    )
    query = (
        sa.select(groups, summed)
        .join(summed, summed.c.group_id == groups.c.id)
        .where(summed.c.n == groups.c.count)
        .order_by(groups.c.id)
    )
    return [_outcome(row) for row in uow.conn.execute(query).mappings()]


def _outcome(row: sa.RowMapping) -> Outcome:
    gain = row["gain_observed"]
    return Outcome(
        slate_id=row["slate_id"],
        group_key=row["group_key"],
        kind=row["kind"],
        n=row["n"],
        gain=Interval(row["gain_low_minor"], row["gain_mid_minor"], row["gain_high_minor"]),
        forecast=Interval(row["forecast_low"], row["forecast_mid"], row["forecast_high"]),
        forecast_observed=float(row["observed"]),
        gain_observed_minor=None if gain is None else float(gain),
        forecast_inside=row["inside"] if row["judged"] else None,
        gain_inside=None if gain is None else row["gain_inside"],
    )
