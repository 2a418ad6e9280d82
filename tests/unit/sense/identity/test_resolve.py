"""Persons are a function of the edges, whatever order they came in."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.unit.sense.identity.seen import NOW, edge

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.sense.identity import api as identity
from shengeng.sense.identity.contracts import Kind
from shengeng.sense.identity.methods import usable
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

NODES: list[tuple[Kind, str]] = [
    *(("customer", f"c{n}") for n in range(6)),
    *(("phone_hash", f"ph{n}") for n in range(4)),
    *(("unionid", f"un{n}") for n in range(2)),
    *(("anonymous", f"dv{n}") for n in range(4)),
]
EDGES = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(0, 30)), min_size=1, max_size=25
)


def everybody(uow: UnitOfWork) -> dict[tuple[str, str], str]:
    return {(kind, value): identity.persons(uow, kind, [value])[value] for kind, value in NODES}


@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=EDGES, seed=st.integers(0, 1000), chunk=st.integers(1, 7))
def test_the_same_edges_in_any_order_and_any_pieces_give_the_same_persons(
    stores: Stores, drawn: list[tuple[tuple[Kind, str], tuple[Kind, str], int]], seed: int, chunk: int
) -> None:
    edges = [edge(a, b, minutes) for a, b, minutes in drawn]
    shuffled = random.Random(seed).sample(edges, len(edges))
    with stores.rows.unit() as uow:
        once = uow.conn.begin_nested()
        identity.observe(uow, edges, NOW)
        at_once = everybody(uow)
        assert identity.observe(uow, shuffled, NOW) == set()
        once.rollback()
        for start in range(0, len(shuffled), chunk):
            identity.observe(uow, shuffled[start : start + chunk], NOW)
        assert everybody(uow) == at_once
        uow.conn.rollback()


def test_a_device_that_an_alias_links_is_torn_from_it_when_its_phone_gets_a_customer(stores: Stores) -> None:
    first = [
        edge(("anonymous", "dv0"), ("phone_hash", "ph3")),
        edge(("anonymous", "dv0"), ("anonymous", "dv2")),
        edge(("anonymous", "dv2"), ("phone_hash", "ph1")),
        edge(("customer", "c1"), ("phone_hash", "ph1")),
    ]
    with stores.rows.unit() as uow:
        identity.observe(uow, first, NOW)
        assert identity.persons(uow, "anonymous", ["dv0"]) == {"dv0": "c1"}
        identity.observe(uow, [edge(("customer", "c4"), ("phone_hash", "ph3"))], NOW)
        assert identity.persons(uow, "anonymous", ["dv0", "dv2"]) == {"dv0": "c4", "dv2": "c1"}


def test_a_family_tablet_merges_nobody_and_a_device_of_one_person_under_two_ids_is_theirs(
    stores: Stores,
) -> None:
    tablet = [edge(("anonymous", "dv0"), ("customer", f"c{n}"), n) for n in range(2)]
    with stores.rows.unit() as uow:
        identity.observe(uow, tablet, NOW)
        assert identity.persons(uow, "anonymous", ["dv0"]) == {"dv0": "anon:dv0"}
        assert identity.persons(uow, "customer", ["c0", "c1"]) == {"c0": "c0", "c1": "c1"}
        assert [seen.blocked for seen in identity.explain(uow, "c1").edges] == ["many"]
        same = [edge(("customer", f"c{n}"), ("unionid", "un0"), 9) for n in range(2)]
        assert identity.observe(uow, same, NOW) == {"c0", "c1", "anon:dv0", "unionid:un0"}
        assert identity.persons(uow, "anonymous", ["dv0"]) == {"dv0": "c0"}


def test_numbers_that_ran_together_over_many_customers_merge_nobody(stores: Stores) -> None:
    chain = []
    for n in range(12):
        chain += [edge(("customer", f"k{n}"), ("phone_hash", f"pp{n}")) for n in (n, n)]
        chain.append(edge(("customer", f"k{n + 1}"), ("phone_hash", f"pp{n}")))
    with stores.rows.unit() as uow:
        identity.observe(uow, chain, NOW)
        assert set(identity.persons(uow, "customer", [f"k{n}" for n in range(13)]).values()) == {
            f"k{n}" for n in range(13)
        }
        assert {seen.blocked for seen in identity.explain(uow, "k3").edges} == {"crowd"}


def test_a_higher_limit_merges_who_was_blocked_and_a_lower_one_lets_go(stores: Stores) -> None:
    edges = [edge(("customer", f"c{n}"), ("phone_hash", "ph0"), n) for n in range(4)]
    with stores.rows.unit() as uow:
        identity.observe(uow, edges, NOW)
        shop.set_assumption(uow, SHELL, {"identity_most_customers": 5}, NOW)
    assert identity.due(stores)
    identity.keep(stores, NOW)
    with stores.rows.unit() as uow:
        assert set(identity.persons(uow, "customer", ["c0", "c3"]).values()) == {"c0"}
        shop.set_assumption(uow, SHELL, {"identity_most_customers": 2}, NOW)
    identity.keep(stores, NOW)
    with stores.rows.unit() as uow:
        assert set(identity.persons(uow, "customer", ["c0", "c3"]).values()) == {"c0", "c3"}
    assert not identity.due(stores)


def test_cutting_one_link_of_a_shared_number_lets_the_others_merge_again(stores: Stores) -> None:
    edges = [edge(("customer", f"c{n}"), ("phone_hash", "ph0"), n) for n in range(4)]
    with stores.rows.unit() as uow:
        identity.observe(uow, edges, NOW)
        [seen] = identity.explain(uow, "c3").edges
        identity.cut(uow, SHELL, seen.id, "别人的号码", NOW)
        assert set(identity.persons(uow, "customer", ["c0", "c1", "c2"]).values()) == {"c0"}
        assert identity.persons(uow, "customer", ["c3"]) == {"c3": "c3"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone_hash", "138****1234"),
        ("customer", "王**"),
        ("customer", "guest"),
        ("unionid", ""),
        ("unionid", "0000000000"),
        ("email_hash", "d41d8cd98f00b204e9800998ecf8427e"),
        ("phone_hash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("phone_hash", "F00D" * 60),
        ("customer", "a\nb"),
    ],
)
def test_masked_values_and_known_junk_say_nothing(kind: str, value: str) -> None:
    assert not usable.usable(kind, value)


def test_one_number_written_differently_is_one_number() -> None:
    written = ["13812345678", "+86 138 1234 5678", "0086-138-1234-5678", "(138) 1234.5678"]
    assert len({usable.phone_hash(text) for text in written}) == 1
    assert [usable.phone_hash(text) for text in ("13800138000", "138****5678", "无", "")] == [None] * 4
    assert usable.email_hash(" Li@Example.COM ") == usable.email_hash("li@example.com")


def test_what_the_lake_was_given_and_what_moved_since_are_one_table(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        identity.observe(uow, [edge(("anonymous", f"d{n}"), ("customer", f"c{n}")) for n in range(3)], NOW)
    with stores.rows.unit() as uow:
        assert identity.give(stores, uow) == 3
    with stores.rows.unit() as uow:
        identity.observe(uow, [edge(("anonymous", "d1"), ("customer", "c9"))], NOW)
        identity.observe(uow, [edge(("anonymous", "d7"), ("customer", "c7"))], NOW)
    rows = identity.resolved(stores.lake).order_by("value").to_pyarrow().to_pylist()
    assert [(row["value"], row["person_id"]) for row in rows] == [("d0", "c0"), ("d2", "c2"), ("d7", "c7")]
