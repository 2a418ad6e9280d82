"""Who is in an audience, who came and went."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shengeng.decide.audiences.api.saving import audience
from shengeng.decide.audiences.contracts import Change, DayCount, Member
from shengeng.decide.audiences.store import standing
from shengeng.storage.rows import UnitOfWork


def members(
    uow: UnitOfWork, id: UUID, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> tuple[list[Member], int]:
    """A page of members, who came last first, and how many there are. after: the last one seen."""
    found = audience(uow, id)
    return [Member(**row) for row in standing.page(uow, id, after, limit)], found.count


def changes(uow: UnitOfWork, id: UUID, *, before: int | None = None, limit: int | None = 50) -> list[Change]:
    """Who entered and left, newest first. before: the id of the last one seen."""
    audience(uow, id)
    return [
        Change(
            row["id"],
            row["person_id"],
            "entered" if row["entered"] else "left",
            row["at"],
            row["version"],
            row["cause"],
        )
        for row in standing.changes_of(uow, id, before, limit)
    ]


def history(uow: UnitOfWork, id: UUID) -> list[DayCount]:
    """The size at the end of each local day on which it moved, from the changes alone."""
    audience(uow, id)
    found: list[DayCount] = []
    for day, entered, left in standing.by_day(uow, id):
        before = found[-1].count if found else 0
        found.append(DayCount(day, before + entered - left, entered, left))
    return found
