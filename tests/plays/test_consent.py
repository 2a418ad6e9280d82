"""Who withdrew marketing is reached by no play, and the day says how many were left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.facts import START, lines_table, shop_lines

from shengeng.decide.ledger import api as ledger
from shengeng.govern.consent import api as consent
from shengeng.govern.consent.contracts import Said
from shengeng.govern.shop import api as shop
from shengeng.plays.day import run_day
from shengeng.sense.identity import api as identity
from shengeng.sense.identity.contracts import Edge
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

AS_OF = START + timedelta(days=119)


@pytest.fixture
def told(stores: Stores) -> Stores:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=shop_lines()), partition="shop")
    return stores


def say(stores: Stores, person: str, granted: bool, hours: int = 1) -> None:
    at = NOW - timedelta(hours=hours)
    said = Said(person, "marketing", "any", granted, at, "shop", "v1")
    with stores.rows.unit() as uow:
        assert consent.record(uow, ADMIN, said, NOW)


def reached(stores: Stores) -> set[str]:
    with stores.rows.unit() as uow:
        slates = ledger.slates_of(uow, day=AS_OF)
        contacts = ledger.contacts(uow, AS_OF + timedelta(days=1), AS_OF + timedelta(days=7))
    assert {slate.play for slate in slates} >= {"win_back", "repeat_reminder", "complement"}
    return {contact.customer_id for contact in contacts}


def everybody(stores: Stores) -> set[str]:
    run_day(stores, AS_OF, Silent(), NOW)
    return reached(stores)


def test_without_a_word_everybody_is_reached_as_the_shop_assumes(told: Stores) -> None:
    assert len(everybody(told)) > 3


def test_who_withdrew_is_left_out_and_who_came_back_is_not(told: Stores) -> None:
    known = sorted(set(told.lake.table("lines").customer_id.to_pyarrow().to_pylist()) - {None})
    assert len(known) > 10
    half = known[::2]
    for person in half:
        say(told, person, False)
    say(told, half[0], True, hours=0)
    found = everybody(told)
    assert found
    assert found & set(half[1:]) == set()


def test_a_shop_that_wants_consent_first_reaches_nobody_who_was_never_asked(told: Stores) -> None:
    known = sorted(set(told.lake.table("lines").customer_id.to_pyarrow().to_pylist()) - {None})
    with told.rows.unit() as uow:
        shop.set_assumption(uow, ADMIN, {"marketing_unknown": 0}, NOW)
    allowed = known[::2]
    for person in allowed:
        say(told, person, True)
    found = everybody(told)
    assert found
    assert found <= set(allowed)


def test_a_word_said_under_one_id_holds_for_the_whole_person(told: Stores) -> None:
    known = sorted(set(told.lake.table("lines").customer_id.to_pyarrow().to_pylist()) - {None})
    with told.rows.unit() as uow:
        edges = [
            Edge("unionid", f"union-of-{person}-in-wecom", "customer", person, "test", NOW, {})
            for person in known
        ]
        edges += [
            Edge("unionid", f"union-of-{person}-in-wecom", "customer", f"app-{person}", "test", NOW, {})
            for person in known
        ]
        identity.observe(uow, edges, NOW)
    for person in known:
        say(told, f"app-{person}", False)
    run_day(told, AS_OF, Silent(), NOW)
    assert reached(told) == set()
