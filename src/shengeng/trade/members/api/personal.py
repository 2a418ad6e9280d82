"""What a member allows, what identity learns of them, and everything about them handed out or forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from shengeng.govern.consent import api as consent
from shengeng.govern.consent.contracts import Channel, Purpose
from shengeng.govern.privacy import api as privacy
from shengeng.govern.privacy.contracts import Kind, Person, Request
from shengeng.kernel.roles import Principal, Role
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.members import store
from shengeng.trade.members.contracts import Mark, Shopper

# Who writes down what members do for themselves.
STOREFRONT = Principal("storefront", Role.OPERATOR)


def say(
    uow: UnitOfWork,
    shopper: Shopper,
    purpose: Purpose,
    granted: bool,
    now: datetime,
    *,
    shown: str,
    channel: Channel = "any",
) -> None:
    """Writes down what a member allows or withdraws. shown: the very sentence that stood beside the box."""
    value = {purpose: {channel: granted}, "shown": shown, "text": "storefront"}
    consent.take(uow, [(shopper.me, value, now)], source="storefront", now=now)


def allowed(uow: UnitOfWork, member_id: str) -> Mapping[tuple[Purpose, Channel], bool]:
    """What a member said, by purpose and channel; what was never said is left out."""
    last: dict[tuple[Purpose, Channel], bool] = {}
    for row in consent.of(uow, [member_id]):  # newest first
        last.setdefault((row.said.purpose, row.said.channel), row.said.granted)
    return last


def ask_privacy(uow: UnitOfWork, shopper: Shopper, kind: Kind, now: datetime) -> Request:
    """A member asks for their data or to be forgotten: a request that operators approve, due by law.

    Refuses (conflict) while one of this kind is open.
    """
    return privacy.ask(
        uow,
        STOREFRONT,
        now,
        kind=kind,
        person_id=shopper.me,
        asked_on=now.date(),
        asked_via="storefront",
        proof="signed in to the account at the storefront",
        law="pipl",
    )


def take_marks(uow: UnitOfWork, limit: int = 1000) -> list[Mark]:
    """Who was seen with which contact and device since the last call, oldest first; given out once.

    The reader's own writes commit in the same transaction, so nothing is lost and nothing comes twice.
    """
    return store.take_marks(uow, limit)


def marks_wait(uow: UnitOfWork) -> bool:
    """Whether there is anything to take."""
    return store.marks_wait(uow)


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """A person's accounts with sessions, addresses and tiers, as they stand; no password, no secret."""
    del stores
    return store.rows_of(uow, _accounts(uow, person))


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Deletes a person's accounts with everything in them."""
    del stores
    return store.erase(uow, _accounts(uow, person), person.anonymous_ids)


def _accounts(uow: UnitOfWork, person: Person) -> Collection[str]:
    return store.of_person(uow, person.ids, person.email_hashes, person.phone_hashes)
