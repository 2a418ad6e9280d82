"""Orders that nobody paid in time end by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.stores import Stores
from shengeng.trade.orders import api
from shengeng.trade.orders.contracts import EXPIRE_TASK

_EVERY_10_S = "* * * * * */10"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker end what is overdue. Run twice, or beside a payment, each order ends or stands once."""

    @queue.task(EXPIRE_TASK, LIVE, quiet=True)
    def expire(stores: Stores, progress: Progress) -> None:
        while ended := api.expire_due(stores, clock()):
            progress.check()
            progress.note(f"{ended} orders expired")

    queue.schedule(EXPIRE_TASK, _EVERY_10_S, due=lambda stores: api.any_overdue(stores, clock()))
