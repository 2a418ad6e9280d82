"""The drain: orders that were taken come into the facts a few seconds later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.sense.orders import api
from shengeng.sense.orders.contracts import DRAIN_TASK
from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.stores import Stores

_EVERY_5_S = "* * * * * */5"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker drain. Run twice, it merges nothing the second time."""

    @queue.task(DRAIN_TASK, LIVE, quiet=True)
    def drain(stores: Stores, progress: Progress) -> None:
        while api.take_storefront(stores, clock()):
            progress.check()
        while (done := api.drain(stores, clock())).orders:
            progress.check()
            progress.note(f"{done.orders} orders")

    queue.schedule(DRAIN_TASK, _EVERY_5_S, due=api.due)
