"""Shipments: what left in which parcel, with whom, and what happened to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment.contracts import (
    BAD_TRACKING,
    CARRIERS,
    EMPTY_SHIPMENT,
    NO_CARRIER,
    NO_SHIPMENT,
    PIECES_MOST,
    SHIPMENT_OVER,
    TEXT_LONGEST,
    Shipment,
    ShipmentPiece,
    Tracking,
    TrackingKind,
)
from shengeng.trade.fulfilment.store import parcels

_NUMBER_LONGEST = 60
_NUMBER = re.compile(r"[A-Za-z0-9-]*")


def create(
    uow: UnitOfWork,
    who: Principal,
    order_id: str,
    pieces: Sequence[ShipmentPiece],
    *,
    carrier: str,
    tracking_number: str,
    now: datetime,
) -> Shipment:
    """Pieces of an order leave in one parcel (operator). The caller passes only what is still to be sent.

    Refuses a carrier nobody knows, a tracking number that is none, and a parcel with nothing in it.
    """
    require(who, Role.OPERATOR)
    if carrier not in CARRIERS:
        raise NO_CARRIER.error(value=carrier[:60], known=", ".join(CARRIERS))
    number = tracking_number.strip()
    if not _NUMBER.fullmatch(number) or len(number) > _NUMBER_LONGEST:
        raise BAD_TRACKING.error(value=number[:_NUMBER_LONGEST], limit=_NUMBER_LONGEST)
    if not 0 < len(pieces) <= PIECES_MOST or min(piece.quantity for piece in pieces) < 1:
        raise EMPTY_SHIPMENT.error(limit=PIECES_MOST)
    shipment_id = new_id(now)
    parcels.add(uow, shipment_id, order_id, pieces, carrier=carrier, tracking_number=number, now=now)
    parcels.tell(uow, shipment_id, Tracking(now, "shipped", "", "", who.name))
    detail: dict[str, audit.Plain] = {
        "carrier": carrier,
        "tracking_number": number,
        "units": sum(piece.quantity for piece in pieces),
    }
    audit.record(uow, at=now, actor=who.name, action="shipment.created", target=order_id, detail=detail)
    return shipment(uow, shipment_id)


def track(
    uow: UnitOfWork,
    who: Principal,
    shipment_id: UUID,
    kind: TrackingKind,
    now: datetime,
    *,
    where: str = "",
    note: str = "",
) -> Shipment:
    """Something happened to a shipment (operator). Nothing happens to one that is delivered or came back."""
    require(who, Role.OPERATOR)
    state = parcels.state_of(uow, shipment_id)
    if state is None:
        raise NO_SHIPMENT.error(id=shipment_id)
    if state in ("delivered", "returned"):
        raise SHIPMENT_OVER.error(id=shipment_id, state=state)
    told = Tracking(now, kind, where.strip()[:TEXT_LONGEST], note.strip()[:TEXT_LONGEST], who.name)
    parcels.tell(uow, shipment_id, told)
    parcels.set_state(uow, shipment_id, kind, now)
    detail: dict[str, audit.Plain] = {"where": told.where, "note": told.note}
    target = str(shipment_id)
    audit.record(uow, at=now, actor=who.name, action=f"shipment.{kind}", target=target, detail=detail)
    return shipment(uow, shipment_id)


def delivered(uow: UnitOfWork, who: Principal, shipment_id: UUID, now: datetime) -> Shipment:
    """The buyer has it (operator); exactly once."""
    return track(uow, who, shipment_id, "delivered", now)


def shipment(uow: UnitOfWork, shipment_id: UUID) -> Shipment:
    """One shipment; not_found when there is none."""
    found = parcels.one(uow, shipment_id)
    if found is None:
        raise NO_SHIPMENT.error(id=shipment_id)
    return found


def shipments(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, tuple[Shipment, ...]]:
    """The shipments of some orders by order, in the order of sending; () for one without any."""
    by_order: dict[str, list[Shipment]] = {order_id: [] for order_id in order_ids}
    if by_order:
        for one in parcels.of_orders(uow, order_ids):
            by_order[one.order_id].append(one)
    return {order_id: tuple(mine) for order_id, mine in by_order.items()}
