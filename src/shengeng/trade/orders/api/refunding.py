"""Money given back while the goods stay."""

from __future__ import annotations

from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.api import finding
from shengeng.trade.orders.contracts import NO_REASON, REASON_LONGEST, STILL_DRAFT, Event, Order
from shengeng.trade.payments import api as payments


def refund(
    uow: UnitOfWork, who: Principal, order_id: str, now: datetime, *, amount_minor: int, why: str, key: str
) -> Order:
    """Give a part of the money back, the goods stay (approver); the same key again is the same refund."""
    require(who, Role.APPROVER)
    reason = why.strip()
    if not 0 < len(reason) <= REASON_LONGEST:
        raise NO_REASON.error(limit=REASON_LONGEST)
    order = finding.locked(uow, order_id)
    if order.state == "draft":
        raise STILL_DRAFT.error(number=order.number)
    own = f"order:{order_id}:{key}"
    repeated = any(one.key == own for one in payments.refunds(uow, [order_id]))
    payments.refund(uow, order_id, amount_minor, reason, own, now)
    if not repeated:
        detail: dict[str, str | int | bool | None] = {"amount_minor": amount_minor, "why": reason}
        store.writing.change(uow, order, [Event(now, "refund_promised", who.name, detail)])
        told: dict[str, audit.Plain] = {"amount_minor": amount_minor, "why": reason}
        audit.record(uow, at=now, actor=who.name, action="order.refunded", target=order.number, detail=told)
    return finding.there(uow, order_id)
