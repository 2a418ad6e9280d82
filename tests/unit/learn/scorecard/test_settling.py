"""What came is held against what was expected: once, again when facts come late, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from tests.factories.decisions import ADMIN, DAY, NOW
from tests.factories.facts import Line, line, lines_table

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import (
    GroupProposal,
    Play,
    Proposal,
    Reason,
    Slate,
    Worth,
    customer_product,
)
from shengeng.kernel.units import Interval
from shengeng.learn.scorecard import api as scorecard
from shengeng.learn.scorecard.contracts import Settled
from shengeng.plays.repeat_reminder import RepeatReminder
from shengeng.plays.stock_up import StockUp
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

PLAYS: Sequence[Play] = (RepeatReminder(), StockUp())
END = DAY + timedelta(days=7)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour))


def sell(stores: Stores, uow: UnitOfWork, *rows: Line) -> None:
    stores.lake.append(uow, "lines", lines_table(rows=list(rows)), partition="shop")


def reminder(customer: str, product: str, chance: float) -> Proposal:
    high = 1.0 if chance > 0.1 else 0.0
    return Proposal(
        subject=customer_product(customer, product),
        title=product,
        action={"reminder": True, "channel": None},
        default_action={"reminder": False, "channel": None},
        worth=Worth(Interval(1, 2, 3), 1, Interval(0, chance, max(high, chance))),
        evidence={"probability": chance, "margin_minor": 100.0},
        customer_id=customer,
        product_id=product,
    )


def stock(product: str, units: int, default: int) -> Proposal:
    return Proposal(
        subject=product,
        title=product,
        action={"units": units},
        default_action={"units": default},
        worth=Worth(Interval(0, 50, 100), 0, Interval(4, 6, 8)),
        evidence={"unit_price_minor": 100},
        product_id=product,
    )


def offer(
    uow: UnitOfWork, play: Play, proposals: Sequence[Proposal], gain: Interval, forecast: Interval
) -> None:
    group = GroupProposal("tea", play.team, gain, forecast, Reason("made_up"), proposals)
    made = Slate(
        proposed_on=DAY,
        window_start=DAY + timedelta(days=1),
        window_end=END,
        horizon_days=7,
        method="by hand",
        assumptions={"margin_rate": 0.4, "scrap_rate": 0.1},
        groups=[group],
        gain=gain,
        forecast=forecast,
    )
    ledger.enrol(uow, play)
    ledger.propose(uow, play, made, NOW)


def offer_both(uow: UnitOfWork) -> None:
    pairs = [reminder("ann", "tea", 0.5), reminder("bob", "tea", 0.2), reminder("cem", "tea", 0.3)]
    offer(uow, RepeatReminder(), pairs, Interval(3, 6, 9), Interval(0, 1, 2))
    offer(
        uow, StockUp(), [stock("tea", 10, 4), stock("salt", 2, 6)], Interval(40, 100, 200), Interval(5, 9, 12)
    )


def test_only_purchases_inside_the_window_count(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        sell(
            stores,
            uow,
            line("ann", at(DAY), "tea"),  # the evening before: not in the window
            line("bob", at(DAY + timedelta(days=1), 0), "tea"),  # its first hour
            line("cem", at(END, 23), "salt"),  # another product
            line("ann", at(END + timedelta(days=1)), "tea"),  # the day after
        )
    with stores.rows.unit() as uow:
        scorecard.settle(uow, stores.lake, END + timedelta(days=1), PLAYS)
        rows, _ = ledger.list_decisions(uow, play="repeat_reminder")
    seen = {row.subject: row.settlement.forecast_observed for row in rows if row.settlement}
    assert seen == {"ann/tea": 0.0, "bob/tea": 1.0, "cem/tea": 0.0}
    assert all(row.settlement and row.settlement.gain_observed_minor is None for row in rows)
    assert all(row.settlement and row.settlement.kind == "observed_untreated" for row in rows)


def test_stock_is_settled_by_replaying_both_policies_on_what_was_sold(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        sell(stores, uow, line("ann", at(END), "tea", quantity=5), line(None, at(END), "tea", quantity=2))
    with stores.rows.unit() as uow:
        scorecard.settle(uow, stores.lake, END, PLAYS)
        rows, _ = ledger.list_decisions(uow, play="stock_up")
    got = {row.subject: row.settlement for row in rows if row.settlement}
    # tea, wanted 7 at 100: 10 units sell 7 and leave 3 (280 - 30), 4 units sell 4 (160): +90.
    # salt, wanted none: 2 units leave 2 (-20), 6 leave 6 (-60): +40.
    assert (got["tea"].gain_observed_minor, got["tea"].forecast_observed, got["tea"].inside) == (
        90,
        7.0,
        True,
    )
    assert (got["salt"].gain_observed_minor, got["salt"].forecast_observed, got["salt"].inside) == (
        40,
        0.0,
        False,
    )


def test_nothing_is_settled_before_its_window_is_over(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        assert scorecard.settle(uow, stores.lake, END - timedelta(days=1), PLAYS) == Settled(0, 0)
        assert scorecard.scorecard(uow).plays == []


def test_settling_twice_changes_nothing(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        assert scorecard.settle(uow, stores.lake, END, PLAYS) == Settled(5, 0)
        before = scorecard.scorecard(uow)
    with stores.rows.unit() as uow:
        assert scorecard.settle(uow, stores.lake, END + timedelta(days=3), PLAYS) == Settled(0, 0)
        assert scorecard.scorecard(uow) == before


def test_a_line_that_comes_late_is_a_further_settlement_and_the_first_one_stays(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        scorecard.settle(uow, stores.lake, END, PLAYS)
    with stores.rows.unit() as uow:
        sell(stores, uow, line("cem", at(END), "tea", quantity=3))
    with stores.rows.unit() as uow:
        assert scorecard.settle(uow, stores.lake, END + timedelta(days=2), PLAYS) == Settled(0, 2)
        row = ledger.list_decisions(uow, subject="cem/tea")[0][0]
        versions = [(s.version, s.forecast_observed) for s in ledger.decision(uow, row.id).settlements]
        score = scorecard.scorecard(uow, "repeat_reminder").plays[0]
    assert versions == [(1, 0.0), (2, 1.0)]
    assert row.settlement is not None
    assert row.settlement.forecast_observed == 1.0
    assert (score.observed, score.n) == (1.0, 3)


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_what_people_decided_does_not_change_what_is_held_against_the_facts(
    stores: Stores, verdict: ledger.Verdict
) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        for group in ledger.list_groups(uow)[0]:
            ledger.judge_group(uow, ADMIN, group.id, verdict, version_sum=None, why=None, now=NOW)
        assert scorecard.settle(uow, stores.lake, END, PLAYS).first == 5


def test_assumed_gains_stay_out_of_gain_calibration(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        offer_both(uow)
        sell(stores, uow, line("ann", at(END), "tea", quantity=7))
    with stores.rows.unit() as uow:
        scorecard.settle(uow, stores.lake, END, PLAYS)
        card = scorecard.scorecard(uow)
    scores = {score.play: score for score in card.plays}
    hint, shelf = scores["repeat_reminder"], scores["stock_up"]
    assert (hint.unit, hint.in_calibration, hint.expected.mid, hint.observed) == ("buyers", False, 1.0, 1.0)
    assert {level.measure for level in hint.levels} == {"forecast"}
    assert (shelf.unit, shelf.in_calibration, shelf.expected.mid, shelf.observed) == ("minor", True, 100, 130)
    assert (shelf.coverage, shelf.n, shelf.days) == (1.0, 2, 1)
    assert {(p.play, p.unit) for p in card.points} == {("repeat_reminder", "buyers"), ("stock_up", "minor")}
    assert (card.since, card.until) == (DAY + timedelta(days=1), END)
