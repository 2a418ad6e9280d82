"""Group commit: requests that arrive together share one transaction, and each is answered after it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from shengeng.kernel.errors import ShopError
from shengeng.sense.events.contracts import QUEUE_BYTES, QUEUE_REQUESTS, TOO_FULL

T = TypeVar("T")
# One transaction takes at most so much; the rest is the next one's.
GROUP_BYTES = 16 * 1024**2


class Committer(Generic[T]):
    """Things to keep, one transaction after the other. Used from one event loop; `write` runs in a thread.

    While a transaction is on its way to the disk, everything that arrives waits for the next: the longer
    the disk takes, the larger the groups, and nobody waits longer than two commits.
    """

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._waiting: list[tuple[T, int, asyncio.Future[None]]] = []
        self._bytes = 0
        self._work: asyncio.Task[None] | None = None

    async def keep(self, thing: T, size: int) -> None:
        """Returns once the thing is durable; raises what the transaction raised, or that too much waits."""
        if len(self._waiting) >= QUEUE_REQUESTS or self._bytes > QUEUE_BYTES:
            raise TOO_FULL.error(waiting=len(self._waiting), limit=QUEUE_REQUESTS, retry_seconds=1)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, size, done))
        self._bytes += size
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._drive())
        await done

    async def _drive(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                await asyncio.to_thread(self._write, [thing for thing, _, _ in group])
            except BaseException as error:
                for _, _, done in group:
                    if not done.done():
                        done.set_exception(_again(error))
                if not isinstance(error, Exception):
                    raise
            else:
                for _, _, done in group:
                    if not done.done():
                        done.set_result(None)

    def _next_group(self) -> list[tuple[T, int, asyncio.Future[None]]]:
        size, count = 0, 0
        for _, each, _ in self._waiting:
            if count and size + each > GROUP_BYTES:
                break
            size, count = size + each, count + 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        self._bytes -= size
        return group


def _again(error: BaseException) -> BaseException:
    """Each request raises an error of its own: one raised in many tasks would gather all their traces."""
    if isinstance(error, ShopError):
        kind, arguments = error.__reduce__()
        return kind(*arguments)
    return RuntimeError(f"{type(error).__name__}: {error}")
