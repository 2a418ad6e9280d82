"""Hold, redeem and release what an order takes of coupons, budgets and uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.kernel.errors import ShopError
from shengeng.kernel.ids import new_id
from shengeng.trade.pricing import store
from shengeng.trade.pricing.contracts import COUPON_TAKEN, HELD_OTHERWISE, RAN_OUT, Quote, Step
from shengeng.trade.pricing.store.holding import Hold, HoldState

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def hold(uow: UnitOfWork, quote: Quote, order_id: str, member_id: str | None, now: datetime) -> None:
    """Take for an order what its quote uses: coupons, members' uses, budgets; all or nothing.

    Rows are taken in key order, the contended counters of promotions last. The same quote held again for
    the same order changes nothing. Refuses, naming it, what has run out since the quote was made.
    """
    steps = sorted((step for step in quote.steps if step.applied), key=lambda step: step.id)
    wanted = [(step.id, step.coupon_id, step.amount_minor) for step in steps]
    there = store.holding.living(uow, order_id)
    if there:
        if sorted(there, key=lambda one: one[0]) != wanted:
            raise HELD_OTHERWISE.error(order=order_id)
        return
    if steps:
        _claim(uow, [_hold(step, order_id, member_id, now) for step in steps], now)
        _take(uow, steps, order_id, member_id, now)


def redeem(uow: UnitOfWork, order_id: str, now: datetime) -> bool:
    """A paid order uses up what it holds, exactly once; False when its holds had been released before."""
    moved = store.holding.settle(uow, order_id, now, frm=("held",), to="redeemed")
    for one, _ in sorted(moved, key=_by_coupon):
        if one.coupon_id is not None:
            store.coupon_rows.redeem(uow, one.coupon_id)
            store.coupon_rows.note(uow, [one.coupon_id], "redeemed", order_id, now)
    _move(uow, moved, "redeemed")
    return bool(moved) or "released" not in store.holding.states(uow, order_id)


def release(uow: UnitOfWork, order_id: str, now: datetime, *, redeemed_too: bool = False) -> bool:
    """An order gives back what it holds, exactly once; False when there was nothing to give back.

    redeemed_too: also what a paid order has used up (cancelled before shipping).
    """
    frm: tuple[HoldState, ...] = ("held", "redeemed") if redeemed_too else ("held",)
    moved = store.holding.settle(uow, order_id, now, frm=frm, to="released")
    for one, was in sorted(moved, key=_by_coupon):
        if one.coupon_id is not None:
            store.coupon_rows.release(uow, one.coupon_id, redeemed=was == "redeemed")
            store.coupon_rows.note(uow, [one.coupon_id], "released", order_id, now)
    for one, _ in moved:
        if one.member_id is not None:
            store.holding.uncount_member(uow, one.promotion_id, one.member_id)
    _move(uow, moved, "released")
    return bool(moved)


def expire(uow: UnitOfWork, now: datetime, limit: int = 5000) -> int:
    """End free coupons whose time is over; returns how many. What an order has locked stays the order's."""
    ended = store.coupon_rows.expire(uow, now, limit)
    store.coupon_rows.note(uow, ended, "expired", None, now)
    return len(ended)


def _by_coupon(pair: tuple[Hold, HoldState]) -> str:
    return str(pair[0].coupon_id)


def _hold(step: Step, order_id: str, member_id: str | None, now: datetime) -> Hold:
    return Hold(new_id(now), order_id, step.id, step.coupon_id, member_id, step.amount_minor)


def _claim(uow: UnitOfWork, holds: Sequence[Hold], now: datetime) -> None:
    if store.holding.claim(uow, holds, now) != len(holds):
        raise HELD_OTHERWISE.error(order=holds[0].order_id)


def _take(
    uow: UnitOfWork, steps: Sequence[Step], order_id: str, member_id: str | None, now: datetime
) -> None:
    for step in sorted(steps, key=lambda step: str(step.coupon_id)):
        if step.coupon_id is not None:
            if not store.coupon_rows.lock(uow, step.coupon_id, member_id, now):
                raise COUPON_TAKEN.error(code=step.code)
            store.coupon_rows.note(uow, [step.coupon_id], "locked", order_id, now)
    rules = store.holding.rules(uow, [step.id for step in steps])
    for step in steps:
        _count_member(uow, step, member_id, rules[step.id][1])
    for step in steps:
        if rules[step.id][0] and not store.holding.take(uow, step.id, step.amount_minor):
            raise _ran_out(step, "budget, uses")


def _count_member(uow: UnitOfWork, step: Step, member_id: str | None, most: int | None) -> None:
    """Members' uses are counted always, so that a limit set later counts what was used before."""
    if member_id is None:
        if most is not None:
            raise _ran_out(step, "member_id")
    elif not store.holding.count_member(uow, step.id, member_id, most):
        raise _ran_out(step, "member_uses")


def _ran_out(step: Step, what: str) -> ShopError:
    return RAN_OUT.error(name_zh=step.name.text("zh"), name_en=step.name.text("en"), what=what)


def _move(uow: UnitOfWork, moved: Sequence[tuple[Hold, HoldState]], to: HoldState) -> None:
    """Move the counters of limited promotions, in key order; those without limits are counted from holds."""
    ids: list[UUID] = [one.promotion_id for one, _ in moved]
    if not ids:
        return
    rules = store.holding.rules(uow, ids)
    for one, was in moved:
        if rules[one.promotion_id][0]:
            store.holding.move(uow, one.promotion_id, one.amount_minor, was, to)
