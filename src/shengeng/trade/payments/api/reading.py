"""Reading payments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import (
    AccountStanding,
    Charge,
    Intent,
    Money,
    Notice,
    Refund,
    Transaction,
)
from shengeng.trade.payments.store import heard, ledger, moved
from shengeng.trade.payments.store import intents as store

Before = tuple[datetime, UUID] | None
_PROVIDER = "provider:"


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
    uow: UnitOfWork,
    *,
    state: str | None,
    provider: str | None,
    before: Before,
    limit: int,
    order_id: str | None = None,
) -> list[Intent]:
    """Intents, the newest first."""
    return store.page(uow, state, provider, before, limit, order_id=order_id)


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


def standings(uow: UnitOfWork) -> list[AccountStanding]:
    """Every account with what was ever debited and credited; the balances of a currency sum to nothing."""
    return ledger.standings(uow)


def refund_providers(uow: UnitOfWork, refund_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Through whom the money of some refunds goes back."""
    return moved.providers_of(uow, refund_ids)


def transaction_providers(uow: UnitOfWork, rows: Sequence[Transaction]) -> Mapping[UUID, str]:
    """Through whom the money of movements came: named by a side, else by the refund that was their cause."""
    named = {
        one.id: side.account.removeprefix(_PROVIDER)
        for one in rows
        for side in one.postings
        if side.account.startswith(_PROVIDER)
    }
    causes = {one.id: one.cause.split(":") for one in rows if one.id not in named}
    by_refund = {id: UUID(parts[1]) for id, parts in causes.items() if parts[0] == "refund"}
    found = moved.providers_of(uow, set(by_refund.values())) if by_refund else {}
    return named | {id: found[refund_id] for id, refund_id in by_refund.items() if refund_id in found}
