"""What runs in the background: the inbox is drained every two seconds, months are sorted at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.sense.events import api
from shengeng.sense.events.contracts import DRAIN_TASK, TIDY_TASK
from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.stores import Stores

# The sixth field is seconds. 02:41 UTC: before the lake is swept.
_EVERY_TWO_SECONDS, _NIGHTLY = "* * * * * */2", "41 2 * * *"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker drain and tidy. Run twice, they change nothing the second time."""

    @queue.task(DRAIN_TASK, LIVE, quiet=True)
    def drain(stores: Stores, progress: Progress) -> None:
        api.drain(stores, progress, clock)

    queue.schedule(DRAIN_TASK, _EVERY_TWO_SECONDS, due=api.waits)

    @queue.task(TIDY_TASK)
    def tidy(stores: Stores, progress: Progress) -> None:
        months = api.compact(stores, progress)
        seen, refusals = api.forget(stores, clock())
        progress.note(f"{months} months, {seen} ids, {refusals} refusals")

    queue.schedule(TIDY_TASK, _NIGHTLY)
