"""One order, locked or read again, for every act on it."""

from __future__ import annotations

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import NO_ORDER, NOT_PLACED, STILL_DRAFT, Order


def locked(uow: UnitOfWork, order_id: str) -> Order:
    """An order that nobody else changes until the transaction ends; not_found where there is none."""
    order = store.reading.locked(uow, order_id)
    if order is None:
        raise NO_ORDER.error(number=order_id[:60])
    return order


def standing(uow: UnitOfWork, order_id: str) -> Order:
    """The same, of one that was placed and is neither cancelled nor expired."""
    order = locked(uow, order_id)
    if order.state == "draft":
        raise STILL_DRAFT.error(number=order.number)
    if order.state != "placed":
        raise NOT_PLACED.error(number=order.number, state=order.state)
    return order


def there(uow: UnitOfWork, order_id: str) -> Order:
    """An order as it stands after an act."""
    (found,) = store.reading.by_ids(uow, [order_id])
    return found
