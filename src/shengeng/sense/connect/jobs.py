"""What runs in the background: imports of uploaded files, and the promotions of the Complete Journey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shengeng.kernel.roles import Principal, Role
from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import CATALOGUE_TASK, COMPACT_TASK, IMPORT_TASK, PROMOTIONS_TASK
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores

# 02:47 UTC, before the lake is swept.
_NIGHTLY = "47 2 * * *"


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker run imports. Run twice, they change nothing the second time."""

    @queue.task(IMPORT_TASK)
    def bring(
        stores: Stores, progress: Progress, *, folder: str, timezone: str, currency: str, by: str
    ) -> None:
        operator = Principal(by, Role.OPERATOR, via="session")
        api.import_source(
            stores, folder, timezone=timezone, currency=currency, progress=progress, now=clock(), by=operator
        )

    @queue.task(COMPACT_TASK)
    def compact(stores: Stores, progress: Progress) -> None:
        progress.note(f"{api.compact(stores, progress)} months")

    queue.schedule(COMPACT_TASK, _NIGHTLY)

    @queue.task(CATALOGUE_TASK, quiet=True)
    def sold(stores: Stores, progress: Progress) -> None:
        progress.note(f"{api.tell_catalogue(stores, clock())} products")

    @queue.task(PROMOTIONS_TASK)
    def promotions(stores: Stores, progress: Progress) -> None:
        api.import_promotions(stores, progress)
