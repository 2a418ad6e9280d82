"""Tables of members, their sessions, addresses and tiers, and what identity has yet to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork, metadata
from shengeng.trade.members.contracts import (
    Address,
    Known,
    Mark,
    MemberRow,
    Tier,
    TierChange,
    Where,
)

_MOMENT = sa.DateTime(timezone=True)

members = sa.Table(
    "members",
    metadata,
    sa.Column("member_id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, unique=True),
    sa.Column("phone", sa.Text, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False, comment="argon2id; empty once closed"),
    sa.Column("tier", sa.Text),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("entered_at", _MOMENT, nullable=False, comment="last signed in"),
    sa.Column("closed_at", _MOMENT, comment="since when nobody may come in"),
    sa.CheckConstraint("email is not null or phone is not null", name="contact"),
    sa.Index(None, "created_at", "member_id"),
    sa.Index(None, "tier"),
)
sessions = sa.Table(
    "member_sessions",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="SHA-256 of the cookie's secret"),
    sa.Column("member_id", sa.Text, sa.ForeignKey("members.member_id"), nullable=False),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("seen_at", _MOMENT, nullable=False),
    sa.Column("expires_at", _MOMENT, nullable=False),
    sa.Column("ends_at", _MOMENT, nullable=False, comment="however much it is used"),
    sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
    sa.CheckConstraint("expires_at <= ends_at", name="end"),
    sa.Index(None, "member_id"),
    sa.Index(None, "expires_at"),
)
addresses = sa.Table(
    "member_addresses",
    metadata,
    sa.Column("address_id", sa.Uuid, primary_key=True),
    sa.Column("member_id", sa.Text, sa.ForeignKey("members.member_id"), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("district", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("postcode", sa.Text, nullable=False),
    sa.Column("standard", sa.Boolean, nullable=False),
    sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
    sa.Index(None, "member_id"),
    sa.Index("uq_member_addresses_standard", "member_id", unique=True, postgresql_where=sa.text("standard")),
)
tiers = sa.Table(
    "member_tiers",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)
tier_changes = sa.Table(
    "member_tier_changes",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("member_id", sa.Text, sa.ForeignKey("members.member_id"), nullable=False),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("was", sa.Text),
    sa.Column("tier", sa.Text),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.CheckConstraint("tier is distinct from was", name="change"),
    sa.Index(None, "member_id"),
)
marks = sa.Table(
    "member_marks",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("member_id", sa.Text, nullable=False),
    sa.Column("anonymous_id", sa.Text),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Index(None, "member_id"),
)
_WHERE = ("recipient", "phone", "country", "region", "city", "district", "line", "postcode")
_KNOWN = [column for column in members.c if column.name != "password_hash"]


# ------------------------------------------------------------------ members
def add(uow: UnitOfWork, known: Known, password_hash: str) -> bool:
    """False where the e-mail address or the phone number has an account."""
    row = {column.name: getattr(known, column.name) for column in _KNOWN} | {"password_hash": password_hash}
    made = insert(members).values(row).on_conflict_do_nothing().returning(members.c.member_id)
    return uow.conn.execute(made).scalar() is not None


def taken(uow: UnitOfWork, email: str | None, phone: str | None, but: str = "") -> str | None:
    """The one of the two contacts that another account has."""
    other = sa.select(members.c.email).where(
        sa.or_(members.c.email == email, members.c.phone == phone), members.c.member_id != but
    )
    row = uow.conn.execute(other).first()
    return None if row is None else (email if email is not None and row.email == email else phone)


def change(uow: UnitOfWork, member_id: str, **values: Any) -> None:
    uow.conn.execute(members.update().where(members.c.member_id == member_id).values(**values))


def known(uow: UnitOfWork, ids: Collection[str]) -> list[Known]:
    found = sa.select(*_KNOWN).where(members.c.member_id.in_(sorted(ids))).order_by(members.c.member_id)
    return [Known(**row) for row in uow.conn.execute(found).mappings()]


def by_contact(uow: UnitOfWork, email: str | None, phone: str | None) -> tuple[Known, str] | None:
    """The open account of a contact, with its password hash."""
    mine = members.c.email == email if email is not None else members.c.phone == phone
    row = uow.conn.execute(sa.select(members).where(mine, members.c.closed_at.is_(None))).mappings().first()
    return None if row is None else _with_hash(row)


def for_change(uow: UnitOfWork, member_id: str) -> tuple[Known, str] | None:
    """A member with the password hash, locked until the transaction ends."""
    mine = sa.select(members).where(members.c.member_id == member_id).with_for_update(key_share=True)
    row = uow.conn.execute(mine).mappings().first()
    return None if row is None else _with_hash(row)


def _with_hash(row: Mapping[Any, Any]) -> tuple[Known, str]:
    return Known(**{column.name: row[column.name] for column in _KNOWN}), row["password_hash"]


def page(
    uow: UnitOfWork,
    *,
    query: str,
    whole: Sequence[str],
    tier: str | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[MemberRow]:
    """Members, newest first. query: part of a name; whole: contacts and ids that it may be."""
    c = members.c
    found = _matching(sa.select(*_KNOWN, _count(addresses), _count(sessions)), query, whole, tier)
    if before is not None:
        found = found.where(sa.tuple_(c.created_at, c.member_id) < sa.tuple_(*map(sa.literal, before)))
    found = found.order_by(c.created_at.desc(), c.member_id.desc()).limit(limit)
    return [_row(row) for row in uow.conn.execute(found).mappings()]


def total(uow: UnitOfWork, *, query: str, whole: Sequence[str], tier: str | None) -> int:
    counted = _matching(sa.select(sa.func.count()).select_from(members), query, whole, tier)
    return int(uow.conn.execute(counted).scalar_one())


def _matching(found: sa.Select[Any], query: str, whole: Sequence[str], tier: str | None) -> sa.Select[Any]:
    c = members.c
    if query:
        contacts = [column.in_(whole) for column in (c.email, c.phone, c.member_id)]
        found = found.where(sa.or_(c.name.contains(query, autoescape=True), *contacts))
    if tier is not None:
        found = found.where(c.tier == tier if tier else c.tier.is_(None))
    return found


def _count(table: sa.Table) -> sa.ScalarSelect[int]:
    mine = sa.select(sa.func.count()).where(table.c.member_id == members.c.member_id)
    return mine.correlate(members).scalar_subquery().label(table.name)  # type: ignore[return-value]


def _row(row: Mapping[Any, Any]) -> MemberRow:
    known = Known(**{column.name: row[column.name] for column in _KNOWN})
    return MemberRow(known, row["member_addresses"], row["member_sessions"])


# ------------------------------------------------------------------ sessions
def add_session(
    uow: UnitOfWork, digest: bytes, member_id: str, *, now: datetime, expires_at: datetime, ends_at: datetime
) -> None:
    # Rows that another sign-in is sweeping are left to it: two sweeps in different order would deadlock.
    old = sa.select(sessions.c.digest).where(sessions.c.expires_at < now)
    free = old.limit(200).with_for_update(skip_locked=True)
    uow.conn.execute(sessions.delete().where(sessions.c.digest.in_(free)))
    row = {"digest": digest, "member_id": member_id, "created_at": now, "seen_at": now}
    uow.conn.execute(sessions.insert().values(row | {"expires_at": expires_at, "ends_at": ends_at}))
    change(uow, member_id, entered_at=now)


def session_of(uow: UnitOfWork, digest: bytes, now: datetime) -> dict[str, Any] | None:
    """Member and times of a living session of an account that is open."""
    c = members.c
    found = (
        sa.select(c.member_id, c.name, c.tier, sessions.c.seen_at, sessions.c.ends_at)
        .join(members, c.member_id == sessions.c.member_id)
        .where(sessions.c.digest == digest, sessions.c.expires_at > now, c.closed_at.is_(None))
    )
    row = uow.conn.execute(found).mappings().first()
    return dict(row) if row else None


def prolong(uow: UnitOfWork, digest: bytes, now: datetime, expires_at: datetime) -> None:
    """Note the use of a session; another request of the same page that does so is not waited for.

    The member's row stays untouched: steps of one request with transactions of their own write to it.
    """
    free = sa.select(sessions.c.digest).where(sessions.c.digest == digest).with_for_update(skip_locked=True)
    uow.conn.execute(
        sessions.update()
        .where(sessions.c.digest.in_(free))
        .values(seen_at=now, expires_at=sa.func.least(expires_at, sessions.c.ends_at))
    )


def living(uow: UnitOfWork, member_id: str, now: datetime) -> list[dict[str, Any]]:
    mine = sa.select(sessions).where(sessions.c.member_id == member_id, sessions.c.expires_at > now)
    return [dict(row) for row in uow.conn.execute(mine.order_by(sessions.c.seen_at.desc())).mappings()]


def of_member(uow: UnitOfWork, member_id: str) -> list[dict[str, Any]]:
    mine = sa.select(sessions).where(sessions.c.member_id == member_id)
    return [dict(row) for row in uow.conn.execute(mine).mappings()]


def end_session(uow: UnitOfWork, digest: bytes) -> str | None:
    gone = sessions.delete().where(sessions.c.digest == digest).returning(sessions.c.member_id)
    return uow.conn.execute(gone).scalar()


def end_sessions(uow: UnitOfWork, member_id: str, *, but: bytes | None = None) -> int:
    gone = sessions.delete().where(sessions.c.member_id == member_id)
    if but is not None:
        gone = gone.where(sessions.c.digest != but)
    return uow.conn.execute(gone).rowcount


# ------------------------------------------------------------------ addresses
def addresses_of(uow: UnitOfWork, member_id: str) -> list[Address]:
    c = addresses.c
    mine = (
        sa.select(addresses).where(c.member_id == member_id).order_by(c.standard.desc(), c.address_id.desc())
    )
    return [_address(row) for row in uow.conn.execute(mine).mappings()]


def _address(row: Mapping[Any, Any]) -> Address:
    return Address(row["address_id"], Where(**{name: row[name] for name in _WHERE}), row["standard"])


def put_address(uow: UnitOfWork, member_id: str, address: Address) -> None:
    """Add an address, or change the member's own; at most one is the standard one."""
    if address.standard:
        mine = sa.and_(addresses.c.member_id == member_id, addresses.c.standard)
        uow.conn.execute(addresses.update().where(mine).values(standard=False))
    row = {name: getattr(address.where, name) for name in _WHERE} | {"standard": address.standard}
    made = insert(addresses).values(row | {"address_id": address.address_id, "member_id": member_id})
    own = addresses.c.member_id == member_id
    uow.conn.execute(made.on_conflict_do_update(index_elements=["address_id"], set_=row, where=own))


