"""Background jobs on the shop's own PostgreSQL: what can run, when, and the loop that runs it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shengeng.storage.loop import Due, Loop, Pace, Schedule, Task, Work, Workplace

__all__ = ["LIVE", "Pace", "Queue"]
DEFAULT = "default"
# What comes every few seconds and never takes long: it does not wait for jobs that do.
LIVE = "live"


@dataclass(frozen=True, slots=True)
class Queue:
    """Which tasks exist and when they come by themselves. `app` registers them, `work` runs them."""

    _tasks: dict[str, Task] = field(default_factory=dict)
    _schedules: dict[str, Schedule] = field(default_factory=dict)

    def task(self, name: str, queue: str = DEFAULT, *, quiet: bool = False) -> Callable[[Work], Work]:
        """Register `work(stores, progress, **args)` under a name. It may run twice, so it is idempotent.

        quiet: it comes every few seconds, so people are told of it only when it fails.
        """

        def register(work: Work) -> Work:
            assert name not in self._tasks, name
            self._tasks[name] = Task(name, queue, work, quiet)
            return work

        return register

    def schedule(self, name: str, cron: str, *, due: Due | None = None) -> None:
        """Let a registered task come by itself, without arguments, by a UTC cron line.

        due: asked each time; while it says no, nothing runs and no row tells of it.
        """
        assert name in self._tasks, name
        self._schedules[name] = Schedule(cron, due)

    def names(self) -> list[str]:
        """The registered tasks."""
        return sorted(self._tasks)

    def work(
        self,
        stores: Workplace,
        stop: threading.Event,
        *,
        concurrency: int = 2,
        pace: Pace | None = None,
        idle: bool = False,
    ) -> None:
        """Run jobs until `stop` is set; survives a database that goes away and comes back.

        concurrency: jobs at once, live ones and the others each.

        Started jobs get `pace.grace` seconds to end; then they are interrupted at their next safe point and
        run again later. idle: return once no job waits (for tests and one-off commands).
        """
        tasks = tuple(self._tasks.values())
        live = tuple(task for task in tasks if task.queue == LIVE)
        rest = tuple(task for task in tasks if task.queue != LIVE)
        lanes = [tasks] if idle else [lane for lane in (live, rest) if lane]
        loops = [
            Loop(stores, lane, self._schedules, stop, concurrency, pace or Pace(), idle) for lane in lanes
        ]
        asyncio.run(_together(loops))


async def _together(loops: Sequence[Loop]) -> None:
    await asyncio.gather(*(loop.run() for loop in loops))
