"""The core's laws bite: each fault that was planted here on purpose is found by a walk, in bounded time.

A fault stands in for a function of the product, as if somebody had written it wrong. A law that no fault
ever broke would prove nothing.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.unit.trade.checkout.core_machine import open_core, walk

from shengeng.storage.stores import Stores
from shengeng.trade.checkout import store as baskets
from shengeng.trade.checkout.api import placing
from shengeng.trade.orders.api import paying, stopping
from shengeng.trade.orders.store import reading as orders_read
from shengeng.trade.orders.store import writing as orders_written
from shengeng.trade.orders.store.tables import outbox
from shengeng.trade.payments.api import judging
from shengeng.trade.payments.store import moved
from shengeng.trade.payments.store.tables import charges
from shengeng.trade.pricing.methods import benefits, stacking
from shengeng.trade.pricing.store import coupon_rows, holding
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.api import promising
from shengeng.trade.stock.store import promises
from shengeng.trade.stock.store.shifting import Shift

WALKS, STEPS = 120, 30
Wrong = Callable[..., Any]
Plant = Callable[[Any], Wrong]  # given what is right, what is wrong


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which function, and the laws of which one may find it; "" where the database does."""

    name: str
    module: Any
    function: str
    plant: Plant
    laws: tuple[str, ...]


class AnyText(str):
    """Equal to every text."""

    __slots__ = ()
    __hash__: ClassVar[Any] = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def does_nothing(answer: object) -> Plant:
    return lambda right: lambda *a, **k: answer


def moved_again(shift: Shift) -> Plant:
    """What came back comes back once more."""

    def plant(right: Wrong) -> Wrong:
        def wrong(uow: Any, order_id: str, *a: Any, **k: Any) -> Any:
            did = right(uow, order_id, *a, **k)
            if did:
                promising._move(uow, promises.reserved(uow, order_id), shift)
            return did

        return wrong

    return plant


def turned_only(right: Wrong) -> Wrong:
    """An expired hold is promised without asking whether its units are still there."""
    return lambda uow, order_id, now, *_: promises.turn(uow, order_id, "released", "committed", now)


def more_than_is_left(right: Wrong) -> Wrong:
    def wrong(uow: Any, charge_id: Any, amount_minor: int) -> bool:
        mine = sa.update(charges).where(charges.c.id == charge_id)
        uow.conn.execute(mine.values(refunding_minor=charges.c.refunding_minor + amount_minor))
        return True

    return wrong


def the_whole_line(right: Wrong) -> Wrong:
    return lambda order, line_no, units: next(x.total_minor for x in order.lines if x.line_no == line_no)