def drop_address(uow: UnitOfWork, member_id: str, address_id: UUID) -> bool:
    mine = sa.and_(addresses.c.member_id == member_id, addresses.c.address_id == address_id)
    return uow.conn.execute(addresses.delete().where(mine)).rowcount == 1


# ------------------------------------------------------------------ tiers
def all_tiers(uow: UnitOfWork) -> list[Tier]:
    rows = uow.conn.execute(sa.select(tiers).order_by(tiers.c.position, tiers.c.key))
    return [Tier(row.key, Words(row.name_zh, row.name_en), row.position) for row in rows]


def put_tier(uow: UnitOfWork, tier: Tier) -> None:
    row = {"name_zh": tier.name.zh, "name_en": tier.name.en, "position": tier.position}
    made = insert(tiers).values(row | {"key": tier.key})
    uow.conn.execute(made.on_conflict_do_update(index_elements=["key"], set_=row))


def drop_tier(uow: UnitOfWork, key: str) -> bool:
    return uow.conn.execute(tiers.delete().where(tiers.c.key == key)).rowcount == 1


def tier_sizes(uow: UnitOfWork) -> dict[str | None, int]:
    counted = sa.select(members.c.tier, sa.func.count()).group_by(members.c.tier)
    return {row[0]: row[1] for row in uow.conn.execute(counted)}


