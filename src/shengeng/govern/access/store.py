"""Tables of accounts, sessions, tokens and failed sign-ins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.govern.access.contracts import SEEN_EVERY, Token
from shengeng.kernel.roles import Role
from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)
_ROLES = "role in ('viewer','operator','approver','admin')"

operators = sa.Table(
    "operators",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("last_seen_at", _MOMENT),
    sa.CheckConstraint(_ROLES, name="role"),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="SHA-256 of the cookie's secret"),
    sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), nullable=False),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("seen_at", _MOMENT, nullable=False),
    sa.Column("expires_at", _MOMENT, nullable=False),
    sa.Column("ends_at", _MOMENT, nullable=False, comment="however much it is used"),
    sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
    sa.CheckConstraint("expires_at <= ends_at", name="end"),
    sa.Index(None, "operator"),
    sa.Index(None, "expires_at"),
)
api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True, comment="SHA-256 of the secret"),
    sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("last_used_at", _MOMENT),
    sa.Column("expires_at", _MOMENT, nullable=False),
    sa.Column("revoked_at", _MOMENT),
    sa.CheckConstraint(_ROLES, name="role"),
    sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
    sa.Index(None, "operator"),
)
sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="SHA-256 of kind and name or address"),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", _MOMENT, nullable=False),
    sa.Column("wait_until", _MOMENT, nullable=False),
    sa.Index(None, "last_at"),
)


# ------------------------------------------------------------------ operators
def operator_rows(uow: UnitOfWork, name: str | None = None) -> list[dict[str, Any]]:
    found = sa.select(operators).order_by(operators.c.created_at, operators.c.name)
    if name is not None:
        found = found.where(operators.c.name == name)
    return [dict(row) for row in uow.conn.execute(found).mappings()]


def add_operator(uow: UnitOfWork, name: str, password_hash: str, role: Role, now: datetime) -> bool:
    row = {"name": name, "password_hash": password_hash, "role": role.value, "created_at": now}
    made = insert(operators).values(row).on_conflict_do_nothing().returning(operators.c.name)
    return uow.conn.execute(made).scalar() is not None


def change_operator(uow: UnitOfWork, name: str, **values: Any) -> None:
    uow.conn.execute(operators.update().where(operators.c.name == name).values(**values))


def other_admins(uow: UnitOfWork, name: str | None) -> int:
    """Admins who can sign in, besides the named one. Take the lock first."""
    enabled = sa.select(sa.func.count()).where(operators.c.role == "admin", ~operators.c.disabled)
    if name is not None:
        enabled = enabled.where(operators.c.name != name)
    return uow.conn.execute(enabled).scalar_one()


# ------------------------------------------------------------------ sessions
def add_session(
    uow: UnitOfWork, digest: bytes, operator: str, *, now: datetime, expires_at: datetime, ends_at: datetime
) -> None:
    _sweep(uow, sessions, sessions.c.expires_at < now)
    row = {"digest": digest, "operator": operator, "created_at": now, "seen_at": now}
    uow.conn.execute(sessions.insert().values(row | {"expires_at": expires_at, "ends_at": ends_at}))


def session_of(uow: UnitOfWork, digest: bytes, now: datetime) -> dict[str, Any] | None:
    """Operator, role and times of a living session of an operator who may still come in."""
    found = (
        sa.select(operators.c.name, operators.c.role, sessions.c.seen_at, sessions.c.ends_at)
        .join(operators, operators.c.name == sessions.c.operator)
        .where(sessions.c.digest == digest, sessions.c.expires_at > now, ~operators.c.disabled)
    )
    row = uow.conn.execute(found).mappings().first()
    return dict(row) if row else None


def prolong(uow: UnitOfWork, digest: bytes, operator: str, now: datetime, expires_at: datetime) -> None:
    """Note the use of a session, unless another request of the same page is doing so just now.

    A request is one transaction: waiting for the other's row lock would line up a page's parallel calls.
    """
    free = (
        sa.select(sessions.c.digest)
        .where(sessions.c.digest == digest, sessions.c.seen_at <= now - SEEN_EVERY)
        .with_for_update(skip_locked=True)
    )
    uow.conn.execute(
        sessions.update()
        .where(sessions.c.digest.in_(free))
        .values(seen_at=now, expires_at=sa.func.least(expires_at, sessions.c.ends_at))
    )
    _note_operator(uow, operator, now)


def end_session(uow: UnitOfWork, digest: bytes) -> str | None:
    gone = sessions.delete().where(sessions.c.digest == digest).returning(sessions.c.operator)
    return uow.conn.execute(gone).scalar()


def end_sessions(uow: UnitOfWork, operator: str, *, but: bytes | None = None) -> int:
    gone = sessions.delete().where(sessions.c.operator == operator)
    if but is not None:
        gone = gone.where(sessions.c.digest != but)
    return uow.conn.execute(gone).rowcount


def _note_operator(uow: UnitOfWork, name: str, now: datetime) -> None:
    seen = operators.c.last_seen_at
    free = (
        sa.select(operators.c.name)
        .where(operators.c.name == name, sa.or_(seen.is_(None), seen <= now - SEEN_EVERY))
        .with_for_update(skip_locked=True, key_share=True)
    )
    uow.conn.execute(operators.update().where(operators.c.name.in_(free)).values(last_seen_at=now))


# ------------------------------------------------------------------ tokens
_LIVING = api_tokens.c.revoked_at.is_(None)
_SHOWN = (
    api_tokens.c.id,
    api_tokens.c.operator,
    api_tokens.c.name,
    api_tokens.c.role,
    api_tokens.c.created_at,
    api_tokens.c.last_used_at,
    api_tokens.c.expires_at,
)


def add_token(uow: UnitOfWork, token: Token, digest: bytes) -> None:
    row = {
        "id": token.id,
        "digest": digest,
        "operator": token.operator,
        "name": token.name,
        "role": token.role.value,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }
    uow.conn.execute(api_tokens.insert().values(row))


def tokens(uow: UnitOfWork, operator: str | None) -> list[Token]:
    found = sa.select(*_SHOWN).where(_LIVING).order_by(api_tokens.c.id.desc())
    if operator is not None:
        found = found.where(api_tokens.c.operator == operator)
    return [_token(row) for row in uow.conn.execute(found).mappings()]


def token(uow: UnitOfWork, token_id: UUID) -> Token | None:
    found = sa.select(*_SHOWN).where(api_tokens.c.id == token_id, _LIVING)
    row = uow.conn.execute(found).mappings().first()
    return _token(row) if row else None


def token_by_digest(uow: UnitOfWork, digest: bytes, now: datetime) -> dict[str, Any] | None:
    found = (
        sa.select(
            api_tokens.c.id,
            api_tokens.c.role,
            api_tokens.c.last_used_at,
            operators.c.name,
            operators.c.role.label("maker"),
        )
        .join(operators, operators.c.name == api_tokens.c.operator)
        .where(api_tokens.c.digest == digest, _LIVING, api_tokens.c.expires_at > now, ~operators.c.disabled)
    )
    row = uow.conn.execute(found).mappings().first()
    return dict(row) if row else None


def note_token(uow: UnitOfWork, token_id: UUID, operator: str, now: datetime) -> None:
    used = api_tokens.c.last_used_at
    free = (
        sa.select(api_tokens.c.id)
        .where(api_tokens.c.id == token_id, sa.or_(used.is_(None), used <= now - SEEN_EVERY))
        .with_for_update(skip_locked=True)
    )
    uow.conn.execute(api_tokens.update().where(api_tokens.c.id.in_(free)).values(last_used_at=now))
    _note_operator(uow, operator, now)


def revoke_token(uow: UnitOfWork, token_id: UUID, now: datetime) -> None:
    uow.conn.execute(api_tokens.update().where(api_tokens.c.id == token_id).values(revoked_at=now))


def _token(row: Any) -> Token:
    return Token(**{**row, "role": Role(row["role"])})


# ------------------------------------------------------------------ failures
def failures(uow: UnitOfWork, digest: bytes, since: datetime) -> tuple[int, datetime | None]:
    """Failures in a row that are remembered, and until when the next try must wait. Take the lock first."""
    found = sa.select(sign_in_failures.c.failures, sign_in_failures.c.wait_until).where(
        sign_in_failures.c.digest == digest, sign_in_failures.c.last_at >= since
    )
    row = uow.conn.execute(found).first()
    return (row.failures, row.wait_until) if row else (0, None)


def count_failure(uow: UnitOfWork, digest: bytes, count: int, now: datetime, wait: timedelta) -> None:
    row = {"digest": digest, "failures": count, "last_at": now, "wait_until": now + wait}
    made = insert(sign_in_failures).values(row)
    uow.conn.execute(
        made.on_conflict_do_update(
            index_elements=["digest"],
            set_={key: made.excluded[key] for key in ("failures", "last_at", "wait_until")},
        )
    )


def forget_failures(uow: UnitOfWork, digest: bytes) -> None:
    uow.conn.execute(sign_in_failures.delete().where(sign_in_failures.c.digest == digest))


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    _sweep(uow, sign_in_failures, sign_in_failures.c.last_at < moment)


def _sweep(uow: UnitOfWork, table: sa.Table, old: sa.ColumnElement[bool]) -> None:
    # Rows that another sign-in is sweeping are left to it: two sweeps in different order would deadlock.
    free = sa.select(table.c.digest).where(old).limit(1000).with_for_update(skip_locked=True)
    uow.conn.execute(table.delete().where(table.c.digest.in_(free)))
