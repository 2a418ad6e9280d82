"""The ranking in the background: once for every known day, learning first when the order is a week old."""

from __future__ import annotations

from datetime import date

from shengeng.decide.recommend import api
from shengeng.decide.recommend.contracts import RANK_TASK
from shengeng.govern.shop import api as shop
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores

# Half an hour past each hour: the cycle, which comes at seven minutes past, has mostly ended.
_HOURLY = "37 * * * *"


def register(queue: Queue) -> None:
    """Let the worker learn and rank. Run twice it changes nothing the second time."""

    @queue.task(RANK_TASK)
    def train(stores: Stores, progress: Progress) -> None:
        day = _known(stores)
        if day is not None and api.due(stores, day):
            api.train(stores, day, progress)

    queue.schedule(RANK_TASK, _HOURLY, due=_due)


def _due(stores: Stores) -> bool:
    day = _known(stores)
    return day is not None and api.due(stores, day)


def _known(stores: Stores) -> date | None:
    with stores.rows.unit() as uow:
        profile = shop.find_profile(uow)
    return profile.as_of if profile else None
