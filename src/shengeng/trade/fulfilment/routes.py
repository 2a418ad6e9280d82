"""/v1/trade/delivery and /v1/trade/shipments: rates, what delivery would cost, parcels on their way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import Now, Operator, Unit, Viewer, error_answers
from shengeng.kernel.money import LIMIT_MINOR
from shengeng.kernel.words import Words
from shengeng.trade.fulfilment import api
from shengeng.trade.fulfilment.contracts import (
    CARRIERS,
    RATES_MOST,
    TEXT_LONGEST,
    ColdChain,
    DeliveryAsk,
    DeliveryKind,
    Parcel,
    Rate,
    TrackingKind,
    Zone,
)

router = APIRouter(prefix="/v1/trade", tags=["trade"], responses=error_answers(401, 403, 404, 409, 413, 422))
Text = Annotated[str, StringConstraints(max_length=TEXT_LONGEST)]
Key = Annotated[str, StringConstraints(max_length=60)]
Minor = Annotated[int, Field(ge=0, lt=LIMIT_MINOR)]
Whole = Annotated[int, Field(ge=0, le=10**8)]


class DeliveryZone(BaseModel):
    """Where rates hold: regions of a country; none named is all of it."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")
    zone_id: Key
    name: Words
    country: Key
    regions: Annotated[list[Text], Field(max_length=RATES_MOST)] = []


class DeliveryZones(BaseModel):
    """Every zone by key."""

    rows: Annotated[list[DeliveryZone], Field(max_length=RATES_MOST)]


