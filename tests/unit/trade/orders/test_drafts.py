"""Orders that operators write for somebody: drafts hold nothing, and become orders like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.selling import BACK, HOME, NOW, REACHED, Sold, open_selling, pay, promote

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.shoppers import Shopper
from shengeng.sense.orders import api as edge
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Draft, Placed
from shengeng.trade.orders import api
from shengeng.trade.orders.contracts import Order
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Benefit, Limits, PriceSet
from shengeng.trade.stock import api as stock

MEI = Principal("mei", Role.OPERATOR)
WANTED = Draft({"tea": 2}, REACHED, HOME, note="rang at noon")


def write(stores: Stores, draft: Draft = WANTED, order_id: str = "") -> Order:
    with stores.rows.unit() as uow:
        return checkout.write_draft(uow, MEI, draft, NOW, order_id=order_id)


def place(stores: Stores, draft: Order, total_minor: int | None = None) -> Placed:
    with stores.rows.unit() as uow:
        return checkout.place_draft(
            uow,
            MEI,
            draft.order_id,
            NOW,
            total_minor=draft.total_minor if total_minor is None else total_minor,
            provider="sandbox",
            return_url=BACK,
        )


def free(stores: Stores, sku: str) -> int:
    with stores.rows.unit() as uow:
        assert stock.faults(uow) == []
        return stock.available(uow, [sku])[sku]


def test_a_draft_holds_nothing_and_nobody_but_the_shop_knows_of_it(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    draft = write(stores)
    assert (draft.state, draft.total_minor, free(stores, "tea")) == ("draft", 2_600, 5)
    with stores.rows.unit() as uow:
        assert [row.order.number for row in api.page(uow, NOW, state="draft").rows] == [draft.number]
        assert api.figures(uow, NOW, NOW + timedelta(days=1)) == []
        assert api.outbox(uow) == []
        assert api.overdue(uow, NOW + timedelta(days=9)) == []
        states = api.detail(uow, draft.order_id, NOW).states
        assert (states.can_pay, states.can_cancel, states.can_reduce, states.can_ship) == (False,) * 4
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError, match="no order"):
            api.track(uow, draft.number, "13800138000", NOW)
        with pytest.raises(ShopError, match="no order"):
            api.seen_by(uow, Shopper(), draft.number, NOW)
    acts: tuple[Callable[[], object], ...] = (
        lambda: api.cancel(uow, draft.order_id, "", NOW),
        lambda: api.ship(uow, MEI, draft.order_id, NOW, carrier="sf", tracking_number="1"),
        lambda: api.reduce(uow, draft.order_id, {1: 1}, "", NOW, key="press-0001"),
        lambda: api.refund(uow, SHELL, draft.order_id, NOW, amount_minor=1, why="no", key="press-0001"),
    )
    for act in acts:
        with stores.rows.unit() as uow, pytest.raises(ShopError, match="is a draft"):
            act()


def test_a_draft_is_changed_placed_and_paid_by_its_buyer(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}), Sold("cup", 500, {"store": 5}))
    promotion = promote(stores, Benefit("amount", amount_minor=100), limits=Limits(uses=1))
    first = write(stores)
    draft = write(stores, replace(WANTED, units={"cup": 1, "tea": 3}), first.order_id)
    assert (draft.order_id, draft.number, len(draft.lines)) == (first.order_id, first.number, 2)
    placed = place(stores, draft)
    again = place(stores, draft)
    assert (again.again, again.order.order_id) == (True, draft.order_id)
    assert placed.order.total_minor == draft.total_minor == 3_500 - 100 + 600
    assert (free(stores, "tea"), free(stores, "cup")) == (2, 4)
    with stores.rows.unit() as uow:
        assert pricing.promotion(uow, promotion.id).spent.uses == 1
        seen = api.track(uow, draft.number, "li@example.cn", NOW)
        assert seen.states.can_pay
        assert [(event.kind, event.by) for event in seen.events] == [("placed", "mei")]
        assert api.overdue(uow, NOW + timedelta(hours=23)) == []
        assert api.overdue(uow, NOW + timedelta(hours=25)) == [draft.order_id]
    assert placed.intent is not None
    assert pay(stores, placed.intent).verdict == "accepted"
    with stores.rows.unit() as uow:
        assert api.detail(uow, draft.order_id, NOW).states.authorisation == "authorised"
    assert edge.take_storefront(stores, NOW) == 1
    with pytest.raises(ShopError, match="placed already"):
        write(stores, WANTED, draft.order_id)


def test_a_price_that_changed_is_told_and_what_is_gone_is_not_placed(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2}))
    draft, other = write(stores), write(stores)
    with stores.rows.unit() as uow:
        pricing.set_prices(uow, SHELL, "online", [PriceSet("tea", 1_200)], NOW)
    with pytest.raises(ShopError, match="costs 3000"):
        place(stores, draft)
    assert place(stores, draft, 3_000).order.lines[0].unit_minor == 1_200
    with pytest.raises(ShopError, match="Only 0"):
        place(stores, other, 3_000)
    with stores.rows.unit() as uow:
        assert api.order(uow, other.order_id).state == "draft"
        api.note(uow, MEI, other.order_id, "asked twice", NOW)
        api.drop_draft(uow, MEI, other.order_id, NOW)
        with pytest.raises(ShopError, match="no order"):
            api.order(uow, other.order_id)
        with pytest.raises(ShopError, match="placed already"):
            api.drop_draft(uow, MEI, draft.order_id, NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WANTED, units={}),
        replace(WANTED, units={"tea": 0}),
        replace(WANTED, units={"nothing": 1}),
        replace(WANTED, option_id="rocket"),
        replace(WANTED, member_id="nobody"),
        replace(WANTED, where=replace(HOME, country="US")),
        replace(WANTED, contact=replace(REACHED, email="", phone=" ")),
    ],
)
def test_what_cannot_be_sold_or_sent_is_no_draft(stores: Stores, wrong: Draft) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2}))
    with pytest.raises(ShopError):
        write(stores, wrong)
    with stores.rows.unit() as uow:
        assert api.page(uow, NOW).total == 0


def test_a_viewer_writes_no_drafts(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 2}))
    with stores.rows.unit() as uow, pytest.raises(ShopError):
        checkout.write_draft(uow, Principal("eve", Role.VIEWER), WANTED, NOW)
