"""What operators book: goods that come, are lost, counted and moved; each once, each told."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.factories.shelves import NOW, SOON, shelve, want

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import ENTRIES_MOST, UNITS_MOST, Entry, Location, Supply

MEI = Principal("mei", Role.OPERATOR)


def on_hand(uow: UnitOfWork, sku: str) -> dict[str, int]:
    return {one.location_id: one.on_hand for one in api.levels(uow, skus=[sku]).rows}


def test_what_came_was_lost_and_moved_adds_up_in_the_movements(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {})
        api.receive(uow, MEI, [Entry("tea", "store", 10), Entry("cup", "store", 4)], NOW, note=" truck 7 ")
        api.adjust(uow, MEI, [Entry("tea", "store", -3)], NOW, note="broken")
        api.transfer(uow, MEI, [Entry("tea", "store", 2)], "central", NOW)
        api.count(uow, MEI, [Entry("tea", "central", 2), Entry("cup", "store", 5)], NOW)
        assert on_hand(uow, "tea") == {"store": 5, "central": 2}
        told = [
            (m.kind, m.location_id, m.change, m.on_hand_after) for m in api.movements(uow, sku="tea").rows
        ]
        assert told == [
            ("count", "central", 0, 2),
            ("transfer", "store", -2, 5),
            ("transfer", "central", 2, 2),
            ("adjust", "store", -3, 7),
            ("receive", "store", 10, 10),
        ]
        [receipt] = api.movements(uow, sku="cup", kind="receive").rows
        assert (receipt.note, receipt.by, receipt.order_id) == ("truck 7", "mei", None)
        assert api.faults(uow) == []
        acts = [row.action for row in audit.newest(uow, actor="mei").rows]
        assert acts == ["stock.count", "stock.transfer", "stock.adjust", "stock.receive"]


def test_promised_units_are_neither_lost_nor_moved_nor_counted_away(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        api.hold(uow, "o1", want(("tea", 3)), SOON, NOW)
        stands = {"sku": "tea", "place": "store", "free": 2, "on_hand": 5, "wanted": 3}
        with pytest.raises(ShopError) as refused:
            api.adjust(uow, MEI, [Entry("tea", "store", -3)], NOW)
        assert refused.value.params == stands
        with pytest.raises(ShopError) as refused:
            api.transfer(uow, MEI, [Entry("tea", "store", 3)], "central", NOW)
        assert refused.value.params == stands
        with pytest.raises(ShopError, match="promised to orders"):
            api.count(uow, MEI, [Entry("tea", "store", 2)], NOW)
        api.count(uow, MEI, [Entry("tea", "store", 3)], NOW)
        assert api.faults(uow) == []


def test_the_same_booking_again_books_nothing_twice(stores: Stores) -> None:
    truck = uuid4()
    with stores.rows.unit() as uow:
        shelve(uow, {})
        first = api.receive(uow, MEI, [Entry("tea", "store", 10)], NOW, entry_id=truck)
        assert api.receive(uow, MEI, [Entry("tea", "store", 10)], SOON, entry_id=truck) == first
        assert on_hand(uow, "tea") == {"store": 10}
        with pytest.raises(ShopError, match="stands already with other lines"):
            api.receive(uow, MEI, [Entry("tea", "store", 11)], NOW, entry_id=truck)
        with pytest.raises(ShopError, match="stands already with other lines"):
            api.count(uow, MEI, [Entry("tea", "store", 11)], NOW, entry_id=truck)
        stocktaking = uuid4()
        counted = api.count(uow, MEI, [Entry("tea", "store", 8)], NOW, entry_id=stocktaking)
        assert api.count(uow, MEI, [Entry("tea", "store", 8)], NOW, entry_id=stocktaking) == counted
        assert [m.change for m in counted] == [-2]
        with pytest.raises(ShopError, match="stands already with other lines"):
            api.count(uow, MEI, [Entry("tea", "store", 9)], NOW, entry_id=stocktaking)
        lost = uuid4()
        api.adjust(uow, MEI, [Entry("tea", "store", -1)], NOW, entry_id=lost)
        with pytest.raises(ShopError, match="stands already with other lines"):
            api.count(uow, MEI, [Entry("tea", "store", 7)], NOW, entry_id=lost)
        van = uuid4()
        for _ in range(2):
            api.transfer(uow, MEI, [Entry("tea", "store", 3)], "central", NOW, entry_id=van)
        assert on_hand(uow, "tea") == {"store": 4, "central": 3}
        with pytest.raises(ShopError, match="stands already with other lines"):
            api.transfer(uow, MEI, [Entry("tea", "store", 2)], "central", NOW, entry_id=van)


def test_one_booking_holds_so_many_lines_and_no_more(stores: Stores) -> None:
    lines = [Entry(f"s{n}", "store", 1) for n in range(ENTRIES_MOST + 1)]
    with stores.rows.unit() as uow:
        shelve(uow, {})
        assert len(api.receive(uow, MEI, lines[:-1], NOW)) == ENTRIES_MOST
        with pytest.raises(ShopError, match="Name 1 to 1000 lines"):
            api.receive(uow, MEI, lines, NOW)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "bad_entries"),
        ([Entry("tea", "store", 0)], "bad_entries"),
        ([Entry("tea", "store", -1)], "bad_entries"),
        ([Entry("tea", "store", 10**15)], "bad_entries"),
        ([Entry("", "store", 1)], "bad_entries"),
        ([Entry("a\nb", "store", 1)], "bad_entries"),
        ([Entry("tea", "store", 1), Entry("tea", "store", 2)], "bad_entries"),
        ([Entry("tea", "moon", 1)], "no_location"),
    ],
)
def test_what_is_no_booking_is_refused(stores: Stores, entries: list[Entry], code: str) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {})
        with pytest.raises(ShopError) as refused:
            api.receive(uow, MEI, entries, NOW)
        assert refused.value.code == code
        assert refused.value.text("zh") != refused.value.text("en")


@pytest.mark.parametrize(
    ("sku", "supply", "quota"),
    [
        ("coat", "stock", 1),
        ("coat", "presale", -1),
        ("coat", "presale", UNITS_MOST + 1),
        ("", "presale", 1),
        ("a\nb", "made_to_order", 1),
    ],
)
def test_what_is_no_quota_is_refused(stores: Stores, sku: str, supply: Supply, quota: int) -> None:
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError) as refused:
            api.set_quota(uow, MEI, NOW, sku=sku, supply=supply, quota=quota)
        assert refused.value.code == "bad_entries"
        assert api.quotas(uow) == []


def test_as_many_units_as_may_be_are_booked_and_not_one_more(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {})
        api.receive(uow, MEI, [Entry("tea", "store", UNITS_MOST)], NOW)
        with pytest.raises(ShopError, match="Name 1 to"):
            api.adjust(uow, MEI, [Entry("tea", "store", -UNITS_MOST - 1)], NOW)
        api.adjust(uow, MEI, [Entry("tea", "store", -UNITS_MOST)], NOW)
        assert on_hand(uow, "tea") == {"store": 0}


def test_goods_do_not_move_to_where_they_are(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        with pytest.raises(ShopError, match="are in store already"):
            api.transfer(uow, MEI, [Entry("tea", "store", 1)], "store", NOW)


def test_who_may_only_look_books_nothing(stores: Stores) -> None:
    guest = Principal("li", Role.VIEWER)
    place = Location("shed", Words("棚", "Shed"), "store")
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        entries = [Entry("tea", "store", 1)]
        for act in (
            lambda: api.receive(uow, guest, entries, NOW),
            lambda: api.adjust(uow, guest, entries, NOW),
            lambda: api.count(uow, guest, entries, NOW),
            lambda: api.transfer(uow, guest, entries, "central", NOW),
            lambda: api.put_location(uow, guest, place, NOW),
        ):
            with pytest.raises(ShopError) as refused:
                act()
            assert refused.value.kind == "forbidden"
        with pytest.raises(ShopError, match="needs the role operator"):
            api.set_quota(uow, guest, NOW, sku="coat", supply="presale", quota=1)
        assert on_hand(uow, "tea") == {"store": 5}


@pytest.mark.parametrize("key", ["", "Shop", "a b", "x" * 41, "-a", "店"])
def test_a_place_has_a_plain_key(stores: Stores, key: str) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="key of a location"):
        api.put_location(uow, MEI, Location(key, Words("店", "Shop"), "store"), NOW)


def test_a_place_has_a_name(stores: Stores) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="needs a name"):
        api.put_location(uow, MEI, Location("shop", Words(" ", ""), "store"), NOW)


def test_levels_and_movements_come_in_pages(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {(f"s{n}", place): n for n in range(1, 5) for place in ("store", "central")})
        first = api.levels(uow, limit=3)
        rest = api.levels(uow, limit=10, after=first.after)
        keys = [(one.sku, one.location_id) for one in (*first.rows, *rest.rows)]
        assert keys == sorted((f"s{n}", place) for n in range(1, 5) for place in ("store", "central"))
        assert rest.after is None
        newest = api.movements(uow, limit=5)
        older = api.movements(uow, limit=5, before=newest.before)
        assert [m.id for m in (*newest.rows, *older.rows)] == sorted(
            (m.id for m in (*newest.rows, *older.rows)), reverse=True
        )
        assert len(newest.rows) + len(older.rows) == 8
        assert newest.before == newest.rows[-1].id
        assert older.before is None
        assert api.movements(uow, limit=8).before is None
        assert len(api.movements(uow, limit=7).rows) == 7
        assert len(api.levels_at(uow, [("s1", "store"), ("s1", "moon")])) == 1
        assert api.levels_at(uow, []) == {}
        api.hold(uow, "o1", want(("s1", 2)), SOON, NOW)
        assert {one.sku for one in api.levels(uow, short=True).rows} == {"s1"}
        assert {one.sku for one in api.levels(uow, search="S3").rows} == {"s3"}
        assert api.levels(uow, search="%").rows == ()


def test_movements_are_never_changed_again(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})

    for act in ("update stock_movements set change = 9", "delete from stock_movements"):
        with pytest.raises(sa.exc.DBAPIError, match="stock_movements only grows"), stores.rows.unit() as uow:
            uow.conn.execute(sa.text(act))


def test_the_rows_themselves_refuse_to_oversell(stores: Stores) -> None:

    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        api.set_quota(uow, SHELL, NOW, sku="coat", supply="presale", quota=2)
    for act in (
        "update stock_levels set held = 6",
        "update stock_levels set committed = 3, held = 3",
        "update stock_levels set held = -1",
        "update stock_quotas set held = 1, taken = 2",
    ):
        with pytest.raises(sa.exc.IntegrityError), stores.rows.unit() as uow:
            uow.conn.execute(sa.text(act))


def test_a_figure_that_does_not_add_up_is_found(stores: Stores) -> None:

    with stores.rows.unit() as uow:
        shelve(uow, {("tea", "store"): 5})
        uow.conn.execute(sa.text("update stock_levels set on_hand = 7, held = 1"))
        found = [(one.what, one.stands, one.adds_up) for one in api.faults(uow)]
        assert found == [("on_hand", 7, 5), ("held", 1, 0)]
