"""What delivery costs and when it arrives. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from shengeng.trade.fulfilment.contracts import DeliveryAsk, DeliveryOption, Parcel, Rate, Zone

_KINDS = ("standard", "express", "greener", "pickup")


def weight_g(parcels: Iterable[Parcel], volume_per_kg_ml: int) -> int:
    """What is charged: real weight or, for bulky goods, what their volume counts as, rounded up."""
    real = bulk_ml = 0
    for parcel in parcels:
        real += parcel.weight_g * parcel.quantity
        bulk_ml += parcel.volume_ml * parcel.quantity
    return max(real, -(-bulk_ml * 1000 // volume_per_kg_ml))


def price_minor(rate: Rate, grams: int, goods_minor: int) -> int:
    """base for the first grams, then each started kilogram; nothing from the free amount on."""
    if rate.free_from_minor is not None and goods_minor >= rate.free_from_minor:
        return 0
    started_kg = -(-max(0, grams - rate.first_g) // 1000)
    return rate.base_minor + started_kg * rate.per_kg_minor


def options(ask: DeliveryAsk, offered: Sequence[tuple[Zone, Rate]]) -> tuple[DeliveryOption, ...]:
    """The ways that reach the region with goods as cold as these: of each kind the narrowest zone's."""
    cold = {parcel.cold_chain for parcel in ask.parcels}
    reach = [
        (zone, rate)
        for zone, rate in offered
        if (not zone.regions or ask.region in zone.regions) and cold <= set(rate.cold_chains)
    ]
    reach.sort(key=lambda both: (not both[0].regions, len(both[0].regions), both[1].rate_id))
    best: dict[tuple[str, str], Rate] = {}
    for _, rate in reach:
        best.setdefault((rate.kind, rate.location_id or ""), rate)
    found = [_option(ask, rate) for rate in best.values()]
    return tuple(sorted(found, key=lambda option: (_KINDS.index(option.kind), option.option_id)))


def _option(ask: DeliveryAsk, rate: Rate) -> DeliveryOption:
    return DeliveryOption(
        option_id=rate.rate_id,
        kind=rate.kind,
        name=rate.name,
        price_minor=price_minor(rate, weight_g(ask.parcels, rate.volume_per_kg_ml), ask.goods_minor),
        currency=rate.currency,
        earliest=ask.ready_on + timedelta(days=rate.days_min),
        latest=ask.ready_on + timedelta(days=rate.days_max),
        co2e_g=rate.co2e_g,
        co2e_source=rate.co2e_source,
        location_id=rate.location_id,
    )
