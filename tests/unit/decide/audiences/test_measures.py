"""Measures of facts are what counting them one by one says, at every bound and in every window."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
from tests.factories.audiences import GOODS, LiveShop

from shengeng.decide.audiences import api
from shengeng.decide.audiences.api import facts
from shengeng.decide.audiences.contracts.language import Trait
from shengeng.decide.audiences.methods.kept import Kept
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.methods.reviews import scale, tone
from shengeng.decide.audiences.methods.traits import holds
from shengeng.decide.audiences.store.people import BYTES_A_FACT
from shengeng.storage.stores import Stores

ORDER: dict[str, Any] = {"fact": "order"}


def asked(shop: LiveShop, where: dict[str, Any]) -> set[str]:
    """Whom a sentence is true of."""
    with shop.stores.rows.unit() as uow:
        found = api.preview(shop.stores, uow, api.checked(shop.stores, uow, {"where": where}), shop.now)
    assert found.count <= 10, "the sample has to be everybody here"
    return {one.person_id for one in found.sample}


def did(measure: str, of: str, value: float, compare: str = "gte", **rest: Any) -> dict[str, Any]:
    said = {"op": "did", "what": ORDER, "measure": measure, "of": of, "compare": compare, "value": value}
    return said | rest


@pytest.fixture
def shop(stores: Stores) -> LiveShop:
    """c1: two orders of apples, one with milk, on two days; c2: one large order at night; c3: only looked."""
    found = LiveShop(stores).open()
    found.order("c1", -50, "a", "b", minor=500)
    found.order("c1", -3, "a", minor=700)
    found.order("c2", -10, "a", "b", "c", minor=2000)
    found.event("Product Viewed", -2, customer="c3", product="a")
    found.event("Product Viewed", -1, customer="c3", product="b")
    found.event("Product Viewed", -1, device="d9", product="b")
    return found


@pytest.mark.parametrize(
    ("where", "people"),
    [
        (did("count", "orders", 2), {"c1"}),
        (did("count", "lines", 3, "eq"), {"c1", "c2"}),
        (did("count", "days", 2, "lt"), {"c2", "c3", "anon:d9"}),
        (did("distinct", "products", 3), {"c2"}),
        (did("sum", "spend", 1700, "eq"), {"c1"}),
        (did("sum", "units", 1), {"c1", "c2"}),
        (did("max", "spend", 6000), {"c2"}),
        (did("min", "spend", 700, "lte"), {"c1"}),
        (did("count", "orders", 1, window={"last_days": 2}, compare="eq"), {"c1", "c2"}),
        (did("count", "orders", 2, window={"from": "2026-02-28", "to": "2026-03-01"}), set()),
        (did("count", "orders", 1, window={"from": "2026-02-28", "to": "2026-02-28"}), {"c1"}),
        (did("count", "orders", 1, when={"hours": [22, 6]}), {"c2"}),
        (did("count", "orders", 1, when={"weekdays": [6]}), {"c1"}),
        (did("count", "orders", 1, at={"stores": ["s1"]}), {"c1", "c2"}),
        (did("count", "orders", 1, at={"channels": ["web"]}), set()),
        (did("count", "orders", 1) | {"what": {"fact": "order", "categories": [GOODS["c"]]}}, {"c2"}),
        (did("count", "orders", 1) | {"what": {"fact": "order", "categories": ["饮料"]}}, {"c2"}),
        (did("count", "orders", 1) | {"what": {"fact": "order", "products": ["b"]}}, {"c1", "c2"}),
        (
            did("count", "events", 2) | {"what": {"fact": "event", "name": "Product Viewed"}},
            {"c3"},
        ),
        (
            did("count", "events", 1)
            | {"what": {"fact": "event", "name": "Product Viewed", "departments": ["乳品"]}},
            {"c3", "anon:d9"},
        ),
        (
            {
                "op": "basket",
                "how": "together",
                "a": {**ORDER, "products": ["a"]},
                "b": {**ORDER, "products": ["c"]},
            },
            {"c2"},
        ),
        (
            {
                "op": "basket",
                "how": "never_together",
                "a": {**ORDER, "products": ["a"]},
                "b": {**ORDER, "products": ["c"]},
                "at_least": 2,
            },
            {"c1"},
        ),
        ({"op": "not", "of": did("count", "orders", 1)}, {"c3", "anon:d9"}),
    ],
)
def test_a_measure_is_true_of_these(shop: LiveShop, where: dict[str, Any], people: set[str]) -> None:
    assert asked(shop, where) == people


def test_what_is_dated_later_has_not_happened_yet(shop: LiveShop) -> None:
    shop.order("c3", 5)
    assert asked(shop, did("count", "orders", 1)) == {"c1", "c2"}
    shop.wait(5)
    assert asked(shop, did("count", "orders", 1)) == {"c1", "c2", "c3"}


def test_evidence_shows_the_rows_and_the_figure_against_the_bound(shop: LiveShop) -> None:
    where = {
        "op": "and",
        "of": [
            did("count", "orders", 2, window={"last_days": 3}),
            {
                "op": "sequence",
                "steps": [
                    {"what": {"fact": "order", "products": ["b"]}},
                    {"what": {"fact": "order", "products": ["a"]}, "within": {"days": 3}},
                ],
            },
        ],
    }
    with shop.stores.rows.unit() as uow:
        sentence = api.checked(shop.stores, uow, {"where": where})
        found = api.evidence(shop.stores, uow, sentence, "c1", shop.now)
    counted, followed = found.leaves
    assert found.held
    assert (counted.figure, counted.compare, counted.bound, counted.total) == (2.0, "gte", 2.0, 3)
    assert counted.due_at == shop.local + timedelta(hours=-50, days=3)
    assert [(row.step, row.title) for row in followed.rows] == [(0, GOODS["b"]), (1, GOODS["a"])]
    assert [row.at for row in followed.rows] == [shop.local - timedelta(hours=h) for h in (50, 3)]


def test_facts_that_do_not_fit_at_once_are_followed_a_part_of_the_people_at_a_time(
    shop: LiveShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, order = {"fact": "event", "name": "Product Viewed"}, {"fact": "order", "products": ["a"]}
    again = {"op": "sequence", "steps": [{"what": order}, {"what": order}]}
    looked = {"op": "sequence", "steps": [{"what": view}, {"absent": order}]}
    either = {"op": "or", "of": [again, looked]}
    monkeypatch.setattr(facts, "MOST_LAID", 3 * BYTES_A_FACT)
    assert asked(shop, either) == {"c1", "c3", "anon:d9"}


def test_what_is_kept_is_bounded() -> None:
    kept, made = Kept(10), []

    def make(name: str) -> str:
        made.append(name)
        return name

    for name in ("abcd", "efgh", "abcd", "ijkl", "efgh", "longer than all of it"):
        kept.get(name, partial(make, name), len)
    assert made == ["abcd", "efgh", "ijkl", "efgh", "longer than all of it"]
    assert kept.bytes == 8


def test_preview_counts_every_node(shop: LiveShop) -> None:
    where = {"op": "or", "of": [did("count", "orders", 2), {"op": "not", "of": did("count", "orders", 1)}]}
    with shop.stores.rows.unit() as uow:
        found = api.preview(shop.stores, uow, api.checked(shop.stores, uow, {"where": where}), shop.now)
    assert (found.count, found.of) == (3, 4)
    assert found.per_node == {"where": 3, "where.of.0": 1, "where.of.1": 2, "where.of.1.of": 2}


@pytest.mark.parametrize(
    ("compare", "value", "said", "true"),
    [
        ("is", "3", 3, True),
        ("is", True, "True", True),
        ("is_not", "x", None, True),
        ("is", "x", None, False),
        ("gt", 9, "10", True),
        ("gt", "9", "ten", False),
        ("lt", "2026-02-01", "2026-01-31T08:00:00", True),
        ("contains", "hang", "Hangzhou", True),
        ("exists", None, 0, True),
    ],
)
def test_traits_compare_as_numbers_where_both_are(compare: str, value: Any, said: Any, true: bool) -> None:
    leaf = read({"where": {"op": "trait", "name": "t", "compare": compare, "value": value}}).where
    assert isinstance(leaf, Trait)
    assert holds(leaf, {} if said is None else {"t": said}) is true


def test_stars_are_judged_on_their_own_scale() -> None:
    assert [tone(None, stars, scale(5.0)) for stars in (1.0, 3.0, 4.0)] == ["bad", "any", "good"]
    assert tone(None, 5.0, scale(10.0)) == "bad"
    assert tone("正面", 1.0, 5.0) == "good"
    assert tone(None, None, 5.0) == "any"
    assert np.isclose(scale(4.5), 5.0)
