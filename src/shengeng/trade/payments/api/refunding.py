"""Refunds: promised in the caller's transaction, sent by a job, certain when the provider says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import LIMIT_MINOR
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.queue import LIVE
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments.api.booking import book
from shengeng.trade.payments.api.judging import fail, give_back
from shengeng.trade.payments.api.setting_up import adapter
from shengeng.trade.payments.contracts import Charge, Refund, Send, Told
from shengeng.trade.payments.contracts.refusals import (
    BAD_AMOUNT,
    KEY_REUSED,
    NO_CHARGE,
    NO_REFUND,
    NOT_CHARGED,
    REFUND_RUNS,
    TOO_MUCH,
)
from shengeng.trade.payments.contracts.values import REFUND_TASK
from shengeng.trade.payments.methods import booking
from shengeng.trade.payments.store import moved

# A refund that its provider works on is asked about after a minute, then at doubling distances to a day.
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(days=1)


def refund(  # noqa: PLR0917 (the order in which it is said everywhere)
    uow: UnitOfWork, order_id: str, amount_minor: int, reason: str, key: str, now: datetime
) -> Refund:
    """Promise a part of what was charged back; a job sends it. The same key again is the same refund.

    Refuses an unpaid order, more than is left of the charge, and a key of a refund of another amount.
    """
    if not 0 < amount_minor < LIMIT_MINOR:
        raise BAD_AMOUNT.error(amount_minor=amount_minor, limit=LIMIT_MINOR - 1)
    charge = moved.charge_of_order(uow, order_id)
    if charge is None:
        raise NOT_CHARGED.error(order_id=order_id)
    return _promised(uow, charge, amount_minor, reason, key, now=now)


def give_parked_back(uow: UnitOfWork, by: Principal, now: datetime, charge_id: UUID) -> Refund:
    """Send parked money back to whoever paid it (approver)."""
    require(by, Role.APPROVER)
    charge = moved.charge(uow, charge_id)
    if charge is None or charge.standing != "parked":
        raise NO_CHARGE.error(id=charge_id)
    made = _promised(uow, charge, charge.amount_minor, "parked", f"parked:{charge.id}", now=now)
    audit.record(uow, at=now, actor=by.name, action="payments.parked_returned", target=str(charge_id))
    return made


def try_again(uow: UnitOfWork, by: Principal, now: datetime, refund_id: UUID) -> Refund:
    """Send a failed refund once more under its own key (operator)."""
    require(by, Role.OPERATOR)
    one = moved.refund(uow, refund_id, hold=True)
    charge = moved.charge(uow, one.charge_id) if one else None
    if one is None or charge is None:
        raise NO_REFUND.error(id=refund_id)
    if one.state != "failed":
        raise REFUND_RUNS.error(id=refund_id, state=one.state)
    if not moved.promise(uow, charge.id, one.amount_minor):
        raise _too_much(charge, one.amount_minor)
    cause = f"refund:{one.id}:again:{one.asked_times}"
    sides = booking.promised(charge, one.amount_minor)
    book(uow, cause, "refund_promised", one, sides, now=now)
    # Counted as a try, so that what is booked of this one has causes of its own.
    moved.change_refund(uow, refund_id, state="waiting", error="", asked_times=one.asked_times + 1)
    uow.enqueue(REFUND_TASK, queue=LIVE, lock=f"refund:{refund_id}", refund_id=str(refund_id))
    audit.record(uow, at=now, actor=by.name, action="payments.refund_again", target=str(refund_id))
    again = moved.refund(uow, refund_id)
    assert again is not None
    return again


def send_refund(
    stores: Stores, refund_id: UUID, now: datetime, *, send: Send | None = None
) -> tuple[str, Told] | None:
    """Ask the provider to send a refund, or what became of it; what it says goes to `settle`.

    Outside of any transaction, idempotent by the refund's id. A refusal ends the refund as failed.
    """
    with stores.rows.unit() as uow:
        one, charge = moved.refund(uow, refund_id, hold=True), None
        if one is None:
            raise NO_REFUND.error(id=refund_id)
        charge = moved.charge(uow, one.charge_id)
        assert charge is not None
        if one.state not in ("waiting", "asked"):
            return None
        way = adapter(uow, charge.provider, send=send)
        later = now + min(_FIRST * 2 ** min(one.asked_times, 12), _LONGEST)
        times = one.asked_times + 1
        moved.change_refund(uow, refund_id, asked_times=times, ask_at=later)
    try:
        told = way.refund(charge, one, now) if one.state == "waiting" else way.ask_refund(charge, one, now)
    except ShopError as error:
        if error.kind == "unavailable":
            raise
        with stores.rows.unit() as uow:
            _give_up(uow, refund_id, str(error), now)
        return None
    if told is not None:
        return charge.provider, told
    with stores.rows.unit() as uow:
        moved.being_worked_on(uow, refund_id)
    return None


def _give_up(uow: UnitOfWork, refund_id: UUID, why: str, now: datetime) -> None:
    one = moved.refund(uow, refund_id, hold=True)
    assert one is not None
    charge = moved.charge(uow, one.charge_id)
    assert charge is not None
    if one.state in ("waiting", "asked"):
        fail(uow, charge, one, why, now)


def _promised(
    uow: UnitOfWork, charge: Charge, amount_minor: int, reason: str, key: str, *, now: datetime
) -> Refund:
    there = moved.refund_by_key(uow, key)
    if there is None:
        there = give_back(uow, charge, amount_minor, reason[:300], key, now=now)
    if there is None:
        raise _too_much(charge, amount_minor)
    if (there.amount_minor, there.charge_id) != (amount_minor, charge.id):
        raise KEY_REUSED.error(key=key, amount_minor=there.amount_minor)
    return there


def _too_much(charge: Charge, amount_minor: int) -> ShopError:
    return TOO_MUCH.error(
        amount_minor=amount_minor,
        order_id=charge.order_id or charge.provider_ref,
        left_minor=charge.left_minor,
    )
