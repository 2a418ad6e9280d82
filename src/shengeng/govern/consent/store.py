"""The table of consents. Triggers in the migration keep it growing only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from shengeng.govern.consent.contracts import Channel, Consent, Purpose, Said
from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)
consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, comment="as it was said; asked through the identity"),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("said_at", _MOMENT, nullable=False),
    sa.Column("recorded_at", _MOMENT, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("text_version", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False, comment="what the person was shown, or said"),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Index(None, "person_id"),
    sa.Index(None, "purpose", "channel", "granted"),
    sa.UniqueConstraint("person_id", "purpose", "channel", "said_at", "granted", "source"),
    sa.CheckConstraint("purpose in ('marketing','analytics','personalisation','profiling')", name="purpose"),
    sa.CheckConstraint("channel in ('any','sms','email','wecom','app_push','phone','mail')", name="channel"),
)
_SAID = ("person_id", "purpose", "channel", "granted", "said_at", "source", "text_version", "shown")


def add(uow: UnitOfWork, said: Sequence[Said], now: datetime, by: str) -> int:
    """Add what is not there yet; returns how many rows are new."""
    rows = [
        {name: getattr(one, name) for name in _SAID} | {"recorded_at": now, "recorded_by": by} for one in said
    ]
    if not rows:
        return 0
    new = insert(consents).on_conflict_do_nothing().returning(consents.c.id)
    return len(uow.conn.execute(new, rows).all())


def of(uow: UnitOfWork, ids: Collection[str]) -> list[Consent]:
    """Everything that was said under some ids, newest first."""
    c = consents.c
    mine = sa.select(consents).where(c.person_id.in_(sorted(ids))).order_by(c.said_at.desc(), c.id.desc())
    return [
        Consent(row["id"], Said(*(row[name] for name in _SAID)), row["recorded_at"], row["recorded_by"])
        for row in uow.conn.execute(mine).mappings()
    ]


def words(uow: UnitOfWork, purpose: Purpose, channel: Channel) -> list[tuple[str, bool, datetime]]:
    """(id, granted, said_at): the last word of every id on a channel, where one said something."""
    c = consents.c
    last = (
        sa.select(c.person_id, c.granted, c.said_at)
        .where(c.purpose == purpose, c.channel.in_({"any", channel}))
        .ext(distinct_on(c.person_id))
        .order_by(c.person_id, c.said_at.desc(), c.granted, c.id.desc())
    )
    return [(row.person_id, row.granted, row.said_at) for row in uow.conn.execute(last)]


def counts(uow: UnitOfWork) -> list[tuple[str, str, bool, int]]:
    """(purpose, channel, granted, ids) of last words."""
    c = consents.c
    last = (
        sa.select(c.purpose, c.channel, c.granted)
        .ext(distinct_on(c.person_id, c.purpose, c.channel))
        .order_by(c.person_id, c.purpose, c.channel, c.said_at.desc(), c.granted, c.id.desc())
        .subquery()
    )
    grouped = sa.select(last, sa.func.count()).group_by(*last.c).order_by(*last.c)
    return [(row[0], row[1], row[2], row[3]) for row in uow.conn.execute(grouped)]


def erase(uow: UnitOfWork, ids: Collection[str]) -> int:
    """Delete what was said under some ids; the caller's transaction says that it erases."""
    return uow.conn.execute(sa.delete(consents).where(consents.c.person_id.in_(sorted(ids)))).rowcount
