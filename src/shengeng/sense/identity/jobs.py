"""What identity does by itself: files that came, a changed limit, persons given to the lake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.sense.identity import api
from shengeng.sense.identity.contracts import KEEP_TASK
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores

_EVERY_MINUTE = "* * * * *"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker keep persons. Run twice, it changes nothing the second time."""

    @queue.task(KEEP_TASK)
    def keep(stores: Stores, progress: Progress) -> None:
        progress.check()
        api.keep(stores, clock())

    queue.schedule(KEEP_TASK, _EVERY_MINUTE, due=api.due)
