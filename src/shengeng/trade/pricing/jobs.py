"""What pricing does in the background: end coupons whose time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores
from shengeng.trade.pricing import api

EXPIRE_TASK = "pricing.expire"
_HOURLY, _AT_ONCE = "7 * * * *", 5_000


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker end coupons whose time is over, some at a time, every hour."""

    @queue.task(EXPIRE_TASK)
    def expire(stores: Stores, progress: Progress) -> None:
        ended, more = 0, _AT_ONCE
        while more == _AT_ONCE:
            progress.check()
            with stores.rows.unit() as uow:
                more = api.expire(uow, clock(), _AT_ONCE)
            ended += more
        progress.note(f"{ended} coupons ended")

    queue.schedule(EXPIRE_TASK, _HOURLY)
