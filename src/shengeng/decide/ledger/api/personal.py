"""What the ledger holds on a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shengeng.decide.ledger.store import personal
from shengeng.govern.privacy.contracts import Person
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every decision about the person."""
    del stores
    return {"decisions": personal.of_customers(uow, person.ids)}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Open decisions end, all of them become nobody's; sums, forecasts and what came of them stay."""
    del stores
    return {"decisions": personal.forget(uow, person.ids, person.stand_in)}
