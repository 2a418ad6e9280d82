"""Replay: orders that wait arrive one local day at a time, and each day runs its cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import Refusal
from shengeng.plays.day import NOTHING_KNOWN, DayReport, finished, run_day
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

Clock = Callable[[], datetime]
MOST_DAYS = 366
# Seven minutes past each hour, so that facts which came late get their cycle the same day.
_HOURLY = "7 * * * *"

REPLAY_RUNS = Refusal(
    "replay_runs",
    "conflict",
    en="A replay or cycle is already running: wait until it is done, or cancel it under jobs.",
    zh="已有一个回放或周期正在运行：请等它结束，或在任务中取消它。",
)
NOTHING_WAITS = Refusal(
    "nothing_waits",
    "refused",
    en="No orders wait to arrive: the last known day is {as_of}. Import newer orders instead.",
    zh="没有等待到达的订单：最后已知的日期是 {as_of}。请导入更新的订单。",
)
BAD_DAYS = Refusal(
    "bad_days",
    "invalid",
    en="{days} days cannot be replayed: use a whole number from 1 to {most}.",
    zh="无法回放 {days} 天：请用 1 到 {most} 的整数。",
)


def advance(stores: Stores, days: int, progress: Progress, clock: Clock) -> list[DayReport]:
    """Let the next days of waiting orders arrive, each with its cycle; stops where nothing waits any more.

    Refused while another replay runs, without a known day, and when nothing waits at all.
    """
    return advance_until(stores, target(stores, days), progress, clock)


def target(stores: Stores, days: int) -> date:
    """The local day on which a replay of so many days ends; refuses (see `advance`) one that cannot begin."""
    if not 1 <= days <= MOST_DAYS:
        raise BAD_DAYS.error(days=days, most=MOST_DAYS)
    as_of = known_day(stores)
    waiting = connect.feed_days(stores.lake)
    if not waiting:
        raise NOTHING_WAITS.error(as_of=as_of.isoformat())
    return min(as_of + timedelta(days=days), max(waiting))


def advance_until(
    stores: Stores, until: date, progress: Progress, clock: Clock, *, patient: bool = False
) -> list[DayReport]:
    """Go on to a local day, wherever an earlier run was cut off; a day left half done is run first."""
    with alone(stores, patient=patient):
        return list(_days(stores, until, progress, clock))


@contextmanager
def alone(stores: Stores, *, patient: bool = False) -> Iterator[None]:
    """Nobody else replays or runs a cycle meanwhile; refused when somebody does, unless patient.

    patient: wait instead. A job that is run again because its worker seemed dead finds the first run at work,
    and what that left over is all that it has to do.
    """
    with stores.rows.unit() as guard:
        if patient:
            guard.lock("replay")
        elif not guard.try_lock("replay"):
            raise REPLAY_RUNS.error()
        yield


def _days(stores: Stores, until: date, progress: Progress, clock: Clock) -> Iterator[DayReport]:
    as_of = known_day(stores)
    with stores.rows.unit() as uow:
        half_done = not finished(uow, as_of)
    count = (until - as_of).days + half_done
    done = 0
    if half_done and count > 0:
        yield run_day(stores, as_of, Part(progress, done, count, as_of), clock())
        done += 1
    while as_of < until:
        progress.check()
        day = as_of + timedelta(days=1)
        part = Part(progress, done, count, day)
        part.step("replay.reveal", 0.0)
        with stores.rows.unit() as uow:
            touched = _arrive(stores, uow, day, clock())
            shop.advance(uow, day)
        yield run_day(stores, day, part, clock(), touched=touched, since=as_of)
        as_of, done = day, done + 1


def _arrive(stores: Stores, uow: UnitOfWork, day: date, now: datetime) -> set[str]:
    """Let a day's orders arrive; returns everybody with facts that the day before does not know."""
    arrived = connect.reveal(stores, uow, day)
    buyers = set(arrived.customers)
    people = buyers | set(identity.persons(uow, "customer", buyers).values())
    arrivals.note(uow, people, now)
    return people | arrivals.take(uow, "plays.replay").people


def known_day(stores: Stores) -> date:
    """The last local day that the shop knows; refused while it knows none."""
    with stores.rows.unit() as uow:
        profile = shop.find_profile(uow)
    if profile is None or profile.as_of is None:
        raise NOTHING_KNOWN.error()
    return profile.as_of


def cycle_due(stores: Stores, now: datetime) -> bool:
    """Whether the last known day still lacks its cycle and the shop's morning has come."""
    with stores.rows.unit() as uow:
        profile = shop.find_profile(uow)
        if profile is None or profile.as_of is None or finished(uow, profile.as_of):
            return False
    return now.astimezone(ZoneInfo(profile.timezone)).hour >= stores.settings.cycle_hour


@dataclass(frozen=True, slots=True)
class Part:
    """One day's progress as part of all days'."""

    whole: Progress
    done: int
    count: int
    day: date

    def step(self, name: str, share: float) -> None:
        """The day's share as a share of all days."""
        self.whole.step(name, (self.done + share) / self.count)
        if share == 1.0:
            self.whole.note(self.day.isoformat())

    def note(self, line: str) -> None:
        """As it is."""
        self.whole.note(line)

    def check(self) -> None:
        """As it is."""
        self.whole.check()


def register(queue: Queue, clock: Clock) -> None:
    """Let the worker run cycles and replays."""

    @queue.task("cycle")
    def cycle(stores: Stores, progress: Progress) -> None:
        with alone(stores, patient=True):
            run_day(stores, known_day(stores), progress, clock())

    queue.schedule("cycle", _HOURLY, due=lambda stores: cycle_due(stores, clock()))

    @queue.task("replay")
    def replay(stores: Stores, progress: Progress, *, until: str) -> None:
        advance_until(stores, date.fromisoformat(until), progress, clock, patient=True)
