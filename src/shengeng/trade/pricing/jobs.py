"""What pricing does in the background: end coupons whose time is over, show prices whose time has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores
from shengeng.trade.pricing import api

EXPIRE_TASK = "pricing.expire"
SHOW_TASK = "pricing.show"
_HOURLY, _MINUTELY, _AT_ONCE = "7 * * * *", "* * * * *", 5_000
# Looks back so far: a worker that was away for less tells of every list that turned meanwhile.
_BACK = timedelta(minutes=15)


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker end coupons whose time is over, and tell the catalogue of lists that began or ended."""

    @queue.task(EXPIRE_TASK)
    def expire(stores: Stores, progress: Progress) -> None:
        ended, more = 0, _AT_ONCE
        while more == _AT_ONCE:
            progress.check()
            with stores.rows.unit() as uow:
                more = api.expire(uow, clock(), _AT_ONCE)
            ended += more
        progress.note(f"{ended} coupons ended")

    @queue.task(SHOW_TASK, quiet=True)
    def show(stores: Stores, progress: Progress) -> None:
        del progress
        with stores.rows.unit() as uow:
            api.show_turned(uow, clock() - _BACK, clock())

    def due(stores: Stores) -> bool:
        with stores.rows.unit() as uow:
            return api.turned(uow, clock() - _BACK, clock())

    queue.schedule(EXPIRE_TASK, _HOURLY)
    queue.schedule(SHOW_TASK, _MINUTELY, due=due)
