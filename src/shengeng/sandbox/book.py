"""What the sandbox remembers: payments, refunds and notices to send, in one SQLite file of its home."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from shengeng.sandbox.faults import Faults

_TABLES = """
create table if not exists payments (
  id text primary key, order_id text not null, amount_minor integer not null check (amount_minor > 0),
  currency text not null, expires_at text not null, notify_url text not null, return_url text not null,
  state text not null check (state in ('open','charged','failed','closed')),
  ref text not null unique, made_at text not null, settled_at text);
create table if not exists refunds (
  id text primary key, payment text not null references payments (id),
  amount_minor integer not null check (amount_minor > 0), reason text not null,
  state text not null check (state in ('working','done','failed')),
  ref text not null unique, made_at text not null, due_at text not null, settled_at text);
create table if not exists notices (
  number integer primary key, url text not null, body text not null, forged integer not null,
  due_at text not null, tries integer not null default 0, status integer, done integer not null default 0);
create index if not exists notices_due on notices (due_at) where done = 0;
create table if not exists switches (one integer primary key check (one = 1), faults text not null);
"""
Row = Mapping[str, Any]


class Book:
    """One file; every change is one transaction of its own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._open() as link:
            link.executescript(_TABLES)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction that nobody else writes beside."""
        with self._open() as link:
            link.execute("begin immediate")
            try:
                yield link
            except BaseException:
                link.execute("rollback")
                raise
            link.execute("commit")

    def one(self, sql: str, *values: object) -> Row | None:
        """The first row of a question."""
        with self._open() as link:
            row = link.execute(sql, values).fetchone()
        return dict(row) if row else None

    def all(self, sql: str, *values: object) -> list[Row]:
        """Every row of a question."""
        with self._open() as link:
            return [dict(row) for row in link.execute(sql, values)]

    def faults(self) -> Faults:
        """The faults that are switched on."""
        row = self.one("select faults from switches")
        return Faults(**json.loads(row["faults"])) if row else Faults()

    def switch(self, faults: Faults) -> None:
        """Switch faults on and off."""
        with self.change() as link:
            link.execute("delete from switches")
            link.execute("insert into switches values (1, ?)", (faults.model_dump_json(),))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        link = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        link.row_factory = sqlite3.Row
        try:
            link.execute("pragma journal_mode = wal")
            yield link
        finally:
            link.close()


def stamp(moment: datetime) -> str:
    """A moment as text that sorts; aware UTC."""
    return moment.isoformat(timespec="microseconds")
