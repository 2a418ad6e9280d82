"""/v1/trade/members and /v1/trade/tiers: what operators see of members and do for them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.govern.privacy import api as privacy
from shengeng.http import (
    Approver,
    Cursor,
    Limit,
    Now,
    Operator,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.http.cursors import BAD_CURSOR
from shengeng.kernel.words import Words
from shengeng.trade.members import api
from shengeng.trade.members.contracts import Known, MemberRow, Tier
from shengeng.trade.members.routes.shapes import MemberAddress, MemberConsent, MemberTierChange, consents_of

router = APIRouter(
    prefix="/v1/trade", tags=["members"], responses=error_answers(401, 403, 404, 409, 413, 422)
)
Id = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=32)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class MemberShown(BaseModel):
    """A member as operators see them. entered_at: last signed in."""

    model_config = ConfigDict(from_attributes=True)
    member_id: str
    name: str
    email: str | None
    phone: str | None
    tier: str | None
    created_at: datetime
    entered_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, known: Known) -> MemberShown:
        """As JSON."""
        return cls.model_validate(known)


class MemberListed(BaseModel):
    """A row of the list."""

    member: MemberShown
    addresses: int
    sessions: int

    @classmethod
    def of(cls, row: MemberRow) -> MemberListed:
        """As JSON."""
        return cls(member=MemberShown.of(row.member), addresses=row.addresses, sessions=row.sessions)


class MemberList(BaseModel):
    """A page of members, newest first."""

    rows: list[MemberListed]
    total: int
    next: str | None


class MemberDetail(BaseModel):
    """One member with address book, consents and tiers."""

    member: MemberShown
    addresses: list[MemberAddress]
    consents: list[MemberConsent]
    tier_changes: list[MemberTierChange]


class TierWanted(BaseModel):
    """The tier that a member gets (null: none), and why."""

    model_config = ConfigDict(extra="forbid")
    tier: Key | None
    why: Why = ""


class TiersWanted(BaseModel):
    """Tiers of many members at once, all or none."""

    model_config = ConfigDict(extra="forbid")
    members: Annotated[dict[Id, Key | None], Field(max_length=5000)]
    why: Why = ""


class TiersMoved(BaseModel):
    """How many members have another tier now."""

    moved: int


class TierFields(BaseModel):
    """What a tier is called, and where it stands among the others."""

    model_config = ConfigDict(extra="forbid")
    name_zh: Name = ""
    name_en: Name = ""
    position: Annotated[int, Field(ge=0, le=1000)] = 0


class TierShown(BaseModel):
    """A tier, and how many members have it."""

    key: str
    name_zh: str
    name_en: str
    position: int
    members: int


class MemberWhy(BaseModel):
    """Why something is done."""

    model_config = ConfigDict(extra="forbid")
    why: Why = ""


class MemberPassword(BaseModel):
    """A generated password, shown this once."""

    password: str


@router.get("/members")
def list_members(
    _: Operator,
    uow: Unit,
    q: Annotated[str, Query(max_length=200)] = "",
    tier: Annotated[str | None, Query(max_length=32)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MemberList:
    """Members, newest first. q: part of a name, or a whole e-mail address, phone number or id."""
    found = api.page(uow, query=q, tier=tier, before=_before(cursor), limit=limit)
    last = found.rows[-1].member if found.rows else None
    following = to_cursor(last.created_at.isoformat(), last.member_id) if found.more and last else None
    return MemberList(rows=[MemberListed.of(row) for row in found.rows], total=found.total, next=following)


@router.get("/members/{member_id}")
def read_member(member_id: Id, who: Operator, uow: Unit, now: Now) -> MemberDetail:
    """One member; who looks is written down, as for every person."""
    known = api.member(uow, member_id)
    privacy.look(uow, who, member_id, "page", now)
    return MemberDetail(
        member=MemberShown.of(known),
        addresses=[MemberAddress.of(one) for one in api.addresses(uow, member_id)],
        consents=consents_of(dict(api.allowed(uow, member_id))),
        tier_changes=[MemberTierChange.of(one) for one in api.tier_changes(uow, member_id)],
    )


@router.post("/members/tiers")
def push_tiers(body: TiersWanted, who: Operator, uow: Unit, now: Now) -> TiersMoved:
    """Gives many members their tiers, all or none."""
    return TiersMoved(moved=len(api.set_tier(uow, who, body.members, body.why, now)))


@router.post("/members/{member_id}/tier")
def set_member_tier(member_id: Id, body: TierWanted, who: Operator, uow: Unit, now: Now) -> MemberShown:
    """Gives one member a tier, or takes it."""
    api.set_tier(uow, who, {member_id: body.tier}, body.why, now)
    return MemberShown.of(api.member(uow, member_id))


@router.post("/members/{member_id}/password")
def give_member_password(member_id: Id, who: Approver, uow: Unit, now: Now) -> MemberPassword:
    """A generated password for a member who lost theirs; all their sessions end (approver)."""
    return MemberPassword(password=api.give_password(uow, who, member_id, now))


@router.post("/members/{member_id}/close")
def close_member(member_id: Id, body: MemberWhy, who: Approver, uow: Unit, now: Now) -> MemberShown:
    """Nobody comes in through the account any more (approver)."""
    return MemberShown.of(api.close(uow, who, member_id, body.why, now))


@router.post("/members/{member_id}/reopen")
def reopen_member(member_id: Id, who: Approver, uow: Unit, now: Now) -> MemberShown:
    """A closed account may be used again (approver)."""
    return MemberShown.of(api.reopen(uow, who, member_id, now))


@router.get("/tiers")
def list_tiers(_: Viewer, uow: Unit) -> list[TierShown]:
    """Every tier with how many members have it."""
    sizes = api.sizes(uow)
    return [_tier(tier, sizes.get(tier.key, 0)) for tier in api.tiers(uow)]


@router.put("/tiers/{key}")
def put_tier(key: Key, body: TierFields, who: Operator, uow: Unit, now: Now) -> TierShown:
    """Makes a tier, or changes its names and position."""
    tier = Tier(
        key, Words(body.name_zh or body.name_en or key, body.name_en or body.name_zh or key), body.position
    )
    api.put_tier(uow, who, tier, now)
    return _tier(tier, api.sizes(uow).get(key, 0))


@router.delete("/tiers/{key}", status_code=204)
def drop_tier(key: Key, who: Operator, uow: Unit, now: Now) -> None:
    """Removes a tier that nobody has."""
    api.drop_tier(uow, who, key, now)


def _tier(tier: Tier, members: int) -> TierShown:
    return TierShown(
        key=tier.key, name_zh=tier.name.zh, name_en=tier.name.en, position=tier.position, members=members
    )


def _before(cursor: str | None) -> tuple[datetime, str] | None:
    found = from_cursor(cursor, str, str)
    if found is None:
        return None
    at, member_id = found
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        raise BAD_CURSOR.error(value=str(cursor)[:80]) from None
    if moment.tzinfo is None or member_id is None:
        raise BAD_CURSOR.error(value=str(cursor)[:80])
    return moment, str(member_id)
