"""Many hands at once, each with its own transaction: nothing is sold twice, nobody is left waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from tests.factories.shelves import NOW, SOON, shelved, want

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.stores import Stores
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import Entry, Want

HANDS = 16
T = TypeVar("T")


def all_at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Every act, by as many hands as there are connections, none before all hands are there."""
    gate = threading.Barrier(min(HANDS, len(acts)))
    waits = threading.local()

    def run(act: Callable[[], T]) -> T:
        if not hasattr(waits, "over"):
            waits.over = True
            gate.wait()
        return act()

    with ThreadPoolExecutor(min(HANDS, len(acts))) as hands:
        return list(hands.map(run, acts))


def code_of(act: Callable[[], object]) -> str:
    """ "" when it went well, else what was refused."""
    try:
        act()
    except ShopError as refused:
        return refused.code
    return ""


def holder(stores: Stores, order_id: str, wants: Sequence[Want]) -> Callable[[], str]:
    def act() -> None:
        with stores.rows.unit() as uow:
            api.hold(uow, order_id, wants, SOON, NOW)

    return lambda: code_of(act)


def test_hundreds_of_buyers_of_one_variant_get_exactly_what_there_is(stores: Stores) -> None:
    shelved(stores, {("hot", "store"): 60, ("hot", "central"): 40})
    buyers = [holder(stores, f"o{n}", want(("hot", 1 + n % 2))) for n in range(300)]
    said = all_at_once(buyers)
    with stores.rows.unit() as uow:
        assert api.available(uow, ["hot"]) == {"hot": 0}
        assert api.faults(uow) == []
        held = sum(one.held for one in api.levels(uow, skus=["hot"]).rows)
    assert held == 100
    assert set(said) == {"", "sold_out"}
    assert sum(1 + n % 2 for n, code in enumerate(said) if not code) == 100


def test_hundreds_of_buyers_of_one_quota_get_exactly_what_it_promises(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=50)
    said = all_at_once([holder(stores, f"o{n}", [Want(1, "coat", 1, "presale")]) for n in range(200)])
    assert sorted(said) == [""] * 50 + ["sold_out"] * 150
    with stores.rows.unit() as uow:
        assert api.faults(uow) == []


def test_orders_that_cross_neither_wait_for_each_other_nor_oversell(stores: Stores) -> None:
    skus = [f"s{n}" for n in range(6)]
    shelved(stores, {(sku, place): 20 for sku in skus for place in ("store", "central")})
    there = [want(*((sku, 1) for sku in (skus if n % 2 else skus[::-1]))) for n in range(120)]
    said = all_at_once([holder(stores, f"o{n}", wants) for n, wants in enumerate(there)])
    assert sorted(said) == [""] * 40 + ["sold_out"] * 80
    with stores.rows.unit() as uow:
        assert set(api.available(uow, skus).values()) == {0}
        assert api.faults(uow) == []


def test_whoever_releases_or_pays_first_wins_and_the_figures_add_up(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 40})
    for n in range(40):
        assert holder(stores, f"o{n}", want(("tea", 1)))() == ""

    def pay(order_id: str) -> bool:
        with stores.rows.unit() as uow:
            return api.commit(uow, order_id, NOW)

    def expire(order_id: str) -> bool:
        with stores.rows.unit() as uow:
            return api.release(uow, order_id, SOON)

    acts: list[Callable[[], bool]] = []
    for n in range(40):
        acts += [lambda o=f"o{n}": pay(o), lambda o=f"o{n}": expire(o), lambda o=f"o{n}": expire(o)]  # type: ignore[misc]
    said = all_at_once(acts)
    # Whoever pays late has the units again: nobody else wanted them.
    assert all(said[::3])
    for n in range(40):
        assert sum(said[3 * n + 1 : 3 * n + 3]) <= 1
    with stores.rows.unit() as uow:
        assert [one.committed for one in api.levels(uow).rows] == [40]
        assert api.faults(uow) == []


def test_of_many_who_pay_late_as_many_are_served_as_units_are_left(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 12, ("tea", "central"): 8, ("cup", "store"): 40})
    for n in range(60):
        assert holder(stores, f"o{n}", want(("tea", 1), ("cup", 1)))() == ""
        with stores.rows.unit() as uow:
            assert api.release(uow, f"o{n}", SOON)

    def pay(order_id: str) -> bool:
        with stores.rows.unit() as uow:
            return api.commit(uow, order_id, SOON)

    said = all_at_once([lambda o=f"o{n}": pay(o) for n in range(60)])  # type: ignore[misc]
    assert sum(said) == 20
    with stores.rows.unit() as uow:
        assert sum(one.committed for one in api.levels(uow).rows if one.sku == "cup") == 20
        assert api.available(uow, ["tea", "cup"]) == {"tea": 0, "cup": 20}
        assert api.faults(uow) == []


def test_a_cancellation_that_arrives_many_times_gives_back_once(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 3})
    assert holder(stores, "o1", want(("tea", 3)))() == ""
    with stores.rows.unit() as uow:
        api.commit(uow, "o1", NOW)

    def cancel() -> bool:
        with stores.rows.unit() as uow:
            return api.give_back(uow, "o1", NOW)

    assert sum(all_at_once([cancel] * 12)) == 1
    with stores.rows.unit() as uow:
        assert api.available(uow, ["tea"]) == {"tea": 3}


def test_one_order_that_arrives_many_times_is_held_once(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 30})
    said = all_at_once([holder(stores, "o1", want(("tea", 3)))] * 12)
    assert sorted(said) == [""] + ["held_already"] * 11
    with stores.rows.unit() as uow:
        assert api.available(uow, ["tea"]) == {"tea": 27}


def test_one_booking_that_arrives_many_times_is_booked_once(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 30})

    def counted(entry_id: UUID) -> int:
        with stores.rows.unit() as uow:
            return api.count(uow, SHELL, [Entry("tea", "store", 7)], NOW, entry_id=entry_id)[0].id

    def came(entry_id: UUID) -> int:
        with stores.rows.unit() as uow:
            return api.receive(uow, SHELL, [Entry("tea", "store", 1)], NOW, entry_id=entry_id)[0].id

    first, second = uuid4(), uuid4()
    assert len(set(all_at_once([lambda: counted(first)] * 8))) == 1
    assert len(set(all_at_once([lambda: came(second)] * 8))) == 1
    with stores.rows.unit() as uow:
        assert api.available(uow, ["tea"]) == {"tea": 8}
        assert api.faults(uow) == []


def test_goods_are_moved_and_counted_while_they_are_sold(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 100, ("tea", "central"): 100})

    def move(n: int) -> None:
        here, there = ("store", "central") if n % 2 else ("central", "store")
        with stores.rows.unit() as uow:
            api.transfer(uow, SHELL, [Entry("tea", here, 5)], there, NOW + timedelta(seconds=n))

    acts: list[Callable[[], str]] = [holder(stores, f"o{n}", want(("tea", 2))) for n in range(90)]
    acts += [lambda n=n: code_of(lambda: move(n)) for n in range(20)]  # type: ignore[misc]
    said = all_at_once(acts)
    assert set(said[:90]) == {""}
    assert set(said[90:]) <= {"", "not_free"}
    with stores.rows.unit() as uow:
        assert api.available(uow, ["tea"]) == {"tea": 20}
        assert api.faults(uow) == []
