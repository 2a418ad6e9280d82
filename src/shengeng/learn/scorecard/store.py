"""What the lake says happened in each window, and the scorecard's own points. All Ibis and SQL of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlalchemy.dialects.postgresql import distinct_on

from shengeng.decide.ledger.contracts import Basis
from shengeng.kernel.units import Floats, Interval
from shengeng.learn.scorecard.contracts import Point
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork, metadata
from shengeng.understand.demand import api as demand

points = sa.Table(
    "scorecard_points",
    metadata,
    sa.Column("slate_id", UUID_TYPE, sa.ForeignKey("decision_slates.id"), primary_key=True),
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("group_key", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("play", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("window_end", sa.Date, nullable=False),
    sa.Column("settled_on", sa.Date, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("expected_low", sa.Float, nullable=False),
    sa.Column("expected_mid", sa.Float, nullable=False),
    sa.Column("expected_high", sa.Float, nullable=False),
    sa.Column("observed", sa.Float, nullable=False),
    sa.Column("inside_n", sa.Integer, comment="decisions whose own interval held; null: they have none"),
    sa.Index("ix_scorecard_points_play_day", "play", "day"),
    sa.CheckConstraint("level in ('group','day')", name="level"),
    sa.CheckConstraint("measure in ('forecast','gain')", name="measure"),
    sa.CheckConstraint("not (measure = 'gain' and basis = 'assumed')", name="assumed"),
    sa.CheckConstraint("expected_low <= expected_mid and expected_mid <= expected_high", name="expected"),
    comment="stated intervals of sums beside what came; better knowledge later is a new version",
)


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A point with what only its row knows."""

    point: Point
    version: int
    basis: Basis
    inside_n: int | None


def bought(lake: Lake, as_of: date, windows: pa.Table) -> Floats:
    """(window,) 1 where the customer bought the product on a day of the window, else 0.

    windows: place, customer_id, product_id, window_start, window_end; place counts from 0.
    """
    return _bought(lake, as_of, windows, ["customer_id", "product_id"])


def came(lake: Lake, as_of: date, windows: pa.Table) -> Floats:
    """(window,) 1 where the customer bought anything in the window, else 0; windows as for `bought`."""
    return _bought(lake, as_of, windows.drop_columns(["product_id"]), ["customer_id"])


def _bought(lake: Lake, as_of: date, windows: pa.Table, by: list[str]) -> Floats:
    asked = lake.memtable(windows)
    lines = identity.lines(lake, as_of)
    sales = lines.filter(lines.kind == "sale", lines.quantity > 0)
    hit = asked.inner_join(sales.select(*by, "local_date").distinct(), by)
    hit = hit.filter(hit.local_date.between(hit.window_start, hit.window_end)).select("place").distinct()
    values = np.zeros(windows.num_rows)
    values[hit.to_pyarrow()["place"].to_numpy()] = 1.0
    return values


def sold(lake: Lake, windows: pa.Table) -> Floats:
    """(window,) units of the product sold on the days of the window, as `demand` counts them.

    windows: as for `bought`.
    """
    values = np.zeros(windows.num_rows)
    spans = windows.group_by(["window_start", "window_end"]).aggregate([("place", "list")])
    for span in spans.to_pylist():
        units = demand.sold(lake, span["window_start"], span["window_end"])
        by_product = dict(zip(units["product_id"].to_pylist(), units["units"].to_pylist(), strict=True))
        places = np.array(span["place_list"], dtype=np.int64)
        keys = windows["product_id"].take(pa.array(places)).to_pylist()
        values[places] = [by_product.get(key, 0) for key in keys]
    return values


def latest(
    uow: UnitOfWork, play: str | None = None, slates: Sequence[UUID] | None = None
) -> list[StoredPoint]:
    """The newest version of every point, oldest day first."""
    key = (points.c.slate_id, points.c.level, points.c.measure, points.c.group_key)
    newest = sa.select(points).ext(distinct_on(*key)).order_by(*key, points.c.version.desc())
    if play:
        newest = newest.where(points.c.play == play)
    if slates is not None:
        newest = newest.where(points.c.slate_id.in_(list(slates)))
    rows = newest.subquery()
    ordered = sa.select(rows).order_by(rows.c.day, rows.c.play, rows.c.group_key)
    return [_point(row) for row in uow.conn.execute(ordered).mappings()]


def _point(row: sa.RowMapping) -> StoredPoint:
    expected = Interval(row["expected_low"], row["expected_mid"], row["expected_high"])
    names = ("slate_id", "play", "kind", "level", "measure", "group_key", "day", "window_end", "n", "unit")
    point = Point(**{name: row[name] for name in names}, expected=expected, observed=row["observed"])
    return StoredPoint(point, row["version"], row["basis"], row["inside_n"])


def add(uow: UnitOfWork, found: Sequence[StoredPoint], settled_on: date) -> None:
    """Add points; each is a new version of its own."""
    rows = [
        {
            "slate_id": p.point.slate_id,
            "level": p.point.level,
            "measure": p.point.measure,
            "group_key": p.point.group_key,
            "version": p.version,
            "play": p.point.play,
            "kind": p.point.kind,
            "basis": p.basis,
            "day": p.point.day,
            "window_end": p.point.window_end,
            "settled_on": settled_on,
            "n": p.point.n,
            "unit": p.point.unit,
            "expected_low": p.point.expected.low,
            "expected_mid": p.point.expected.mid,
            "expected_high": p.point.expected.high,
            "observed": p.point.observed,
            "inside_n": p.inside_n,
        }
        for p in found
    ]
    if rows:
        uow.conn.execute(sa.insert(points), rows)
