"""From a request's bytes to a durable letter."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.kernel.writers import Writer
from shengeng.sense.events.api.committing import Committer
from shengeng.sense.events.contracts import (
    HEAD_KEPT,
    INBOX_BYTES,
    INBOX_EVENTS,
    NO_ZONE,
    ODD_ENCODING,
    TOO_FULL,
    EventKind,
    Letter,
    Refused,
)
from shengeng.sense.events.methods.reading import ContactKind, Desk, read_batch, read_one, unpacked
from shengeng.sense.events.store import inbox, watch
from shengeng.sense.identity import api as identity
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

# The inbox's depth is counted at most so often; in between it can only grow by what we add ourselves.
LOOK_EVERY_S = 1.0
RETRY_S = 5
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Reception:
    """The edge of one process: reads, keeps, refuses. Used from its event loop; one for one home."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime]) -> None:
        self._rows, self._clock = stores.rows, clock
        self._letters: Committer[Letter] = Committer(self._keep)
        self._refusals: Committer[Refused] = Committer(self._remember)
        self._looked, self._events, self._bytes, self._zoned = 0.0, 0, 0, False

    async def take(self, body: bytes, encoding: str, kind: EventKind | Literal["batch"], by: Writer) -> None:
        """Returns once every event of the request is on disk; else nothing of it is.

        Raises invalid with the field's path, refused without a time zone, throttled when too much waits,
        unavailable without a database.
        """
        letter = self.read(body, encoding, kind, by)
        await self._letters.keep(letter, len(letter.body))

    def read(self, body: bytes, encoding: str, kind: EventKind | Literal["batch"], by: Writer) -> Letter:
        """The request's events, checked."""
        if encoding not in ("", "identity", "gzip"):
            raise ODD_ENCODING.error(value=encoding[:40])
        plain = unpacked(body) if encoding == "gzip" else body
        desk = Desk(by.name, self._clock(), contact)
        return read_batch(plain, desk) if kind == "batch" else read_one(plain, kind, desk)

    async def refuse(self, error: ShopError, path: str, body: bytes, by: str) -> None:
        """Show a refusal to whoever watches the edge; never in the way of the answer."""
        head = body[:HEAD_KEPT].decode("utf-8", "replace").replace("\x00", "�")
        found = Refused(self._clock(), by, path, error.code, error.text("en"), error.text("zh"), head)
        try:
            await self._refusals.keep(found, len(head))
        except ShopError:
            return

    def _keep(self, letters: Sequence[Letter]) -> None:
        """One transaction: everything of these requests, or nothing."""
        with self._rows.unit() as uow:
            if not self._zoned:
                self._zoned = shop.find_profile(uow) is not None
            if not self._zoned:
                raise NO_ZONE.error()
            self._check_room(uow, letters)
            inbox.add(uow, letters)

    def _check_room(self, uow: UnitOfWork, letters: Sequence[Letter]) -> None:
        if time.monotonic() - self._looked > LOOK_EVERY_S:
            depth = inbox.depth(uow)
            self._looked, self._events, self._bytes = time.monotonic(), depth.events, depth.bytes
        self._events += sum(letter.events for letter in letters)
        self._bytes += sum(len(letter.body) for letter in letters)
        if self._events > INBOX_EVENTS or self._bytes > INBOX_BYTES:
            raise TOO_FULL.error(waiting=self._events, limit=INBOX_EVENTS, retry_seconds=RETRY_S)

    def _remember(self, found: Sequence[Refused]) -> None:
        with self._rows.unit() as uow:
            watch.refuse(uow, found)


def contact(kind: ContactKind, text: str) -> str | None:
    """A phone or e-mail, raw or as its SHA-256, as identity knows it; None for what is none."""
    given = text.strip().lower()
    if _SHA256.fullmatch(given):
        return given if identity.usable(f"{kind}_hash", given) else None
    return identity.phone_hash(text) if kind == "phone" else identity.email_hash(text)
