"""Persons from edges in real rows."""

from __future__ import annotations

from tests.unit.sense.identity.seen import NOW, edge

from shengeng.kernel.roles import SHELL
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.identity import api as identity
from shengeng.storage.stores import Stores


def test_a_login_gives_the_devices_history_to_the_customer(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        changed = identity.observe(uow, [edge(("anonymous", "d1"), ("customer", "c1"))], NOW)
        assert changed == {"anon:d1", "c1"}
        assert identity.persons(uow, "anonymous", ["d1", "d2"]) == {"d1": "c1", "d2": "anon:d2"}
        mine = identity.identifiers(uow, "c1")
        assert mine.anonymous_ids == {"d1"}
        assert mine.customer_ids == {"c1"}
        assert identity.observe(uow, [edge(("anonymous", "d1"), ("customer", "c1"))], NOW) == set()
    with stores.rows.unit() as uow:
        assert arrivals.since(uow, 0).people == {"anon:d1", "c1"}
    rows = identity.resolved(stores.lake).to_pyarrow().to_pylist()
    assert rows == [{"kind": "anonymous", "value": "d1", "person_id": "c1"}]


def test_two_customers_with_one_phone_are_one_person_until_somebody_cuts(stores: Stores) -> None:
    pair = [
        edge(("customer", "c2"), ("phone_hash", "ab12"), 5),
        edge(("customer", "c1"), ("phone_hash", "ab12"), 9),
    ]
    with stores.rows.unit() as uow:
        assert identity.observe(uow, pair, NOW) == {"c1", "c2", "phone_hash:ab12"}
        assert identity.persons(uow, "customer", ["c1"]) == {"c1": "c2"}
        told = identity.explain(uow, "c2")
        assert [seen.blocked for seen in told.edges] == [None, None]
        assert identity.cut(uow, SHELL, told.edges[1].id, "两个人", NOW) == {"c1", "c2"}
        assert identity.persons(uow, "customer", ["c1"]) == {"c1": "c1"}
        [_, cut] = identity.explain(uow, "c2").edges
        assert (cut.blocked, cut.cut_by, cut.cut_why) == ("cut", "shell", "两个人")
        identity.restore(uow, SHELL, cut.id, "doch", NOW)
        assert identity.persons(uow, "customer", ["c1"]) == {"c1": "c2"}


def test_a_phone_of_too_many_customers_merges_nobody_and_lets_go_of_those_it_had(
    stores: Stores,
) -> None:
    with stores.rows.unit() as uow:
        for n in range(3):
            identity.observe(uow, [edge(("customer", f"c{n}"), ("phone_hash", "shop"), n)], NOW)
        assert set(identity.persons(uow, "customer", ["c0", "c1", "c2"]).values()) == {"c0"}
        changed = identity.observe(uow, [edge(("customer", "c3"), ("phone_hash", "shop"), 4)], NOW)
        assert changed >= {"c0", "c1", "c2"}
        assert identity.persons(uow, "customer", ["c1", "c3"]) == {"c1": "c1", "c3": "c3"}
        assert [seen.blocked for seen in identity.explain(uow, "c1").edges] == ["shared"]
