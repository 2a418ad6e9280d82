"""The table of saved views."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.govern.views.contracts import View
from shengeng.storage.rows import UnitOfWork, metadata

saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.UniqueConstraint("operator", "page", "name"),
)
_SHOWN = (saved_views.c.id, saved_views.c.page, saved_views.c.name, saved_views.c.query)


def of(uow: UnitOfWork, operator: str) -> list[View]:
    mine = sa.select(*_SHOWN).where(saved_views.c.operator == operator)
    rows = uow.conn.execute(mine.order_by(saved_views.c.page, saved_views.c.name)).mappings()
    return [View(**row) for row in rows]


def keep(uow: UnitOfWork, operator: str, view: View) -> View:
    fresh = insert(saved_views).values(
        id=view.id, operator=operator, page=view.page, name=view.name, query=view.query
    )
    kept = fresh.on_conflict_do_update(
        index_elements=["operator", "page", "name"], set_={"query": fresh.excluded.query}
    )
    return View(**uow.conn.execute(kept.returning(*_SHOWN)).mappings().one())


def drop(uow: UnitOfWork, operator: str, id: UUID) -> bool:
    mine = (saved_views.c.operator == operator) & (saved_views.c.id == id)
    return uow.conn.execute(saved_views.delete().where(mine)).rowcount == 1
