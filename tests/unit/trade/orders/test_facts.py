"""Orders of the storefront in the facts: each version once, each line with its seller, money as it came."""

from __future__ import annotations

from typing import Any

from tests.factories.payments import refunded
from tests.factories.selling import NOW, Sold, buy, open_selling, pay, promote

from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.sense.connect import api as connect
from shengeng.sense.orders import api as edge
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Seller
from shengeng.trade.checkout import api as checkout
from shengeng.trade.orders import api
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing.contracts import Bearers, Benefit


def facts(stores: Stores) -> list[dict[str, Any]]:
    while edge.take_storefront(stores, NOW):
        pass
    edge.drain(stores, NOW)
    rows = connect.lines(stores.lake).to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: str(row["product_id"]))


def test_each_line_keeps_its_seller_and_who_bore_its_discount(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        catalogue.put_seller(uow, SHELL, Seller("farm", Words("农场", "Farm")), NOW)
    open_selling(stores, Sold("apple", 500, {"store": 9}, seller_id="farm"), Sold("tea", 1_500, {"store": 9}))
    shared = Bearers(platform_bp=6_000, seller_bp=4_000)
    promote(stores, Benefit("percent", bp=1_000), bearers=shared)
    placed = buy(stores, [("apple", 2), ("tea", 1)])
    apple, tea = facts(stores)
    assert (apple["seller_id"], tea["seller_id"]) == ("farm", "shop")
    assert [row["total_minor"] for row in (apple, tea)] == [900, 1_350]
    assert [row["discount_seller_minor"] for row in (apple, tea)] == [40, 60]
    assert [row["discount_platform_minor"] for row in (apple, tea)] == [60, 90]
    assert not apple["paid"]
    assert placed.intent is not None
    pay(stores, placed.intent)
    assert [row["paid"] for row in facts(stores)] == [True, True]


def test_a_refund_falls_on_the_lines_by_what_they_cost(stores: Stores) -> None:
    open_selling(stores, Sold("cup", 1_000, {"store": 9}), Sold("tea", 2_000, {"store": 9}))
    placed = buy(stores, [("cup", 1), ("tea", 1)])
    assert placed.intent is not None
    pay(stores, placed.intent)
    with stores.rows.unit() as uow:
        api.refund(uow, SHELL, placed.order.order_id, NOW, amount_minor=900, why="late", key="one")
        back = payments.refunds(uow, [placed.order.order_id])[0]
    headers, body = refunded(stores, placed.intent.id, back, NOW)
    checkout.notice(stores, "sandbox", headers, body, NOW)
    assert [row["refund_minor"] for row in facts(stores)] == [300, 600]


def test_what_changes_while_it_is_taken_is_told_again(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 9}))
    placed = buy(stores, [("tea", 1)])
    with stores.rows.unit() as taking:
        waiting = api.outbox(taking)
        with stores.rows.unit() as uow:
            api.cancel(uow, placed.order.order_id, "", NOW)
        api.taken(taking, [(one.order_id, one.version) for one in waiting])
    with stores.rows.unit() as uow:
        assert [(one.version, one.state) for one in api.outbox(uow)] == [(2, "cancelled")]


def test_what_the_facts_refuse_waits_with_its_reason_until_the_order_changes(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 9}))
    order = buy(stores, [("tea", 1)]).order
    with stores.rows.unit() as uow:
        api.refused(uow, order.order_id, order.version, "orders.0: no")
        assert (api.outbox(uow), api.any_out(uow)) == ([], False)
        api.cancel(uow, order.order_id, "", NOW)
        assert [one.version for one in api.outbox(uow)] == [2]
