"""Parcels of orders: what left, with whom, and what happened to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.fulfilment import api
from shengeng.trade.fulfilment.contracts import Shipment, ShipmentPiece

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEI = Principal("mei", Role.OPERATOR)
TEA = ShipmentPiece(1, "tea", "store", 2)
CUP = ShipmentPiece(2, "cup", "central", 1)


def send(uow: UnitOfWork, *pieces: ShipmentPiece, number: str = "SF1234567890") -> Shipment:
    return api.create(uow, MEI, "o1", pieces, carrier="sf", tracking_number=number, now=NOW)


def test_an_order_goes_in_parcels_each_with_its_own_story(stores: Stores) -> None:
    later = NOW + timedelta(days=2)
    with stores.rows.unit() as uow:
        first, second = send(uow, TEA), send(uow, CUP, number="")
        assert (first.number, second.number) == (1, 2)
        assert (first.carrier_name.zh, first.state, first.pieces) == ("顺丰速运", "shipped", (TEA,))
        api.track(uow, MEI, first.shipment_id, "in_transit", NOW + timedelta(days=1), where=" 杭州 ")
        done = api.delivered(uow, MEI, first.shipment_id, later)
        assert (done.state, done.delivered_at) == ("delivered", later)
        assert [(one.kind, one.where) for one in done.tracking] == [
            ("shipped", ""),
            ("in_transit", "杭州"),
            ("delivered", ""),
        ]
        assert api.shipments(uow, ["o1", "o2"]) == {"o1": (done, second), "o2": ()}
        assert api.shipments(uow, []) == {}
        acts = [row.action for row in audit.newest(uow, actor="mei").rows]
        assert acts == ["shipment.delivered", "shipment.in_transit", "shipment.created", "shipment.created"]


def test_a_parcel_is_delivered_once_and_then_nothing_happens_to_it(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        mine = send(uow, TEA)
        api.delivered(uow, MEI, mine.shipment_id, NOW)
        for kind in ("delivered", "failed"):
            with pytest.raises(ShopError, match="is delivered already"):
                api.track(uow, MEI, mine.shipment_id, kind, NOW)
        assert len(api.shipment(uow, mine.shipment_id).tracking) == 2


def test_a_parcel_that_could_not_be_handed_over_is_tried_again(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        mine = send(uow, TEA)
        api.track(uow, MEI, mine.shipment_id, "failed", NOW, note="nobody at home")
        assert api.track(uow, MEI, mine.shipment_id, "out_for_delivery", NOW).state == "out_for_delivery"


def test_what_is_no_parcel_is_refused(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError, match="No carrier is called pigeon"):
            api.create(uow, MEI, "o1", [TEA], carrier="pigeon", tracking_number="", now=NOW)
        for number in ("a b", "<b>", "x" * 61):
            with pytest.raises(ShopError, match="cannot be a tracking number"):
                send(uow, TEA, number=number)
        with pytest.raises(ShopError, match="needs 1 to"):
            send(uow)
        with pytest.raises(ShopError, match="needs 1 to"):
            send(uow, ShipmentPiece(1, "tea", "store", 0))
        with pytest.raises(ShopError, match="no shipment"):
            api.delivered(uow, MEI, uuid4(), NOW)
        with pytest.raises(ShopError, match="no shipment"):
            api.shipment(uow, uuid4())
        assert api.shipments(uow, ["o1"]) == {"o1": ()}


def test_who_may_only_look_sends_nothing(stores: Stores) -> None:
    guest = Principal("li", Role.VIEWER)
    with stores.rows.unit() as uow:
        mine = send(uow, TEA)
        with pytest.raises(ShopError, match="needs the role operator"):
            api.create(uow, guest, "o1", [TEA], carrier="sf", tracking_number="", now=NOW)
        with pytest.raises(ShopError, match="needs the role operator"):
            api.delivered(uow, guest, mine.shipment_id, NOW)


def test_what_happened_to_a_parcel_is_never_rewritten(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        send(uow, TEA)
    with pytest.raises(sa.exc.DBAPIError, match="shipment_events only grows"), stores.rows.unit() as uow:
        uow.conn.execute(sa.text("update shipment_events set kind = 'delivered'"))
