"""Come in, be recognised, leave: the sessions of members, apart from those of operators."""

from __future__ import annotations

import secrets
from datetime import datetime

from shengeng.govern.access import api as access
from shengeng.kernel.errors import ShopError
from shengeng.storage.rows import Rows, UnitOfWork
from shengeng.trade.members import store
from shengeng.trade.members.api.patience import ADDRESS_PATIENCE, MEMBER_PATIENCE
from shengeng.trade.members.contracts import (
    SEEN_EVERY,
    SESSION,
    SESSION_LONGEST,
    WRONG_SIGN_IN,
    Entered,
    Known,
    Session,
    Shopper,
)
from shengeng.trade.members.methods import clean_contact

Counter = tuple[str, access.Patience]


def sign_in(
    rows: Rows, now: datetime, *, contact: str, password: str, address: str, anonymous_id: str | None = None
) -> Entered:
    """A session for the right e-mail address or phone number and its password.

    One answer, in one time, for an unknown contact, a wrong password and a closed account (unauthenticated);
    who guesses too often waits (throttled). Two transactions: the try counts even when it fails, and the slow
    hashing holds neither a connection nor a lock. anonymous_id: the device, where its owner allowed to know.
    """
    own, shared = counters(contact, address)
    with rows.unit() as uow:
        access.knock_at(uow, [own, shared], now)
        found = _by_contact(uow, contact)
    kept = found[1] if found else None
    if not access.fits(kept, password):
        raise WRONG_SIGN_IN.error()
    assert found is not None
    assert kept is not None
    renewed = access.hashed(password) if access.outdated(kept) else None
    with rows.unit() as uow:
        member = still(uow, found[0].member_id, kept)
        if renewed:
            store.change(uow, member.member_id, password_hash=renewed)
        access.admit_at(uow, own, shared, now)
        return enter(uow, member, now, anonymous_id)


def sign_out(uow: UnitOfWork, session: str) -> None:
    """Ends the session behind the cookie; one that has ended already is no error."""
    store.end_session(uow, access.digest(session))


def recognise(uow: UnitOfWork, session: str, now: datetime) -> Shopper | None:
    """The member behind a session's secret, with name and tier of this moment; None when it has ended."""
    digest = access.digest(session)
    row = store.session_of(uow, digest, now)
    if row is None:
        return None
    if row["seen_at"] <= now - SEEN_EVERY:
        store.prolong(uow, digest, now, now + SESSION)
    return Shopper(row["member_id"], row["name"], row["tier"], session, csrf=access.csrf_of(session))


def sessions(uow: UnitOfWork, shopper: Shopper, now: datetime) -> list[Session]:
    """Where a member is signed in, last used first."""
    this = access.digest(shopper.session)
    return [
        Session(row["digest"].hex(), row["created_at"], row["seen_at"], row["digest"] == this)
        for row in store.living(uow, shopper.me, now)
    ]


def end_session(uow: UnitOfWork, shopper: Shopper, id: str) -> bool:
    """Ends one of the member's own sessions; False when there is none of that id (any more)."""
    mine = {row["digest"].hex(): row["digest"] for row in store.of_member(uow, shopper.me)}
    return id in mine and store.end_session(uow, mine[id]) is not None


def counters(contact: str, address: str) -> tuple[Counter, Counter]:
    """Under what a try at a member's password is counted; apart from tries at operators' passwords.

    Kept as hashes: people type passwords into every field.
    """
    try:
        email, phone = clean_contact(contact)
    except ShopError:
        email, phone = None, f"none {contact[:200]}"
    return (f"member {email or phone}", MEMBER_PATIENCE), (f"shopper at {address}", ADDRESS_PATIENCE)


def enter(uow: UnitOfWork, member: Known, now: datetime, anonymous_id: str | None) -> Entered:
    """Begins a session; identity is told who was seen with which device and contact."""
    secret = secrets.token_urlsafe(32)
    digest = access.digest(secret)
    store.add_session(
        uow, digest, member.member_id, now=now, expires_at=now + SESSION, ends_at=now + SESSION_LONGEST
    )
    store.add_mark(uow, member.member_id, (anonymous_id or "")[:200] or None, now)
    shopper = Shopper(member.member_id, member.name, member.tier, secret, csrf=access.csrf_of(secret))
    return Entered(shopper, secret)


def still(uow: UnitOfWork, member_id: str, kept: str) -> Known:
    """The member, locked; refuses one who was closed or got another password while a hash was computed."""
    found = store.for_change(uow, member_id)
    if found is None or found[0].closed_at is not None or found[1] != kept:
        raise WRONG_SIGN_IN.error()
    return found[0]


def _by_contact(uow: UnitOfWork, contact: str) -> tuple[Known, str] | None:
    try:
        email, phone = clean_contact(contact)
    except ShopError:
        return None
    return store.by_contact(uow, email, phone)
