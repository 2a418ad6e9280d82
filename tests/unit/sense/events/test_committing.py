"""Group commit: what arrives together is kept together, and each hears of its own fate."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from shengeng.kernel.errors import ShopError
from shengeng.sense.events.api import committing
from shengeng.sense.events.api.committing import Committer
from shengeng.storage.contracts import DATABASE_AWAY


class Disk:
    """Something slow to write to: it lets a write pass when it is told to."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = threading.Semaphore(0)
        self.away = False

    def write(self, things: Sequence[int]) -> None:
        assert self.open.acquire(timeout=30)
        if self.away:
            raise DATABASE_AWAY.error(why="gone")
        self.groups.append(list(things))

    def let(self, writes: int) -> None:
        self.open.release(writes)


async def begin(committer: Committer[int], things: Sequence[int]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(committer.keep(thing, 1)) for thing in things]
    await asyncio.sleep(0)
    return tasks


def test_a_hundred_at_once_take_two_transactions() -> None:
    async def story() -> None:
        disk = Disk()
        committer = Committer(disk.write)
        first = await begin(committer, [0])
        others = await begin(committer, range(1, 100))
        disk.let(2)
        await asyncio.gather(*first, *others)
        assert disk.groups in ([[0], list(range(1, 100))], [list(range(100))])
        assert len(disk.groups) <= 2

    asyncio.run(story())


def test_nobody_is_answered_before_the_write_is_over() -> None:
    async def story() -> None:
        disk = Disk()
        (task,) = await begin(Committer(disk.write), [1])
        await asyncio.sleep(0.05)
        assert not task.done()
        disk.let(1)
        await task
        assert disk.groups == [[1]]

    asyncio.run(story())


def test_a_failed_write_is_told_to_each_and_the_next_one_is_tried() -> None:
    async def story() -> None:
        disk = Disk()
        committer = Committer(disk.write)
        disk.away = True
        tasks = await begin(committer, [1, 2])
        disk.let(2)
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, ShopError) and one.kind == "unavailable" for one in told)
        assert told[0] is not told[1]
        disk.away = False
        disk.let(1)
        await committer.keep(3, 1)
        assert disk.groups == [[3]]

    asyncio.run(story())


def test_a_queue_that_is_full_refuses_and_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(committing, "QUEUE_REQUESTS", 3)
        disk = Disk()
        committer = Committer(disk.write)
        tasks = await begin(committer, [0])
        await asyncio.sleep(0.05)  # the first is on its way
        tasks += await begin(committer, [1, 2, 3])
        with pytest.raises(ShopError) as refused:
            await committer.keep(4, 1)
        assert refused.value.kind == "throttled"
        disk.let(2)
        await asyncio.gather(*tasks)
        assert disk.groups == [[0], [1, 2, 3]]

    asyncio.run(story())


def test_a_group_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(committing, "GROUP_BYTES", 2)
        disk = Disk()
        committer = Committer(disk.write)
        tasks = await begin(committer, range(5))
        disk.let(9)
        await asyncio.gather(*tasks)
        assert max(map(len, disk.groups)) == 2
        assert sorted(thing for group in disk.groups for thing in group) == list(range(5))

    asyncio.run(story())


def test_a_client_that_leaves_takes_nothing_away_from_the_others() -> None:
    async def story() -> None:
        disk = Disk()
        committer = Committer(disk.write)
        gone, stays = await begin(committer, [1, 2])
        gone.cancel()
        disk.let(2)
        await stays
        assert [thing for group in disk.groups for thing in group] == [1, 2]

    asyncio.run(story())
