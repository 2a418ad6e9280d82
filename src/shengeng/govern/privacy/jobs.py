"""What runs in the background: approved requests, the nightly keeping, erased people who came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from shengeng.govern.privacy import api
from shengeng.govern.privacy.contracts import AGAIN_TASK, KEEP_TASK, PERFORM_TASK, Wiring
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores

# 03:37 UTC, after the lake was swept; every hour for what comes back.
_NIGHTLY, _HOURLY = "37 3 * * *", "23 * * * *"


def register(queue: Queue, clock: Callable[[], datetime], wiring: Wiring) -> None:
    """Let the worker carry requests out. Run twice, each goes on where it stood."""

    @queue.task(PERFORM_TASK)
    def perform(stores: Stores, progress: Progress, *, request: str) -> None:
        api.perform(stores, progress, UUID(request), wiring, clock())

    @queue.task(KEEP_TASK)
    def keep(stores: Stores, progress: Progress) -> None:
        api.keep(stores, progress, wiring, clock())

    queue.schedule(KEEP_TASK, _NIGHTLY)

    @queue.task(AGAIN_TASK)
    def again(stores: Stores, progress: Progress) -> None:
        progress.note(f"{api.again(stores, wiring, clock())} people")

    queue.schedule(AGAIN_TASK, _HOURLY, due=_somebody_erased)


def _somebody_erased(stores: Stores) -> bool:
    with stores.rows.unit() as uow:
        return bool(api.list_of_erased(uow))
