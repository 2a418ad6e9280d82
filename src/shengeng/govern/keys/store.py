"""The table of write keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from shengeng.govern.keys.contracts import USED_EVERY, WriteKey
from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)

write_keys = sa.Table(
    "write_keys",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True, comment="SHA-256 of the secret"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("origins", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("last_used_at", _MOMENT),
    sa.Column("revoked_at", _MOMENT),
    sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
    sa.CheckConstraint(
        "cardinality(scopes) > 0 and scopes <@ array['events','orders']::text[]", name="scopes"
    ),
    sa.Index(None, "name", unique=True, postgresql_where=sa.text("revoked_at is null")),
)
_LIVING = write_keys.c.revoked_at.is_(None)
_SHOWN = [column for column in write_keys.c if column.name != "digest"]


def keys(uow: UnitOfWork) -> list[WriteKey]:
    """Every key, living ones first, newest first."""
    found = sa.select(*_SHOWN).order_by(
        write_keys.c.revoked_at.is_not(None), write_keys.c.created_at.desc(), write_keys.c.id
    )
    return [_key(row) for row in uow.conn.execute(found).mappings()]


def key(uow: UnitOfWork, key_id: UUID) -> WriteKey | None:
    row = uow.conn.execute(sa.select(*_SHOWN).where(write_keys.c.id == key_id)).mappings().first()
    return _key(row) if row else None


def living(uow: UnitOfWork, digest: bytes) -> WriteKey | None:
    found = sa.select(*_SHOWN).where(write_keys.c.digest == digest, _LIVING)
    row = uow.conn.execute(found).mappings().first()
    return _key(row) if row else None


def origins(uow: UnitOfWork) -> frozenset[str]:
    """Every origin that some living key names."""
    found = sa.select(sa.func.unnest(write_keys.c.origins)).where(_LIVING).distinct()
    return frozenset(uow.conn.execute(found).scalars())


def add(uow: UnitOfWork, made: WriteKey, digest: bytes) -> None:
    row = {column.name: getattr(made, column.name) for column in _SHOWN}
    lists = {"scopes": list(made.scopes), "origins": list(made.origins)}
    uow.conn.execute(write_keys.insert().values(row | lists | {"digest": digest}))


def change(uow: UnitOfWork, key_id: UUID, **values: Any) -> None:
    uow.conn.execute(write_keys.update().where(write_keys.c.id == key_id).values(**values))


def note_used(uow: UnitOfWork, key_id: UUID, now: datetime) -> None:
    """At most once in a while, and never waiting for another request that does the same."""
    used = write_keys.c.last_used_at
    free = (
        sa.select(write_keys.c.id)
        .where(write_keys.c.id == key_id, sa.or_(used.is_(None), used <= now - USED_EVERY))
        .with_for_update(skip_locked=True)
    )
    uow.conn.execute(write_keys.update().where(write_keys.c.id.in_(free)).values(last_used_at=now))


def _key(row: Any) -> WriteKey:
    return WriteKey(**{**row, "scopes": tuple(row["scopes"]), "origins": tuple(row["origins"])})
