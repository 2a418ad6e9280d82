"""Orders that operators write for somebody: drafts, which hold nothing and are seen by nobody else."""

from __future__ import annotations

from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.api import finding
from shengeng.trade.orders.contracts import NO_ORDER, NOT_PLACED, Event, Order


def claim_draft(uow: UnitOfWork, who: Principal, order_id: str) -> Order:
    """A draft, nobody else's to change; also the order that it has become meanwhile (operator)."""
    require(who, Role.OPERATOR)
    # Who waits for a draft that is being placed finds its row gone, and then the order that was written.
    return store.reading.locked(uow, order_id) or finding.locked(uow, order_id)


def put_draft(uow: UnitOfWork, who: Principal, order: Order, now: datetime, *, anew: bool) -> None:
    """Keep a draft; anew: in place of the one of its id, which was claimed before."""
    assert order.state == "draft"
    require(who, Role.OPERATOR)
    if anew and not store.drafts.drop(uow, order.order_id):
        raise NOT_PLACED.error(number=order.number, state="placed")
    store.writing.draft(uow, order)
    detail: dict[str, audit.Plain] = {"total_minor": order.total_minor, "lines": len(order.lines)}
    audit.record(uow, at=now, actor=who.name, action="order.drafted", target=order.number, detail=detail)


def drop_draft(uow: UnitOfWork, who: Principal, order_id: str, now: datetime) -> None:
    """Throw a draft away (operator); refuses an order."""
    draft = claim_draft(uow, who, order_id)
    if draft.state != "draft":
        raise NOT_PLACED.error(number=draft.number, state=draft.state)
    store.drafts.drop(uow, order_id)
    store.notes.forget(uow, [order_id])
    audit.record(uow, at=now, actor=who.name, action="order.draft_dropped", target=draft.number)


def agree(uow: UnitOfWork, who: Principal, order: Order, now: datetime) -> None:
    """A claimed draft becomes an order, with the prices of this moment."""
    assert order.state == "placed"
    if not store.drafts.drop(uow, order.order_id):
        raise NO_ORDER.error(number=order.number)
    detail: dict[str, str | int | bool | None] = {"total_minor": order.total_minor, "lines": len(order.lines)}
    tale = [Event(now, "placed", who.name, detail)]
    if order.paid_at is not None:
        tale.append(Event(now, "paid", "shop", {"amount_minor": 0}))
    store.writing.add(uow, order, tale)
    told: dict[str, audit.Plain] = {"total_minor": order.total_minor}
    audit.record(uow, at=now, actor=who.name, action="order.placed", target=order.number, detail=told)
