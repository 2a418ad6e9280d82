"""One way into the ledger."""

from __future__ import annotations

from datetime import datetime

from shengeng.kernel.ids import new_id
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import Charge, Posting, Refund, Transaction
from shengeng.trade.payments.store import ledger


def book(
    uow: UnitOfWork, cause: str, about: str, of: Charge | Refund, sides: tuple[Posting, ...], *, now: datetime
) -> None:
    """Book a movement of money, in the currency of its charge or refund; its cause must be new."""
    assert sum(side.amount_minor for side in sides) == 0, sides
    assert book_once(uow, cause, about, of, sides, now=now), cause


def book_once(
    uow: UnitOfWork, cause: str, about: str, of: Charge | Refund, sides: tuple[Posting, ...], *, now: datetime
) -> bool:
    """The same where nothing else tells whether it was booked before; False when it was."""
    return ledger.book(uow, Transaction(new_id(now), now, cause, about, of.order_id, of.currency, sides))
