"""Orders written: one statement for a new one, one for each change of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders.contracts import Event, Line, Order
from shengeng.trade.orders.store.tables import events, lines, orders, outbox

_HEAD = """
with head as (
  insert into trade_orders select * from jsonb_populate_record(null::trade_orders, cast(:head as jsonb))
)"""
_LINES = """
insert into trade_order_lines
select * from jsonb_populate_recordset(null::trade_order_lines, cast(:lines as jsonb))
"""
_DRAFT = sa.text(_HEAD + _LINES)
_STORY = """, box as (
  insert into trade_order_outbox (order_id, version, at) values (:order_id, 1, :at)
), tale as (
  insert into trade_order_events (order_id, at, kind, by, detail)
  select :order_id, :at, x.kind, x.by, x.detail
  from jsonb_to_recordset(cast(:tale as jsonb)) as x(kind text, by text, detail jsonb)
)"""
_ADD = sa.text(_HEAD + _STORY + _LINES)


def add(uow: UnitOfWork, order: Order, tale: Sequence[Event]) -> None:
    """Write a new order with its lines, what happened, and its version for the facts: one statement."""
    told = [{"kind": one.kind, "by": one.by, "detail": dict(one.detail)} for one in tale]
    more = {"order_id": order.order_id, "at": order.placed_at, "tale": _json(told)}
    uow.conn.execute(_ADD, _written(order) | more)


def draft(uow: UnitOfWork, order: Order) -> None:
    """Write an order that is not agreed yet: neither its story nor the facts begin with it."""
    uow.conn.execute(_DRAFT, _written(order))


def change(uow: UnitOfWork, order: Order, tale: Sequence[Event], **values: object) -> None:
    """The next version of an order that is locked, what happened, and its way to the facts: one statement."""
    version = order.version + 1
    box = insert(outbox).values(order_id=order.order_id, version=version, at=tale[0].at)
    newer = {"version": box.excluded.version, "at": box.excluded.at, "refused": None}
    put = box.on_conflict_do_update(index_elements=["order_id"], set_=newer).cte("box")
    told = sa.insert(events).values([_event(order.order_id, one) for one in tale]).cte("tale")
    mine = sa.update(orders).where(orders.c.order_id == order.order_id)
    uow.conn.execute(mine.values(**values, version=version, changed_at=tale[0].at).add_cte(put, told))


def drop(uow: UnitOfWork, order_id: str, units: Mapping[int, int], now: datetime) -> None:
    """Units are taken out of lines of an order that is locked."""
    mine = sa.update(lines).where(lines.c.order_id == order_id, lines.c.line_no == sa.bindparam("line"))
    taken = mine.values(dropped=lines.c.dropped + sa.bindparam("out"), dropped_at=now)
    uow.conn.execute(taken, [{"line": line, "out": out} for line, out in units.items()])


def tell(uow: UnitOfWork, order_id: str, event: Event) -> None:
    """Something happened that changes nothing of the order."""
    uow.conn.execute(sa.insert(events).values(_event(order_id, event)))


def taken(uow: UnitOfWork, versions: Collection[tuple[str, int]]) -> None:
    """Versions have reached the facts; an order that has changed since stays due."""
    if versions:
        keys = sa.tuple_(outbox.c.order_id, outbox.c.version)
        uow.conn.execute(sa.delete(outbox).where(keys.in_(sorted(versions))))


def refused(uow: UnitOfWork, order_id: str, version: int, why: str) -> None:
    """The facts do not take a version: it waits until the order changes, with the reason beside it."""
    mine = sa.and_(outbox.c.order_id == order_id, outbox.c.version == version)
    uow.conn.execute(sa.update(outbox).where(mine).values(refused=why[:500]))


def unname(uow: UnitOfWork, order_ids: Collection[str]) -> int:
    """Orders lose who bought them and where to; country and region stay, as accounting must keep them."""
    kept = sa.func.jsonb_build_object(
        "country", orders.c.destination["country"], "region", orders.c.destination["region"]
    )
    bare = {"member_id": None, "email": None, "phone": None, "anonymous_id": None, "note": ""}
    place = sa.case((orders.c.destination.is_(None), None), else_=kept)
    mine = sa.update(orders).where(orders.c.order_id.in_(sorted(order_ids)))
    return uow.conn.execute(mine.values(**bare, destination=place, secret_digest=None)).rowcount


def _written(order: Order) -> dict[str, object]:
    lines_of = [_line(order.order_id, line) for line in order.lines]
    return {"head": _json(_head(order)), "lines": _json(lines_of)}


def _head(order: Order) -> Mapping[str, object]:
    return {
        "order_id": order.order_id,
        "number": order.number,
        "state": order.state,
        "version": order.version,
        "channel_id": order.channel_id,
        "currency": order.currency,
        "tax_inclusive": order.tax_inclusive,
        "member_id": order.member_id,
        "email": order.contact.email,
        "phone": order.contact.phone,
        "lang": order.lang,
        "anonymous_id": order.anonymous_id,
        "destination": order.where,
        "delivery": order.delivery,
        "steps": order.steps,
        "note": order.note,
        "delivery_minor": order.delivery_minor,
        "delivery_discount_minor": order.delivery_discount_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "charged_minor": order.charged_minor,
        "refunded_minor": order.refunded_minor,
        "placed_at": order.placed_at,
        "changed_at": order.changed_at,
        "pay_until": order.pay_until,
        "paid_at": order.paid_at,
        "ended_at": order.ended_at,
        "why": order.why,
        "dropped_minor": order.dropped_minor,
        "secret_digest": None if order.secret_digest is None else f"\\x{order.secret_digest.hex()}",
    }


def _line(order_id: str, line: Line) -> Mapping[str, object]:
    shown = (
        "line_no",
        "sku",
        "product_id",
        "seller_id",
        "choices",
        "image",
        "quantity",
        "supply",
        "ships_on",
    )
    amounts = ("list_unit", "unit", "subtotal", "discount", "tax", "total", "cost")
    return {
        "order_id": order_id,
        "title_zh": line.title.zh,
        "title_en": line.title.en,
        "cuts": line.cuts,
        "dropped": line.dropped,
        "dropped_at": line.dropped_at,
        **{name: getattr(line, name) for name in (*shown, *(f"{one}_minor" for one in amounts))},
    }


def _event(order_id: str, event: Event) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "at": event.at,
        "kind": event.kind,
        "by": event.by,
        "detail": dict(event.detail),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
