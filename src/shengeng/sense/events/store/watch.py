"""What people watch at the edge: what was moved when, and what was refused and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from shengeng.sense.events.contracts import REFUSALS_KEPT, Drained, Refused
from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)
KEPT = timedelta(hours=24)

drains = sa.Table(
    "event_drains",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("received_at", _MOMENT, nullable=False, comment="of the oldest letter it took"),
    sa.Column("events", sa.Integer, nullable=False, comment="new ones"),
    sa.Column("repeated", sa.Integer, nullable=False, comment="left out: seen before"),
    sa.Index(None, "at"),
)
refusals = sa.Table(
    "event_refusals",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("head", sa.Text, nullable=False, comment="the first bytes of the body"),
)


def note(uow: UnitOfWork, found: Drained) -> None:
    """Remember a move for a day."""
    values = {name: getattr(found, name) for name in ("at", "received_at", "events", "repeated")}
    uow.conn.execute(drains.insert().values(values))
    uow.conn.execute(sa.delete(drains).where(drains.c.at < found.at - KEPT))


def drained(uow: UnitOfWork, since: datetime) -> list[Drained]:
    """Moves since a moment, oldest first."""
    c = drains.c
    rows = uow.conn.execute(
        sa.select(c.at, c.received_at, c.events, c.repeated).where(c.at >= since).order_by(c.id)
    )
    return [Drained(*row) for row in rows]


def refuse(uow: UnitOfWork, found: Sequence[Refused]) -> None:
    """Remember refusals, the newest few hundred."""
    names = ("at", "source", "path", "code", "en", "zh", "head")
    uow.conn.execute(refusals.insert(), [{name: getattr(one, name) for name in names} for one in found])
    newest = sa.select(refusals.c.id).order_by(refusals.c.id.desc()).limit(REFUSALS_KEPT)
    floor = sa.select(sa.func.min(newest.subquery().c.id)).scalar_subquery()
    uow.conn.execute(sa.delete(refusals).where(refusals.c.id < floor))


def refused(uow: UnitOfWork, limit: int) -> list[tuple[int, Refused]]:
    """The newest refusals first."""
    c = refusals.c
    rows = uow.conn.execute(
        sa.select(c.id, c.at, c.source, c.path, c.code, c.en, c.zh, c.head).order_by(c.id.desc()).limit(limit)
    )
    return [(row.id, Refused(*row[1:])) for row in rows]


def forget_refusals(uow: UnitOfWork, before: datetime) -> int:
    """Forget refusals older than a moment."""
    return uow.conn.execute(sa.delete(refusals).where(refusals.c.at < before)).rowcount


def forget_refusals_with(uow: UnitOfWork, words: Collection[str]) -> int:
    """Forget refusals whose body began with one of these identifiers in it."""
    if not words:
        return 0
    hit = sa.or_(*(refusals.c.head.contains(word, autoescape=True) for word in sorted(words)))
    return uow.conn.execute(sa.delete(refusals).where(hit)).rowcount
