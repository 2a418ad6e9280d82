"""What shoppers want to know before they buy: delivery, cancelling, what claims rest on, what we keep."""

from __future__ import annotations

from typing import Literal, get_args

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.storefront.asking import Ask
from shengeng.storefront.render import page
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment.contracts import DeliveryKind

router = APIRouter(prefix="/help")


@router.get("/delivery")
def delivery_page(scene: Ask) -> Response:
    """Every way of delivery by zone: price, days, cold chain, and emissions where somebody stated them."""
    zones = {zone.zone_id: zone for zone in fulfilment.zones(scene.uow)}
    active = [rate for rate in fulfilment.rates(scene.uow) if rate.active]
    rates = sorted(active, key=lambda rate: (get_args(DeliveryKind).index(rate.kind), rate.base_minor))
    return page(scene, "help_delivery.html", zones=zones, rates=rates, indexed=True)


@router.get("/{topic}")
def help_page(scene: Ask, topic: Literal["returns", "claims", "privacy"]) -> Response:
    """The shop's words on one topic."""
    return page(scene, "help.html", topic=topic, indexed=True)
