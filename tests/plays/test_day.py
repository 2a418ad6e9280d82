"""The day and the replay: every step may be repeated; a poor shop gets a reason instead of proposals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.facts import START, Line, line, lines_table, write_folder

from shengeng.decide.ledger import api as ledger
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays import replay
from shengeng.plays.day import BY_KEY, DayReport, finished, run_day
from shengeng.sense.connect import api as connect
from shengeng.storage.contracts import Cancelled
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

LAST = START + timedelta(days=119)


def morning_of(stores: Stores, rows: list[Line], as_of: date) -> DayReport:
    with stores.rows.unit() as uow:
        if rows:
            stores.lake.append(uow, "lines", lines_table(rows=rows), partition="shop")
    return run_day(stores, as_of, Silent(), NOW)


def reasons(report: DayReport) -> dict[str, str | None]:
    assert all(p.decisions == 0 for p in report.proposed)
    return {p.play: p.nothing_because.code if p.nothing_because else None for p in report.proposed}


def test_an_empty_shop_proposes_nothing_and_says_so(stores: Stores) -> None:
    assert reasons(morning_of(stores, [], LAST)) == dict.fromkeys(BY_KEY, "no_orders")
    with stores.rows.unit() as uow:
        assert {s.nothing_because.code for s in ledger.slates_of(uow) if s.nothing_because} == {"no_orders"}
        assert scorecard.scorecard(uow).plays == []


def test_a_shop_with_one_order_proposes_nothing_and_says_so(stores: Stores) -> None:
    one = line("ann", datetime.combine(LAST, time(9)), "tea")
    report = morning_of(stores, [one], LAST)
    assert reasons(report)["repeat_reminder"] == "nobody_due"
    assert report.estimated["people"] == 1


def test_a_shop_of_guests_is_not_reminded_of_anything_and_says_so(stores: Stores) -> None:
    rows = [
        line(None, datetime.combine(START + timedelta(days=d), time(9)), "tea", order_id=f"o{d}")
        for d in range(100)
    ]
    report = morning_of(stores, rows, LAST)
    said = next(p for p in report.proposed if p.play == "repeat_reminder")
    assert said.nothing_because is not None
    assert (said.nothing_because.code, said.nothing_because.params) == ("all_guests", {"lines": 100})


def test_a_play_that_is_switched_off_is_silent(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        for play in BY_KEY.values():
            ledger.enrol(uow, play)
            ledger.change_rule(uow, ADMIN, play.key, {"enabled": False}, NOW)
    assert reasons(morning_of(stores, [], LAST)) == dict.fromkeys(BY_KEY, "play_off")


@pytest.fixture
def waiting(stores: Stores, tmp_path: Path) -> Stores:
    """A made-up shop that knows all but its last three days."""
    folder = write_folder(tmp_path / "folder", customers=30, days=120, seed=11)
    connect.import_source(stores, folder, until=LAST - timedelta(days=3), now=NOW)
    return stores


def clock() -> datetime:
    return datetime.now(UTC)


class Impatient(Silent):
    """Calls the replay off after its first day has arrived."""

    days = 0

    def step(self, name: str, share: float) -> None:
        self.days += name == "replay.reveal"

    def check(self) -> None:
        if self.days:
            raise Cancelled


def test_days_arrive_one_by_one_each_with_its_cycle_even_after_a_replay_was_called_off(
    waiting: Stores,
) -> None:
    with pytest.raises(Cancelled):
        replay.advance(waiting, 3, Impatient(), clock)
    with waiting.rows.unit() as uow:
        known = shop.profile(uow).as_of
        assert known == LAST - timedelta(days=2)
        assert not finished(uow, known)
    # The day that was left half done is run first.
    reports = replay.advance_until(waiting, LAST, Silent(), clock)
    days = [LAST - timedelta(days=n) for n in (2, 1, 0)]
    assert [report.as_of for report in reports] == days
    with waiting.rows.unit() as uow:
        assert shop.profile(uow).as_of == LAST
        assert all(finished(uow, day) for day in days)
        subjects = [row.subject for row in ledger.list_decisions(uow, limit=200)[0]]
    assert len(set(subjects)) == len(subjects)
    assert connect.feed_days(waiting.lake) == []
    with pytest.raises(ShopError) as nothing:
        replay.advance(waiting, 1, Silent(), clock)
    assert nothing.value.code == "nothing_waits"


def test_the_cycle_comes_by_itself_in_the_shops_own_morning_until_it_has_run(waiting: Stores) -> None:
    with waiting.rows.unit() as uow:
        zone = ZoneInfo(shop.profile(uow).timezone)
    night, morning = (datetime(2024, 6, 3, hour, tzinfo=zone).astimezone(UTC) for hour in (4, 5))
    assert [replay.cycle_due(waiting, now) for now in (night, morning)] == [False, True]
    run_day(waiting, replay.known_day(waiting), Silent(), NOW)
    assert not replay.cycle_due(waiting, morning)


def test_an_empty_shop_waits_for_no_cycle(stores: Stores) -> None:
    assert not replay.cycle_due(stores, NOW)


def test_two_replays_at_once_are_one_too_many(waiting: Stores) -> None:
    with replay.alone(waiting), pytest.raises(ShopError) as second:
        replay.advance(waiting, 1, Silent(), clock)
    assert (second.value.kind, second.value.code) == ("conflict", "replay_runs")


def test_a_shop_that_knows_no_day_cannot_replay(stores: Stores) -> None:
    with pytest.raises(ShopError) as unknown:
        replay.advance(stores, 1, Silent(), clock)
    assert unknown.value.code == "nothing_known"


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_that_make_no_sense_are_refused(stores: Stores, days: int) -> None:
    with pytest.raises(ShopError) as refused:
        replay.advance(stores, days, Silent(), clock)
    assert refused.value.code == "bad_days"