def rounded_down(right: Wrong) -> Wrong:
    """Shares that are each rounded down, so that the rest is nobody's."""
    return lambda amount, weights, *_: [amount * one // max(1, sum(weights)) for one in weights]


def not_told(right: Wrong) -> Wrong:
    """An order changes and the facts do not hear of it."""

    def wrong(uow: Any, order: Any, *a: Any, **k: Any) -> None:
        right(uow, order, *a, **k)
        uow.conn.execute(sa.delete(outbox).where(outbox.c.order_id == order.order_id))

    return wrong


def one_more(right: Wrong) -> Wrong:
    def wrong(*a: Any, **k: Any) -> Any:
        order = right(*a, **k)
        return replace(order, total_minor=order.total_minor + 1)

    return wrong


def any_price(right: Wrong) -> Wrong:
    """A price that changed since it was shown is charged without a word."""
    return lambda *a, **k: replace(right(*a, **k), quote_id=AnyText("any"))


def without_its_charge(right: Wrong) -> Wrong:
    """A charge is kept and not booked."""

    def wrong(uow: Any, cause: str, *a: Any, **k: Any) -> None:
        if not cause.startswith("charge:"):
            right(uow, cause, *a, **k)

    return wrong


def always(answer: object) -> Plant:
    """It is done, and the answer is the wrong one."""

    def plant(right: Wrong) -> Wrong:
        def wrong(*a: Any, **k: Any) -> Any:
            right(*a, **k)
            return answer

        return wrong

    return plant


def of_another_payment(right: Wrong) -> Wrong:
    """Whatever a provider tells is taken for something new."""
    return lambda uow, provider, told, now: right(uow, provider, replace(told, provider_ref=uuid4().hex), now)


def forgotten(right: Wrong) -> Wrong:
    """Money that fits no order is not kept: nothing sends it back."""
    return lambda uow, came, why, about: judging.Judged(why, None, about, None)


GOODS, MONEY, TOTALS = ("goods_add_up",), ("money_adds_up", "ledger_says"), ("totals_add_up",)
LIMITS = ("promotions_keep_their_limits",)
FAULTS = (
    Fault("releasing does nothing", stock, "release", does_nothing(True), GOODS),
    Fault("units are released twice", stock, "release", moved_again(Shift(held=-1)), (*GOODS, "_move")),
    Fault(
        "units are given back twice", stock, "give_back", moved_again(Shift(committed=-1)), (*GOODS, "_move")
    ),
    Fault("a hold takes nothing of a quota", promising, "shift_quotas", does_nothing(True), GOODS),
    Fault("a late commit asks for no units", promising, "_had_again", turned_only, GOODS),
    Fault("shipped units stay open", promises, "use", does_nothing(None), (*GOODS, "ship")),
    Fault("more goes back than came", moved, "promise", more_than_is_left, ("give_back", *MONEY, "")),
    Fault("a cancelled order's money stays", stopping, "_money_back", does_nothing([]), MONEY),
    Fault(
        "units taken out give the whole line back", stopping, "_worth", the_whole_line, (*TOTALS, *MONEY, "")
    ),
    Fault("a key takes units out again", stopping, "_done_before", does_nothing(False), ("take_out",)),
    Fault("late money is kept silently", paying, "_send_back", does_nothing(None), MONEY),
    Fault("a second payment is kept silently", judging, "_park", forgotten, ("pay", *MONEY)),
    Fault("a charge is not booked", judging, "book", without_its_charge, MONEY),
    Fault("a notice told twice is new", judging, "_charged", of_another_payment, ("pay",)),
    Fault(
        "a refund's key is not looked at",
        moved,
        "refund_by_key",
        does_nothing(None),
        ("give_back",),
    ),
    Fault("a budget is not taken", holding, "take", does_nothing(True), (*LIMITS, "")),
    Fault("a budget is not given back", holding, "move", does_nothing(None), LIMITS),
    Fault("a coupon is not released", coupon_rows, "release", does_nothing(None), LIMITS),
    Fault("a coupon is not used up", coupon_rows, "redeem", does_nothing(None), LIMITS),
    Fault("a key is not looked at", baskets, "used", does_nothing(None), ("place_again", "")),
    Fault("a changed price is charged", placing, "quoted", any_price, ("place",)),
    Fault("a cut loses a part between the lines", benefits, "spread", rounded_down, TOTALS),
    Fault("a cut's bearers bear less than it", stacking, "split", rounded_down, TOTALS),
    Fault("a total is off by one", placing, "_order", one_more, (*TOTALS, "place", "")),
    Fault("a change is not told to the facts", orders_written, "change", not_told, ("facts_hear_of_it",)),
    Fault("nobody's time is ever over", orders_read, "overdue", does_nothing([]), ("wait",)),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.name.replace(" ", "_"))
@pytest.mark.slow
def test_a_planted_fault_is_found_by_the_law_that_forbids_it(
    stores: Stores, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_core(stores)
    monkeypatch.setattr(fault.module, fault.function, fault.plant(getattr(fault.module, fault.function)))
    with pytest.raises(Exception) as found:  # noqa: PT011 (which one, the next lines say)
        walk(stores, WALKS, STEPS, seeded=True)
    by = found.value
    if isinstance(by, AssertionError):
        broken = {frame.name for frame in traceback.extract_tb(by.__traceback__)}
        assert broken & set(fault.laws), broken
    else:
        assert "" in fault.laws, repr(by)
        assert isinstance(by, sa.exc.IntegrityError | AssertionError), repr(by)
