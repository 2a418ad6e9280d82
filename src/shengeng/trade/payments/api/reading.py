"""Reading payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import Charge, Intent, Money, Notice, Refund, Transaction
from shengeng.trade.payments.store import heard, ledger, moved
from shengeng.trade.payments.store import intents as store

Before = tuple[datetime, UUID] | None


def money(uow: UnitOfWork, order_ids: Sequence[str]) -> Mapping[str, Money]:
    """What was charged, refunded and is on its way back, by order; nothing stands as zeros."""
    found = moved.money(uow, order_ids) if order_ids else {}
    return {order_id: found.get(order_id, Money()) for order_id in order_ids}


def intents(uow: UnitOfWork, order_ids: Sequence[str]) -> list[Intent]:
    """Every intent of some orders, the oldest first."""
    return store.of_orders(uow, order_ids)


def refunds(uow: UnitOfWork, order_ids: Sequence[str]) -> list[Refund]:
    """Every refund of some orders, the oldest first."""
    return moved.refunds_of(uow, order_ids)


def intents_page(
    uow: UnitOfWork, *, state: str | None, provider: str | None, before: Before, limit: int
) -> list[Intent]:
    """Intents, the newest first."""
    return store.page(uow, state, provider, before, limit)


def charges_page(uow: UnitOfWork, *, standing: str | None, before: Before, limit: int) -> list[Charge]:
    """Money that came in, the newest first."""
    return moved.charges_page(uow, standing, before, limit)


def refunds_page(uow: UnitOfWork, *, state: str | None, before: Before, limit: int) -> list[Refund]:
    """Refunds, the newest first."""
    return moved.refunds_page(uow, state, before, limit)


def notices_page(
    uow: UnitOfWork, *, verdict: str | None, order_id: str | None, before: Before, limit: int
) -> list[Notice]:
    """Kept notices, the newest first."""
    return heard.page(uow, verdict, order_id, before, limit)


def verdicts(uow: UnitOfWork, since: datetime) -> Mapping[str, int]:
    """How many notices of each verdict came since a moment."""
    return heard.verdicts(uow, since)


def transactions_page(
    uow: UnitOfWork, *, account: str | None, order_id: str | None, before: Before, limit: int
) -> list[Transaction]:
    """The ledger, the newest first."""
    return ledger.page(uow, account, order_id, before, limit)


def balances(uow: UnitOfWork) -> list[tuple[str, str, str, int]]:
    """(account, kind, currency, amount), debits positive; the amounts of a currency sum to nothing."""
    return ledger.balances(uow)
