"""Table of the audit log. A trigger in the migration refuses UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shengeng.govern.audit.contracts import AuditRow, Plain
from shengeng.storage.rows import UnitOfWork, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("detail", JSONB, nullable=False),
    sa.Index(None, "actor", "id"),
    sa.Index(None, "action", "id"),
)


def add(
    uow: UnitOfWork, *, at: datetime, actor: str, action: str, target: str, detail: Mapping[str, Plain]
) -> None:
    row = {"at": at, "actor": actor, "action": action, "target": target, "detail": dict(detail)}
    uow.conn.execute(audit.insert().values(row))


def newest(
    uow: UnitOfWork, *, before: int | None, actor: str | None, action: str | None, limit: int
) -> list[AuditRow]:
    found = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(audit.c.id < before)
    if actor:
        found = found.where(audit.c.actor == actor)
    if action:
        family = audit.c.action.startswith(action.rstrip(".") + ".", autoescape=True)
        found = found.where((audit.c.action == action) | family)
    return [AuditRow(**row) for row in uow.conn.execute(found).mappings()]
