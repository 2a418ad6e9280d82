"""What shoppers want to know before they buy: delivery, cancelling, what claims rest on, what we keep."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.storefront.asking import Ask
from shengeng.storefront.render import page
from shengeng.trade.fulfilment import api as fulfilment

router = APIRouter(prefix="/help")


@router.get("/delivery")
def delivery_page(scene: Ask) -> Response:
    """Every way of delivery by zone: price, days, cold chain, and emissions where somebody stated them."""
    zones = {zone.zone_id: zone for zone in fulfilment.zones(scene.uow)}
    rates = [rate for rate in fulfilment.rates(scene.uow) if rate.active]
    return page(scene, "help_delivery.html", zones=zones, rates=rates, indexed=True)


@router.get("/{topic}")
def help_page(scene: Ask, topic: Literal["returns", "claims", "privacy"]) -> Response:
    """The shop's words on one topic."""
    return page(scene, "help.html", topic=topic, indexed=True)
