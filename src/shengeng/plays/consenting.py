"""Whom no play may reach: who withdrew marketing, and, where the shop says so, who never allowed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from shengeng.govern.consent import api as consent
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.people import api as people


def not_to_be_reached(uow: UnitOfWork, lake: Lake, as_of: date) -> frozenset[str]:
    """Customers of the estimate of a day whom the shop may not reach with marketing."""
    if not consent.unknown_allowed(uow):
        return _customers(lake, as_of) - consent.granted(uow, "marketing", persons=_persons)
    withdrawn = consent.withdrawn(uow, "marketing", persons=_persons)
    return withdrawn & _customers(lake, as_of) if withdrawn else withdrawn


def _persons(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, str]:
    return identity.persons(uow, "customer", ids)


def _customers(lake: Lake, as_of: date) -> frozenset[str]:
    found = people.people(lake, as_of).customer_id.to_pyarrow()
    return frozenset(found.to_pylist())
