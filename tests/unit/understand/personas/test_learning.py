"""Scenes learnt from a made-up shop's facts, published, asked for, and never made of who somebody is."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import numpy as np
import pytest
from tests.factories.door import open_door
from tests.factories.scenes import LAST, scene_customers

from shengeng.console import exports
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.personas import api
from shengeng.understand.personas.contracts import LEARN_TASK, MEMBERSHIPS, PERSONAS, PROFILES
from shengeng.understand.personas.jobs import learn_due, register
from shengeng.understand.personas.routes import router


def _published(stores: Stores, day: date) -> list[object]:
    tables = (("personas", PERSONAS), ("memberships", MEMBERSHIPS), ("persona_profiles", PROFILES))
    return [
        stores.lake.table(name, partitions=[day.isoformat()], schema=schema).to_pyarrow().to_pylist()
        for name, schema in tables
    ]


def test_age_sex_and_income_change_no_scene_and_no_weight(facts: Stores) -> None:
    assert api.learn(facts, LAST, Silent()) >= 4
    before = _published(facts, LAST)
    with facts.rows.unit() as uow:
        facts.lake.replace(uow, "customers", scene_customers(2), partition="shop")
    api.learn(facts, LAST, Silent())
    assert _published(facts, LAST) == before
    with facts.rows.unit() as uow:
        facts.lake.remove(uow, "customers", partition="shop")
    api.learn(facts, LAST, Silent())
    assert _published(facts, LAST) == before


def test_later_orders_change_nothing_of_an_earlier_day(facts: Stores) -> None:
    earlier = LAST - timedelta(days=28)
    lines, products = (facts.lake.table(name) for name in ("lines", "products"))
    known = api.count(lines.filter(lines.local_date <= earlier), products, earlier)
    whole = api.count(lines, products, earlier)
    one, two = (api.learn_scenes(counts, earlier) for counts in (known, whole))
    assert one is not None
    assert two is not None
    assert np.array_equal(one.profiles, two.profiles)


def test_one_customers_reasons_and_baskets_sum_to_the_published_weight(facts: Stores) -> None:
    api.learn(facts, LAST, Silent())
    table = api.memberships(facts.lake, LAST)
    published = {
        row["persona_id"]: row for row in table.filter(table.customer_id == "c000").to_pyarrow().to_pylist()
    }
    found, baskets = api.of_customer(facts.lake, LAST, "c000")
    assert baskets == 28
    assert sum(one.weight for one in found) == pytest.approx(1.0)
    for one in found:
        assert one.weight == pytest.approx(published[one.persona_id]["weight"], abs=1e-9)
        assert one.belongs == published[one.persona_id]["belongs"]
        assert sum(reason.adds for reason in one.reasons) == pytest.approx(one.weight, abs=1e-9)
        assert sum(basket.adds for basket in one.baskets) == pytest.approx(one.weight, abs=1e-9)
    assert found[0].reasons[0].name.startswith("母婴")


def test_the_first_learning_looks_two_weeks_back_and_ids_stay(facts: Stores) -> None:
    api.learn(facts, LAST, Silent())
    with facts.rows.unit() as uow:
        trend = api.trend(facts, uow, LAST)
    assert [day for day, _ in trend] == [LAST - timedelta(weeks=back) for back in (2, 1, 0)]
    assert len({tuple(sorted(sizes)) for _, sizes in trend}) == 1


def test_learning_is_due_once_a_week_of_the_shops_days(facts: Stores) -> None:
    assert learn_due(facts)
    api.learn(facts, LAST, Silent())
    assert not learn_due(facts)
    with facts.rows.unit() as uow:
        shop.advance(uow, LAST + timedelta(days=7))
    assert learn_due(facts)


def test_the_worker_learns_the_scenes_that_were_asked_for(facts: Stores) -> None:
    register(facts.queue)
    with facts.rows.unit() as uow:
        uow.enqueue(LEARN_TASK, lock=LEARN_TASK)
    facts.queue.work(facts, threading.Event(), idle=True)
    assert api.catalogue(facts.lake, LAST)
    assert not learn_due(facts)


def test_an_empty_shop_has_no_scenes_and_no_error(stores: Stores) -> None:
    assert api.learn(stores, LAST, Silent()) == 0
    assert api.catalogue(stores.lake, LAST) == []
    assert api.of_customer(stores.lake, LAST, "nobody") == ([], 0)


def test_the_door_tells_scenes_members_and_reasons(facts: Stores) -> None:
    door = open_door(facts, (router, exports.router))
    client = door.signed_in("vera", Role.VIEWER)
    assert client.get("/v1/personas").json()["as_of"] is None
    assert client.get("/v1/personas/p1").json()["error"]["code"] == "personas_not_learnt"
    api.learn(facts, LAST, Silent())
    told = client.get("/v1/personas").json()
    assert told["placed"] == sum(row["customers"] for row in told["personas"])
    largest = told["personas"][0]
    assert len(largest["trend"]) == 3
    assert len(largest["slots"]) == 10
    detail = client.get(f"/v1/personas/{largest['persona_id']}").json()
    ages = detail["described"]["age"]
    assert sum(value["members"] for value in ages) == largest["customers"]
    assert client.get("/v1/personas/p99").json()["error"]["code"] == "no_persona"
    first = client.get(f"/v1/personas/{largest['persona_id']}/members?limit=10").json()
    second = client.get(
        f"/v1/personas/{largest['persona_id']}/members?limit=200&cursor={first['next']}"
    ).json()
    every = [row["customer_id"] for row in first["rows"] + second["rows"]]
    assert len(every) == len(set(every)) == largest["customers"]
    sheet = client.get(f"/v1/files/personas/{largest['persona_id']}", headers={"accept-language": "en"}).text
    assert sheet.lstrip("\ufeff").splitlines()[0] == "Customer,Scene,In this scene,Baskets"
    assert len(sheet.splitlines()) == largest["customers"] + 1
    assert client.get("/v1/files/personas/p99").status_code == 404
    mine = client.get("/v1/personas/customers/c000").json()
    assert mine["said"] == "enough"
    top = mine["memberships"][0]
    assert sum(reason["adds"] for reason in top["reasons"]) + top["reasons_rest"] == pytest.approx(
        top["weight"]
    )
    rare = client.get("/v1/personas/customers/rare").json()
    assert (rare["said"], rare["memberships"], rare["baskets"]) == ("few", [], 1)
    assert client.get("/v1/personas/customers/nobody").status_code == 404
