"""The customers list by scene, and the same list as a file."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.factories.decisions import ADMIN, NOW
from tests.factories.door import open_door
from tests.factories.facts import lines_table
from tests.factories.scenes import LAST, scene_lines, scene_products

from shengeng.console import exports
from shengeng.console.customers import router
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.people import api as people
from shengeng.understand.personas import api as personas


@pytest.fixture
def viewer(stores: Stores) -> TestClient:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=list(scene_lines())), partition="shop")
        stores.lake.append(uow, "products", scene_products(), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="Made up", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, LAST)
    with stores.rows.unit() as uow:
        people.estimate(stores, uow, LAST, Silent())
    return open_door(stores, (router, exports.router)).signed_in("vera", Role.VIEWER)


def test_a_scene_lists_exactly_its_members_with_its_name(stores: Stores, viewer: TestClient) -> None:
    personas.learn(stores, LAST, Silent())
    for card in personas.catalogue(stores.lake, LAST):
        members = personas.members(stores.lake, LAST, card["persona_id"], limit=200)
        page = viewer.get("/v1/customers", params={"persona": card["persona_id"], "limit": 200}).json()
        assert page["total"] == card["customers"]
        assert {row["customer_id"] for row in page["rows"]} == {row["customer_id"] for row in members}
        assert all(row["persona"]["name_zh"] == card["name_zh"] for row in page["rows"])


def test_pages_of_a_scene_join_without_gap_or_repeat(stores: Stores, viewer: TestClient) -> None:
    personas.learn(stores, LAST, Silent())
    wanted = {"persona": "p1", "sort": "orders", "limit": "7"}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = viewer.get("/v1/customers", params=wanted | ({"cursor": cursor} if cursor else {})).json()
        seen += [row["customer_id"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]


def test_the_file_follows_the_scene_and_names_it_in_the_readers_language(
    stores: Stores, viewer: TestClient
) -> None:
    personas.learn(stores, LAST, Silent())
    card = personas.catalogue(stores.lake, LAST)[0]
    wanted = {"persona": card["persona_id"]}
    for lang, heading in (("zh", "场景"), ("en", "Scene")):
        sheet = viewer.get("/v1/files/customers", params=wanted, headers={"accept-language": lang}).text
        rows = sheet.lstrip("\ufeff").splitlines()
        assert rows[0].endswith(heading)
        assert len(rows) == card["customers"] + 1
        assert all(card[f"name_{lang}"] in row for row in rows[1:])


def test_a_scene_that_is_gone_lists_nobody(stores: Stores, viewer: TestClient) -> None:
    personas.learn(stores, LAST, Silent())
    assert viewer.get("/v1/customers", params={"persona": "p99"}).json()["total"] == 0


def test_before_scenes_are_learnt_the_list_is_whole_and_nobody_has_one(viewer: TestClient) -> None:
    page = viewer.get("/v1/customers").json()
    assert page["total"] == 91
    assert all(row["persona"] is None for row in page["rows"])
    assert viewer.get("/v1/customers", params={"persona": "p1"}).json()["total"] == 0


def test_the_customers_own_page_says_the_same_scene(stores: Stores, viewer: TestClient) -> None:
    personas.learn(stores, LAST, Silent())
    listed = viewer.get("/v1/customers", params={"q": "c000"}).json()["rows"][0]
    assert listed["persona"] is not None
    assert viewer.get("/v1/customers/c000").json()["row"]["persona"] == listed["persona"]
