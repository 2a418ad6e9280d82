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
        dips = [row for row in rows if row.subject_params["product_id"] == "dip"]
        told = [ledger.decision(uow, row.id) for row in dips]
        contacts = ledger.contacts(uow, day.window_start, day.window_end)
    assert total >= 5
    # Of eleven things that could go with a pot by chance, the dip is a third of all suggestions at least.
    assert len(dips) >= 0.3 * total
    assert len({row.subject_params["customer_id"] for row in rows}) == total
    one = max(told, key=lambda dip: float(dip.evidence["lift"]))
    assert (one.evidence["goes_with"], one.evidence["lift"] > 2) == ("pot", True)
    assert all(0.0 < dip.evidence["probability"] < 0.5 for dip in told)
    # The response is stated for one basket in ten and grows with how likely the pair is.
    assert one.evidence["response"] == pytest.approx(0.02 * one.evidence["likelihood"] / 0.1, abs=1e-4)
    assert day.gain.low <= day.gain.mid <= day.gain.high
    # Whoever is reminded already is not told of a complement too.
    suggested = [contact.customer_id for contact in contacts if contact.play == "complement"]
    others = {contact.customer_id for contact in contacts if contact.play != "complement"}
    assert not others & set(suggested)

    run_day(stores, AS_OF + timedelta(days=7), Silent(), NOW)
    with stores.rows.unit() as uow:
        score = scorecard.scorecard(uow, "complement").plays[0]
    assert score.n == total
    # A dip comes in 6% of weeks, one of the others in 8%, whatever a pair's likelihood of .14 to .53 says;
    # about 20 purchases of four weeks are learnt from, so a fifth of it is luck.
    assert 0.05 < score.expected.mid / score.n < 0.13


def test_a_shop_without_orders_says_so(stores: Stores) -> None:
    run_day(stores, AS_OF, Silent(), NOW)
    with stores.rows.unit() as uow:
        said = {slate.play: slate.nothing_because for slate in ledger.slates_of(uow, day=AS_OF)}
        assert shop.assumptions(uow).plays_per_customer == 1
    assert {why.code if why else None for why in said.values()} == {"no_orders"}
