"""Personal data in payments: what providers said of a buyer, found by the buyer's orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import Charge, Refund
from shengeng.trade.payments.contracts.values import NOTICE_KEPT
from shengeng.trade.payments.store import heard, moved
from shengeng.trade.payments.store import intents as store


def export_orders(uow: UnitOfWork, order_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Payments and refunds of a person's orders, in plain values."""
    paid = moved.charges_of(uow, order_ids) if order_ids else []
    back = moved.refunds_of(uow, order_ids) if order_ids else []
    return {"payments": [_plain(one) for one in paid], "refunds": [_plain(one) for one in back]}


def erase_orders(uow: UnitOfWork, order_ids: Sequence[str]) -> int:
    """What providers said and where buyers came from goes; amounts stay, as accounting must keep them."""
    if not order_ids:
        return 0
    return store.forget_urls(uow, order_ids) + heard.empty_of(uow, order_ids)


def _plain(one: Charge | Refund) -> dict[str, Any]:
    return {name: _said(value) for name, value in asdict(one).items()}


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def empty_old_notices(uow: UnitOfWork, now: datetime) -> int:
    """Notices older than half a year lose what they said; that they came stays."""
    return heard.empty_old(uow, now - NOTICE_KEPT)
