"""API tokens for programs: made by an operator, never able to do more than their maker."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from shengeng.govern.access import store
from shengeng.govern.access.contracts import (
    BAD_TOKEN,
    NO_TOKEN,
    SESSION_ONLY,
    TOKEN_ABOVE_MAKER,
    TOKEN_DAYS_LONGEST,
    TOKEN_PREFIX,
    TOKENS_EACH,
    NewToken,
    Token,
)
from shengeng.govern.access.methods.secrets_of import digest
from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role
from shengeng.storage.rows import UnitOfWork


def tokens(uow: UnitOfWork, who: Principal) -> list[Token]:
    """The caller's own tokens that were not revoked, newest first; an admin sees everybody's."""
    return store.tokens(uow, None if who.role is Role.ADMIN else who.name)


def create_token(
    uow: UnitOfWork, who: Principal, now: datetime, *, name: str, role: Role, days: int
) -> NewToken:
    """A token of the caller, its secret returned once.

    Refuses a role above the caller's and a caller that is a token itself (forbidden), a lifetime outside
    1 to 366 days, an empty name and a 51st token (invalid).
    """
    if who.via != "session":
        raise SESSION_ONLY.error()
    if not who.role.may(role):
        raise TOKEN_ABOVE_MAKER.error(asked=role.value, role=who.role.value)
    uow.lock(f"govern.access.tokens {who.name}")
    _check(name, days, len(store.tokens(uow, who.name)))
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(new_id(now), who.name, name, role, now, None, now + timedelta(days=days))
    store.add_token(uow, token, digest(secret))
    detail: dict[str, audit.Plain] = {"name": name, "role": role.value, "days": days}
    audit.record(uow, at=now, actor=who.name, action="token.created", target=str(token.id), detail=detail)
    return NewToken(token, secret)


def revoke_token(uow: UnitOfWork, who: Principal, token_id: UUID, now: datetime) -> None:
    """Ends one's own token, or as an admin anybody's; somebody else's is not_found."""
    token = store.token(uow, token_id)
    if token is None or (token.operator != who.name and who.role is not Role.ADMIN):
        raise NO_TOKEN.error(id=token_id)
    store.revoke_token(uow, token_id, now)
    detail: dict[str, audit.Plain] = {"name": token.name, "operator": token.operator}
    audit.record(uow, at=now, actor=who.name, action="token.revoked", target=str(token_id), detail=detail)


def _check(name: str, days: int, there: int) -> None:
    if not (name.strip() and len(name) <= 60 and name.isprintable()):
        raise BAD_TOKEN.error(
            field="name",
            field_zh="名称",
            value=name[:60],
            limit_en="use 1 to 60 characters",
            limit_zh="请用 1 到 60 个字符",
        )
    if not 1 <= days <= TOKEN_DAYS_LONGEST:
        raise BAD_TOKEN.error(
            field="lifetime in days",
            field_zh="有效天数",
            value=days,
            limit_en=f"use 1 to {TOKEN_DAYS_LONGEST}",
            limit_zh=f"请用 1 到 {TOKEN_DAYS_LONGEST}",
        )
    if there >= TOKENS_EACH:
        raise BAD_TOKEN.error(
            field="count",
            field_zh="数量",
            value=there + 1,
            limit_en=f"an operator keeps at most {TOKENS_EACH}; revoke one first",
            limit_zh=f"每位操作员最多保留 {TOKENS_EACH} 个，请先撤销一个",
        )
