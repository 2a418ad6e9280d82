"""What the shop's people keep in mind about an order."""

from __future__ import annotations

from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders import store
from shengeng.trade.orders.api import finding
from shengeng.trade.orders.contracts import NO_NOTE, NOTE_LONGEST, NOTES_FULL, NOTES_MOST, Note


def note(uow: UnitOfWork, who: Principal, order_id: str, text: str, now: datetime) -> tuple[Note, ...]:
    """Add a note to an order (operator); every note of it. The order itself does not change."""
    require(who, Role.OPERATOR)
    told = text.strip()
    if not 0 < len(told) <= NOTE_LONGEST:
        raise NO_NOTE.error(limit=NOTE_LONGEST)
    order = finding.locked(uow, order_id)
    there = store.notes.of(uow, order_id)
    if len(there) >= NOTES_MOST:
        raise NOTES_FULL.error(number=order.number, limit=NOTES_MOST)
    made = Note(now, who.name, told)
    store.notes.add(uow, order_id, made)
    audit.record(uow, at=now, actor=who.name, action="order.noted", target=order.number)
    return (*there, made)
