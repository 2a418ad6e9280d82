"""What audiences hold on a person: memberships, changes, due moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shengeng.decide.audiences.store import standing
from shengeng.govern.privacy.contracts import Person
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def _ids(person: Person) -> frozenset[str]:
    return person.ids | {f"anon:{device}" for device in person.anonymous_ids}


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every audience that somebody is or was in, and when; by table."""
    del stores
    return standing.held_on(uow, sorted(_ids(person)))


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Forget them; counts by day forget them too. Returns the rows removed by table."""
    del stores
    return standing.forget(uow, sorted(_ids(person)))