def move_tiers(
    uow: UnitOfWork, wanted: Mapping[str, str | None], *, now: datetime, by: str, why: str
) -> list[str]:
    """Gives members their tier, in the order of ids; returns whose tier changed, and notes each change."""
    ids = sorted(wanted)
    held = sa.select(members.c.member_id, members.c.tier).where(members.c.member_id.in_(ids))
    rows = uow.conn.execute(held.order_by(members.c.member_id).with_for_update(key_share=True)).all()
    moved = [(row.member_id, row.tier) for row in rows if row.tier != wanted[row.member_id]]
    for tier in {wanted[member_id] for member_id, _ in moved}:
        mine = [member_id for member_id, _ in moved if wanted[member_id] == tier]
        uow.conn.execute(members.update().where(members.c.member_id.in_(mine)).values(tier=tier))
    notes = [
        {"member_id": member_id, "at": now, "was": was, "tier": wanted[member_id], "by": by, "why": why}
        for member_id, was in moved
    ]
    if notes:
        uow.conn.execute(tier_changes.insert(), notes)
    return [member_id for member_id, _ in moved]


def changes_of(uow: UnitOfWork, member_id: str) -> list[TierChange]:
    c = tier_changes.c
    mine = sa.select(c.at, c.was, c.tier, c.by, c.why).where(c.member_id == member_id).order_by(c.id.desc())
    return [TierChange(*row) for row in uow.conn.execute(mine)]


