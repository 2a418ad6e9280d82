"""Units taken out of an order before they are sent: goods back once, and exactly their part of the money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.payments import refunded
from tests.factories.selling import NOW, Sold, buy, open_selling, pay, promote

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.words import Words
from shengeng.sense.connect import api as connect
from shengeng.sense.orders import api as edge
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Placed
from shengeng.trade.orders import api
from shengeng.trade.orders.contracts import Detail, Line
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Money
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Benefit, Limits
from shengeng.trade.stock import api as stock


def bought(stores: Stores, *lines: tuple[str, int]) -> Placed:
    placed = buy(stores, lines)
    assert placed.intent is not None
    pay(stores, placed.intent)
    return placed


def take_out(
    stores: Stores, placed: Placed, units: dict[int, int], key: str, who: Principal = SHELL
) -> Detail:
    with stores.rows.unit() as uow:
        api.reduce(uow, placed.order.order_id, units, "too many", NOW, key=key, who=who)
        assert stock.faults(uow) == []
        return api.detail(uow, placed.order.order_id, NOW)


def free(stores: Stores, sku: str) -> int:
    with stores.rows.unit() as uow:
        return stock.available(uow, [sku])[sku]


@given(
    total=st.integers(0, 10**9), quantity=st.integers(1, 60), cuts=st.lists(st.integers(1, 20), max_size=8)
)
def test_parts_of_a_line_sum_to_the_whole_however_they_are_cut(
    total: int, quantity: int, cuts: list[int]
) -> None:
    line = Line(
        1, "a", "a", "s", Words("甲", "A"), (), "", quantity, "stock", None, 1, 1, 1, 0, 0, total, None
    )  # fmt: skip
    done, parts = 0, []
    for cut in [*cuts, quantity]:
        more = min(cut, quantity - done)
        parts.append(line.of_first(done + more, total) - line.of_first(done, total))
        assert abs(parts[-1] - total * more / quantity) < 1 + more
        done += more
    assert sum(parts) == total
    assert min(parts) >= 0
    each = [line.of_first(n + 1, total) - line.of_first(n, total) for n in range(quantity)]
    assert max(each) - min(each) <= 1
    assert each == sorted(each, reverse=True)


def test_units_go_back_one_by_one_and_come_to_the_whole_line(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}), Sold("cup", 333, {"store": 5}))
    promotion = promote(stores, Benefit("amount", amount_minor=500), limits=Limits(uses=1))
    placed = bought(stores, ("tea", 3), ("cup", 2))
    line = placed.order.lines[0]
    assert line.discount_minor % 3, "a share that does not divide"
    came: list[int] = []
    for n in range(3):
        seen = take_out(stores, placed, {1: 1}, f"press-{n:04}")
        came.append(seen.money.refunding_minor - sum(came))
        assert (seen.order.state, seen.lines[0].still_open, free(stores, "tea")) == ("placed", 2 - n, 3 + n)
        assert seen.order.dropped_minor == sum(came)
    assert sum(came) == line.total_minor
    assert max(came) - min(came) <= 1
    with stores.rows.unit() as uow:
        assert pricing.promotion(uow, promotion.id).spent.uses == 1, "what stays keeps its cuts"
    assert seen.states.can_cancel
    with stores.rows.unit() as uow:
        api.cancel(uow, placed.order.order_id, "all of it after all", NOW)
        assert pricing.promotion(uow, promotion.id).spent.uses == 0
        assert payments.money(uow, [placed.order.order_id])[placed.order.order_id] == Money(
            placed.order.total_minor, 0, placed.order.total_minor
        )
    assert (free(stores, "tea"), free(stores, "cup")) == (5, 5)


def test_the_same_key_takes_out_once_and_the_last_units_cancel_the_order(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2, "central": 3}))
    placed = bought(stores, ("tea", 4))
    for _ in range(2):
        seen = take_out(stores, placed, {1: 1}, "first-press")
    assert (seen.lines[0].still_open, seen.money.refunding_minor) == (3, 1_000)
    with pytest.raises(ShopError, match="other goods"):
        take_out(stores, placed, {1: 2}, "first-press")
    for _ in range(2):
        seen = take_out(stores, placed, {1: 3}, "second-press")
    assert (seen.order.state, seen.money) == ("cancelled", Money(4_600, 0, 4_600))
    assert [event.kind for event in seen.events][-3:] == ["reduced", "cancelled", "refund_promised"]
    assert free(stores, "tea") == 5


def test_what_was_sent_stays_sent_and_the_delivery_fee_stays(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    placed = bought(stores, ("tea", 3))
    with stores.rows.unit() as uow:
        api.ship(uow, SHELL, placed.order.order_id, NOW, carrier="sf", tracking_number="1", lines={1: 1})
    for units in ({1: 3}, {1: 0}, {2: 1}, {1: -1}, {}):
        with pytest.raises(ShopError):
            take_out(stores, placed, units, "too-much-of-it")
    seen = take_out(stores, placed, {1: 2}, "both-others")
    assert (seen.order.state, seen.states.fulfilment) == ("placed", "shipped")
    assert seen.money == Money(3_600, 0, 2_000)
    states = seen.states
    assert (states.can_ship, states.can_reduce, states.can_cancel) == (False, False, False)
    assert free(stores, "tea") == 4


def test_never_more_goes_back_than_came(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    placed = bought(stores, ("tea", 2))
    with stores.rows.unit() as uow:
        api.refund(uow, SHELL, placed.order.order_id, NOW, amount_minor=2_300, why="late", key="kindness")
    seen = take_out(stores, placed, {1: 1}, "press-0001")
    assert seen.money == Money(2_600, 0, 2_600)
    seen = take_out(stores, placed, {1: 1}, "press-0002")
    assert (seen.order.state, seen.money) == ("cancelled", Money(2_600, 0, 2_600))


def test_an_unpaid_order_is_cancelled_whole_and_a_viewer_takes_nothing_out(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    placed = buy(stores, [("tea", 2)])
    with pytest.raises(ShopError, match="Cancel all of it"):
        take_out(stores, placed, {1: 1}, "press-0001")
    with pytest.raises(ShopError):
        take_out(stores, placed, {1: 1}, "press-0001", who=Principal("eve", Role.VIEWER))


def test_the_facts_know_what_stands(stores: Stores) -> None:
    open_selling(stores, Sold("cup", 1_000, {"store": 9}), Sold("tea", 2_000, {"store": 9}))
    placed = bought(stores, ("cup", 3), ("tea", 1))
    take_out(stores, placed, {1: 1, 2: 1}, "press-0001")
    with stores.rows.unit() as uow:
        back = payments.refunds(uow, [placed.order.order_id])[0]
    assert placed.intent is not None
    headers, body = refunded(stores, placed.intent.id, back, NOW)
    checkout.notice(stores, "sandbox", headers, body, NOW)
    edge.take_storefront(stores, NOW)
    edge.drain(stores, NOW)
    rows = connect.lines(stores.lake).to_pyarrow().to_pylist()
    cup, tea = sorted(rows, key=lambda row: str(row["product_id"]))
    assert (cup["kind"], cup["quantity"], cup["total_minor"], cup["refund_minor"]) == ("sale", 2, 2_000, 0)
    assert tea["kind"] == "cancelled"
