"""What fulfilment publishes and refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.kernel.words import Words

DeliveryKind = Literal["standard", "express", "pickup", "greener"]
ColdChain = Literal["none", "chilled", "frozen"]
TrackingKind = Literal["shipped", "in_transit", "out_for_delivery", "delivered", "failed", "returned"]
TEXT_LONGEST = 200
RATES_MOST = 500
PIECES_MOST = 1000


@dataclass(frozen=True, slots=True)
class Parcel:
    """Units of one line that are to be delivered; weight and volume of one unit."""

    sku: str
    quantity: int
    weight_g: int = 0
    volume_ml: int = 0
    cold_chain: ColdChain = "none"


@dataclass(frozen=True, slots=True)
class DeliveryAsk:
    """Where what should go. region: province or state; ready_on: the local day when all of it is there."""

    country: str
    region: str
    city: str
    parcels: tuple[Parcel, ...]
    goods_minor: int
    currency: str
    ready_on: date


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    """One way to get the goods: what it costs, the local days on which it may arrive, what it emits.

    co2e_g: grams for the parcel, by the source told in co2e_source; None where nobody has stated it.
    location_id: where the buyer fetches it, for pickup.
    """

    option_id: str
    kind: DeliveryKind
    name: Words
    price_minor: int
    currency: str
    earliest: date
    latest: date
    co2e_g: int | None = None
    co2e_source: Words | None = None
    location_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryHold:
    """A way that was chosen for an order, its price and days kept until a moment."""

    order_id: str
    option: DeliveryOption
    until: datetime


@dataclass(frozen=True, slots=True)
class Zone:
    """Where rates hold: regions of a country; no region named is all of it. The narrowest zone counts."""

    zone_id: str
    name: Words
    country: str
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """What one way of delivery costs in a zone.

    base_minor covers the first first_g; each started kilogram beyond costs per_kg_minor. Bulky goods weigh
    volume_ml x 1000 / volume_per_kg_ml. From free_from_minor of goods on it is free (None: never).
    """

    rate_id: str
    zone_id: str
    kind: DeliveryKind
    name: Words
    currency: str
    base_minor: int
    first_g: int
    per_kg_minor: int
    free_from_minor: int | None
    days_min: int
    days_max: int
    cold_chains: tuple[ColdChain, ...] = ("none",)
    volume_per_kg_ml: int = 6000
    co2e_g: int | None = None
    co2e_source: Words | None = None
    location_id: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class ShipmentPiece:
    """Units of one line of an order in a shipment, by the place they left."""

    line_no: int
    sku: str
    location_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Tracking:
    """Something that happened to a shipment; where and note as the carrier or an operator tells it."""

    at: datetime
    kind: TrackingKind
    where: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel of an order. number: 1 for its first; state: what was told of it last."""

    shipment_id: UUID
    order_id: str
    number: int
    carrier: str
    carrier_name: Words
    tracking_number: str
    state: TrackingKind
    shipped_at: datetime
    delivered_at: datetime | None
    pieces: tuple[ShipmentPiece, ...]
    tracking: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who carries parcels."""

    carrier: str
    name: Words


CARRIERS: dict[str, Carrier] = {
    one.carrier: one
    for one in (
        Carrier("sf", Words("顺丰速运", "SF Express")),
        Carrier("jd", Words("京东物流", "JD Logistics")),
        Carrier("zto", Words("中通快递", "ZTO Express")),
        Carrier("yto", Words("圆通速递", "YTO Express")),
        Carrier("sto", Words("申通快递", "STO Express")),
        Carrier("yunda", Words("韵达速递", "Yunda Express")),
        Carrier("ems", Words("邮政 EMS", "China Post EMS")),
        Carrier("own", Words("门店自送", "Own courier")),
        Carrier("pickup", Words("到店自提", "Fetched in the shop")),
        Carrier("other", Words("其他承运商", "Another carrier")),
    )
}

NO_DELIVERY = Refusal(
    "no_delivery",
    "refused",
    en="{option} does not deliver these goods to {region}: choose another way.",
    zh="{option} 无法将这些商品送到 {region}：请选择其他配送方式。",
)
NO_CARRIER = Refusal(
    "no_carrier",
    "invalid",
    en="No carrier is called {value}. Known ones: {known}.",
    zh="没有名为 {value} 的承运商。可用：{known}。",
)
BAD_TRACKING = Refusal(
    "bad_tracking",
    "invalid",
    en="{value} cannot be a tracking number: use up to {limit} letters, digits, - or leave it empty.",
    zh="“{value}”不能作为运单号：请用最多 {limit} 个字母、数字或 -，也可留空。",
)
EMPTY_SHIPMENT = Refusal(
    "empty_shipment",
    "invalid",
    en="A shipment needs 1 to {limit} lines with at least one unit each.",
    zh="一个包裹需要 1 到 {limit} 行，每行至少一件。",
)
NO_SHIPMENT = Refusal("no_shipment", "not_found", en="There is no shipment {id}.", zh="没有包裹 {id}。")
SHIPMENT_OVER = Refusal(
    "shipment_over",
    "conflict",
    en="Shipment {id} is {state} already: nothing more happens to it.",
    zh="包裹 {id} 的状态已是 {state}：不再变化。",
)
BAD_RATE = Refusal(
    "bad_rate",
    "invalid",
    en="The rate {id} cannot be kept: {why}.",
    zh="无法保存运费 {id}：{why}。",
)
NO_ZONE = Refusal(
    "no_zone", "not_found", en="There is no zone {id}: make it first.", zh="没有配送区域 {id}：请先新建。"
)
