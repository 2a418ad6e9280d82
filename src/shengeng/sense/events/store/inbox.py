"""The inbox: letters that are durable and wait for the lake; what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from shengeng.sense.events.contracts import Depth, Letter, Mail
from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)
# Level 1 packs JSON of events five times smaller, a megabyte in three milliseconds.
_CODEC = pa.Codec("zstd", compression_level=1)

inbox = sa.Table(
    "event_inbox",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("received_at", _MOMENT, nullable=False),
    sa.Column("sent_at", _MOMENT, comment="of the batch, by the sender's clock"),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False, comment="before it was packed"),
    sa.Column("context", sa.LargeBinary, comment="JSON of the batch, for events without their own"),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="validated JSON list, zstd"),
    sa.CheckConstraint("events > 0", name="events"),
)
seen = sa.Table(
    "event_seen",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="of source and messageId"),
    sa.Column("seen_on", sa.Date, nullable=False),
    sa.Index(None, "seen_on", postgresql_using="brin"),
)
_MAIL = [inbox.c[name] for name in ("id", "source", "received_at", "sent_at", "context", "body", "bytes")]
_LETTER_COLUMNS = ("source", "received_at", "sent_at", "events", "bytes", "context", "body")
_STAGE = sa.text(
    "create temporary table if not exists event_staged (n integer, source text, event_id text) on commit drop"
)
# Of equal ones the first counts; the others, and those seen before, are left out.
_KEEP_NEW = sa.text("""
    with hashed as (
        select min(n) as n,
            substring(sha256(convert_to(source || chr(10) || event_id, 'UTF8')) for 16) as digest
        from event_staged group by 2
    ), fresh as (
        insert into event_seen (digest, seen_on) select digest, :today from hashed order by digest
        on conflict do nothing returning digest
    )
    select n from hashed join fresh using (digest) order by n
""")


def add(uow: UnitOfWork, letters: Sequence[Letter]) -> None:
    """Letters in one COPY, packed."""
    statement = f"copy event_inbox ({','.join(_LETTER_COLUMNS)}) from stdin (format binary)"
    with uow.driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["text", "timestamptz", "timestamptz", "int4", "int4", "bytea", "bytea"])
        for letter in letters:
            packed = _CODEC.compress(letter.body, asbytes=True)
            copy.write_row(
                (
                    letter.source,
                    letter.received_at,
                    letter.sent_at,
                    letter.events,
                    len(letter.body),
                    letter.context,
                    packed,
                )
            )


def take(uow: UnitOfWork, most_events: int) -> list[Mail]:
    """The oldest letters, up to about so many events, out of the inbox: gone when the transaction commits."""
    c = inbox.c
    page = sa.select(c.id, c.events).order_by(c.id).limit(most_events).subquery()
    before = sa.func.sum(page.c.events).over(order_by=page.c.id) - page.c.events
    running = sa.select(page.c.id, before.label("before")).subquery()
    ids = sa.select(running.c.id).where(running.c.before < most_events)
    gone = sa.delete(inbox).where(c.id.in_(ids)).returning(*_MAIL)
    return [_mail(row) for row in sorted(uow.conn.execute(gone).all())]


def waiting(uow: UnitOfWork) -> list[Mail]:
    """Every letter that waits, read only."""
    return [_mail(row) for row in uow.conn.execute(sa.select(*_MAIL).order_by(inbox.c.id))]


def _mail(row: sa.Row[Any]) -> Mail:
    body = _CODEC.decompress(row.body, row.bytes, asbytes=True)
    return Mail(row.id, row.source, row.received_at, row.sent_at, row.context, body)


def any_waiting(uow: UnitOfWork) -> bool:
    """Whether a letter waits."""
    return uow.conn.execute(sa.select(sa.exists().where(inbox.c.id.is_not(None)))).scalar_one()


def depth(uow: UnitOfWork) -> Depth:
    """How much waits, and since when."""
    c = inbox.c
    total = sa.func.coalesce(sa.func.sum(c.events), 0), sa.func.coalesce(sa.func.sum(c.bytes), 0)
    row = uow.conn.execute(sa.select(sa.func.count(), *total, sa.func.min(c.received_at))).one()
    return Depth(row[0], int(row[1]), int(row[2]), row[3])


def keep_new(uow: UnitOfWork, events: pa.Table, today: date) -> pa.Array:
    """Which events (by place) were never seen before; they count as seen from here on."""
    uow.conn.execute(_STAGE)
    staged = pa.table(
        {
            "n": pa.array(range(len(events)), pa.int32()),
            "source": events["source"],
            "event_id": events["event_id"],
        }
    )
    uow.copy_in("event_staged", ("n", "source", "event_id"), staged)
    return pa.array(list(uow.conn.execute(_KEEP_NEW, {"today": today}).scalars()), pa.int32())


def forget_seen(uow: UnitOfWork, before: date) -> int:
    """Forget what was seen before a day; returns how many."""
    return uow.conn.execute(sa.delete(seen).where(seen.c.seen_on < before)).rowcount


def rewrite(uow: UnitOfWork, letter: int, events: int, body: bytes) -> None:
    """Put another body into a waiting letter (of which somebody was erased); none of it left, it goes."""
    mine = inbox.c.id == letter
    if not events:
        uow.conn.execute(sa.delete(inbox).where(mine))
        return
    values = {"events": events, "bytes": len(body), "body": _CODEC.compress(body, asbytes=True)}
    uow.conn.execute(sa.update(inbox).where(mine).values(**values))