class DeliveryRate(BaseModel):
    """What one way of delivery costs in a zone; co2e_g: grams a parcel, only with its stated source."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")
    rate_id: Key
    zone_id: Key
    kind: DeliveryKind
    name: Words
    currency: Key
    base_minor: Minor
    first_g: Whole = 1000
    per_kg_minor: Minor = 0
    free_from_minor: Minor | None = None
    days_min: Whole
    days_max: Whole
    cold_chains: Annotated[list[ColdChain], Field(min_length=1, max_length=3)] = ["none"]
    volume_per_kg_ml: Whole = 6000
    co2e_g: Whole | None = None
    co2e_source: Words | None = None
    location_id: Key | None = None
    active: bool = True


class DeliveryRates(BaseModel):
    """Every rate by key."""

    rows: Annotated[list[DeliveryRate], Field(max_length=RATES_MOST)]


class DeliveryParcel(BaseModel):
    """Units that are to be delivered; weight and volume of one."""

    model_config = ConfigDict(extra="forbid")
    sku: Text = ""
    quantity: Annotated[int, Field(ge=1, le=10**6)] = 1
    weight_g: Whole = 0
    volume_ml: Whole = 0
    cold_chain: ColdChain = "none"


class DeliveryQuestion(BaseModel):
    """Where what should go."""

    model_config = ConfigDict(extra="forbid")
    country: Key = "CN"
    region: Text
    city: Text = ""
    parcels: Annotated[list[DeliveryParcel], Field(min_length=1, max_length=1000)]
    goods_minor: Minor
    currency: Key
    ready_on: date


class DeliveryWay(BaseModel):
    """One way to get the goods, its price, and the local days on which it may arrive."""

    model_config = ConfigDict(from_attributes=True)
    option_id: str
    kind: DeliveryKind
    name: Words
    price_minor: int
    currency: str
    earliest: date
    latest: date
    co2e_g: int | None
    co2e_source: Words | None
    location_id: str | None


class DeliveryWays(BaseModel):
    """Every way that reaches the address with these goods."""

    rows: list[DeliveryWay]


class CarrierName(BaseModel):
    """Who carries parcels."""

    model_config = ConfigDict(from_attributes=True)
    carrier: str
    name: Words


class CarrierNames(BaseModel):
    """Every carrier that a shipment may name."""

    rows: list[CarrierName]


class ShippedPiece(BaseModel):
    """Units of one line of an order in a parcel."""

    model_config = ConfigDict(from_attributes=True)
    line_no: int
    sku: str
    location_id: str
    quantity: int


class TrackingEvent(BaseModel):
    """Something that happened to a parcel."""

    model_config = ConfigDict(from_attributes=True)
    at: datetime
    kind: TrackingKind
    where: str
    note: str
    by: str


class OrderShipment(BaseModel):
    """One parcel of an order and what happened to it."""

    model_config = ConfigDict(from_attributes=True)
    shipment_id: UUID
    order_id: str
    number: int
    carrier: str
    carrier_name: Words
    tracking_number: str
    state: TrackingKind
    shipped_at: datetime
    delivered_at: datetime | None
    pieces: list[ShippedPiece]
    tracking: list[TrackingEvent]


class OrderShipments(BaseModel):
    """The parcels of an order, in the order of sending."""

    rows: list[OrderShipment]


class TrackingNote(BaseModel):
    """What happened to a parcel."""

    model_config = ConfigDict(extra="forbid")
    kind: TrackingKind
    where: Text = ""
    note: Text = ""


@router.get("/delivery/zones")
def list_delivery_zones(_: Viewer, uow: Unit) -> DeliveryZones:
    """Every zone by key."""
    return DeliveryZones(rows=[DeliveryZone.model_validate(zone) for zone in api.zones(uow)])


@router.put("/delivery/zones")
def put_delivery_zones(body: DeliveryZones, who: Operator, uow: Unit, now: Now) -> DeliveryZones:
    """Make zones or say anew what they are; those that are not named stay."""
    told = [Zone(z.zone_id, z.name, z.country, tuple(z.regions)) for z in body.rows]
    api.put_zones(uow, who, told, now)
    return list_delivery_zones(who, uow)


@router.get("/delivery/rates")
def list_delivery_rates(_: Viewer, uow: Unit) -> DeliveryRates:
    """Every rate by key, those out of use too."""
    return DeliveryRates(rows=[DeliveryRate.model_validate(rate) for rate in api.rates(uow)])


@router.put("/delivery/rates")
def put_delivery_rates(body: DeliveryRates, who: Operator, uow: Unit, now: Now) -> DeliveryRates:
    """Make rates or say anew what they are; those that are not named stay."""
    api.put_rates(uow, who, [_rate(rate) for rate in body.rows], now)
    return list_delivery_rates(who, uow)


@router.post("/delivery/quotes")
def quote_delivery(body: DeliveryQuestion, _: Viewer, uow: Unit, now: Now) -> DeliveryWays:
    """What would reach an address with these goods, and what it would cost; nothing is kept."""
    parcels = tuple(Parcel(p.sku, p.quantity, p.weight_g, p.volume_ml, p.cold_chain) for p in body.parcels)
    ask = DeliveryAsk(
        body.country, body.region, body.city, parcels, body.goods_minor, body.currency, body.ready_on
    )
    found = api.TableOfRates().quote(uow, ask, now)
    return DeliveryWays(rows=[DeliveryWay.model_validate(way) for way in found])


@router.get("/delivery/carriers")
def list_carriers(_: Viewer) -> CarrierNames:
    """Every carrier that a shipment may name."""
    return CarrierNames(rows=[CarrierName.model_validate(one) for one in CARRIERS.values()])


@router.get("/shipments")
def list_shipments(_: Viewer, uow: Unit, order: Text) -> OrderShipments:
    """The parcels of an order, in the order of sending."""
    found = api.shipments(uow, [order])[order]
    return OrderShipments(rows=[OrderShipment.model_validate(one) for one in found])


@router.post("/shipments/{shipment_id}/events")
def track_shipment(
    shipment_id: UUID, body: TrackingNote, who: Operator, uow: Unit, now: Now
) -> OrderShipment:
    """Something happened to a parcel; nothing happens to one that is delivered or came back."""
    done = api.track(uow, who, shipment_id, body.kind, now, where=body.where, note=body.note)
    return OrderShipment.model_validate(done)


def _rate(rate: DeliveryRate) -> Rate:
    told = rate.model_dump() | {
        "name": rate.name,
        "co2e_source": rate.co2e_source,
        "cold_chains": tuple(rate.cold_chains),
    }
    return Rate(**told)
