"""Rows of zones and rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.kernel.words import Words
from shengeng.storage.remembered import remembered
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment.contracts import Rate, Zone
from shengeng.trade.fulfilment.store.tables import rates, zones

_PLAIN = (
    "rate_id",
    "zone_id",
    "kind",
    "currency",
    "base_minor",
    "first_g",
    "per_kg_minor",
    "free_from_minor",
    "days_min",
    "days_max",
    "volume_per_kg_ml",
    "co2e_g",
    "location_id",
    "active",
)


def all_zones(uow: UnitOfWork) -> list[Zone]:
    """Every zone by key."""
    found = sa.select(zones).order_by(zones.c.zone_id)
    return [
        Zone(row.zone_id, Words(row.name_zh, row.name_en), row.country, tuple(row.regions))
        for row in uow.conn.execute(found)
    ]


def all_rates(uow: UnitOfWork) -> list[Rate]:
    """Every rate by key."""
    return [_rate(row) for row in uow.conn.execute(sa.select(rates).order_by(rates.c.rate_id)).mappings()]


def of_country(uow: UnitOfWork, country: str, currency: str) -> list[tuple[Zone, Rate]]:
    """The rates in use in a country, with their zones."""
    return [
        (zone, rate) for zone, rate in _in_use(uow) if zone.country == country and rate.currency == currency
    ]


@remembered(rates, zones)
def _in_use(uow: UnitOfWork) -> tuple[tuple[Zone, Rate], ...]:
    where = {zone.zone_id: zone for zone in all_zones(uow)}
    return tuple((where[rate.zone_id], rate) for rate in all_rates(uow) if rate.active)


def put_zones(uow: UnitOfWork, told: Sequence[Zone]) -> None:
    """Make zones or say anew what they are."""
    rows = [
        {
            "zone_id": zone.zone_id,
            "name_zh": zone.name.zh,
            "name_en": zone.name.en,
            "country": zone.country,
            "regions": list(zone.regions),
        }
        for zone in told
    ]
    _put(uow, zones, "zone_id", rows)


def put_rates(uow: UnitOfWork, told: Sequence[Rate]) -> None:
    """Make rates or say anew what they are."""
    rows = [
        {name: getattr(rate, name) for name in _PLAIN}
        | {
            "name_zh": rate.name.zh,
            "name_en": rate.name.en,
            "cold_chains": list(rate.cold_chains),
            "co2e_source_zh": rate.co2e_source.zh if rate.co2e_source else None,
            "co2e_source_en": rate.co2e_source.en if rate.co2e_source else None,
        }
        for rate in told
    ]
    _put(uow, rates, "rate_id", rows)


def _put(uow: UnitOfWork, table: sa.Table, key: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        made = insert(table).values(rows)
        told = {name: made.excluded[name] for name in rows[0] if name != key}
        uow.conn.execute(made.on_conflict_do_update(index_elements=[key], set_=told))


def _rate(row: sa.RowMapping) -> Rate:
    source = row["co2e_source_zh"]
    return Rate(
        **{name: row[name] for name in _PLAIN},
        name=Words(row["name_zh"], row["name_en"]),
        cold_chains=tuple(row["cold_chains"]),
        co2e_source=None if source is None else Words(source, row["co2e_source_en"]),
    )
