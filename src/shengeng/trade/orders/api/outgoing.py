"""Versions of orders on their way to the facts."""

from __future__ import annotations

from collections.abc import Collection

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.contracts import Order


def outbox(uow: UnitOfWork, limit: int = 200) -> list[Order]:
    """The newest versions that have not reached the facts, the longest first; read without waiting."""
    return store.reading.due(uow, limit)


def taken(uow: UnitOfWork, versions: Collection[tuple[str, int]]) -> None:
    """(order_id, version) that stand in the facts now; call it last. A newer version stays due."""
    store.writing.taken(uow, versions)


def refused(uow: UnitOfWork, order_id: str, version: int, why: str) -> None:
    """A version that the facts do not take stays, with the reason, until the order changes."""
    store.writing.refused(uow, order_id, version, why)


def any_out(uow: UnitOfWork) -> bool:
    """Whether a version waits to reach the facts."""
    return store.reading.any_due(uow)
