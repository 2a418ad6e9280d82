"""Accounts of members: made by themselves, changed by themselves, closed and helped by operators."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from shengeng.govern.access import api as access
from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import Rows, UnitOfWork
from shengeng.trade.members import store
from shengeng.trade.members.api.patience import SIGN_UP_PATIENCE
from shengeng.trade.members.api.sessions import counters, enter, still
from shengeng.trade.members.contracts import (
    CONTACT_TAKEN,
    NO_CONTACT,
    NO_MEMBER,
    OLD_PASSWORD,
    Entered,
    Known,
    MemberPage,
    Shopper,
)
from shengeng.trade.members.methods import (
    check_password,
    clean_email,
    clean_name,
    clean_phone,
    maybe_contacts,
)

# No letters that are mistaken for each other; 12 of 31 are 59 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def sign_up(
    rows: Rows,
    now: datetime,
    *,
    email: str = "",
    phone: str = "",
    password: str,
    name: str = "",
    address: str,
    anonymous_id: str | None = None,
) -> Entered:
    """A new account and its first session. email or phone may be empty, not both.

    Refuses what is no contact, a weak password (invalid), a contact that has an account (conflict) and an
    address that makes too many (throttled).
    """
    mail, number = _contacts(email, phone)
    called = clean_name(name)
    check_password(password, mail, number)
    with rows.unit() as uow:
        access.knock_at(uow, [(f"sign-up at {address}", SIGN_UP_PATIENCE)], now)
        _free(uow, mail, number)
    kept = access.hashed(password)
    member = Known(_new_id(), called, mail, number, None, now, now, None)
    with rows.unit() as uow:
        if not store.add(uow, member, kept):
            _free(uow, mail, number)
            raise CONTACT_TAKEN.error(contact=mail or number)
        return enter(uow, member, now, anonymous_id)


def member(uow: UnitOfWork, member_id: str) -> Known:
    """One member; not_found when there is none."""
    found = store.known(uow, [member_id])
    if not found:
        raise NO_MEMBER.error(id=member_id[:60])
    return found[0]


def members(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, Known]:
    """Members by id, in one query; who is none is left out."""
    return {one.member_id: one for one in store.known(uow, set(ids))}


def page(
    uow: UnitOfWork,
    *,
    query: str = "",
    tier: str | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> MemberPage:
    """Members, newest first. query: part of a name, or a whole e-mail address, phone number or id;
    tier: "" for those without one; before: created_at and id of the last row of the page before."""
    wanted = " ".join(query.split())
    whole = maybe_contacts(wanted)
    rows = store.page(uow, query=wanted, whole=whole, tier=tier, before=before, limit=limit + 1)
    total = store.total(uow, query=wanted, whole=whole, tier=tier)
    return MemberPage(tuple(rows[:limit]), total, len(rows) > limit)


def change_name(uow: UnitOfWork, shopper: Shopper, name: str) -> Known:
    """What the member is called from now on."""
    store.change(uow, shopper.me, name=clean_name(name))
    return member(uow, shopper.me)


def change_contact(
    rows: Rows, now: datetime, shopper: Shopper, *, email: str, phone: str, password: str, address: str
) -> Known:
    """The contacts that the member signs in with, for the present password."""
    mail, number = _contacts(email, phone)
    kept = _proven(rows, now, shopper, password, address)
    with rows.unit() as uow:
        still(uow, shopper.me, kept)
        uow.lock("trade.members.contacts")
        _free(uow, mail, number, but=shopper.me)
        store.change(uow, shopper.me, email=mail, phone=number)
        store.add_mark(uow, shopper.me, None, now)
        return member(uow, shopper.me)


def change_password(rows: Rows, now: datetime, shopper: Shopper, *, old: str, new: str, address: str) -> int:
    """The member's own new password; ends all their sessions but this one, returns how many."""
    with rows.unit() as uow:
        mine = member(uow, shopper.me)
    check_password(new, mine.email, mine.phone)
    kept = _proven(rows, now, shopper, old, address)
    fresh = access.hashed(new)
    with rows.unit() as uow:
        still(uow, shopper.me, kept)
        store.change(uow, shopper.me, password_hash=fresh)
        return store.end_sessions(uow, shopper.me, but=access.digest(shopper.session))


def give_password(uow: UnitOfWork, who: Principal, member_id: str, now: datetime) -> str:
    """A generated password for a member who lost theirs (approver), told once; ends all their sessions."""
    require(who, Role.APPROVER)
    _open(uow, member_id)
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    store.change(uow, member_id, password_hash=access.hashed(password))
    ended = store.end_sessions(uow, member_id)
    detail: dict[str, audit.Plain] = {"sessions_ended": ended}
    audit.record(uow, at=now, actor=who.name, action="member.password", target=member_id, detail=detail)
    return password


def close(uow: UnitOfWork, who: Principal, member_id: str, why: str, now: datetime) -> Known:
    """Nobody comes in through the account any more (approver); orders and addresses stay."""
    require(who, Role.APPROVER)
    _open(uow, member_id)
    store.change(uow, member_id, closed_at=now)
    ended = store.end_sessions(uow, member_id)
    detail: dict[str, audit.Plain] = {"why": why[:500], "sessions_ended": ended}
    audit.record(uow, at=now, actor=who.name, action="member.closed", target=member_id, detail=detail)
    return member(uow, member_id)


def reopen(uow: UnitOfWork, who: Principal, member_id: str, now: datetime) -> Known:
    """A closed account may be used again (approver), with the password that it had."""
    require(who, Role.APPROVER)
    if member(uow, member_id).closed_at is not None:
        store.change(uow, member_id, closed_at=None)
        audit.record(uow, at=now, actor=who.name, action="member.reopened", target=member_id)
    return member(uow, member_id)


def _contacts(email: str, phone: str) -> tuple[str | None, str | None]:
    mail = clean_email(email) if email.strip() else None
    number = clean_phone(phone) if phone.strip() else None
    if mail is None and number is None:
        raise NO_CONTACT.error()
    return mail, number


def _free(uow: UnitOfWork, email: str | None, phone: str | None, but: str = "") -> None:
    if (contact := store.taken(uow, email, phone, but)) is not None:
        raise CONTACT_TAKEN.error(contact=contact)


def _open(uow: UnitOfWork, member_id: str) -> None:
    found = store.for_change(uow, member_id)
    if found is None or found[0].closed_at is not None:
        raise NO_MEMBER.error(id=member_id[:60])


def _proven(rows: Rows, now: datetime, shopper: Shopper, password: str, address: str) -> str:
    """The member's password hash, once the password was shown to fit it; tries are counted as at sign-in."""
    with rows.unit() as uow:
        mine = member(uow, shopper.me)
        own, shared = counters(mine.email or mine.phone or "", address)
        access.knock_at(uow, [own, shared], now)
        found = store.for_change(uow, shopper.me)
    assert found is not None
    if not access.fits(found[1], password):
        raise OLD_PASSWORD.error()
    with rows.unit() as uow:
        access.admit_at(uow, own, shared, now)
    return found[1]


def _new_id() -> str:
    """Nobody guesses one from another, and it tells nothing of when it was made: 100 random bits."""
    return "m" + "".join(secrets.choice(_ALPHABET) for _ in range(20))
