"""What a signed statement of a provider changes here: at most once, and never what it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shengeng.kernel.ids import new_id
from shengeng.storage.queue import LIVE
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.api.booking import book
from shengeng.trade.payments.contracts import Charge, Fact, Intent, Refund, Told, Verdict
from shengeng.trade.payments.contracts.values import REFUND_TASK
from shengeng.trade.payments.methods import booking
from shengeng.trade.payments.store import intents as store
from shengeng.trade.payments.store import moved


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a statement and the fact that follows."""

    verdict: Verdict
    fact: Fact | None = None
    about: str = ""
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Came:
    provider: str
    told: Told
    intent: Intent | None
    now: datetime


def judge(uow: UnitOfWork, provider: str, told: Told, now: datetime) -> Judged:
    """Act on a statement whose signature holds."""
    if told.kind == "charged":
        return _charged(uow, provider, told, now)
    if told.kind == "failed":
        return _failed(uow, provider, told)
    if told.kind in ("refunded", "refund_failed"):
        return _refunded(uow, provider, told, now)
    return Judged("ignored", about="it says nothing about money")


def _charged(uow: UnitOfWork, provider: str, told: Told, now: datetime) -> Judged:
    intent = store.locked(uow, told.intent_id) if told.intent_id else None
    if intent is not None and intent.provider != provider:
        intent = None
    known = moved.charge_by_ref(uow, provider, told.provider_ref)
    if known is not None:
        return Judged("duplicate", order_id=known.order_id)
    if told.amount_minor <= 0:
        return Judged("wrong_amount", about=f"an amount of {told.amount_minor}")
    came = _Came(provider, told, intent, now)
    if intent is None:
        return _park(uow, came, "unknown", "there is no such payment")
    if (told.amount_minor, told.currency) != (intent.amount_minor, intent.currency):
        why = f"asked for {intent.amount_minor} {intent.currency}, paid {told.amount_minor} {told.currency}"
        return _park(uow, came, "wrong_amount", why)
    return _for_order(uow, came, intent)


def _for_order(uow: UnitOfWork, came: _Came, intent: Intent) -> Judged:
    told, now = came.told, came.now
    charge = _kept(uow, came, "order", "")
    if charge is None:
        return _park(uow, came, "second", "the order was paid before")
    late = intent.state != "open" or intent.expires_at <= now
    store.change(uow, intent.id, state="charged", ask_at=None)
    fact = Fact(intent.order_id, "charged", told.amount_minor, told.provider_ref, intent.id, late)
    about = f"the payment was {intent.state} or over by then" if late else ""
    return Judged("late" if late else "accepted", fact, about, intent.order_id)


def _park(uow: UnitOfWork, came: _Came, why: Verdict, about: str) -> Judged:
    """Money that fits no order is ours to give back, not to keep; a second payment goes back by itself."""
    order_id = came.intent.order_id if came.intent else None
    charge = _kept(uow, came, "parked", why)
    if charge is None:
        return Judged("duplicate", order_id=order_id)
    if came.intent is not None:
        store.change(uow, came.intent.id, ask_at=None)
    if why == "second":
        give_back(uow, charge, charge.amount_minor, why, f"second:{charge.id}", now=came.now)
    return Judged(why, None, about, order_id)


def _kept(uow: UnitOfWork, came: _Came, standing: Literal["order", "parked"], why: str) -> Charge | None:
    """The charge, kept and booked; None when this payment or another one of the order was kept before."""
    told, intent = came.told, came.intent
    charge = Charge(
        new_id(came.now),
        intent.id if intent else None,
        intent.order_id if intent else None,
        came.provider,
        told.provider_ref,
        told.amount_minor,
        told.currency,
        standing,
        why,
        0,
        0,
        came.now,
    )
    if not moved.add_charge(uow, charge):
        return None
    sides = booking.came_in(came.provider, told.amount_minor, parked=standing == "parked")
    book(uow, f"charge:{charge.id}", why or "charged", charge, sides, now=came.now)
    return charge


