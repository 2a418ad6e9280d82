"""Rows of order versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shengeng.sense.orders.contracts import Version
from shengeng.storage.rows import UnitOfWork, metadata

versions = sa.Table(
    "order_versions",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("seller_id", sa.Text, primary_key=True, comment="'' = the shop itself"),
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, comment="sha256 of the body"),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("sent_by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.CheckConstraint("state in ('waiting','merged','passed','replaced','refused')", name="state"),
    sa.CheckConstraint("version >= 0", name="version"),
    sa.Index("ix_order_versions_waiting", "received_at", postgresql_where=sa.text("state = 'waiting'")),
    sa.Index("ix_order_versions_order", "source", "order_id"),
)
_C = versions.c
# Whose an order is: any of these fields of a body.
_BUYER = ("customer_id", "phone", "phone_hash", "email", "email_hash", "unionid", "anonymous_id")
Key = tuple[str, str]  # source, order_id


def hold(uow: UnitOfWork) -> None:
    """Be the only one who takes orders until the transaction ends."""
    uow.lock("sense.orders.take")


def hold_drain(uow: UnitOfWork) -> bool:
    """Be the only one who drains; False when somebody else does."""
    return uow.try_lock("sense.orders.drain")


def known(uow: UnitOfWork, orders: Collection[Key]) -> dict[Key, list[tuple[str, int, str]]]:
    """(seller_id, version, digest) of every version of some orders, the oldest version first."""
    sources, ids = [key[0] for key in orders], [key[1] for key in orders]
    wanted = sa.text("""
        select v.source, v.order_id, v.seller_id, v.version, v.digest from order_versions v
        join (select distinct source, order_id from unnest(:sources, :ids) as u(source, order_id)) u
          using (source, order_id) order by v.version
    """).bindparams(*(sa.bindparam(name, type_=sa.ARRAY(sa.Text)) for name in ("sources", "ids")))
    found: dict[Key, list[tuple[str, int, str]]] = {}
    for row in uow.conn.execute(wanted, {"sources": sources, "ids": ids}):
        found.setdefault((row.source, row.order_id), []).append((row.seller_id, row.version, row.digest))
    return found


def add(uow: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> None:
    """Take versions."""
    if rows:
        uow.conn.execute(sa.insert(versions), list(rows))


def of_buyers(uow: UnitOfWork, words: Collection[str]) -> list[dict[str, Any]]:
    """Versions whose buyer is one of some identifiers."""
    mine = sa.select(_C.source, _C.order_id, _C.version, _C.body, _C.received_at).where(_bought_by(words))
    return [dict(row) for row in uow.conn.execute(mine.order_by(_C.received_at)).mappings()]


def unname(uow: UnitOfWork, words: Collection[str]) -> int:
    """Versions lose their buyer's fields and stay as orders; their digest is of what came, so it stays."""
    bare: sa.ColumnElement[Any] = _C.body
    for name in (*_BUYER, "attributes"):
        bare = bare.op("-")(name)
    return uow.conn.execute(sa.update(versions).where(_bought_by(words)).values(body=bare)).rowcount


def _bought_by(words: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(_C.body[name].astext.in_(sorted(words)) for name in _BUYER))


def waiting(uow: UnitOfWork) -> int:
    """How many versions wait to be merged."""
    wanted = sa.select(sa.func.count()).where(_C.state == "waiting")
    return int(uow.conn.execute(wanted).scalar_one())


def any_waits(uow: UnitOfWork) -> bool:
    """Whether a version waits to be merged."""
    return bool(uow.conn.execute(sa.select(sa.exists().where(_C.state == "waiting"))).scalar())


def due(uow: UnitOfWork, most: int) -> list[Version]:
    """The versions that came first of those that wait."""
    wanted = sa.select(*_SHOWN).where(_C.state == "waiting").order_by(_C.received_at, _C.version).limit(most)
    return [_version(row) for row in uow.conn.execute(wanted)]


def of(uow: UnitOfWork, order_id: str, source: str | None = None) -> list[Version]:
    """Every version of the orders of this number, the newest first."""
    wanted = sa.select(*_SHOWN).where(_C.order_id == order_id)
    if source is not None:
        wanted = wanted.where(_C.source == source)
    rows = uow.conn.execute(wanted.order_by(_C.source, _C.seller_id, _C.version.desc()).limit(200))
    return [_version(row) for row in rows]


def merged(uow: UnitOfWork, orders: Collection[Key]) -> dict[Key, Version]:
    """The version of each of these orders that the facts hold."""
    sources, ids = [key[0] for key in orders], [key[1] for key in orders]
    keys = sa.func.unnest(sa.literal(sources, sa.ARRAY(sa.Text)), sa.literal(ids, sa.ARRAY(sa.Text)))
    named = keys.table_valued("source", "order_id").render_derived()
    wanted = sa.select(*_SHOWN).where(
        _C.state == "merged", _C.source == named.c.source, _C.order_id == named.c.order_id
    )
    found: dict[Key, Version] = {}
    for row in uow.conn.execute(wanted.order_by(_C.version)):
        found[row.source, row.order_id] = _version(row)
    return found


def settle(uow: UnitOfWork, which: Collection[Version], state: str) -> None:
    """Say what became of versions."""
    for one in which:
        mine = sa.and_(
            _C.source == one.source,
            _C.seller_id == one.seller_id,
            _C.order_id == one.order_id,
            _C.version == one.version,
        )
        uow.conn.execute(sa.update(versions).where(mine).values(state=state))


_SHOWN = [
    _C[name] for name in ("source", "seller_id", "order_id", "version", "body", "received_at", "sent_by")
]
_SHOWN.append(_C.state)


def _version(row: sa.Row[Any]) -> Version:
    return Version(
        row.source,
        row.seller_id,
        row.order_id,
        row.version,
        row.body,
        row.received_at,
        row.sent_by,
        row.state,
    )
