"""What an act on stock says: who did it, to what, and of a refusal exactly what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tests.factories.shelves import NOW, SOON, shelve, want

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import ENTRIES_MOST, Entry, Piece, Want


def told(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Acts and their targets in the log, the oldest first."""
    return [(one.action, one.target) for one in reversed(audit.newest(uow, limit=200).rows)]


def test_every_act_of_a_person_stands_in_the_log(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {})
        before = len(told(uow))
        entries = [Entry("tea", "store", 2)]
        acts = [
            api.receive(uow, SHELL, entries, NOW),
            api.adjust(uow, SHELL, entries, NOW),
            api.count(uow, SHELL, [Entry("tea", "store", 9)], NOW),
            api.transfer(uow, SHELL, entries, "central", NOW),
        ]
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=1)
        named = ["stock.receive", "stock.adjust", "stock.count", "stock.transfer"]
        booked = [(name, str(rows[0].entry_id)) for name, rows in zip(named, acts, strict=True)]
        assert told(uow)[before:] == [*booked, ("stock.quota", "coat")]
        assert told(uow)[:before] == [("stock.location", name) for name in ("store", "forward", "central")]


def test_a_line_leaves_under_its_own_sku_and_no_other(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5, ("cup", "store"): 5})
        api.hold(uow, "o1", want(("tea", 2), ("cup", 2)), SOON, NOW)
        api.commit(uow, "o1", NOW)
        for sku in ("cup", "aaa", "zzz"):
            with pytest.raises(ShopError) as refused:
                api.ship(uow, "o1", [Piece(1, sku, "store", 1)], NOW)
            assert refused.value.code == "not_open", sku
        with pytest.raises(ShopError, match="order o1"):
            api.ship(uow, "o1", [Piece(3, "tea", "store", 1)], NOW)
        assert {(one.sku, one.on_hand, one.committed) for one in api.levels(uow).rows} == {
            ("tea", 5, 2),
            ("cup", 5, 2),
        }


@pytest.mark.parametrize(
    ("wants", "line", "quantity"),
    [
        ([Want(1, "tea", 1, "stock"), Want(2, "tea", 0, "stock")], 2, 0),
        ([Want(7, "tea", -3, "stock")], 7, -3),
        ([], 0, 0),
        ([Want(n, "tea", 1, "stock") for n in range(1, ENTRIES_MOST + 2)], ENTRIES_MOST + 1, 0),
    ],
)
def test_what_cannot_be_wanted_is_named(stores: Stores, wants: list[Want], line: int, quantity: int) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        with pytest.raises(ShopError) as refused:
            api.hold(uow, "o1", wants, SOON, datetime(2026, 3, 2, tzinfo=UTC))
        assert (refused.value.params["line"], refused.value.params["quantity"]) == (line, quantity)


def test_goods_move_to_no_place_that_nobody_knows(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        with pytest.raises(ShopError) as refused:
            api.transfer(uow, SHELL, [Entry("tea", "store", 1)], "moon", NOW)
        assert (refused.value.kind, refused.value.params) == ("not_found", {"id": "moon"})


def test_a_promise_whose_goods_are_in_no_book_is_found(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        api.hold(uow, "o1", want(("tea", 2)), SOON, NOW)
        uow.conn.execute(sa.text("update stock_pieces set location_id = 'central'"))
        assert {(one.what, one.place, one.stands, one.adds_up) for one in api.faults(uow)} == {
            ("held", "store", 2, 0),
            ("no level", "central", 0, 0),
        }
