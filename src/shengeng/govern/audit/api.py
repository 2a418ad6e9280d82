"""Write one act into the audit log of the same transaction; read it back in pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shengeng.govern.audit import store
from shengeng.govern.audit.contracts import AuditPage, AuditRow, Plain
from shengeng.storage.rows import UnitOfWork

__all__ = ["AuditPage", "AuditRow", "Plain", "newest", "record"]


def record(
    uow: UnitOfWork,
    *,
    at: datetime,
    actor: str,
    action: str,
    target: str = "",
    detail: Mapping[str, Plain] | None = None,
) -> None:
    """Adds a row that commits or disappears with the act itself. No secret belongs in detail."""
    store.add(uow, at=at, actor=actor, action=action, target=target, detail=detail or {})


def newest(
    uow: UnitOfWork,
    *,
    before: int | None = None,
    actor: str | None = None,
    action: str | None = None,
    limit: int = 50,
) -> AuditPage:
    """One page, newest first. action matches itself and its family: "operator" finds operator.created."""
    rows = store.newest(uow, before=before, actor=actor, action=action, limit=limit + 1)
    shown = tuple(rows[:limit])
    return AuditPage(shown, shown[-1].id if len(rows) > limit else None)
