"""What both doors of members show: an address, a consent, a tier."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.govern.consent.contracts import Channel, Purpose
from shengeng.trade.members.contracts import Address, Session, TierChange, Where

Short = Annotated[str, StringConstraints(max_length=200)]


class MemberAddressFields(BaseModel):
    """Somewhere to send to. country: the two letters of ISO 3166; district and postcode may be empty."""

    model_config = ConfigDict(extra="forbid")
    recipient: Short
    phone: Short
    country: Annotated[str, StringConstraints(max_length=2)] = "CN"
    region: Short = ""
    city: Short
    district: Short = ""
    line: Short
    postcode: Short = ""
    standard: bool = False

    def where(self) -> Where:
        """The address by itself."""
        return Where(**self.model_dump(exclude={"standard"}))


class MemberAddress(BaseModel):
    """An entry of an address book. standard: checkout starts with it."""

    address_id: UUID
    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    line: str
    postcode: str
    standard: bool

    @classmethod
    def of(cls, one: Address) -> MemberAddress:
        """As JSON."""
        plain = {name: getattr(one.where, name) for name in Where.__slots__}
        return cls(address_id=one.address_id, standard=one.standard, **plain)


class MemberConsent(BaseModel):
    """What a member said about a purpose on a channel."""

    purpose: Purpose
    channel: Channel
    granted: bool


class MemberSession(BaseModel):
    """Where somebody is signed in. this: the session that asks."""

    model_config = ConfigDict(from_attributes=True)
    id: str
    created_at: datetime
    seen_at: datetime
    this: bool

    @classmethod
    def of(cls, one: Session) -> MemberSession:
        """As JSON."""
        return cls.model_validate(one)


class MemberTierChange(BaseModel):
    """A member came to a tier, or left it (null)."""

    model_config = ConfigDict(from_attributes=True)
    at: datetime
    was: str | None
    tier: str | None
    by: str
    why: str

    @classmethod
    def of(cls, one: TierChange) -> MemberTierChange:
        """As JSON."""
        return cls.model_validate(one)


def consents_of(allowed: dict[tuple[Purpose, Channel], bool]) -> list[MemberConsent]:
    """As JSON, in the order of purposes."""
    return [
        MemberConsent(purpose=purpose, channel=channel, granted=granted)
        for (purpose, channel), granted in sorted(allowed.items())
    ]


__all__ = [
    "MemberAddress",
    "MemberAddressFields",
    "MemberConsent",
    "MemberSession",
    "MemberTierChange",
    "Short",
    "consents_of",
]
