"""Write keys as the live edges look them up: believed for a few seconds, so that sending asks no database."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from anyio.lowlevel import RunVar
from starlette.concurrency import run_in_threadpool

from shengeng.govern.keys import api
from shengeng.govern.keys.contracts import BELIEVED
from shengeng.kernel.writers import ANY_ORIGIN, Writer
from shengeng.storage.rows import Rows

# Strangers' guesses are remembered too; the oldest of so many is forgotten.
REMEMBERED = 5000
# Lookups at the same time: guesses must not take every connection of the pool.
ASKING = 2
_asking: RunVar[asyncio.Semaphore] = RunVar("shengeng.web.keyring.asking")


class Keyring:
    """The port `shengeng.http.writing.Keys` over govern.keys. One for the process, used in its event loop."""

    def __init__(self, rows: Rows, clock: Callable[[], datetime]) -> None:
        self._rows, self._clock = rows, clock
        self._known: OrderedDict[bytes, tuple[float, Writer | None]] = OrderedDict()
        self._origins: tuple[float, frozenset[str]] = (0.0, frozenset())

    async def find(self, secret: str) -> Writer | None:
        """The living key of this secret, at most three seconds old."""
        digest = api.digest(secret)
        until, found = self._known.get(digest, (0.0, None))
        if until > time.monotonic():
            return found
        async with _semaphore():
            until, found = self._known.get(digest, (0.0, None))
            if until <= time.monotonic():
                found = await run_in_threadpool(self._find, secret)
                self._remember(digest, found)
        return found

    async def open_to(self, origin: str) -> bool:
        """Whether some living key may be used by pages of an origin."""
        until, origins = self._origins
        if until <= time.monotonic():
            origins = await run_in_threadpool(self._ask_origins)
            self._origins = time.monotonic() + BELIEVED.total_seconds(), origins
        return origin in origins or ANY_ORIGIN in origins

    def _remember(self, digest: bytes, found: Writer | None) -> None:
        self._known[digest] = time.monotonic() + BELIEVED.total_seconds(), found
        self._known.move_to_end(digest)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _find(self, secret: str) -> Writer | None:
        with self._rows.unit() as uow:
            return api.find(uow, secret, self._clock())

    def _ask_origins(self) -> frozenset[str]:
        with self._rows.unit() as uow:
            return api.origins(uow)


def _semaphore() -> asyncio.Semaphore:
    try:
        return _asking.get()
    except LookupError:
        made = asyncio.Semaphore(ASKING)
        _asking.set(made)
        return made
