"""The drain: orders that were taken come into the facts a few seconds later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.sense.orders import api
from shengeng.sense.orders.contracts import DRAIN_TASK, MOST_AT_ONCE, MOST_ORDERS
from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.stores import Stores

_EVERY_5_S = "* * * * * */5"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker drain. Run twice, it merges nothing the second time."""

    @queue.task(DRAIN_TASK, LIVE, quiet=True)
    def drain(stores: Stores, progress: Progress) -> None:
        # What comes meanwhile waits for the next turn: one large batch costs what one order does.
        while api.take_storefront(stores, clock()) == MOST_ORDERS:
            progress.check()
        more = True
        while more:
            merged = api.drain(stores, clock()).orders
            progress.check()
            progress.note(f"{merged} orders")
            more = merged == MOST_AT_ONCE

    queue.schedule(DRAIN_TASK, _EVERY_5_S, due=api.due)
