"""Repeat reminder: in a shop whose habits are known, the right people are reminded of the right thing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.facts import START, Line, line, lines_table
from tests.factories.kept import Keep, Kept, Reopen

from shengeng.decide.ledger import api as ledger
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays.day import PLAYS, run_day
from shengeng.plays.repeat_reminder import RepeatReminder
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

WEEKS = 22
AS_OF = START + timedelta(days=7 * (WEEKS - 2) - 1)
EVERYBODY = 260
LIKELY = 0.45


def habits(seed: int = 3) -> list[Line]:
    """Everybody buys coffee (20.00) in 45% of the weeks and salt (0.40) in as many."""
    rng = np.random.default_rng(seed)
    rows = []
    for c in range(EVERYBODY):
        for week in range(WEEKS):
            for product, price in (("coffee", 2000), ("salt", 40)):
                if rng.random() < LIKELY:
                    day = START + timedelta(days=7 * week + int(rng.integers(0, 7)))
                    at = datetime.combine(day, time(10))
                    key = f"{product}{c}-{week}"
                    rows.append(line(f"c{c:03d}", at, product, order_id=key, total_minor=price))
    return rows


@pytest.fixture(scope="module")
def after_a_cycle(keep: Keep) -> Kept:
    """The shop after one cycle."""
    return keep(_one_cycle)


@pytest.fixture
def told(after_a_cycle: Kept, reopen: Reopen) -> Stores:
    """That shop, open."""
    return reopen(after_a_cycle)


def _one_cycle(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=habits()), partition="shop")
    run_day(stores, AS_OF, Silent(), NOW)


def test_the_story_of_a_reminder(told: Stores) -> None:
    with told.rows.unit() as uow:
        rows, total = ledger.list_decisions(uow, play="repeat_reminder", limit=200)
        day = ledger.slates_of(uow, play="repeat_reminder")[0]
    # Coffee pays for its contact, salt (margin 0.10, response 3%) does not.
    assert total > 30
    assert {row.subject_params["product_id"] for row in rows} == {"coffee"}
    assert all(row.basis == "assumed" and row.cost_minor == 1 for row in rows)
    assert len({row.subject for row in rows}) == len(rows)
    # Each is due in the window, and the forecast knows the habit that was planted.
    with told.rows.unit() as uow:
        details = [ledger.decision(uow, row.id) for row in rows[:20]]
    for detail in details:
        assert day.window_start <= date.fromisoformat(detail.evidence["due_on"]) <= day.window_end
        assert detail.assumptions["response"] == 0.03
        assert (detail.propensity, detail.holdout) == (1.0, False)
    assert day.forecast.mid / day.count == pytest.approx(LIKELY, abs=0.08)
    assert day.gain.low < day.gain.mid < day.gain.high

    # A week later nobody was reminded, and as many bought as such habits make.
    run_day(told, AS_OF + timedelta(days=7), Silent(), NOW)
    with told.rows.unit() as uow:
        score = scorecard.scorecard(uow, "repeat_reminder").plays[0]
        states = {group.state for group in ledger.list_groups(uow, day=AS_OF)[0]}
    assert states == {"expired"}
    assert score.n == day.count
    assert score.observed / score.n == pytest.approx(LIKELY, abs=0.15)
    assert not score.in_calibration


def test_the_number_of_reminders_a_customer_gets_is_kept_over_days(told: Stores) -> None:
    with told.rows.unit() as uow:
        shop.set_assumption(uow, ADMIN, {"reminders_per_customer": 1}, NOW)
    for later in (1, 2):
        run_day(told, AS_OF + timedelta(days=later), Silent(), NOW)
    with told.rows.unit() as uow:
        rows, _ = ledger.list_decisions(uow, play="repeat_reminder", limit=200)
    busy = [row.subject_params["customer_id"] for row in rows]
    assert len(busy) == len(set(busy))


def test_a_reminder_can_be_left_out_or_get_a_channel_and_nothing_else(told: Stores) -> None:
    with told.rows.unit() as uow:
        row = ledger.list_decisions(uow, play="repeat_reminder", limit=1)[0][0]

        def edit(version: int, action: dict[str, object]) -> object:
            return ledger.edit(
                uow,
                told.lake,
                RepeatReminder(),
                ADMIN,
                row.id,
                action=action,
                version=version,
                why=None,
                now=NOW,
            )

        edit(1, {"channel": "wecom"})
        kept = ledger.decision(uow, row.id).row
        assert kept.gain is not None
        assert row.gain is not None
        assert kept.gain.mid == pytest.approx(row.gain.mid, abs=1)
        edit(2, {"reminder": False})
        left_out = ledger.decision(uow, row.id).row
        assert left_out.gain is not None
        assert (left_out.gain.mid, left_out.cost_minor) == (0, 0)
        for hostile in (
            {"reminder": "yes"},
            {"channel": ""},
            {"channel": "x" * 41},
            {"units": 3},
            {"channel": 1},
        ):
            with pytest.raises(ShopError) as refused:
                edit(3, dict(hostile))
            assert refused.value.kind == "invalid"


def test_the_plays_say_what_they_rest_on() -> None:
    said = {play.key: (play.team, play.basis, play.settlement, play.default_policy) for play in PLAYS}
    assert said == {
        "win_back": ("growth", "assumed", "observed_untreated", "no_contact"),
        "complement": ("growth", "assumed", "observed_untreated", "no_suggestion"),
        "repeat_reminder": ("growth", "assumed", "observed_untreated", "no_reminder"),
        "stock_up": ("supply", "policy", "policy_replay", "last_week"),
    }
