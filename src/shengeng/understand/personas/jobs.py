"""Scenes are learnt once a week, in the background."""

from __future__ import annotations

from datetime import timedelta

from shengeng.govern.shop import api as shop
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores
from shengeng.understand.personas import api
from shengeng.understand.personas.contracts import LEARN_TASK

# Each hour, some time after the daily cycle would have begun; due once a week of the shop's own days.
_HOURLY = "37 * * * *"
_WEEK = timedelta(days=7)


def learn_due(stores: Stores) -> bool:
    """Whether a week of the shop's days has passed since scenes were learnt, or they never were."""
    with stores.rows.unit() as uow:
        profile = shop.find_profile(uow)
        if profile is None or profile.as_of is None:
            return False
        last = api.latest(stores, uow, profile.as_of)
        return last is None or profile.as_of - last >= _WEEK


def register(queue: Queue) -> None:
    """Let the worker learn scenes. Run twice for a day, the second run publishes the same."""

    @queue.task(LEARN_TASK)
    def learn(stores: Stores, progress: Progress) -> None:
        with stores.rows.unit() as uow:
            profile = shop.find_profile(uow)
        if profile is not None and profile.as_of is not None:
            progress.note(f"{api.learn(stores, profile.as_of, progress)} personas")

    queue.schedule(LEARN_TASK, _HOURLY, due=learn_due)
