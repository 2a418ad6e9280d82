"""Rows of shipments and what happened to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment.contracts import CARRIERS, Shipment, ShipmentPiece, Tracking, TrackingKind
from shengeng.trade.fulfilment.store.tables import shipment_events, shipment_lines, shipments

_S, _L, _E = shipments.c, shipment_lines.c, shipment_events.c


def add(
    uow: UnitOfWork,
    shipment_id: UUID,
    order_id: str,
    pieces: Sequence[ShipmentPiece],
    *,
    carrier: str,
    tracking_number: str,
    now: datetime,
) -> None:
    """The next shipment of an order, and its lines."""
    uow.lock(f"trade.fulfilment {order_id}")
    before = sa.select(sa.func.coalesce(sa.func.max(_S.number), 0)).where(_S.order_id == order_id)
    row = {
        "shipment_id": shipment_id,
        "order_id": order_id,
        "number": int(uow.conn.execute(before).scalar_one()) + 1,
        "carrier": carrier,
        "tracking_number": tracking_number,
        "state": "shipped",
        "shipped_at": now,
    }
    uow.conn.execute(shipments.insert().values(row))
    lines = [
        {
            "shipment_id": shipment_id,
            "line_no": piece.line_no,
            "location_id": piece.location_id,
            "sku": piece.sku,
            "quantity": piece.quantity,
        }
        for piece in pieces
    ]
    uow.conn.execute(shipment_lines.insert(), lines)


def tell(uow: UnitOfWork, shipment_id: UUID, happened: Tracking) -> None:
    """Add to what is known of a shipment."""
    told = {
        "at": happened.at,
        "kind": happened.kind,
        "where": happened.where,
        "note": happened.note,
        "by": happened.by,
    }
    uow.conn.execute(shipment_events.insert().values(shipment_id=shipment_id, **told))


def state_of(uow: UnitOfWork, shipment_id: UUID) -> TrackingKind | None:
    """The state of a shipment, which then stays so until the transaction ends."""
    found = sa.select(_S.state).where(_S.shipment_id == shipment_id).with_for_update(key_share=True)
    state: TrackingKind | None = uow.conn.execute(found).scalar()
    return state


def set_state(uow: UnitOfWork, shipment_id: UUID, state: TrackingKind, at: datetime) -> None:
    """What is known of a shipment last."""
    delivered = at if state == "delivered" else None
    done = shipments.update().where(_S.shipment_id == shipment_id)
    uow.conn.execute(done.values(state=state, delivered_at=delivered))


def of_orders(uow: UnitOfWork, order_ids: Collection[str]) -> list[Shipment]:
    """The shipments of some orders, by order and number."""
    return _whole(uow, _S.order_id.in_(sorted(order_ids)))


def one(uow: UnitOfWork, shipment_id: UUID) -> Shipment | None:
    """A shipment."""
    found = _whole(uow, _S.shipment_id == shipment_id)
    return found[0] if found else None


def _whole(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> list[Shipment]:
    ids = sa.select(_S.shipment_id).where(which)
    lines: dict[UUID, list[ShipmentPiece]] = {}
    mine = sa.select(shipment_lines).where(_L.shipment_id.in_(ids)).order_by(_L.line_no, _L.location_id)
    for row in uow.conn.execute(mine):
        piece = ShipmentPiece(row.line_no, row.sku, row.location_id, row.quantity)
        lines.setdefault(row.shipment_id, []).append(piece)
    events: dict[UUID, list[Tracking]] = {}
    told = sa.select(shipment_events).where(_E.shipment_id.in_(ids)).order_by(_E.at, _E.id)
    for event in uow.conn.execute(told).mappings():
        happened = Tracking(event["at"], event["kind"], event["where"], event["note"], event["by"])
        events.setdefault(event["shipment_id"], []).append(happened)
    found = sa.select(shipments).where(which).order_by(_S.order_id, _S.number)
    return [
        Shipment(
            row.shipment_id,
            row.order_id,
            row.number,
            row.carrier,
            CARRIERS[row.carrier].name,
            row.tracking_number,
            row.state,
            row.shipped_at,
            row.delivered_at,
            tuple(lines.get(row.shipment_id, ())),
            tuple(events.get(row.shipment_id, ())),
        )
        for row in uow.conn.execute(found)
    ]
