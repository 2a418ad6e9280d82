"""What delivery owes checkout and orders, whoever delivers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment.contracts import DeliveryAsk, DeliveryHold, DeliveryOption


class DeliveryQuotes(Protocol):
    """Port: ways of delivery, what they cost and when they arrive. A table of rates is one; a promise engine
    that keeps capacity is another."""

    def quote(self, uow: UnitOfWork, ask: DeliveryAsk, now: datetime) -> tuple[DeliveryOption, ...]:
        """Every way that reaches the address with these goods, the usual one first."""
        ...

    def hold(
        self,
        uow: UnitOfWork,
        ask: DeliveryAsk,
        option_id: str,
        order_id: str,
        *,
        until: datetime,
        now: datetime,
    ) -> DeliveryHold:
        """Keep one way for an order until a moment; refuses (refused) what does not deliver."""
        ...

    def confirm(self, uow: UnitOfWork, order_id: str, now: datetime) -> bool:
        """The order is paid; False when the hold had run out and could not be had again. Asked once."""
        ...

    def release(self, uow: UnitOfWork, order_id: str, now: datetime) -> None:
        """The order is gone, paid or not. Once for every hold or confirmed way."""
        ...
