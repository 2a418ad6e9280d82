"""The table of column mappings that people confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.sense.connect import api as connect
from shengeng.sense.exports.contracts import KeptColumn
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork, metadata

export_columns = sa.Table(
    "export_columns",
    metadata,
    sa.Column("system", sa.Text, primary_key=True),
    sa.Column("report", sa.Text, primary_key=True),
    sa.Column("column", sa.Text, primary_key=True, comment="the name without case, blanks and marks"),
    sa.Column("field", sa.Text, comment="null = the column is left out"),
    sa.Column("confirmed_by", sa.Text, nullable=False),
    sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
)


def described(lake: Lake) -> pa.Array:
    """Products of the shop that a product report has described: more is known of them than an order tells."""
    t = connect.products(lake)
    told = t.category.notnull() | t.cost_minor.notnull() | t.weight_g.notnull()
    return t.filter(told).product_id.to_pyarrow().combine_chunks()


def kept(uow: UnitOfWork) -> list[KeptColumn]:
    """Every confirmed column."""
    t = export_columns.c
    rows = uow.conn.execute(
        sa.select(t.system, t.report, t.column, t.field).order_by(t.system, t.report, t.column)
    )
    return [KeptColumn(*row) for row in rows]


def keep(uow: UnitOfWork, columns: Sequence[KeptColumn], by: str, now: datetime) -> None:
    """Keep confirmed columns; the newest word on a column counts."""
    for one in columns:
        values = {"field": one.field, "confirmed_by": by, "confirmed_at": now}
        key = {"system": one.system, "report": one.report, "column": one.column}
        made = insert(export_columns).values(**key, **values)
        uow.conn.execute(made.on_conflict_do_update(index_elements=list(key), set_=values))
