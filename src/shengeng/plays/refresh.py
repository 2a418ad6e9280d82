"""Refresh: who has new facts is computed again within a minute, as the day's cycle would.

What a person did is exact at once: their features of the last known day and of the running day, their value
by the model of that day, and the stage that rests on both. What the models learn from everybody, chances of
single products and demand wait for the cycle.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from shengeng.govern.shop import api as shop
from shengeng.govern.shop.contracts import Profile
from shengeng.kernel.errors import ShopError
from shengeng.plays.replay import REPLAY_RUNS, Clock, alone
from shengeng.sense.arrivals import api as arrivals
from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

READER = "plays.refresh"
TASK = "refresh"
_EVERY_10_S = "* * * * * */10"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh wrote: days whose features changed, and whether a stage did."""

    days: tuple[date, ...]
    stages: bool


def refresh(stores: Stores, now: datetime) -> Refreshed | None:
    """Compute again who has new facts; None while a replay or cycle runs.

    One transaction: the reader's place moves with what was written. Nothing is written where the facts say
    nothing new.
    """
    try:
        with alone(stores), stores.rows.unit() as uow:
            return _refresh(stores, uow, now)
    except ShopError as error:
        if error.code == REPLAY_RUNS.code:
            return None
        raise


def due(stores: Stores) -> bool:
    """Whether anybody has facts that no refresh has seen."""
    with stores.rows.unit() as uow:
        return arrivals.waiting(uow, READER)


def running_day(profile: Profile, now: datetime) -> date | None:
    """The local day that goes on and is not known to its end; None for a shop that is looked back at."""
    if profile.today is None:
        return None
    present = profile.moment(now)
    looked_back = present == datetime.combine(profile.today, time())
    return None if looked_back else present.date()


def _refresh(stores: Stores, uow: UnitOfWork, now: datetime) -> Refreshed:
    arrived = arrivals.take(uow, READER)
    profile = shop.find_profile(uow)
    if not arrived or profile is None or profile.as_of is None:
        return Refreshed((), False)
    touched: Collection[str] | None = None if arrived.everybody else arrived.people
    known = people.latest(stores, uow, profile.as_of)
    if known is None:  # a shop that has just begun: its first cycle need not wait for the morning
        uow.enqueue("cycle", lock="replay")
        return Refreshed((), False)
    renewed = people.renew(stores, uow, known, touched=touched)
    days = [known] if renewed else []
    if renewed:
        value.renew(stores, uow, known, touched=touched)
    stages = lifecycle.renew(stores, uow, known) if renewed else False
    if stages:  # whoever asks for stages looked when the facts came, before this
        arrivals.note_all(uow, now) if touched is None else arrivals.note(uow, touched, now)
    today = running_day(profile, now)
    if today is not None and people.renew_running(stores, uow, today, touched=touched, since=known):
        days.append(today)
    return Refreshed(tuple(days), stages)


def register(queue: Queue, clock: Clock) -> None:
    """Let the worker refresh. Run twice, it writes nothing the second time."""

    @queue.task(TASK, LIVE, quiet=True)
    def again(stores: Stores, progress: Progress) -> None:
        done = refresh(stores, clock())
        if done and done.days:
            progress.note(" ".join(day.isoformat() for day in done.days))

    queue.schedule(TASK, _EVERY_10_S, due=due)
