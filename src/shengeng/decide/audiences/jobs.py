"""Audiences in the background: looked at every few seconds while there is something to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.decide.audiences import api
from shengeng.decide.audiences.contracts import FOLLOW_TASK
from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.stores import Stores

_EVERY_FEW_SECONDS = "* * * * * */5"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker keep audiences current. Run twice it changes nothing the second time."""

    @queue.task(FOLLOW_TASK, LIVE, quiet=True)
    def follow(stores: Stores, progress: Progress) -> None:
        progress.check()
        with stores.rows.unit() as uow:
            if api.waits(uow, clock()):
                api.follow(stores, uow, clock())

    def due(stores: Stores) -> bool:
        with stores.rows.unit() as uow:
            return api.waits(uow, clock())

    queue.schedule(FOLLOW_TASK, _EVERY_FEW_SECONDS, due=due)