def give_back(
    uow: UnitOfWork, charge: Charge, amount_minor: int, reason: str, key: str, *, now: datetime
) -> Refund | None:
    """Promise money of a charge back and enqueue the call; None when less than that is left."""
    if not moved.promise(uow, charge.id, amount_minor):
        return None
    made = Refund(
        new_id(now),
        charge.id,
        charge.order_id,
        key,
        amount_minor,
        charge.currency,
        reason,
        "waiting",
        "",
        0,
        "",
        now,
        None,
    )
    if not moved.add_refund(uow, made):
        moved.settle(uow, charge.id, amount_minor, done=False)
        return moved.refund_by_key(uow, key)
    book(uow, f"refund:{made.id}", "refund_promised", made, booking.promised(charge, amount_minor), now=now)
    uow.enqueue(REFUND_TASK, queue=LIVE, lock=f"refund:{made.id}", refund_id=str(made.id))
    return made


def _failed(uow: UnitOfWork, provider: str, told: Told) -> Judged:
    intent = store.locked(uow, told.intent_id) if told.intent_id else None
    if intent is None or intent.provider != provider:
        return Judged("unknown", about="there is no such payment")
    if intent.state != "open":
        verdict: Verdict = "duplicate" if intent.state == "failed" else "ignored"
        return Judged(verdict, about=f"the payment is {intent.state}", order_id=intent.order_id)
    store.change(uow, intent.id, state="failed", ask_at=None)
    fact = Fact(intent.order_id, "failed", intent.amount_minor, told.provider_ref, intent.id)
    return Judged("accepted", fact, "", intent.order_id)


def _refunded(uow: UnitOfWork, provider: str, told: Told, now: datetime) -> Judged:
    refund = moved.refund(uow, told.refund_id, hold=True) if told.refund_id else None
    charge = moved.charge(uow, refund.charge_id) if refund else None
    if refund is None or charge is None or charge.provider != provider:
        return Judged("unknown", about="no refund of ours: see the provider's own console")
    if refund.state == "done":
        return Judged("duplicate", order_id=refund.order_id)
    if (told.amount_minor, told.currency) != (refund.amount_minor, refund.currency):
        why = f"promised {refund.amount_minor} {refund.currency}"
        return Judged("wrong_amount", about=f"{why}, sent {told.amount_minor}", order_id=refund.order_id)
    if told.kind == "refund_failed":
        return _fell_back(uow, charge, refund, now)
    return _went_back(uow, charge, refund, told, now)


def _went_back(uow: UnitOfWork, charge: Charge, refund: Refund, told: Told, now: datetime) -> Judged:
    if refund.state == "failed":  # it was given up too early: promise it once more, then settle
        if not moved.promise(uow, charge.id, refund.amount_minor):
            return Judged("ignored", about="it was given up and nothing is left", order_id=refund.order_id)
        cause = f"refund:{refund.id}:late:{refund.asked_times}"
        sides = booking.promised(charge, refund.amount_minor)
        book(uow, cause, "refund_promised", refund, sides, now=now)
    moved.settle(uow, charge.id, refund.amount_minor, done=True)
    values = {"state": "done", "provider_ref": told.provider_ref, "settled_at": now, "error": ""}
    moved.change_refund(uow, refund.id, ask_at=None, **values)
    sides = booking.went_back(charge.provider, refund.amount_minor)
    book(uow, f"refund:{refund.id}:done", "refunded", refund, sides, now=now)
    if charge.standing == "parked" or charge.order_id is None or charge.intent_id is None:
        return Judged("accepted", None, "parked money went back", refund.order_id)
    fact = Fact(charge.order_id, "refunded", refund.amount_minor, told.provider_ref, charge.intent_id)
    return Judged("accepted", fact, "", refund.order_id)


def _fell_back(uow: UnitOfWork, charge: Charge, refund: Refund, now: datetime) -> Judged:
    if refund.state == "failed":
        return Judged("duplicate", order_id=refund.order_id)
    fail(uow, charge, refund, "the provider could not send it", now)
    return Judged("accepted", None, "the refund failed", refund.order_id)


def fail(uow: UnitOfWork, charge: Charge, refund: Refund, why: str, now: datetime) -> None:
    """A refund did not arrive: its money is owed as before, and a person has to look."""
    moved.settle(uow, charge.id, refund.amount_minor, done=False)
    moved.change_refund(uow, refund.id, state="failed", error=why[:300], ask_at=None)
    sides = booking.fell_back(charge, refund.amount_minor)
    cause = f"refund:{refund.id}:failed:{refund.asked_times}"
    book(uow, cause, "refund_failed", refund, sides, now=now)
