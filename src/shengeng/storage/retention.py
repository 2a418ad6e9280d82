"""Which days of an estimate stay in the lake: the newest, and the last of each month."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

NEWEST = 8


def kept_days(days: Collection[date], newest: int = NEWEST) -> set[date]:
    """The newest days and each month's last."""
    month_ends = {(day.year, day.month): day for day in sorted(days)}
    return set(sorted(days)[-newest:]) | set(month_ends.values())


def forget_old(lake: Lake, uow: UnitOfWork, dataset: str, newest: int = NEWEST) -> None:
    """Take partitions named by a day (2017-11-26) out of a dataset unless they are kept."""
    days = {date.fromisoformat(name) for name in lake.partitions(uow, dataset)}
    for day in sorted(days - kept_days(days, newest)):
        lake.remove(uow, dataset, partition=day.isoformat())
