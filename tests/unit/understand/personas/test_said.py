"""What simulated reviews change in the scenes of a made-up shop, and what they do not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories.door import open_door
from tests.factories.scenes import LAST, review, reviews_table

from shengeng.kernel.roles import Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.personas import api
from shengeng.understand.personas.contracts import MEMBERSHIPS, PERSONAS, PROFILES
from shengeng.understand.personas.routes import router

SILENT_WORDS = ("很好", "物流快", "Good.", "as described")


def _published(stores: Stores, day: date) -> list[object]:
    tables = (("personas", PERSONAS), ("memberships", MEMBERSHIPS), ("persona_profiles", PROFILES))
    return [
        stores.lake.table(name, partitions=[day.isoformat()], schema=schema).to_pyarrow().to_pylist()
        for name, schema in tables
    ]


def _write(stores: Stores, rows: list[dict[str, object]]) -> None:
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "reviews", reviews_table(rows), partition="shop")


def _simulated() -> list[dict[str, object]]:
    """Buyers of the first group write for the children, some of the third for guests, others plainly."""
    rows = []
    for who in range(0, 90, 2):
        text = {0: "给孩子买的，孩子很喜欢", 2: "家里聚会用的"}[who % 4]
        told = who % 8 < 4
        words = f"第{who}次来。{text}" if told else SILENT_WORDS[who % 4]
        rows.append(review(who, f"c{who:03d}", LAST - timedelta(days=who), words))
    return rows


def test_without_a_word_of_need_every_published_row_stays_the_same(facts: Stores) -> None:
    api.learn(facts, LAST, Silent())
    before = _published(facts, LAST)
    later, long_ago = LAST + timedelta(days=1), LAST - timedelta(days=366)
    rows = [
        review(1, None, LAST, "给孩子买的"),
        review(2, "nobody", LAST, "给孩子买的"),
        review(3, "c000", later, "给孩子买的"),
        review(4, "c000", long_ago, "给孩子买的"),
        review(5, "c000", LAST, "很好"),
    ]
    _write(facts, rows)
    api.learn(facts, LAST, Silent())
    assert _published(facts, LAST) == before


def test_what_members_write_names_the_scene_and_stands_on_its_card(facts: Stores) -> None:
    api.learn(facts, LAST, Silent())
    plain = {row["persona_id"]: row["name_zh"] for row in api.catalogue(facts.lake, LAST)}
    _write(facts, _simulated())
    api.learn(facts, LAST, Silent())
    cards = api.catalogue(facts.lake, LAST)
    told = [card for card in cards if any(one["name"] == "child" for one in card["voices"])]
    assert len(told) == 1
    voice = told[0]["voices"][0]
    assert (voice["said"], voice["wrote"]) == (12, 23)
    assert voice["shop"] == pytest.approx(12 / 45)
    assert "为孩子" in told[0]["name_zh"]
    assert "for the children" in told[0]["name_en"]
    assert "为孩子" not in plain[told[0]["persona_id"]]


def test_a_review_adds_to_the_weight_and_is_quoted_with_its_day(facts: Stores) -> None:
    _write(facts, _simulated())
    api.learn(facts, LAST, Silent())
    table = api.memberships(facts.lake, LAST)
    for customer in ("c000", "c002", "c004", "c001"):
        rows = table.filter(table.customer_id == customer).to_pyarrow().to_pylist()
        published = {row["persona_id"]: row["weight"] for row in rows}
        found, _ = api.of_customer(facts.lake, LAST, customer)
        for one in found:
            assert one.weight == pytest.approx(published[one.persona_id], abs=1e-9)
            assert sum(reason.adds for reason in one.reasons) == pytest.approx(one.weight, abs=1e-9)
            both = sum(part.adds for part in one.baskets) + sum(part.adds for part in one.reviews)
            assert both == pytest.approx(one.weight, abs=1e-9)
    found, _ = api.of_customer(facts.lake, LAST, "c000")
    quoted = found[0].reviews[0]
    assert (quoted.cue, quoted.day, quoted.sentence) == ("child", LAST, "给孩子买的，孩子很喜欢")
    assert any(reason.kind == "said" and reason.name == "child" for reason in found[0].reasons)


def test_the_same_words_twice_count_once(facts: Stores) -> None:
    _write(facts, _simulated())
    api.learn(facts, LAST, Silent())
    before = _published(facts, LAST)
    again = [row | {"review_id": f"{row['review_id']}-again"} for row in _simulated()]
    _write(facts, _simulated() + again)
    api.learn(facts, LAST, Silent())
    assert _published(facts, LAST) == before


def test_the_door_tells_what_was_said(facts: Stores) -> None:
    _write(facts, _simulated())
    api.learn(facts, LAST, Silent())
    client = open_door(facts, (router,)).signed_in("vera", Role.VIEWER)
    rows = client.get("/v1/personas").json()["personas"]
    (voice,) = [one for row in rows for one in row["voices"] if one["cue"] == "child"]
    assert (voice["name_zh"], voice["name_en"]) == ("为孩子", "for the children")
    top = client.get("/v1/personas/customers/c000").json()["memberships"][0]
    shown = [*top["baskets"], *top["reviews"]]
    whole = sum(part["adds"] for part in shown) + top["baskets_rest"] + top["reviews_rest"]
    assert whole == pytest.approx(top["weight"])
    assert top["reviews"][0]["sentence"] == "给孩子买的，孩子很喜欢"
    assert top["reviews"][0]["day"] == LAST.isoformat()
