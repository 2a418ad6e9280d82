"""Many buyers at once: nothing is sold twice, nothing is placed twice, nobody sees two hands collide."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from tests.factories.payments import charged
from tests.factories.selling import NOW, Sold, buy, fill, look, open_selling, pay, promote, wish_of
from tests.unit.trade.stock.test_races import all_at_once

from shengeng.kernel.errors import ShopError
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api
from shengeng.trade.checkout.contracts import PAY_WITHIN, Placed
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Money
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Benefit, Limits
from shengeng.trade.stock import api as stock

LATE = NOW + PAY_WITHIN + timedelta(minutes=1)
Said = Placed | str


def buyer(stores: Stores, lines: list[tuple[str, int]], key: str = "key-00000001") -> Callable[[], Said]:
    """Somebody with a filled basket who is about to place it."""
    who = fill(stores, Shopper(), lines)
    wish = wish_of(look(stores, who))

    def act() -> Said:
        try:
            return api.place_patiently(stores, who, wish, key, NOW)
        except ShopError as refused:
            return refused.code

    return act


def placed_of(said: list[Said]) -> list[Placed]:
    return [one for one in said if isinstance(one, Placed)]


def test_placing_an_order_of_one_line_takes_few_statements(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 9}))
    act, seen = buyer(stores, [("tea", 1)]), list[str]()
    more = buyer(stores, [("tea", 1)])
    act()  # the first one fills caches

    def note(_c: object, _r: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(stores.rows.engine, "before_cursor_execute", note)
    try:
        assert isinstance(more(), Placed)
    finally:
        sa.event.remove(stores.rows.engine, "before_cursor_execute", note)
    assert len(seen) <= 8, "\n".join(seen)


def test_hundreds_of_buyers_of_one_variant_get_exactly_what_there_is(stores: Stores) -> None:
    open_selling(stores, Sold("hot", 1_000, {"store": 60, "central": 40}))
    said = all_at_once([buyer(stores, [("hot", 1)]) for _ in range(200)])
    codes = Counter(one if isinstance(one, str) else "" for one in said)
    assert codes == {"": 100, "sold_out": 100}
    with stores.rows.unit() as uow:
        assert stock.faults(uow) == []
        assert stock.available(uow, ["hot"]) == {"hot": 0}
        assert len({one.order.number for one in placed_of(said)}) == 100
        assert orders.page(uow, NOW).total == 100


def test_orders_that_cross_end_well_and_a_budget_holds(stores: Stores) -> None:
    skus = [f"s{n}" for n in range(5)]
    open_selling(stores, *(Sold(sku, 1_000, {"store": 15, "central": 15}) for sku in skus))
    promotion = promote(stores, Benefit("amount", amount_minor=500), limits=Limits(budget_minor=10_000))
    acts = [buyer(stores, [(sku, 1) for sku in (skus if n % 2 else skus[::-1])]) for n in range(60)]
    said = all_at_once(acts)
    codes = Counter(one if isinstance(one, str) else "" for one in said)
    assert set(codes) <= {"", "sold_out", "price_changed", "promotion_ran_out"}, codes
    with stores.rows.unit() as uow:
        spent = pricing.promotion(uow, promotion.id).spent
        assert stock.faults(uow) == []
    assert spent.minor == 500 * codes[""] == 10_000


def test_one_key_that_arrives_many_times_at_once_is_one_order(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 9}))
    act = buyer(stores, [("tea", 2)])
    said = placed_of(all_at_once([act] * 16))
    assert len(said) == 16
    assert len({one.order.order_id for one in said}) == 1
    assert len({one.intent.id for one in said if one.intent}) == 1
    assert Counter(one.again for one in said) == {True: 15, False: 1}
    with stores.rows.unit() as uow:
        assert stock.available(uow, ["tea"]) == {"tea": 7}


def test_whatever_comes_first_of_payment_cancelling_and_expiry_the_books_agree(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 30}))
    placed = [buy(stores, [("tea", 1)]) for _ in range(30)]

    def payer(one: Placed) -> Callable[[], str]:
        assert one.intent is not None
        headers, body = charged(stores, one.intent, NOW)
        return lambda: api.notice(stores, "sandbox", headers, body, LATE).verdict

    def canceller(one: Placed) -> Callable[[], str]:
        def act() -> str:
            try:
                with stores.rows.unit() as uow:
                    return orders.cancel(uow, one.order.order_id, "", LATE).state
            except ShopError as refused:
                return refused.code

        return act

    acts: list[Callable[[], str]] = []
    for one in placed:
        acts += [payer(one), canceller(one), payer(one)]
    acts += [lambda: str(orders.expire_due(stores, LATE))] * 6
    said = Counter(all_at_once(acts))
    assert not set(said) & {"busy", "database_busy"}, said
    with stores.rows.unit() as uow:
        ids = [one.order.order_id for one in placed]
        money = payments.money(uow, ids)
        there = {order_id: orders.detail(uow, order_id, LATE) for order_id in ids}
        assert stock.faults(uow) == []
        kept = sum(seen.order.paid_at is not None and seen.order.state == "placed" for seen in there.values())
        assert stock.available(uow, ["tea"]) == {"tea": 30 - kept}
    for order_id, seen in there.items():
        if seen.order.state == "placed":
            assert money[order_id] == Money(1_600, 0, 0)
        else:
            assert money[order_id].charged_minor == money[order_id].refunding_minor


_KILLED = """
import os, signal, sys
from tests.factories.selling import NOW, fill, look, wish_of
from shengeng.kernel.settings import Settings
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.stores import open_stores
from shengeng.trade.checkout import api
from pathlib import Path
with open_stores(Settings(home=Path(sys.argv[1])), sys.argv[2]) as stores:
    who = fill(stores, Shopper(), [("tea", 2)])
    wish = wish_of(look(stores, who))
    with stores.rows.unit() as uow:
        api.place(uow, who, wish, "key-00000001", NOW)
        print("placed", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_mid_checkout_leaves_nothing_behind(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 3}))
    url = stores.rows.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _KILLED, str(stores.settings.home), url]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "placed\n"), done.stderr
    with stores.rows.unit() as uow:
        assert orders.page(uow, NOW).total == 0
        assert stock.available(uow, ["tea"]) == {"tea": 3}
    placed = buy(stores, [("tea", 3)])
    assert placed.intent is not None
    assert pay(stores, placed.intent).verdict == "accepted"
