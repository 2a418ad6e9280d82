"""Places with goods on them, and buyers who want some."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import Entry, Location, Want

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=30)
PLACES = (
    Location("store", Words("门店", "Shop"), "store", position=1),
    Location("forward", Words("前置仓", "Forward"), "forward", position=2),
    Location("central", Words("中心仓", "Central"), "central", position=3),
)


def shelve(uow: UnitOfWork, units: Mapping[tuple[str, str], int]) -> None:
    """Three places, and units of variants in them."""
    for place in PLACES:
        api.put_location(uow, SHELL, place, NOW)
    there = [Entry(sku, place, n) for (sku, place), n in units.items() if n]
    if there:
        api.receive(uow, SHELL, there, NOW)


def shelved(stores: Stores, units: Mapping[tuple[str, str], int]) -> None:
    with stores.rows.unit() as uow:
        shelve(uow, units)


def want(*lines: tuple[str, int]) -> list[Want]:
    """Lines of variants out of stock, numbered from 1."""
    return [Want(n, sku, quantity) for n, (sku, quantity) in enumerate(lines, 1)]
