"""Win back: in a shop where good customers fell silent, they are reached within money and calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import numpy as np
import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.facts import START, Line, line, lines_table

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import DecisionRow
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays.day import run_day
from shengeng.plays.win_back import WinBack, tier_shares
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

DAYS = 182
AS_OF = START + timedelta(days=DAYS - 15)
SILENT_FOR = 14


def shop_with_losses(seed: int = 4) -> list[Line]:
    """Two hundred weekly customers; every fourth of the good ones stopped two weeks ago."""
    rng = np.random.default_rng(seed)
    rows = []
    for c in range(200):
        good = c % 2 == 0
        stop = DAYS - 15 - SILENT_FOR if c % 8 == 0 else DAYS
        day = float(rng.uniform(0, 7))
        while day < stop:
            at = datetime.combine(START + timedelta(days=int(day)), time(11))
            rows.append(
                line(
                    f"c{c:03d}",
                    at,
                    f"p{c % 7}",
                    order_id=f"o{c}-{int(day)}",
                    total_minor=9000 if good else 900,
                )
            )
            day += float(rng.gamma(4.0, 1.75))
    return rows


@pytest.fixture
def told(stores: Stores) -> Stores:
    """The shop's facts, before any cycle."""
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=shop_with_losses()), partition="shop")
        shop.set_assumption(uow, ADMIN, {"call_cost_minor": 100}, NOW)
    return stores


def reached(stores: Stores) -> list[DecisionRow]:
    with stores.rows.unit() as uow:
        return list(ledger.list_decisions(uow, play="win_back", limit=200)[0])


def test_the_story_of_winning_back(told: Stores) -> None:
    run_day(told, AS_OF, Silent(), NOW)
    rows = reached(told)
    silent = {f"c{c:03d}" for c in range(0, 200, 8)}
    assert len(rows) >= 10
    assert len({row.subject for row in rows}) == len(rows)
    assert len(silent & {row.subject for row in rows}) >= 0.6 * len(rows)
    assert all(row.basis == "assumed" and row.subject_kind == "customer" for row in rows)
    assert all(row.gain is not None and row.gain.mid > 0 for row in rows)
    with told.rows.unit() as uow:
        day = ledger.slates_of(uow, play="win_back")[0]
        groups, _ = ledger.list_groups(uow, play="win_back")
        shown = ledger.group(uow, groups[0].id)
        one = ledger.decision(uow, rows[0].id)
    assert day.gain.low < day.gain.mid < day.gain.high
    assert {"price_phone", "left_phone", "gap"} <= set(shown.evidence)
    assert one.evidence["stake_minor"] > 0
    assert 0.0 < one.evidence["probability"] < one.evidence["p_alive"] < 1.0

    # Nobody was reached; a week later the facts say how many came unasked.
    run_day(told, AS_OF + timedelta(days=7), Silent(), NOW)
    with told.rows.unit() as uow:
        score = scorecard.scorecard(uow, "win_back").plays[0]
    assert score.n == day.count
    assert 0 <= score.observed <= score.n
    assert not score.in_calibration


def test_calls_and_money_of_the_week_are_kept_over_days(told: Stores) -> None:
    with told.rows.unit() as uow:
        shop.set_assumption(uow, ADMIN, {"calls_per_week": 3}, NOW)
    run_day(told, AS_OF, Silent(), NOW)
    run_day(told, AS_OF + timedelta(days=1), Silent(), NOW)
    assert sum(row.action["channel"] == "phone" for row in reached(told)) == 3


def test_a_budget_is_never_passed_and_more_of_it_has_a_price(told: Stores) -> None:
    with told.rows.unit() as uow:
        ledger.enrol(uow, WinBack())
        ledger.change_rule(uow, ADMIN, "win_back", {"budget_minor": 150}, NOW)
    run_day(told, AS_OF, Silent(), NOW)
    rows = reached(told)
    assert 0 < sum(row.cost_minor or 0 for row in rows) <= 150
    with told.rows.unit() as uow:
        groups, _ = ledger.list_groups(uow, play="win_back")
        shown = ledger.group(uow, groups[0].id)
    assert shown.evidence["price_budget"] > 0


def test_whom_one_play_reaches_the_others_leave_alone(told: Stores) -> None:
    run_day(told, AS_OF, Silent(), NOW)
    with told.rows.unit() as uow:
        found = ledger.contacts(uow, AS_OF + timedelta(days=1), AS_OF + timedelta(days=7))
    plays: dict[str, set[str]] = {}
    for contact in found:
        plays.setdefault(contact.customer_id, set()).add(contact.play)
    assert {"win_back", "repeat_reminder"} <= {play for of in plays.values() for play in of}
    assert all(len(of) == 1 for of in plays.values())


def test_a_customer_can_be_left_alone_and_nothing_else(told: Stores) -> None:
    run_day(told, AS_OF, Silent(), NOW)
    row = reached(told)[0]
    with told.rows.unit() as uow:

        def edit(version: int, action: dict[str, object]) -> object:
            return ledger.edit(
                uow,
                told.lake,
                WinBack(),
                ADMIN,
                row.id,
                action=action,
                version=version,
                why=None,
                now=NOW,
            )

        for hostile in ({"treatment": "gift"}, {"channel": "phone"}, {"units": 1}):
            with pytest.raises(ShopError) as refused:
                edit(1, dict(hostile))
            assert refused.value.kind == "invalid"
        edit(1, {"treatment": None, "channel": None})
        left = ledger.decision(uow, row.id).row
    assert left.gain is not None
    assert (left.gain.mid, left.cost_minor) == (0, 0)


def test_the_middle_tier_is_reached_only_within_its_share_of_a_budget(told: Stores) -> None:
    with told.rows.unit() as uow:
        ledger.enrol(uow, WinBack())
        ledger.change_rule(uow, ADMIN, "win_back", {"budget_minor": 1_000}, NOW)
        shop.set_assumption(uow, ADMIN, {"winback_mid_share": 0.2}, NOW)
    run_day(told, AS_OF, Silent(), NOW)
    with told.rows.unit() as uow:
        spent = {"high": 0, "mid": 0, "low": 0}
        for row in reached(told):
            spent[ledger.decision(uow, row.id).evidence["tier"]] += row.cost_minor or 0
        groups, _ = ledger.list_groups(uow, play="win_back")
        evidence = ledger.group(uow, groups[0].id).evidence
    assert spent["high"] > 0
    assert 0 <= spent["mid"] <= 200
    assert spent["low"] == 0
    assert evidence["left_mid"] == pytest.approx(0.2 - spent["mid"] / 1_000, abs=1e-4)
    assert "price_mid" in evidence


def test_without_a_budget_a_share_of_it_reaches_nobody_of_the_middle_tier(told: Stores) -> None:
    with told.rows.unit() as uow:
        given = shop.assumptions(uow)
    assert tier_shares(replace(given, winback_mid_share=0.5), None) == {}
    assert tier_shares(given, 1_000) == {}
    assert tier_shares(replace(given, winback_mid_share=0.5), 1_000) == {"mid": 0.5}
