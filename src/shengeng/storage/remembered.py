"""What was read of tables that seldom change, kept in memory for as long as they are the same.

A trigger gives a table another stamp with every change, in the transaction that changes it. Whoever wants
what is remembered asks once in a transaction for all stamps, one small statement (a long one asks again
every second); what was read under the same stamps is still true, whichever process changed the tables last.
Read after its stamps, it is never older than they say. A stamp is never given twice, so that what a rolled
back transaction read is found by nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from shengeng.storage.tables import stamps as _stamps

Memory = dict[object, tuple[tuple[int | None, ...], Any]]


class Unit(Protocol):
    """The part of a transaction that this needs."""

    conn: sa.Connection
    memory: Memory


T = TypeVar("T")
U = TypeVar("U", bound=Unit)
# Every table of which something is remembered; a test sees that each has its trigger.
TABLES: set[str] = set()
# A transaction that lasts longer asks again: a job of minutes sees what others change meanwhile.
_FRESH_S = 1.0
_ASKED, _QUERY = "shengeng.stamps", sa.select(_stamps.c.name, _stamps.c.stamp)


def remembered(*tables: sa.Table) -> Callable[[Callable[[U], T]], Callable[[U], T]]:
    """Keep what a reader of nothing but these tables found until one of them changes.

    What it returns is shared by everybody: nobody may change it.
    """
    names = tuple(table.name for table in tables)
    TABLES.update(names)

    def keep(load: Callable[[U], T]) -> Callable[[U], T]:
        @wraps(load)
        def read(uow: U) -> T:
            known = _known(uow)
            stamps = tuple(known.get(name) for name in names)
            kept = uow.memory.get(load)
            if kept is None or kept[0] != stamps:
                kept = stamps, load(uow)
                uow.memory[load] = kept
            found: T = kept[1]
            return found

        return read

    return keep


def forget_after_writes(engine: sa.Engine) -> None:
    """Ask for the stamps anew after whatever may have changed them in the same transaction."""

    @sa.event.listens_for(engine, "before_cursor_execute")
    def written(conn: sa.Connection, _: object, statement: str, __: object, context: Any, ___: bool) -> None:
        info = conn.info
        if _ASKED in info and _writes(statement, context):
            del info[_ASKED]

    @sa.event.listens_for(engine, "begin")
    def begun(conn: sa.Connection) -> None:
        conn.info.pop(_ASKED, None)

    @sa.event.listens_for(engine, "rollback_savepoint")
    def undone(conn: sa.Connection, _: str, __: object) -> None:
        conn.info.pop(_ASKED, None)


def forget(conn: sa.Connection) -> None:
    """For what writes past the engine: the stamps are asked for anew."""
    conn.info.pop(_ASKED, None)


def _known(uow: Unit) -> dict[str, int]:
    info, now = uow.conn.info, time.monotonic()
    asked: tuple[float, dict[str, int]] | None = info.get(_ASKED)
    if asked is None or now - asked[0] > _FRESH_S:
        asked = now, dict(map(tuple, uow.conn.execute(_QUERY)))
        info[_ASKED] = asked
    return asked[1]


def _writes(statement: str, context: Any) -> bool:
    """Whether a statement may change a table of which something is remembered."""
    if statement[:6].upper() == "SELECT":
        return False
    compiled = getattr(context, "compiled", None)
    if compiled is not None and (compiled.isinsert or compiled.isupdate or compiled.isdelete):
        table: str = compiled.compile_state.dml_table.name
        return table in TABLES
    return any(name in statement for name in TABLES)
