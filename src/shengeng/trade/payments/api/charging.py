"""From the wish to be paid to the page where it happens, and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shengeng.kernel.ids import new_id
from shengeng.kernel.money import LIMIT_MINOR, currency_code
from shengeng.storage.queue import LIVE
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments.api.adapters import KINDS
from shengeng.trade.payments.api.setting_up import adapter, usable
from shengeng.trade.payments.contracts import Action, Device, Intent, Send
from shengeng.trade.payments.contracts.refusals import (
    ALREADY_PAID,
    BAD_AMOUNT,
    BAD_CURRENCY,
    INTENT_OVER,
    NO_INTENT,
    PROVIDER_OFF,
)
from shengeng.trade.payments.contracts.values import ASK_AFTER, CLOSE_TASK, SHOWN_FOR
from shengeng.trade.payments.store import intents as store
from shengeng.trade.payments.store import moved

_NOTHING, _DESK = Action("none", ""), Device()


def begin(  # noqa: PLR0917 (the order in which it is said everywhere)
    uow: UnitOfWork,
    order_id: str,
    amount_minor: int,
    currency: str,
    provider: str,
    expires_at: datetime,
    return_url: str,
    now: datetime,
    *,
    first: bool = False,
) -> Intent:
    """The order's one open intent: the same wish again is the same intent, another closes the one before.

    first: the caller makes the order in this transaction, so that nothing can have been paid for it.
    Refuses a way to pay that is off or takes another currency, a paid order, and an amount that is none.
    """
    if not 0 < amount_minor < LIMIT_MINOR:
        raise BAD_AMOUNT.error(amount_minor=amount_minor, limit=LIMIT_MINOR - 1)
    _check_way(uow, provider, currency_code(currency))
    if not first and moved.charge_of_order(uow, order_id) is not None:
        raise ALREADY_PAID.error(order_id=order_id)
    wanted = Intent(
        new_id(now), order_id, provider, amount_minor, currency, "open", return_url, now, expires_at
    )
    while not store.add(uow, wanted):
        there = store.open_of(uow, order_id)
        if there is None:
            continue  # it was closed in this moment
        same = (there.provider, there.amount_minor, there.currency) == (provider, amount_minor, currency)
        if same and there.expires_at > now:
            return there
        _close(uow, there)
    return wanted


def present(
    stores: Stores,
    intent_id: UUID,
    now: datetime,
    *,
    device: Device = _DESK,
    label: str = "",
    send: Send | None = None,
) -> Action:
    """What the buyer does next. Asks the provider outside of any transaction; may be repeated.

    label: what the buyer knows the order by, its id where there is nothing better.
    Where a provider shows an intent on one kind of screen only, another screen makes a new intent of it.
    Refuses an intent that is over; a charged one needs nothing. Unavailable when the provider is away.
    """
    with stores.rows.unit() as uow:
        intent = _known(store.locked(uow, intent_id), intent_id)
        if intent.state == "charged":
            return _NOTHING
        if intent.state != "open" or intent.expires_at <= now:
            raise INTENT_OVER.error(id=intent_id, state="expired" if intent.state == "open" else intent.state)
        moved_on = intent.screen not in (None, device.screen)
        if intent.action and intent.shown_at and now - intent.shown_at < SHOWN_FOR and not moved_on:
            return intent.action
        way = adapter(uow, intent.provider, send=send)
        if moved_on and way.one_screen:
            intent = _again(uow, intent, now)
    action = way.present(replace(intent, label=label or intent.order_id), device, now)
    with stores.rows.unit() as uow:
        store.show(uow, intent.id, action, device.screen, now, now + ASK_AFTER)
    return action


def cancel(uow: UnitOfWork, order_id: str, now: datetime) -> bool:
    """Close the order's open intent, here now and at the provider by a job; whether there was one.

    Money that comes all the same is kept and told as late.
    """
    del now
    there = store.open_of(uow, order_id)
    if there is None:
        return False
    _close(uow, there)
    return True


def close_outside(stores: Stores, intent_id: UUID, now: datetime, *, send: Send | None = None) -> None:
    """Tell the provider that an intent is over, so that nobody pays it any more; may be repeated."""
    with stores.rows.unit() as uow:
        intent = _known(store.get(uow, intent_id), intent_id)
        if intent.state == "charged" or intent.shown_at is None:
            return
        way = adapter(uow, intent.provider, send=send)
    way.close(intent, now)


def _again(uow: UnitOfWork, intent: Intent, now: datetime) -> Intent:
    """The same wish under a new number; the old one is closed."""
    _close(uow, intent)
    fresh = replace(intent, id=new_id(now), created_at=now, action=None, shown_at=None, screen=None)
    kept = store.add(uow, fresh)
    assert kept, "the order's one open intent was closed in this transaction"
    return fresh


def _close(uow: UnitOfWork, intent: Intent) -> None:
    store.change(uow, intent.id, state="cancelled")
    if intent.shown_at is not None:
        uow.enqueue(CLOSE_TASK, queue=LIVE, intent_id=str(intent.id))


def _check_way(uow: UnitOfWork, provider: str, currency: str) -> None:
    kind = KINDS.get(provider)
    if kind is not None and kind.currency not in ("", currency):
        raise BAD_CURRENCY.error(provider=provider, wanted=kind.currency, currency=currency)
    if provider not in usable(uow, currency):
        raise PROVIDER_OFF.error(provider=provider)


def _known(intent: Intent | None, intent_id: UUID) -> Intent:
    if intent is None:
        raise NO_INTENT.error(id=intent_id)
    return intent