# ------------------------------------------------------------------ what identity reads
def add_mark(uow: UnitOfWork, member_id: str, anonymous_id: str | None, now: datetime) -> None:
    row = {"member_id": member_id, "anonymous_id": anonymous_id, "at": now}
    uow.conn.execute(marks.insert().values(row))


def take_marks(uow: UnitOfWork, limit: int) -> list[Mark]:
    """The oldest marks, which are no longer there when the transaction commits; another's are left to it."""
    oldest = sa.select(marks.c.id).order_by(marks.c.id).limit(limit).with_for_update(skip_locked=True)
    gone = marks.delete().where(marks.c.id.in_(oldest)).returning(*marks.c)
    rows = sorted(uow.conn.execute(gone), key=lambda row: row.id)
    people = {one.member_id: one for one in known(uow, {row.member_id for row in rows})}
    return [
        Mark(row.id, row.member_id, mine.email, mine.phone, row.anonymous_id, row.at)
        for row in rows
        if (mine := people.get(row.member_id)) is not None
    ]


def marks_wait(uow: UnitOfWork) -> bool:
    return uow.conn.execute(sa.select(sa.exists(sa.select(marks.c.id)))).scalar_one()


# ------------------------------------------------------------------ one person
def of_person(
    uow: UnitOfWork, ids: Collection[str], emails: Collection[str], phones: Collection[str]
) -> list[str]:
    """The accounts of a person: by id, or by the SHA-256 (hex) of e-mail address or number."""
    c = members.c
    by_email = sa.func.encode(sa.func.sha256(sa.func.convert_to(c.email, "UTF8")), "hex")
    number = sa.func.ltrim(c.phone, "+")
    by_phone = sa.func.encode(sa.func.sha256(sa.func.convert_to(number, "UTF8")), "hex")
    theirs = sa.or_(c.member_id.in_(sorted(ids)), by_email.in_(sorted(emails)), by_phone.in_(sorted(phones)))
    return list(uow.conn.execute(sa.select(c.member_id).where(theirs).order_by(c.member_id)).scalars())


_PERSONAL: Sequence[sa.Table] = (marks, tier_changes, addresses, sessions, members)
_SECRET = frozenset({"digest", "password_hash"})


def rows_of(uow: UnitOfWork, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Everything about some members, as it stands, without what only proves who they are."""
    found = {}
    for table in reversed(_PERSONAL):
        shown = [column for column in table.c if column.name not in _SECRET]
        mine = sa.select(*shown).where(table.c.member_id.in_(sorted(ids))).order_by(*table.primary_key)
        found[table.name] = [dict(row) for row in uow.conn.execute(mine).mappings()]
    return found


def erase(uow: UnitOfWork, ids: Collection[str], devices: Collection[str]) -> dict[str, int]:
    """Deletes everything about some members, and marks of a person's devices."""
    uow.conn.execute(marks.delete().where(marks.c.anonymous_id.in_(sorted(devices))))
    return {
        table.name: uow.conn.execute(table.delete().where(table.c.member_id.in_(sorted(ids)))).rowcount
        for table in _PERSONAL
    }
