"""Make, list, change and revoke write keys; find the key behind a secret."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.govern.keys import store
from shengeng.govern.keys.contracts import (
    BAD_ORIGIN,
    KEY_EXISTS,
    KEY_NAME,
    KEY_PREFIX,
    KEYS_MOST,
    NAME_LONGEST,
    NO_SCOPE,
    NO_WRITE_KEY,
    ORIGIN_LONGEST,
    ORIGINS_MOST,
    TOO_MANY_KEYS,
    NewKey,
    Scope,
    WriteKey,
    Writer,
)
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.writers import ANY_ORIGIN
from shengeng.storage.rows import UnitOfWork

__all__ = ["change_key", "create_key", "find", "keys", "origins", "revoke_key"]
_NAME = re.compile(r"\w[\w .-]*")
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")


def keys(uow: UnitOfWork) -> list[WriteKey]:
    """Every write key, revoked ones last, newest first."""
    return store.keys(uow)


def create_key(
    uow: UnitOfWork,
    by: Principal,
    now: datetime,
    *,
    name: str,
    scopes: Collection[Scope],
    origins: Collection[str] = (),
) -> NewKey:
    """A key (operator), its secret returned once. name: the source of what is sent with it.

    Refuses a name that is none or in use, no scope, something that is no origin, and a 201st living key.
    """
    require(by, Role.OPERATOR)
    name = name.strip()
    if not (_NAME.fullmatch(name) and len(name) <= NAME_LONGEST):
        raise KEY_NAME.error(value=name[:NAME_LONGEST], limit=NAME_LONGEST)
    if not scopes:
        raise NO_SCOPE.error()
    uow.lock("govern.keys")
    _check_room(store.keys(uow), name)
    secret = KEY_PREFIX + secrets.token_urlsafe(24)
    allowed = tuple(sorted(set(scopes)))
    key = WriteKey(new_id(now), name, allowed, _origins(origins), now, by.name, None, None)
    store.add(uow, key, digest(secret))
    detail: dict[str, audit.Plain] = {"scopes": " ".join(key.scopes), "origins": " ".join(key.origins)}
    audit.record(uow, at=now, actor=by.name, action="write_key.created", target=name, detail=detail)
    return NewKey(key, secret)


def change_key(
    uow: UnitOfWork, by: Principal, now: datetime, key_id: UUID, *, origins: Collection[str]
) -> WriteKey:
    """Which pages may use a key (operator); it holds within a few seconds."""
    require(by, Role.OPERATOR)
    key = _living(uow, key_id)
    wanted = _origins(origins)
    store.change(uow, key_id, origins=list(wanted))
    detail: dict[str, audit.Plain] = {"from": " ".join(key.origins), "to": " ".join(wanted)}
    audit.record(uow, at=now, actor=by.name, action="write_key.changed", target=key.name, detail=detail)
    return _living(uow, key_id)


def revoke_key(uow: UnitOfWork, by: Principal, now: datetime, key_id: UUID) -> None:
    """Ends a key (operator) for good, within a few seconds; what it sent stays."""
    require(by, Role.OPERATOR)
    key = _living(uow, key_id)
    store.change(uow, key_id, revoked_at=now)
    audit.record(uow, at=now, actor=by.name, action="write_key.revoked", target=key.name)


def find(uow: UnitOfWork, secret: str, now: datetime) -> Writer | None:
    """The living key of a secret, its use noted; None when it is unknown or revoked."""
    key = store.living(uow, digest(secret))
    if key is None:
        return None
    store.note_used(uow, key.id, now)
    return Writer(key.name, key.scopes, key.origins, key.id)


def origins(uow: UnitOfWork) -> frozenset[str]:
    """Every origin that some living key names."""
    return store.origins(uow)


def digest(secret: str) -> bytes:
    """What is kept of a random 192-bit secret: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _check_room(there: Iterable[WriteKey], name: str) -> None:
    living = [key for key in there if key.revoked_at is None]
    if any(key.name == name for key in living):
        raise KEY_EXISTS.error(name=name)
    if len(living) >= KEYS_MOST:
        raise TOO_MANY_KEYS.error(limit=KEYS_MOST)


def _living(uow: UnitOfWork, key_id: UUID) -> WriteKey:
    key = store.key(uow, key_id)
    if key is None or key.revoked_at is not None:
        raise NO_WRITE_KEY.error(id=key_id)
    return key


def _origins(given: Collection[str]) -> tuple[str, ...]:
    found = sorted({one.strip().lower().rstrip("/") for one in given} - {""})
    for one in found:
        if one != ANY_ORIGIN and not (_ORIGIN.fullmatch(one) and len(one) <= ORIGIN_LONGEST):
            raise BAD_ORIGIN.error(value=one[:ORIGIN_LONGEST])
    if len(found) > ORIGINS_MOST:
        raise BAD_ORIGIN.error(value=f"{len(found)} > {ORIGINS_MOST}")
    return tuple(found)
