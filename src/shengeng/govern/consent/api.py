"""Write down what people allowed, and ask who may be reached; the newest word wins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.govern.consent import store
from shengeng.govern.consent.contracts import (
    CHANNELS,
    NO_CHANNEL,
    NO_PROOF,
    NO_PURPOSE,
    PURPOSES,
    SAID_LATER,
    Channel,
    Consent,
    Purpose,
    Said,
    Standing,
)
from shengeng.govern.consent.methods import newest, read
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork

__all__ = [
    "Consent",
    "Said",
    "Standing",
    "counts",
    "erase",
    "granted",
    "of",
    "record",
    "standings",
    "take",
    "unknown_allowed",
    "withdrawn",
]
# Several ids may be one person: which person each of them is.
Persons = Callable[[UnitOfWork, Collection[str]], Mapping[str, str]]


def record(uow: UnitOfWork, by: Principal, said: Said, now: datetime) -> bool:
    """Writes down what a person said to the shop (operator); False where it stood there already.

    Refuses an unknown purpose or channel, a moment after now, and a grant without any proof (invalid).
    """
    require(by, Role.OPERATOR)
    _check(said, now)
    if said.granted and not (said.text_version.strip() or said.shown.strip()):
        raise NO_PROOF.error()
    new = store.add(uow, [said], now, by.name) == 1
    if new:
        detail: dict[str, audit.Plain] = {"channel": said.channel, "granted": said.granted}
        audit.record(uow, at=now, actor=by.name, action="consent.said", target=said.purpose, detail=detail)
    return new


def take(
    uow: UnitOfWork,
    given: Iterable[tuple[str, object, datetime | None]],
    *,
    source: str,
    now: datetime,
) -> int:
    """Takes consents that came with facts: (person, value, when it was said); returns how many are new.

    value: a customers.consent column, a `consent` trait of an identify event or of an order, as
    docs/consent.md describes. The same again adds nothing. What a file says without a moment never
    outweighs what was said before.
    """
    said = [one for person, value, at in given for one in read(value, person, at=at, source=source)]
    return store.add(uow, [one for one in said if one.said_at <= now], now, source)


def withdrawn(
    uow: UnitOfWork, purpose: Purpose, channel: Channel = "any", *, persons: Persons | None = None
) -> frozenset[str]:
    """Everybody whose last word on a purpose was no. persons: where several ids may be one person.

    channel "any": those who said no to every channel; a channel: those and who said no to this one.
    """
    words = store.words(uow, purpose, channel)
    same = persons(uow, [word[0] for word in words]) if persons else {}
    return frozenset(person for person, granted in newest(words, same).items() if not granted)


def granted(
    uow: UnitOfWork, purpose: Purpose, channel: Channel = "any", *, persons: Persons | None = None
) -> frozenset[str]:
    """Everybody whose last word on a purpose was yes."""
    words = store.words(uow, purpose, channel)
    same = persons(uow, [word[0] for word in words]) if persons else {}
    return frozenset(person for person, yes in newest(words, same).items() if yes)


def unknown_allowed(uow: UnitOfWork) -> bool:
    """The shop's assumption: whether who never said anything may be reached."""
    return bool(shop.assumptions(uow).marketing_unknown)


def of(uow: UnitOfWork, ids: Collection[str]) -> list[Consent]:
    """Everything that one person (under any of the ids) said, newest first."""
    return store.of(uow, ids)


def standings(uow: UnitOfWork, ids: Collection[str]) -> list[Standing]:
    """What one person allows now, for every purpose on every channel."""
    said = store.of(uow, ids)
    unknown = unknown_allowed(uow)
    return [_standing(said, purpose, channel, unknown) for purpose in PURPOSES for channel in CHANNELS]


def counts(uow: UnitOfWork) -> list[tuple[str, str, bool, int]]:
    """(purpose, channel, granted, ids) of everybody's last words."""
    return store.counts(uow)


def erase(uow: UnitOfWork, ids: Collection[str]) -> int:
    """Forgets what a person said; only inside an erasure."""
    return store.erase(uow, ids)


def _standing(said: Sequence[Consent], purpose: Purpose, channel: Channel, unknown: bool) -> Standing:
    about = [one.said for one in said if one.said.purpose == purpose and one.said.channel in (channel, "any")]
    if not about:
        return Standing(purpose, channel, unknown, "unknown", None)
    last = max(about, key=lambda one: (one.said_at, not one.granted))
    return Standing(purpose, channel, last.granted, "said", last.said_at)


def _check(said: Said, now: datetime) -> None:
    if said.purpose not in PURPOSES:
        raise NO_PURPOSE.error(value=str(said.purpose)[:40], known=", ".join(PURPOSES))
    if said.channel not in CHANNELS:
        raise NO_CHANNEL.error(value=str(said.channel)[:40], known=", ".join(CHANNELS))
    if said.said_at > now:
        raise SAID_LATER.error(at=said.said_at.isoformat(), now=now.isoformat())
