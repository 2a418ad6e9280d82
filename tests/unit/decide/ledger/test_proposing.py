"""What a play proposes enters the ledger once."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.factories.decisions import DAY, NOW, propose, slate

from shengeng.decide.ledger import api as ledger
from shengeng.govern.audit import api as audit
from shengeng.kernel.units import Interval
from shengeng.storage.stores import Stores


def test_a_second_proposal_of_the_same_day_adds_nothing(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert propose(uow, slate(["a", "b", "c"], groups=2)) == 3
    with stores.rows.unit() as uow:
        assert propose(uow, slate(["a", "b", "c"], groups=2)) == 0
        rows, total = ledger.list_decisions(uow)
        groups, _ = ledger.list_groups(uow)
    assert total == len(rows) == 3
    assert sorted((g.group_key, g.count, g.gain.mid) for g in groups) == [("g0", 2, 2000), ("g1", 1, 1000)]


def test_two_cycles_at_once_propose_once(stores: Stores) -> None:
    added: list[int] = []

    def cycle() -> None:
        with stores.rows.unit() as uow:
            added.append(propose(uow, slate([f"p{i}" for i in range(300)], groups=3)))

    threads = [threading.Thread(target=cycle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [0, 0, 0, 300]
    with stores.rows.unit() as uow:
        assert ledger.list_decisions(uow, limit=1)[1] == 300


def test_a_subject_waits_until_its_window_is_over(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert propose(uow, slate(["a"])) == 1
        for later in range(1, 7):
            assert propose(uow, slate(["a"], day=DAY + timedelta(days=later))) == 0
        assert propose(uow, slate(["a"], day=DAY + timedelta(days=7))) == 1


def test_windows_of_one_subject_cannot_overlap_even_by_direct_sql(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
    copy = sa.text(
        "insert into decisions (id, group_id, play, team, subject, title, window_start, window_end, action,"
        " default_action, forecast_low, forecast_mid, forecast_high, evidence, created_at, updated_at)"
        " select gen_random_uuid(), group_id, play, team, subject, title, window_start + 3, window_end + 3,"
        " action, default_action, 0, 0, 0, evidence, created_at, updated_at from decisions"
    )
    with pytest.raises(sa.exc.IntegrityError, match="one_open_window"), stores.rows.unit() as uow:
        uow.conn.execute(copy)


def test_a_group_less_what_was_taken_keeps_the_interval_of_the_rest(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        assert propose(uow, slate(["a", "b", "c"], day=DAY + timedelta(days=1))) == 2
        group = ledger.list_groups(uow, day=DAY + timedelta(days=1))[0][0]
        day = ledger.slates_of(uow, day=DAY + timedelta(days=1))[0]
    assert (group.count, group.gain.mid, group.cost_minor) == (2, 2000, 200)
    assert (day.count, day.gain.mid) == (2, 2000)
    assert group.gain.low < group.gain.mid < group.gain.high


def test_late_facts_of_the_same_day_join_its_groups(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a"]))
        assert propose(uow, slate(["a", "b"])) == 1
        groups, total = ledger.list_groups(uow)
    assert total == 1
    assert (groups[0].count, groups[0].gain.mid, groups[0].cost_minor) == (2, 2000, 200)


def test_an_empty_slate_says_why(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert propose(uow, slate([])) == 0
        day = ledger.slates_of(uow, day=DAY)[0]
    assert day.count == 0
    assert day.nothing_because is not None
    assert day.nothing_because.code == "no_products"
    assert day.gain == Interval(0, 0, 0)


def test_a_day_of_proposals_is_one_audit_record(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        propose(uow, slate(["a", "b", "c"], groups=3))
        rows = audit.newest(uow, action="decisions.proposed").rows
    assert [(row.actor, row.target, row.detail["decisions"]) for row in rows] == [("cycle", "shelf", 3)]


def test_names_with_quotes_commas_and_chinese_come_back_as_they_went_in(stores: Stores) -> None:
    names = ['a"b', "c,d", "火锅\n底料", "\\N", "e'f", "x/y z"]
    with stores.rows.unit() as uow:
        propose(uow, slate(names))
        rows, _ = ledger.list_decisions(uow)
    assert {row.subject for row in rows} == set(names)
    assert {row.title for row in rows} == {f"Product {name}" for name in names}


@pytest.mark.slow
def test_ten_thousand_proposals_take_seconds_not_minutes(stores: Stores) -> None:
    start = time.monotonic()
    with stores.rows.unit() as uow:
        assert propose(uow, slate([f"p{i}" for i in range(10_000)], groups=80), now=NOW) == 10_000
    assert time.monotonic() - start < 20
