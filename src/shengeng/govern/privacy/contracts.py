"""What privacy publishes: a person, the two ports of whoever holds personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class Person:
    """One person with every identifier that the shop knows of them.

    person_id: the customer id that estimates use ("anon:<anonymous_id>" for one known only by a device).
    """

    person_id: str
    customer_ids: frozenset[str] = frozenset()
    anonymous_ids: frozenset[str] = frozenset()
    phone_hashes: frozenset[str] = frozenset()
    email_hashes: frozenset[str] = frozenset()
    unionids: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """What may stand in a column of customers: the person's id, and every customer id merged into it."""
        return self.customer_ids | {self.person_id}

    @property
    def every(self) -> frozenset[str]:
        """Every identifier, as it may stand anywhere in the shop."""
        kinds = (self.anonymous_ids, self.phone_hashes, self.email_hashes, self.unionids)
        return self.ids.union(*kinds)


class ExportPerson(Protocol):
    """Port: everything that one capability holds on a person."""

    def __call__(
        self, stores: Stores, uow: UnitOfWork, person: Person
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """By dataset or table, its rows as they stand; plain values (JSON writes dates as ISO)."""
        ...


class ErasePerson(Protocol):
    """Port: one capability forgets a person. Runs again after a crash, so it is idempotent."""

    def __call__(self, stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
        """By dataset or table, how many rows were removed or made nobody's."""
        ...


Resolve = Callable[[UnitOfWork, str], Person]


@dataclass(frozen=True, slots=True)
class Holder:
    """A capability that holds personal data. `app` lists them all; a house test finds the forgotten ones.

    datasets: lake datasets whose rows are about people; tables: rows of the database likewise.
    """

    name: str
    export_person: ExportPerson
    erase_person: ErasePerson
    datasets: tuple[str, ...] = field(default=())
    tables: tuple[str, ...] = field(default=())
