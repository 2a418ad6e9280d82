"""Connections that are handed out again: looked at first, and asked only where a look says too little."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

# A connection that rested longer is asked: a network may have dropped it without a word.
TRUSTED_S = 5.0
_RESTING = "shengeng.resting_since"


def look_before_use(engine: sa.Engine) -> None:
    """Hand out no connection whose server has gone; a lost one is replaced, as are those that rest with it.

    A server that ends, restarts or throws somebody out closes the socket, which then has something to read:
    to look costs nothing, where a question is a round trip for every transaction.
    """

    @sa.event.listens_for(engine, "checkin")
    def rests(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_RESTING] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def leaves(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        since = record.info.pop(_RESTING, None)
        if since is None:  # it was opened just now
            return
        if time.monotonic() - since < TRUSTED_S and _silent(record.driver_connection):
            return
        if not _answers(engine, connection):
            raise sa.exc.InvalidatePoolError


def _silent(connection: psycopg.Connection[Any] | None) -> bool:
    """Whether the server has neither said anything nor gone since the connection was last used."""
    if connection is None:
        return False
    try:
        socket = select.poll()
        socket.register(connection.pgconn.socket, select.POLLIN | select.POLLERR | select.POLLHUP)
        return not socket.poll(0)
    except (psycopg.Error, OSError, ValueError):
        return False


def _answers(engine: sa.Engine, connection: DBAPIConnection) -> bool:
    try:
        return bool(engine.dialect.do_ping(connection))
    except psycopg.Error:
        return False
