"""An order from the basket to the door, and every way in which it ends before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.payments import refunded
from tests.factories.selling import NOW, Sold, buy, open_selling, pay, promote

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.sense.connect import api as connect
from shengeng.sense.orders import api as edge
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import PAY_WITHIN, Placed
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.orders import api
from shengeng.trade.orders.contracts import Detail
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Money
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Benefit, Limits
from shengeng.trade.stock import api as stock

LATE = NOW + PAY_WITHIN + timedelta(minutes=1)


def known(stores: Stores, placed: Placed) -> Detail:
    with stores.rows.unit() as uow:
        return api.detail(uow, placed.order.order_id, NOW)


def free(stores: Stores, sku: str) -> int:
    with stores.rows.unit() as uow:
        assert stock.faults(uow) == []
        return stock.available(uow, [sku])[sku]


def test_an_order_goes_from_the_basket_to_the_door_and_into_the_facts(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_250, {"store": 3, "central": 5}), Sold("cup", 4_000, {"store": 2}))
    placed = buy(stores, [("tea", 4), ("cup", 1)])
    order = placed.order
    assert (order.state, order.total_minor, order.subtotal_minor) == ("placed", 9_600, 9_000)
    assert sum(line.total_minor for line in order.lines) + order.delivery_minor == order.total_minor
    assert (free(stores, "tea"), free(stores, "cup")) == (4, 1)
    assert known(stores, placed).states.can_pay

    assert placed.intent is not None
    taken = pay(stores, placed.intent)
    assert taken.verdict == "accepted"
    seen = known(stores, placed)
    assert (seen.states.charge, seen.states.authorisation) == ("charged", "authorised")
    assert seen.states.fulfilment == "unshipped"

    with stores.rows.unit() as uow:
        api.ship(uow, SHELL, order.order_id, NOW, carrier="sf", tracking_number="SF1", lines={1: 3})
    assert known(stores, placed).states.fulfilment == "partly_shipped"
    with stores.rows.unit() as uow:
        api.ship(uow, SHELL, order.order_id, NOW, carrier="sf", tracking_number="SF2")
        sent = fulfilment.shipments(uow, [order.order_id])[order.order_id]
        for one in sent:
            fulfilment.delivered(uow, SHELL, one.shipment_id, NOW)
    seen = known(stores, placed)
    assert seen.states.fulfilment == "delivered"
    assert not seen.states.can_cancel
    assert [event.kind for event in seen.events] == ["placed", "paid", "shipped", "shipped"]

    assert edge.take_storefront(stores, NOW) == 1
    assert edge.take_storefront(stores, NOW) == 0
    assert edge.drain(stores, NOW).orders == 1
    lines = connect.lines(stores.lake).to_pyarrow().to_pylist()
    told = sorted((one["product_id"], one["quantity"], one["total_minor"], one["paid"]) for one in lines)
    assert told == [("cup", 1, 4_000, True), ("tea", 4, 5_000, True)]
    assert {one["order_id"] for one in lines} == {order.number}
    assert {one["source"] for one in lines} == {"storefront"}


def test_a_cancelled_order_gives_back_goods_coupon_and_money_exactly_once(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    promotion = promote(stores, Benefit("amount", amount_minor=300), limits=Limits(uses=1))
    placed = buy(stores, [("tea", 2)])
    assert placed.order.discount_minor == 300
    assert placed.intent is not None
    pay(stores, placed.intent)
    with stores.rows.unit() as uow:
        api.cancel(uow, placed.order.order_id, "changed my mind", NOW)
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="cancelled already"):
        api.cancel(uow, placed.order.order_id, "again", NOW)
    assert free(stores, "tea") == 5
    seen = known(stores, placed)
    assert seen.states.charge == "refunding"
    assert seen.money == Money(2_300, 0, 2_300)
    with stores.rows.unit() as uow:
        assert pricing.promotion(uow, promotion.id).spent.uses == 0
        back = payments.refunds(uow, [placed.order.order_id])[0]
    for _ in range(2):
        headers, body = refunded(stores, placed.intent.id, back, NOW)
        checkout.notice(stores, "sandbox", headers, body, NOW)
    seen = known(stores, placed)
    assert (seen.states.charge, seen.order.refunded_minor) == ("refunded", 2_300)
    edge.take_storefront(stores, NOW)
    edge.drain(stores, NOW)
    assert [one["kind"] for one in connect.lines(stores.lake).to_pyarrow().to_pylist()] == ["cancelled"]


def test_what_nobody_pays_expires_and_is_for_sale_again(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2}))
    placed = buy(stores, [("tea", 2)])
    assert api.expire_due(stores, NOW + PAY_WITHIN - timedelta(seconds=1)) == 0
    assert (api.expire_due(stores, LATE), api.expire_due(stores, LATE)) == (1, 0)
    assert free(stores, "tea") == 2
    assert known(stores, placed).order.state == "expired"
    assert known(stores, placed).states.authorisation == "void"


def test_a_late_payer_gets_the_goods_that_are_still_there_at_the_old_price(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2}))
    promote(stores, Benefit("percent", bp=1_000), limits=Limits(budget_minor=200))
    placed = buy(stores, [("tea", 2)])
    api.expire_due(stores, LATE)
    assert placed.intent is not None
    assert pay(stores, placed.intent, LATE).verdict == "late"
    seen = known(stores, placed)
    assert (seen.order.state, seen.states.charge) == ("placed", "charged")
    assert [event.kind for event in seen.events][-1] == "paid_late"
    assert free(stores, "tea") == 0


@pytest.mark.parametrize("scarce", ["goods", "promotion"])
def test_a_late_payer_of_what_is_gone_has_the_money_back_at_once(stores: Stores, scarce: str) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2 if scarce == "goods" else 9}))
    promote(stores, Benefit("percent", bp=1_000), limits=Limits(uses=1))
    placed = buy(stores, [("tea", 2)])
    api.expire_due(stores, LATE)
    other = buy(stores, [("tea", 2)], LATE)
    assert placed.intent is not None
    assert other.order.discount_minor == 200
    pay(stores, placed.intent, LATE)
    seen = known(stores, placed)
    assert (seen.order.state, seen.order.why) == ("cancelled", "unobtainable")
    assert seen.money == Money(2_400, 0, 2_400)
    assert [event.kind for event in seen.events][-2:] == ["unobtainable", "refund_promised"]
    assert free(stores, "tea") == (0 if scarce == "goods" else 7)


def test_presale_leaves_a_place_that_is_named(stores: Stores) -> None:
    open_selling(stores, Sold("coat", 9_900, {"central": 1}, supply="presale", quota=1))
    placed = buy(stores, [("coat", 1)])
    assert placed.intent is not None
    pay(stores, placed.intent)
    order_id = placed.order.order_id
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="name the place"):
        api.ship(uow, SHELL, order_id, NOW, carrier="sf", tracking_number="1")
    with stores.rows.unit() as uow:
        api.ship(uow, SHELL, order_id, NOW, carrier="sf", tracking_number="1", location_id="central")
    assert known(stores, placed).states.fulfilment == "shipped"
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="have left"):
        api.cancel(uow, order_id, "too late", NOW)


def test_nobody_sees_an_order_that_is_not_theirs(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2}))
    placed = buy(stores, [("tea", 1)])
    number = placed.order.number
    with stores.rows.unit() as uow:
        mine = api.seen_by(uow, Shopper(), f"{number[:4]}-{number[4:]}".lower(), NOW, secret=placed.secret)
        assert mine.order.order_id == placed.order.order_id
        assert api.track(uow, number, " +86 138 0013 8000 ", NOW).order == mine.order
        for who, secret in ((Shopper(), ""), (Shopper(), "guess"), (Shopper(member_id="m1"), "")):
            with pytest.raises(ShopError, match="no order"):
                api.seen_by(uow, who, number, NOW, secret=secret)
        for contact in ("", "13800138001", "lx@example.cn"):
            with pytest.raises(ShopError, match="no order"):
                api.track(uow, number, contact, NOW)


def test_figures_tell_placed_paid_and_net(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 9}))
    first, second, _ = (buy(stores, [("tea", 1)]) for _ in range(3))
    assert first.intent is not None
    assert second.intent is not None
    pay(stores, first.intent)
    pay(stores, second.intent)
    with stores.rows.unit() as uow:
        api.refund(uow, SHELL, second.order.order_id, NOW, amount_minor=500, why="dented", key="one")
        api.refund(uow, SHELL, second.order.order_id, NOW, amount_minor=500, why="dented", key="one")
        back = payments.refunds(uow, [second.order.order_id])
    assert len(back) == 1
    headers, body = refunded(stores, second.intent.id, back[0], NOW)
    checkout.notice(stores, "sandbox", headers, body, NOW)
    with stores.rows.unit() as uow:
        told = api.figures(uow, NOW, LATE)[0]
    assert (told.placed, told.placed_minor, told.paid, told.paid_minor) == (3, 4_800, 2, 3_200)
    assert (told.refunded_minor, told.net_minor) == (500, 2_700)
