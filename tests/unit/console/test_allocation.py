"""The what-if of a budget: answers on the shop's customers at risk, and refuses what means nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.door import open_door
from tests.factories.facts import START, line, lines_table

from shengeng.console import allocation
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

DAYS = 168
LAST = START + timedelta(days=DAYS - 1)


@pytest.fixture
def estimated(stores: Stores) -> Stores:
    """Two hundred weekly customers; every fourth stopped two weeks before the last day."""
    rng, rows = np.random.default_rng(4), []
    for c in range(200):
        day = float(rng.uniform(0, 7))
        while day < (DAYS - 14 if c % 4 == 0 else DAYS):
            at = datetime.combine(START + timedelta(days=int(day)), time(9))
            rows.append(line(f"c{c}", at, order_id=f"o{c}-{int(day)}", total_minor=9000))
            day += float(rng.gamma(4.0, 1.75))
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=rows), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="田", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, LAST)
    for estimate in (people.estimate, value.estimate, lifecycle.estimate):
        with stores.rows.unit() as uow:
            estimate(stores, uow, LAST, Silent())
    return stores


def test_a_smaller_budget_brings_less_and_keeps_its_limits(estimated: Stores) -> None:
    client = open_door(estimated, (allocation.router,)).signed_in("mei", Role.VIEWER)
    every: dict[str, object] = {"tiers": ["high", "mid", "low"]}
    free = client.post("/v1/allocation/what-if", json=every).json()
    assert 0 < free["reached"] <= free["customers"]
    tight = client.post(
        "/v1/allocation/what-if", json=every | {"budget_minor": 5, "capacity": {"phone": 1}}
    ).json()
    assert tight["spend_minor"] <= 5
    assert tight["gain_minor"]["mid"] < free["gain_minor"]["mid"]
    assert {(found["kind"], found["key"]) for found in tight["limits"]} == {
        ("budget", ""),
        ("channel", "phone"),
    }
    assert sum(cell["customers"] for cell in tight["cells"]) == tight["reached"]
    gains = [point["gain_minor"] for point in tight["curve"]]
    assert gains == sorted(gains)


def test_shares_of_no_budget_and_unknown_ways_are_refused(estimated: Stores) -> None:
    client = open_door(estimated, (allocation.router,)).signed_in("mei", Role.VIEWER)
    for hostile in ({"tier_share": {"high": 0.5}}, {"ways": ["gift"]}, {"budget_minor": -1}, {"luck": 1}):
        assert client.post("/v1/allocation/what-if", json=hostile).status_code == 422
