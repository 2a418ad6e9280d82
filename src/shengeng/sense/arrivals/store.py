"""Rows of arrivals, read in the order in which their transactions became visible.

A row carries the number of the transaction that wrote it, and a reader takes rows of transactions below the
oldest one of this database that still runs: nothing that commits later can come to stand before what was
read. So writers wait for nobody, and a reader waits at most as long as the longest writing transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from shengeng.storage.rows import UnitOfWork, metadata

arrivals = sa.Table(
    "arrivals",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("xact", sa.BigInteger, nullable=False, comment="the transaction that noted it"),
    sa.Column("people", ARRAY(sa.Text), nullable=False),
    sa.Column("everybody", sa.Boolean, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Index(None, "xact"),
)
readers = sa.Table(
    "arrival_readers",
    metadata,
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("cursor", sa.BigInteger, nullable=False),
)
_MINE = sa.text("pg_current_xact_id()::text::bigint")
# A snapshot speaks of all the server's databases together; whose transaction is ours stands in its activity,
# with numbers of 32 bits, which may be newer than the snapshot's own end (the highest that was over, plus
# one). Whatever is below that end is either listed there, or over by then and visible to the next statement.
_OLDEST_RUNNING = sa.text("""
    with now as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next),
    running as (select next, (next - a.backend_xid::text::bigint) & 4294967295 as back
      from now left join pg_stat_activity a on a.datname = current_database() and a.backend_xid is not null
        and a.backend_type <> 'autovacuum worker')
    select least(min(next), min(next - case when back < 2147483648 then back else back - 4294967296 end))
    from running
""")
_LOOK_ANEW = sa.text("select pg_stat_clear_snapshot()")


def add(uow: UnitOfWork, people: Sequence[str], everybody: bool, now: datetime) -> None:
    """One row of this transaction."""
    row = {"people": list(people), "everybody": everybody, "at": now, "xact": _MINE}
    uow.conn.execute(sa.insert(arrivals).values(row))


def horizon(uow: UnitOfWork) -> int:
    """Every transaction below this number is over."""
    uow.conn.execute(_LOOK_ANEW)  # the activity is read once a transaction otherwise
    return int(uow.conn.execute(_OLDEST_RUNNING).scalar_one())


def between(uow: UnitOfWork, start: int, end: int) -> list[tuple[list[str], bool]]:
    """People and everybody of the rows of transactions from start up to, without, end."""
    c = arrivals.c
    rows = uow.conn.execute(sa.select(c.people, c.everybody).where(c.xact >= start, c.xact < end))
    return [(list(row.people), row.everybody) for row in rows]


def forget(uow: UnitOfWork, before: datetime) -> None:
    """Drop rows noted before a moment; the newest of them stays and names everybody, for late readers."""
    c = arrivals.c
    last = uow.conn.execute(sa.select(sa.func.max(c.id)).where(c.at < before)).scalar()
    if last is None:
        return
    uow.conn.execute(sa.delete(arrivals).where(c.id < last))
    uow.conn.execute(sa.update(arrivals).where(c.id == last).values(people=[], everybody=True))


def of_people(uow: UnitOfWork, words: Collection[str]) -> list[datetime]:
    """When new facts of somebody with one of some identifiers were noted."""
    return [at for _, at, people in _every(uow) if any(_is_one(person, words) for person in people)]


def unname(uow: UnitOfWork, words: Collection[str]) -> int:
    """Notes that name somebody with one of some identifiers no longer do; returns how many did."""
    changed = 0
    for id, _, people in _every(uow):
        left = [person for person in people if not _is_one(person, words)]
        if len(left) < len(people):
            uow.conn.execute(sa.update(arrivals).where(arrivals.c.id == id).values(people=left))
            changed += 1
    return changed


def _every(uow: UnitOfWork) -> list[tuple[int, datetime, list[str]]]:
    """The notes that name people: those of a week, few."""
    c = arrivals.c
    rows = uow.conn.execute(sa.select(c.id, c.at, c.people).where(sa.func.cardinality(c.people) > 0))
    return [(row.id, row.at, list(row.people)) for row in rows]


def _is_one(person: str, words: Collection[str]) -> bool:
    """Whether a note means one of the identifiers: as it is, or behind its kind ("anon:…")."""
    return person in words or person.partition(":")[2] in words


def place(uow: UnitOfWork, reader: str) -> int:
    """Where a named reader goes on, held until the transaction ends; 0 for a new one."""
    new = insert(readers).values(reader=reader, cursor=0).on_conflict_do_nothing()
    uow.conn.execute(new)
    mine = sa.select(readers.c.cursor).where(readers.c.reader == reader).with_for_update()
    return int(uow.conn.execute(mine).scalar_one())


def seen(uow: UnitOfWork, reader: str) -> int:
    """Where a named reader goes on, without holding it; 0 for a new one."""
    found = uow.conn.execute(sa.select(readers.c.cursor).where(readers.c.reader == reader)).scalar()
    return int(found or 0)


def move(uow: UnitOfWork, reader: str, cursor: int) -> None:
    """Let a named reader go on from a cursor."""
    uow.conn.execute(sa.update(readers).where(readers.c.reader == reader).values(cursor=cursor))
