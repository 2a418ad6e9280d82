"""What the audit log publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Plain = str | int | float | bool | None | list["Plain"] | Mapping[str, "Plain"]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act. action is a dotted word such as operator.created; target names what it was done to."""

    id: int
    at: datetime
    actor: str
    action: str
    target: str
    detail: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Rows, newest first, and the id to go on from (None on the last page)."""

    rows: tuple[AuditRow, ...]
    before: int | None
