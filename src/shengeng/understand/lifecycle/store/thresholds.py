"""The thresholds that people changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.storage.rows import UnitOfWork, metadata

thresholds = sa.Table(
    "lifecycle_thresholds",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Double, nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    # PostgreSQL sorts NaN above every number, so the upper bound refuses it too.
    sa.CheckConstraint("value between 0 and 1000", name="finite"),
)


def values(uow: UnitOfWork) -> dict[str, tuple[float, datetime, str]]:
    """What people changed: value, when, by whom."""
    rows = uow.conn.execute(sa.select(thresholds))
    return {row.key: (row.value, row.updated_at, row.updated_by) for row in rows}


def put(uow: UnitOfWork, key: str, value: float, at: datetime, by: str) -> None:
    """Set one threshold."""
    fresh = {"value": value, "updated_at": at, "updated_by": by}
    made = insert(thresholds).values(key=key, **fresh)
    uow.conn.execute(made.on_conflict_do_update(index_elements=["key"], set_=fresh))
