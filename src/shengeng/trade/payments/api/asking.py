"""Asking providers what became of intents whose notice was lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments.api.setting_up import adapter
from shengeng.trade.payments.contracts import Intent, Send, Told
from shengeng.trade.payments.contracts.refusals import NO_INTENT
from shengeng.trade.payments.contracts.values import ASK_MOST
from shengeng.trade.payments.store import intents as store
from shengeng.trade.payments.store import moved

# 30 s, 1 min, 2 min ... an hour at most; forty times are about a day and a half.
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(hours=1)


def unheard(uow: UnitOfWork, now: datetime, limit: int = 50) -> list[UUID]:
    """Intents that were shown to a buyer, are not settled, and are due to be asked about."""
    return [one for one, _ in store.silent(uow, now, limit)]


def any_unheard(uow: UnitOfWork, now: datetime) -> bool:
    """Whether something is due to be asked about."""
    return store.any_silent(uow, now) or moved.any_due(uow, now)


def ask_again(uow: UnitOfWork, who: Principal, now: datetime, intent_id: UUID) -> Intent:
    """Let the provider be asked about an intent now (operator): a buyer says they paid, a statement does too.

    The job that asks does it within seconds, through the same judgement as a notice. Refuses an intent that
    is not there, and one that no buyer was shown the way of: the provider knows nothing of it.
    """
    require(who, Role.OPERATOR)
    found = store.locked(uow, intent_id)
    if found is None or found.shown_at is None:
        raise NO_INTENT.error(id=intent_id)
    if found.state != "charged":
        store.change(uow, intent_id, ask_at=now)
        audit.record(uow, at=now, actor=who.name, action="payments.asked", target=found.order_id)
    return found


def ask(
    stores: Stores, intent_id: UUID, now: datetime, *, send: Send | None = None
) -> tuple[str, Told] | None:
    """What a provider says became of an intent, for `settle`; None while nothing is certain.

    Outside of any transaction. A cancelled intent is asked about too, for money that came late.
    """
    with stores.rows.unit() as uow:
        intent = store.locked(uow, intent_id)
        if intent is None or intent.shown_at is None or intent.state == "charged":
            return None
        times = store.asked_times(uow, intent_id)
        later = now + min(_FIRST * 2 ** min(times, 12), _LONGEST)
        over = times + 1 >= ASK_MOST
        store.change(uow, intent_id, asked_times=times + 1, ask_at=None if over else later)
        way = adapter(uow, intent.provider, send=send)
    told = way.ask(intent, now)
    return (intent.provider, told) if told else None


def due_refunds(uow: UnitOfWork, now: datetime, limit: int = 50) -> list[UUID]:
    """Refunds that a provider works on and that are due to be asked about."""
    return moved.refunds_due(uow, now, limit)
