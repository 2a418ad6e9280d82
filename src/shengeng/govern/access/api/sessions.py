"""Come in, be recognised, leave."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from shengeng.govern.access import store
from shengeng.govern.access.api import hashing
from shengeng.govern.access.api.patience import admit, knock
from shengeng.govern.access.contracts import (
    FOREIGN_CALL,
    SESSION_LONGEST,
    SIGN_IN,
    STALE_PAGE,
    TOKEN_PREFIX,
    TOKEN_UNKNOWN,
    WRONG_PASSWORD,
    Entered,
    Shown,
)
from shengeng.govern.access.methods.secrets_of import clean_name, csrf_of, digest, outdated, same
from shengeng.govern.audit import api as audit
from shengeng.govern.teams import api as teams
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role
from shengeng.storage.rows import Rows, UnitOfWork

__all__ = ["authenticate", "check_site", "csrf_of", "digest", "sign_in", "sign_out"]

_OWN_SITE = frozenset({"", "same-origin", "none"})


def sign_in(rows: Rows, now: datetime, *, name: str, password: str, address: str, hours: int) -> Entered:
    """A session for the right name and password.

    One answer, in one time, for an unknown name, a wrong password and a disabled account (unauthenticated);
    who guesses too often waits (throttled). Two transactions: the try counts even when it fails, and the
    slow hashing holds neither a connection nor a lock.
    """
    name = _folded(name)
    with rows.unit() as uow:
        knock(uow, name, address, now)
        found = store.operator_rows(uow, name)
    kept = found[0]["password_hash"] if found and not found[0]["disabled"] else None
    if not hashing.fits(kept, password):
        raise WRONG_PASSWORD.error()
    assert kept is not None
    renewed = hashing.hashed(password) if outdated(kept) else None
    with rows.unit() as uow:
        _still(uow, name, kept)
        if renewed:
            store.change_operator(uow, name, password_hash=renewed)
        admit(uow, name, address, now)
        return _enter(uow, name, address, timedelta(hours=hours), now)


def sign_out(uow: UnitOfWork, session: str, now: datetime) -> None:
    """Ends the session behind the cookie; one that has ended already is no error."""
    name = store.end_session(uow, digest(session))
    if name:
        audit.record(uow, at=now, actor=name, action="session.closed", target=name)


def authenticate(uow: UnitOfWork, shown: Shown, hours: int, now: datetime) -> Principal:
    """The principal behind a session or an API token, with the role and teams of this moment.

    Refuses (unauthenticated) what is unknown, expired or revoked, and (forbidden) a write by session from
    another site or without its CSRF token; a bearer token needs none, browsers never send it by themselves.
    """
    if shown.bearer is not None:
        return _by_token(uow, shown.bearer, now)
    known = store.session_of(uow, digest(shown.session), now) if shown.session else None
    if known is None:
        raise SIGN_IN.error()
    if shown.writes:
        _check_own_page(shown)
    store.prolong(uow, digest(shown.session), known["name"], now, now + timedelta(hours=hours))
    return _principal(uow, known["name"], Role(known["role"]))


def check_site(site: str) -> None:
    """Refuses (forbidden) a call whose Sec-Fetch-Site names another site; absent means no browser."""
    if site not in _OWN_SITE:
        raise FOREIGN_CALL.error(site=site[:40])


def _check_own_page(shown: Shown) -> None:
    check_site(shown.site)
    if not same(shown.csrf, csrf_of(shown.session)):
        raise STALE_PAGE.error()


def _by_token(uow: UnitOfWork, secret: str, now: datetime) -> Principal:
    known = store.token_by_digest(uow, digest(secret), now) if secret.startswith(TOKEN_PREFIX) else None
    if known is None:
        raise TOKEN_UNKNOWN.error()
    store.note_token(uow, known["id"], known["name"], now)
    role = min(Role(known["role"]), Role(known["maker"]), key=lambda role: role.rank)
    found = _principal(uow, known["name"], role)
    return Principal(found.name, role, found.teams, via="token")


def _principal(uow: UnitOfWork, name: str, role: Role) -> Principal:
    return Principal(name, role, teams.teams_of(uow, [name]).get(name, ()))


def _still(uow: UnitOfWork, name: str, kept: str) -> None:
    """Refuses an account that was disabled or got another password while the hash was computed."""
    found = store.operator_rows(uow, name)[0]
    if found["disabled"] or found["password_hash"] != kept:
        raise WRONG_PASSWORD.error()


def _enter(uow: UnitOfWork, name: str, address: str, length: timedelta, now: datetime) -> Entered:
    session = secrets.token_urlsafe(32)
    store.add_session(
        uow, digest(session), name, now=now, expires_at=now + length, ends_at=now + SESSION_LONGEST
    )
    where: dict[str, audit.Plain] = {"address": address}
    audit.record(uow, at=now, actor=name, action="session.opened", target=name, detail=where)
    role = Role(store.operator_rows(uow, name)[0]["role"])
    return Entered(_principal(uow, name, role), session, csrf_of(session))


def _folded(name: str) -> str:
    try:
        return clean_name(name)
    except ShopError:
        return f"no name {name[:200]}"
