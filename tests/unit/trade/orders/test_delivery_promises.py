"""A way of delivery is confirmed and freed once with its order; goods come from wherever they are by then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from tests.factories.payments import charged
from tests.factories.selling import HOME, NOW, Sold, buy, fill, look, open_selling, pay, promote, wish_of

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import PAY_WITHIN, Placed
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.api import TABLE
from shengeng.trade.fulfilment.contracts import DeliveryAsk, DeliveryHold, DeliveryOption, Rate
from shengeng.trade.orders import api
from shengeng.trade.payments.contracts import Money
from shengeng.trade.pricing.contracts import Benefit
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import Entry

LATE = NOW + PAY_WITHIN + timedelta(minutes=1)


@dataclass
class Slots:
    """Delivery with so many vans: another thing than a table of rates behind the same port."""

    free: int = 9
    told: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)

    def quote(self, uow: UnitOfWork, ask: DeliveryAsk, now: datetime) -> tuple[DeliveryOption, ...]:
        return TABLE.quote(uow, ask, now)

    def hold(
        self,
        uow: UnitOfWork,
        ask: DeliveryAsk,
        option_id: str,
        order_id: str,
        *,
        until: datetime,
        now: datetime,
    ) -> DeliveryHold:
        assert order_id not in self.held
        self.free -= 1
        self.held[order_id] = "held"
        self.told.append("hold")
        return TABLE.hold(uow, ask, option_id, order_id, until=until, now=now)

    def confirm(self, uow: UnitOfWork, order_id: str, now: datetime) -> bool:
        assert self.held[order_id] != "confirmed", "confirmed twice"
        self.told.append("confirm")
        if self.held[order_id] == "released":
            if not self.free:
                return False
            self.free -= 1
        self.held[order_id] = "confirmed"
        return True

    def release(self, uow: UnitOfWork, order_id: str, now: datetime) -> None:
        assert self.held[order_id] != "released", "freed twice"
        self.told.append("release")
        self.free += 1
        self.held[order_id] = "released"


def order_by(stores: Stores, slots: Slots, units: int = 1) -> Placed:
    who = fill(stores, Shopper(), [("tea", units)])
    wish = wish_of(look(stores, who))
    return checkout.place_patiently(stores, who, wish, f"key-{units:08}", NOW, deliveries=slots)


def pay_by(stores: Stores, slots: Slots, placed: Placed, now: datetime = NOW) -> None:
    assert placed.intent is not None
    headers, body = charged(stores, placed.intent, now)
    checkout.notice(stores, "sandbox", headers, body, now, deliveries=slots)


def test_a_paid_way_is_confirmed_once_and_freed_once_when_the_order_is_cancelled(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    slots = Slots()
    placed = order_by(stores, slots, 2)
    for _ in range(2):
        pay_by(stores, slots, placed)
    assert slots.told == ["hold", "confirm"]
    with stores.rows.unit() as uow:
        more = {"key": "press-0001", "deliveries": slots}
        api.reduce(uow, placed.order.order_id, {1: 1}, "", NOW, **more)  # type: ignore[arg-type]
    assert slots.told == ["hold", "confirm"], "what stays is still delivered"
    with stores.rows.unit() as uow:
        more = {"key": "press-0002", "deliveries": slots}
        api.reduce(uow, placed.order.order_id, {1: 1}, "", NOW, **more)  # type: ignore[arg-type]
    assert (slots.told, slots.free) == (["hold", "confirm", "release"], 9)


def test_an_unpaid_way_is_freed_once_and_had_again_by_a_late_payment(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    slots = Slots()
    placed = order_by(stores, slots)
    for _ in range(2):
        api.expire_due(stores, LATE, deliveries=slots)
    assert slots.told == ["hold", "release"]
    pay_by(stores, slots, placed, LATE)
    assert (slots.told, slots.free) == (["hold", "release", "confirm"], 8)


def test_a_way_that_is_gone_sends_the_late_money_back(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    slots = Slots(free=1)
    placed = order_by(stores, slots)
    api.expire_due(stores, LATE, deliveries=slots)
    slots.free = 0
    pay_by(stores, slots, placed, LATE)
    with stores.rows.unit() as uow:
        seen = api.detail(uow, placed.order.order_id, LATE)
        assert stock.available(uow, ["tea"]) == {"tea": 5}
    assert (seen.order.why, seen.money) == ("unobtainable", Money(1_600, 0, 1_600))
    assert (slots.told, slots.free) == (["hold", "release", "confirm"], 0)


def test_an_order_without_anything_to_pay_confirms_its_way_at_once(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    promote(stores, Benefit("percent", bp=10_000), floor="gift")
    promote(stores, Benefit("free_delivery"))
    slots = Slots()
    placed = order_by(stores, slots)
    assert placed.order.total_minor == 0
    assert slots.told == ["hold", "confirm"]


def move(stores: Stores, sku: str, units: int, frm: str, to: str) -> None:
    with stores.rows.unit() as uow:
        stock.transfer(uow, SHELL, [Entry(sku, frm, units)], to, LATE)


def pieces(stores: Stores, placed: Placed) -> dict[str, int]:
    with stores.rows.unit() as uow:
        assert stock.faults(uow) == []
        there = stock.reservations(uow, [placed.order.order_id])[placed.order.order_id]
    return {one.location_id: one.quantity for one in there.pieces}


def test_late_money_has_the_goods_again_out_of_whatever_places_have_them(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"central": 3}))
    placed = buy(stores, [("tea", 3)])
    assert pieces(stores, placed) == {"central": 3}
    api.expire_due(stores, LATE)
    move(stores, "tea", 2, "central", "forward")
    move(stores, "tea", 1, "central", "store")
    assert placed.intent is not None
    assert pay(stores, placed.intent, LATE).verdict == "late"
    assert pieces(stores, placed) == {"forward": 2, "store": 1}
    with stores.rows.unit() as uow:
        sent = api.ship(uow, SHELL, placed.order.order_id, LATE, carrier="sf", tracking_number="1")
        assert {piece.location_id: piece.quantity for piece in sent.pieces} == {"forward": 2, "store": 1}
        assert stock.faults(uow) == []


def test_late_money_takes_nothing_when_one_place_is_short(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"central": 2, "store": 2}))
    placed = buy(stores, [("tea", 4)])
    api.expire_due(stores, LATE)
    other = buy(stores, [("tea", 1)], LATE)
    held = pieces(stores, other)
    assert placed.intent is not None
    pay(stores, placed.intent, LATE)
    with stores.rows.unit() as uow:
        assert api.order(uow, placed.order.order_id).why == "unobtainable"
        assert stock.available(uow, ["tea"]) == {"tea": 3}
    assert pieces(stores, other) == held


@pytest.fixture
def fetched(stores: Stores) -> Placed:
    """An order that is fetched in a place which would not be emptied first."""
    open_selling(stores, Sold("tea", 1_000, {"central": 5, "forward": 5, "store": 5}))
    name = Words("自提", "Fetched")
    way = Rate("fetch", "china", "pickup", name, "CNY", 0, 10_000, 0, None, 0, 0, location_id="central")
    with stores.rows.unit() as uow:
        fulfilment.put_rates(uow, SHELL, [way], NOW)
    assert set(pieces(stores, buy(stores, [("tea", 1)]))) != {"central"}
    who = fill(stores, Shopper(), [("tea", 2)])
    with stores.rows.unit() as uow:
        seen = checkout.view(uow, who, NOW, where=HOME, option_id="fetch")
    assert seen is not None
    return checkout.place_patiently(stores, who, replace(wish_of(seen)), "fetch-key", NOW)


def test_what_is_fetched_stands_where_it_is_fetched_also_after_late_money(
    stores: Stores, fetched: Placed
) -> None:
    assert pieces(stores, fetched) == {"central": 2}
    api.expire_due(stores, LATE)
    assert fetched.intent is not None
    pay(stores, fetched.intent, LATE)
    assert pieces(stores, fetched) == {"central": 2}


def test_a_refused_order_keeps_no_way(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 1}))
    with pytest.raises(ShopError, match="Only 1"):
        order_by(stores, Slots(), 2)
    with stores.rows.unit() as uow:
        assert api.page(uow, NOW).total == 0
