"""Baskets that everybody has forgotten go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api

TIDY_TASK, _NIGHTLY = "trade.baskets", "50 3 * * *"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker throw old baskets away."""

    @queue.task(TIDY_TASK)
    def tidy(stores: Stores, progress: Progress) -> None:
        with stores.rows.unit() as uow:
            progress.note(f"{api.drop_old(uow, clock())} baskets thrown away")

    queue.schedule(TIDY_TASK, _NIGHTLY)
