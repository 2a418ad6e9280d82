"""Units of orders: held, promised, released, given back, shipped, each exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.shelves import NOW, SOON, shelve, shelved, want

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import Entry, Level, Piece, Want


def level(uow: UnitOfWork, sku: str, place: str) -> Level:
    return next(one for one in api.levels(uow, skus=[sku]).rows if one.location_id == place)


def figures(uow: UnitOfWork, sku: str, place: str) -> tuple[int, int, int]:
    one = level(uow, sku, place)
    return one.on_hand, one.held, one.committed


def test_an_order_lives_from_hold_to_shipment(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        held = api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
        assert held.pieces == (Piece(1, "tea", "store", 2),)
        assert figures(uow, "tea", "store") == (5, 2, 0)
        assert api.available(uow, ["tea", "nothing"]) == {"tea": 3, "nothing": 0}
        assert api.commit(uow, "o1", NOW)
        assert figures(uow, "tea", "store") == (5, 0, 2)
        api.ship(uow, "o1", held.pieces, NOW, by="mei")
        assert figures(uow, "tea", "store") == (3, 0, 0)
        newest = api.movements(uow, sku="tea").rows[0]
        assert (newest.kind, newest.change, newest.on_hand_after, newest.order_id) == ("ship", -2, 3, "o1")
        assert api.faults(uow) == []


def test_more_than_there_is_is_refused_and_leaves_nothing_behind(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5, ("cup", "store"): 1})
        with pytest.raises(ShopError) as refused:
            api.hold(uow, "o1", want(("tea", 2), ("cup", 1), ("cup", 1)), SOON, NOW)
        assert refused.value.code == "sold_out"
        assert refused.value.params == {"sku": "cup", "wanted": 2, "left": 1}
        assert figures(uow, "tea", "store") == (5, 0, 0)
        assert api.reservations(uow, ["o1"]) == {}


def test_two_lines_of_one_variant_share_what_there_is(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 2, ("tea", "central"): 2})
        held = api.hold(uow, "o1", want(("tea", 3), ("tea", 1)), SOON, NOW)
        by_line = {n: sum(p.quantity for p in held.pieces if p.line_no == n) for n in (1, 2)}
        assert by_line == {1: 3, 2: 1}
        assert api.available(uow, ["tea"]) == {"tea": 0}
        assert api.faults(uow) == []


def test_release_twice_returns_once(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
        assert [api.release(uow, "o1", NOW), api.release(uow, "o1", NOW)] == [True, False]
        assert figures(uow, "tea", "store") == (5, 0, 0)


def test_what_is_promised_is_not_released(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
        assert [api.commit(uow, "o1", NOW), api.commit(uow, "o1", NOW)] == [True, True]
        assert not api.release(uow, "o1", NOW)
        assert figures(uow, "tea", "store") == (5, 0, 2)


def test_a_hold_that_ran_out_is_had_again_elsewhere_while_there_is_enough(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 2, ("tea", "central"): 2})
        api.hold(uow, "late", want(("tea", 2)), SOON, NOW)
        assert api.overdue(uow, SOON - timedelta(seconds=1)) == []
        assert api.overdue(uow, SOON) == ["late"]
        api.release(uow, "late", SOON)
        api.hold(uow, "quick", want(("tea", 2)), SOON, NOW)
        assert api.commit(uow, "late", SOON)
        assert [p.location_id for p in api.reservations(uow, ["late"])["late"].pieces] == ["central"]
        assert api.faults(uow) == []


def test_a_hold_that_ran_out_and_is_sold_to_others_is_not_had_again(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 2})
        api.hold(uow, "late", want(("tea", 2)), SOON, NOW)
        api.release(uow, "late", SOON)
        api.hold(uow, "quick", want(("tea", 1)), SOON, NOW)
        assert not api.commit(uow, "late", SOON)
        assert api.reservations(uow, ["late"])["late"].state == "released"
        assert figures(uow, "tea", "store") == (2, 1, 0)
        assert api.faults(uow) == []


def test_nothing_held_cannot_be_promised_shipped_or_given_back(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 2})
        assert not api.commit(uow, "nobody", NOW)
        assert not api.release(uow, "nobody", NOW)
        assert not api.give_back(uow, "nobody", NOW)
        with pytest.raises(ShopError, match="only a paid order's goods leave") as refused:
            api.ship(uow, "nobody", [Piece(1, "tea", "store", 1)], NOW)
        assert refused.value.params == {"order_id": "nobody", "state": "unknown"}
        api.hold(uow, "o1", want(("tea", 1)), SOON, NOW)
        with pytest.raises(ShopError, match="only a paid order's goods leave") as refused:
            api.ship(uow, "o1", [Piece(1, "tea", "store", 1)], NOW)
        assert refused.value.params == {"order_id": "o1", "state": "held"}


def test_units_of_a_cancelled_order_come_back_once(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        held = api.hold(uow, "o1", want(("tea", 4)), SOON, NOW)
        api.commit(uow, "o1", NOW)
        assert api.give_back(uow, "o1", NOW, {1: 1})
        api.ship(uow, "o1", [Piece(1, "tea", "store", 2)], NOW)
        assert [api.give_back(uow, "o1", NOW), api.give_back(uow, "o1", NOW)] == [True, False]
        assert figures(uow, "tea", "store") == (3, 0, 0)
        with pytest.raises(ShopError, match="has 0 units open"):
            api.give_back(uow, "o1", NOW, {1: 1})
        with pytest.raises(ShopError, match="has 0 units open"):
            api.ship(uow, "o1", held.pieces, NOW)
        assert api.faults(uow) == []


def test_an_order_has_one_hold(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        api.hold(uow, "o1", want(("tea", 1)), SOON, NOW)
        with pytest.raises(ShopError, match="stand aside for order o1 already"):
            api.hold(uow, "o1", want(("tea", 1)), SOON, NOW)
        assert figures(uow, "tea", "store") == (5, 1, 0)


@pytest.mark.parametrize("quantity", [0, -1, 10**12])
def test_quantities_that_are_none_are_refused(stores: Stores, quantity: int) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="line 1 has"):
        api.hold(uow, "o1", want(("tea", quantity)), SOON, NOW)


def test_a_quota_is_promised_no_further_than_it_goes(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {})
        api.set_quota(uow, SHELL, NOW, sku="fridge", supply="made_to_order", quota=3)
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=1)
        wants = [Want(1, "fridge", 2, "made_to_order"), Want(2, "coat", 1, "presale")]
        assert [p.location_id for p in api.hold(uow, "o1", wants, SOON, NOW).pieces] == ["", ""]
        with pytest.raises(ShopError) as refused:
            api.hold(uow, "o2", [Want(1, "fridge", 2, "made_to_order")], SOON, NOW)
        assert refused.value.params == {"sku": "fridge", "wanted": 2, "left": 1}
        assert api.commit(uow, "o1", NOW)
        assert api.available(uow, ["fridge", "coat"]) == {"fridge": 1, "coat": 0}
        assert api.give_back(uow, "o1", NOW)
        assert api.available(uow, ["fridge", "coat"], {"coat": "presale"}) == {"fridge": 3, "coat": 1}
        assert api.faults(uow) == []


def test_goods_without_a_quota_are_sold_out(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError) as refused:
            api.hold(uow, "o1", [Want(1, "coat", 1, "presale")], SOON, NOW)
        assert refused.value.params == {"sku": "coat", "wanted": 1, "left": 0}


def test_a_quota_never_falls_below_what_is_promised(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=5)
        api.hold(uow, "o1", [Want(1, "coat", 1, "presale")], SOON, NOW)
        api.hold(uow, "o2", [Want(1, "coat", 3, "presale")], SOON, NOW)
        api.commit(uow, "o1", NOW)
        with pytest.raises(ShopError, match="4 units of coat are promised"):
            api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=3)
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=4)
        assert [(q.quota, q.left) for q in api.quotas(uow, ["coat"])] == [(4, 0)]


def test_presale_goods_that_arrive_go_to_who_paid_first(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {})
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=10)
        for n, order_id in enumerate(("first", "second", "unpaid")):
            api.hold(uow, order_id, [Want(1, "coat", 2, "presale")], SOON, NOW)
            if order_id != "unpaid":
                api.commit(uow, order_id, NOW + timedelta(minutes=n))
        api.receive(uow, SHELL, [Entry("coat", "central", 3)], NOW)
        assert figures(uow, "coat", "central") == (3, 0, 2)
        assert api.reservations(uow, ["first"])["first"].pieces[0].location_id == "central"
        api.receive(uow, SHELL, [Entry("coat", "central", 2)], NOW)
        assert figures(uow, "coat", "central") == (5, 0, 4)
        api.ship(uow, "first", [Piece(1, "coat", "central", 2)], NOW)
        assert api.give_back(uow, "second", NOW)
        assert figures(uow, "coat", "central") == (3, 0, 0)
        assert [(q.held, q.taken) for q in api.quotas(uow, ["coat"])] == [(2, 2)]
        api.hold(uow, "gone", [Want(1, "coat", 1, "presale")], SOON, NOW)
        api.release(uow, "gone", NOW)
        api.receive(uow, SHELL, [Entry("coat", "central", 5)], NOW)
        assert figures(uow, "coat", "central") == (8, 0, 0)  # none of it for who has not paid
        assert api.faults(uow) == []


def test_lines_of_one_variant_are_taken_together_where_it_lies(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5, ("cup", "central"): 2, ("pot", "store"): 1, ("pot", "central"): 3})
        wants = want(("tea", 2), ("cup", 2), ("tea", 3))
        held = api.hold(uow, "o1", wants, SOON, NOW)
        places = [(piece.line_no, piece.location_id, piece.quantity) for piece in held.pieces]
        assert places == [(1, "store", 2), (2, "central", 2), (3, "store", 3)]
        kept = api.reservations(uow, ["o1"])["o1"].pieces
        assert [(piece.line_no, piece.location_id, piece.quantity) for piece in kept] == places
        assert (figures(uow, "tea", "store"), figures(uow, "cup", "central")) == ((5, 5, 0), (2, 2, 0))
        with pytest.raises(ShopError) as refused:
            api.hold(uow, "o2", want(("tea", 1)), SOON, NOW)
        assert refused.value.params == {"sku": "tea", "wanted": 1, "left": 0}
        api.hold(uow, "o3", want(("pot", 2)), SOON, NOW)
        assert (figures(uow, "pot", "store"), figures(uow, "pot", "central")) == ((1, 0, 0), (3, 2, 0))
        assert api.faults(uow) == []


def test_units_out_of_a_quota_leave_only_a_place_that_has_them_free(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("desk", "store"): 2})
        api.set_quota(uow, SHELL, NOW, sku="desk", supply="made_to_order", quota=10)
        api.hold(uow, "bespoke", [Want(1, "desk", 2, "made_to_order")], SOON, NOW)
        api.commit(uow, "bespoke", NOW)
        api.hold(uow, "shelf", want(("desk", 1)), SOON, NOW)
        with pytest.raises(ShopError, match="1 of 2 units are free, 2 would have to go"):
            api.ship(uow, "bespoke", [Piece(1, "desk", "store", 2)], NOW)
        api.ship(uow, "bespoke", [Piece(1, "desk", "store", 1)], NOW)
        assert figures(uow, "desk", "store") == (1, 1, 0)
        assert api.faults(uow) == []


def test_units_leave_the_place_that_promised_them(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 2, ("tea", "central"): 9})
        api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
        api.commit(uow, "o1", NOW)
        with pytest.raises(ShopError, match="has 0 units open in central"):
            api.ship(uow, "o1", [Piece(1, "tea", "central", 1)], NOW)


def test_a_preferred_place_is_emptied_first_and_one_that_does_not_sell_never(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 9, ("tea", "central"): 9})
    with stores.rows.unit() as uow:
        held = api.hold(uow, "near", want(("tea", 1)), SOON, NOW, prefer=["central"])
        assert held.pieces[0].location_id == "central"
        store = next(place for place in api.locations(uow) if place.location_id == "store")
        api.put_location(uow, SHELL, type(store)("store", store.name, "store", sells=False), NOW)
        assert api.available(uow, ["tea"]) == {"tea": 8}
        assert api.hold(uow, "other", want(("tea", 1)), SOON, NOW).pieces[0].location_id == "central"


def test_a_refused_hold_inside_a_transaction_that_goes_on_keeps_no_row(stores: Stores) -> None:
    shelved(stores, {("tea", "store"): 1})
    with stores.rows.unit() as uow:
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=0)
        wants = [Want(1, "tea", 1), Want(2, "coat", 1, "presale")]
        with pytest.raises(ShopError, match="Only 0 of coat are left"):
            api.hold(uow, "o1", wants, SOON, NOW)
    with stores.rows.unit() as uow:
        assert figures(uow, "tea", "store") == (1, 0, 0)
        assert api.faults(uow) == []
