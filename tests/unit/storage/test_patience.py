"""Two that reach for the same rows crosswise are both done; what is refused is not tried again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from shengeng.kernel.errors import Refusal, ShopError
from shengeng.storage.contracts import BUSY, OUT_OF_RANGE
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def test_both_of_two_that_meet_crosswise_are_done(stores: Stores) -> None:
    meet, tries = threading.Barrier(2), [0, 0]

    def act(me: int, uow: UnitOfWork) -> int:
        tries[me] += 1
        uow.conn.execute(sa.text("select pg_advisory_xact_lock(7, :one)"), {"one": me})
        if tries[me] == 1:
            meet.wait(10)
        uow.conn.execute(sa.text("select pg_advisory_xact_lock(7, :other)"), {"other": 1 - me})
        return me

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(stores.rows.patiently, lambda uow, me=me: act(me, uow)) for me in (0, 1)]
        assert [one.result(30) for one in done] == [0, 1]
    assert sum(tries) == 3, "one of them was done again"


@pytest.mark.parametrize(("refusal", "times"), [(BUSY, 3), (OUT_OF_RANGE, 1)])
def test_only_what_met_another_is_done_again_and_not_for_ever(
    stores: Stores, refusal: Refusal, times: int
) -> None:
    tries = 0

    def act(uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        raise refusal.error(why="crosswise")

    with pytest.raises(ShopError):
        stores.rows.patiently(act, tries=3)
    assert tries == times
