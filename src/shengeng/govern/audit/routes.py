"""GET /v1/audit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from shengeng.govern.audit import api
from shengeng.http import Approver, Cursor, Limit, Unit, error_answers, from_cursor, to_cursor

router = APIRouter(prefix="/v1/audit", tags=["govern"], responses=error_answers(401, 403, 422))


class AuditRow(BaseModel):
    """One act: who did what to what, and when."""

    model_config = ConfigDict(from_attributes=True)
    id: int
    at: datetime
    actor: str
    action: str
    target: str
    detail: dict[str, Any]


class AuditPage(BaseModel):
    """Newest first; next is the cursor of the following page."""

    rows: list[AuditRow]
    next: str | None


@router.get("")
def list_audit(
    _: Approver,
    uow: Unit,
    cursor: Cursor = None,
    actor: Annotated[str | None, Query(max_length=64)] = None,
    action: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> AuditPage:
    """The audit log; approvers and admins may read it."""
    after = from_cursor(cursor, int)
    before = after[0] if after else None
    assert before is None or isinstance(before, int)
    page = api.newest(uow, before=before, actor=actor, action=action, limit=limit)
    rows = [AuditRow.model_validate(row) for row in page.rows]
    return AuditPage(rows=rows, next=to_cursor(page.before) if page.before is not None else None)
