"""The port of payment providers: what every one of them can be asked, in the shop's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable
from uuid import UUID

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork
    from shengeng.trade.payments.contracts.values import Action, Charge, Device, Fact, Intent, Refund, Reply


# How long answers may be: what is read into a row, and the statement of a day.
ANSWER_LONGEST, BILL_LONGEST = 1_048_576, 64 * 1_048_576


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to a provider. longest: of its answer, in bytes."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    longest: int = ANSWER_LONGEST


@dataclass(frozen=True, slots=True)
class Response:
    """Its answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# How a request gets out; raises ShopError (unavailable) when no answer comes.
Send = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider says, its signature checked. intent_id and refund_id are ours, as we gave them."""

    notice_id: str
    kind: Literal["charged", "failed", "refunded", "refund_failed", "other"]
    intent_id: UUID | None
    refund_id: UUID | None
    provider_ref: str
    amount_minor: int
    currency: str


class Provider(Protocol):
    """One way to be paid. Every call that goes out may be repeated: our ids are the idempotency keys."""

    @property
    def name(self) -> str:
        """As in the address of its notices."""

    @property
    def one_screen(self) -> bool:
        """Whether an intent that was announced for one kind of screen cannot be announced for another."""

    def present(self, intent: Intent, device: Device, now: datetime) -> Action:
        """Announce an intent and learn what the buyer does next."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Told:
        """A notice, its signature checked; refuses a forged or unreadable one. header names in lower case."""

    def ask(self, intent: Intent, now: datetime) -> Told | None:
        """What became of an intent; None while nothing is certain."""

    def close(self, intent: Intent, now: datetime) -> None:
        """Let nobody pay an intent any more, as far as the provider can."""

    def refund(self, charge: Charge, refund: Refund, now: datetime) -> Told | None:
        """Send money back; None while the provider works on it."""

    def ask_refund(self, charge: Charge, refund: Refund, now: datetime, /) -> Told | None:
        """What became of a refund; None while nothing is certain."""

    def reply(self, *, taken: bool) -> Reply:
        """What the sender of a notice expects to hear; not taken means: send it again."""


@runtime_checkable
class Billing(Protocol):
    """What a provider can besides that keeps statements of whole days."""

    def bill(self, day: date, now: datetime) -> str:
        """The statement file of a day in Beijing as text; empty for a day on which nothing moved."""


# Whoever has to act on facts that come by asking instead of by notice: called in the fact's transaction.
Hear = Callable[["UnitOfWork", "Fact", datetime], None]
