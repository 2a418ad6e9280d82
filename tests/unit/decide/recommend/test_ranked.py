"""Ranked products of a shop: trained in the background, read by doors, with affinity where there are none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.factories.door import NOON, open_door
from tests.factories.facts import lines_table, products_table
from tests.factories.kept import Keep, Kept, Reopen

from shengeng.decide.recommend import api, store
from shengeng.decide.recommend.contracts import MOST, MOST_NEW, VERSION
from shengeng.decide.recommend.routes import router
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL, Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api as affinity
from shengeng.understand.people import api as people


def _fill(stores: Stores, customers: int, days: int) -> date:
    lines = lines_table(customers=customers, days=days)
    as_of: date = max(lines["local_date"].to_pylist())
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "lines", lines)
        stores.lake.replace(uow, "products", products_table())
        shop.set_profile(uow, SHELL, NOON, name="Shop", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, as_of)
    for estimate in (people.estimate, affinity.estimate):
        with stores.rows.unit() as uow:
            estimate(stores, uow, as_of, Silent())
    return as_of


@pytest.fixture(scope="module")
def ranked(keep: Keep) -> Kept:
    """A shop of 120 customers over 150 days, ranked."""
    return keep(lambda stores: api.train(stores, _fill(stores, 120, 150), Silent()))


@pytest.fixture
def trained(ranked: Kept, reopen: Reopen) -> tuple[Stores, date]:
    """That shop, open, and the day until which it is known."""
    stores = reopen(ranked)
    with stores.rows.unit() as uow:
        profile = shop.find_profile(uow)
    assert profile is not None
    assert profile.as_of is not None
    return stores, profile.as_of


def test_reasons_of_every_stored_row_sum_to_its_score(trained: tuple[Stores, date]) -> None:
    stores, as_of = trained
    rows = api.rank(stores.lake, as_of, ["c0001", "c0002", "c0003"], MOST, new=MOST_NEW)
    assert {row.customer_id for row in rows} == {"c0001", "c0002", "c0003"}
    for row in rows:
        assert abs(row.base + sum(row.reasons.values()) - row.score) < 1e-9
        assert row.probability == pytest.approx(1.0 / (1.0 + np.exp(-row.score)))
        assert row.method == VERSION
        assert row.as_of == as_of


def test_the_likeliest_stand_first(trained: tuple[Stores, date]) -> None:
    stores, as_of = trained
    rows = api.rank(stores.lake, as_of, ["c0005"], 10)
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)


def test_done_twice_it_changes_nothing(trained: tuple[Stores, date]) -> None:
    stores, as_of = trained
    before = api.rank(stores.lake, as_of, ["c0001"], 10)
    assert not api.due(stores, as_of)
    api.train(stores, as_of, Silent())
    assert api.rank(stores.lake, as_of, ["c0001"], 10) == before


def test_a_day_of_the_week_after_is_served_by_the_newest_ranking(trained: tuple[Stores, date]) -> None:
    stores, as_of = trained
    later = api.rank(stores.lake, as_of + timedelta(days=3), ["c0001"], 5)
    assert later == api.rank(stores.lake, as_of, ["c0001"], 5)
    assert (
        api.rank(stores.lake, as_of - timedelta(days=1), ["c0001"], 5) == []
    )  # nothing was known of it then


def test_the_order_is_learnt_again_after_a_week(trained: tuple[Stores, date]) -> None:
    stores, as_of = trained
    for day, learnt in ((as_of + timedelta(days=6), as_of), (as_of + timedelta(days=7), None)):
        api.train(stores, day, Silent())
        with stores.rows.unit() as uow:
            assert store.model_on(stores.lake, uow, day) == (learnt or day)


def test_without_a_ranking_the_chance_of_the_next_purchase_speaks(stores: Stores) -> None:
    as_of = _fill(stores, 20, 60)
    rows = api.rank(stores.lake, as_of, ["c0001"], 5)
    known = affinity.for_customer(stores.lake, as_of, "c0001")[:5]
    assert [row.product_id for row in rows] == [purchase.product_id for purchase in known]
    assert all(abs(row.base + sum(row.reasons.values()) - row.score) < 1e-9 for row in rows)
    assert api.rank(stores.lake, as_of, ["nobody"], 5) == []


def test_a_thin_shop_is_asked_once_and_ranked_by_affinity(stores: Stores) -> None:
    as_of = _fill(stores, 6, 40)
    assert api.train(stores, as_of, Silent()) == 0
    assert not api.due(stores, as_of)
    assert all(row.method != VERSION for row in api.rank(stores.lake, as_of, ["c0001"], 5))


def test_the_door_tells_reasons_and_refuses_strangers(trained: tuple[Stores, date]) -> None:
    stores, as_of = trained
    client = open_door(stores, [router]).signed_in("wu", Role.VIEWER)
    answer = client.get("/v1/recommendations/c0001", params={"k": 5, "new": 2})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["as_of"] == as_of.isoformat()
    assert len(found["rows"]) >= 5
    for row in found["rows"]:
        parts = sum(part["log_odds"] for part in row["reasons"])
        assert abs(row["base"] + parts - row["score"]) < 1e-9
    stranger = client.get("/v1/recommendations/nobody")
    assert stranger.status_code == 404
    assert stranger.json()["error"]["code"] == "no_customer"
    assert client.get("/v1/recommendations/c0001", params={"k": 99}).status_code == 422
