"""Delivery by a table of rates: what reaches an address, at what price, on which days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel.money import LIMIT_MINOR, currency_code
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment import methods
from shengeng.trade.fulfilment.api.port import DeliveryQuotes
from shengeng.trade.fulfilment.contracts import (
    BAD_RATE,
    NO_DELIVERY,
    NO_ZONE,
    RATES_MOST,
    TEXT_LONGEST,
    DeliveryAsk,
    DeliveryHold,
    DeliveryOption,
    Rate,
    Zone,
)
from shengeng.trade.fulfilment.store import rates as store

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class TableOfRates:
    """Delivery quotes out of the shop's own table. It has nothing scarce, so holding one writes no row."""

    def quote(self, uow: UnitOfWork, ask: DeliveryAsk, now: datetime) -> tuple[DeliveryOption, ...]:
        """Every way that reaches the address with these goods, standard first; none: ()."""
        del now
        return methods.options(ask, store.of_country(uow, ask.country, ask.currency))

    def hold(
        self,
        uow: UnitOfWork,
        ask: DeliveryAsk,
        option_id: str,
        order_id: str,
        *,
        until: datetime,
        now: datetime,
    ) -> DeliveryHold:
        """Choose a way for an order; its price is the table's of this moment. Refuses NO_DELIVERY."""
        found = [option for option in self.quote(uow, ask, now) if option.option_id == option_id]
        if not found:
            raise NO_DELIVERY.error(option=option_id[:60], region=ask.region[:60])
        return DeliveryHold(order_id, found[0], until)

    def confirm(self, uow: UnitOfWork, order_id: str, now: datetime) -> bool:
        """The order is paid: a table delivers whatever it has quoted."""
        del uow, order_id, now
        return True

    def release(self, uow: UnitOfWork, order_id: str, now: datetime) -> None:
        """The order is gone: a table has nothing to free."""
        del uow, order_id, now


# The shop's own way to deliver, until something that knows capacities takes its place.
TABLE: DeliveryQuotes = TableOfRates()


def zones(uow: UnitOfWork) -> list[Zone]:
    """Every zone by key."""
    return store.all_zones(uow)


def rates(uow: UnitOfWork) -> list[Rate]:
    """Every rate by key, those out of use too."""
    return store.all_rates(uow)


def put_zones(uow: UnitOfWork, who: Principal, told: Sequence[Zone], now: datetime) -> None:
    """Make zones or say anew what they are (operator)."""
    require(who, Role.OPERATOR)
    for zone in told:
        named = _KEY.fullmatch(zone.zone_id) and zone.name.text("zh").strip()
        if not (named and _COUNTRY.fullmatch(zone.country) and len(zone.regions) <= RATES_MOST):
            raise BAD_RATE.error(id=zone.zone_id[:60], why="key, name, country")
    store.put_zones(uow, told)
    for zone in told:
        detail: dict[str, audit.Plain] = {"country": zone.country, "regions": " ".join(zone.regions)[:400]}
        audit.record(uow, at=now, actor=who.name, action="delivery.zone", target=zone.zone_id, detail=detail)


def put_rates(uow: UnitOfWork, who: Principal, told: Sequence[Rate], now: datetime) -> None:
    """Make rates or say anew what they are (operator); the orders that stand keep what they were told."""
    require(who, Role.OPERATOR)
    known = {zone.zone_id for zone in store.all_zones(uow)}
    for rate in told:
        if rate.zone_id not in known:
            raise NO_ZONE.error(id=rate.zone_id[:60])
        currency_code(rate.currency)
        wrong = _wrong(rate)
        if wrong:
            raise BAD_RATE.error(id=rate.rate_id[:60], why=wrong)
    store.put_rates(uow, told)
    for rate in told:
        detail: dict[str, audit.Plain] = {
            "zone": rate.zone_id,
            "kind": rate.kind,
            "base_minor": rate.base_minor,
            "per_kg_minor": rate.per_kg_minor,
            "free_from_minor": rate.free_from_minor,
            "active": rate.active,
        }
        audit.record(uow, at=now, actor=who.name, action="delivery.rate", target=rate.rate_id, detail=detail)


def _wrong(rate: Rate) -> str:
    """The first field that cannot be kept; "" when all can."""
    money = (rate.base_minor, rate.per_kg_minor, rate.free_from_minor or 0)
    fine = {
        "rate_id": bool(_KEY.fullmatch(rate.rate_id)),
        "name": 0 < len(rate.name.text("zh").strip()) <= TEXT_LONGEST,
        "base_minor, per_kg_minor, free_from_minor": all(0 <= m < LIMIT_MINOR for m in money),
        "first_g": 0 <= rate.first_g <= 10**8,
        "days_min, days_max": 0 <= rate.days_min <= rate.days_max <= 365,
        "volume_per_kg_ml": 0 < rate.volume_per_kg_ml <= 10**6,
        "cold_chains": bool(rate.cold_chains) and set(rate.cold_chains) <= {"none", "chilled", "frozen"},
        "co2e_g, co2e_source": _sourced(rate),
        "location_id": (rate.kind == "pickup") == bool(rate.location_id),
    }
    return next((name for name, is_fine in fine.items() if not is_fine), "")


def _sourced(rate: Rate) -> bool:
    if rate.co2e_g is None:
        return rate.co2e_source is None
    told = rate.co2e_source.text("zh").strip() if rate.co2e_source else ""
    return 0 <= rate.co2e_g <= 10**8 and bool(told)
