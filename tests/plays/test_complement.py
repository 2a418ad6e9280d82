"""Complement: in a shop where two things go together, whoever bought the one is told of the other."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pytest
from tests.factories.decisions import NOW
from tests.factories.facts import START, Line, line, lines_table

from shengeng.decide.ledger import api as ledger
from shengeng.govern.shop import api as shop
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays.day import run_day
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

WEEKS = 20
AS_OF = START + timedelta(days=7 * (WEEKS - 1) - 1)


def pots_and_dips(seed: int = 5) -> list[Line]:
    """Once in a while a hot pot (60.00), half the time with a dip (25.00); and something else every week."""
    rng = np.random.default_rng(seed)
    rows = []
    for c in range(240):
        for week in range(WEEKS):
            at = datetime.combine(START + timedelta(days=7 * week + int(rng.integers(0, 7))), time(18))
            key = f"o{c}-{week}"
            basket = [(f"q{int(rng.integers(0, 12))}", 800)]
            if rng.random() < 0.12:
                basket.append(("pot", 6000))
                if rng.random() < 0.5:
                    basket.append(("dip", 2500))
            for place, (product, price) in enumerate(basket):
                rows.append(
                    line(f"c{c:03d}", at, product, order_id=key, line_no=place + 1, total_minor=price)
                )
    return rows


def test_the_story_of_a_complement(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=pots_and_dips()), partition="shop")
    run_day(stores, AS_OF, Silent(), NOW)
    with stores.rows.unit() as uow:
        rows, total = ledger.list_decisions(uow, play="complement", limit=200)
        day = ledger.slates_of(uow, play="complement")[0]
        one = ledger.decision(uow, rows[0].id)
        contacts = ledger.contacts(uow, day.window_start, day.window_end)
    assert total >= 5
    dips = [row for row in rows if row.subject_params["product_id"] == "dip"]
    assert len(dips) >= 0.3 * total
    assert len({row.subject_params["customer_id"] for row in rows}) == total
    assert one.evidence["lift"] > 2
    assert 0.0 < one.evidence["probability"] < 0.5
    assert day.gain.low <= day.gain.mid <= day.gain.high
    # Whoever is reminded already is not told of a complement too.
    told = [contact.customer_id for contact in contacts if contact.play == "complement"]
    others = {contact.customer_id for contact in contacts if contact.play != "complement"}
    assert not others & set(told)

    run_day(stores, AS_OF + timedelta(days=7), Silent(), NOW)
    with stores.rows.unit() as uow:
        score = scorecard.scorecard(uow, "complement").plays[0]
    assert score.n == total
    # A pot comes in 12% of weeks, a dip in half of these.
    assert score.expected.mid / score.n == pytest.approx(0.09, abs=0.06)


def test_a_shop_without_orders_says_so(stores: Stores) -> None:
    run_day(stores, AS_OF, Silent(), NOW)
    with stores.rows.unit() as uow:
        said = {slate.play: slate.nothing_because for slate in ledger.slates_of(uow, day=AS_OF)}
        assert shop.assumptions(uow).plays_per_customer == 1
    assert {said[play].code for play in ("win_back", "complement") if said[play]} == {"no_orders"}
