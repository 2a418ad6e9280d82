"""Scenes are learnt once a week, in the background."""

from __future__ import annotations

from datetime import date, timedelta

from shengeng.govern.shop import api as shop
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores
from shengeng.understand.personas import api
from shengeng.understand.personas.contracts import LEARN_TASK

# Late in each hour: cycle and ranking have mostly ended. Due once a week of the shop's own days.
_HOURLY = "52 * * * *"
_WEEK = timedelta(days=7)


def learn_due(stores: Stores) -> bool:
    """Whether a week of the shop's days has passed since scenes were learnt, or they never were."""
    day = _known(stores)
    if day is None:
        return False
    with stores.rows.unit() as uow:
        last = api.latest(stores, uow, day)
    return last is None or day - last >= _WEEK


def _known(stores: Stores) -> date | None:
    with stores.rows.unit() as uow:
        profile = shop.find_profile(uow)
    return profile.as_of if profile else None


def register(queue: Queue) -> None:
    """Let the worker learn scenes. Run twice, the second run finds nothing to do."""

    @queue.task(LEARN_TASK)
    def learn(stores: Stores, progress: Progress) -> None:
        day = _known(stores)
        if day is not None and learn_due(stores):
            progress.note(f"{api.learn(stores, day, progress)} personas")

    queue.schedule(LEARN_TASK, _HOURLY, due=learn_due)
