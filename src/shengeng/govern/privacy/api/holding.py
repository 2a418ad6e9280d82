"""The two ports for a capability whose personal data are rows of lake datasets, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from shengeng.govern.privacy.contracts import ErasePerson, ExportPerson, Person
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def newest_facts(
    stores: Stores, uow: UnitOfWork, ids: Collection[str], moments: Mapping[str, str]
) -> dict[str, datetime]:
    """When each customer last had a fact. moments: datasets, each with its column of moments (aware UTC)."""
    found: dict[str, datetime] = {}
    for dataset, column in moments.items():
        for row in stores.lake.about(uow, dataset, "customer_id", ids):
            id, at = str(row["customer_id"]), row[column]
            found[id] = max(found.get(id, at), at)
    return found


def of_lake(columns: Mapping[str, str]) -> tuple[ExportPerson, ErasePerson]:
    """export_person and erase_person of datasets, each by its column of customers: its rows leave."""

    def export_person(
        stores: Stores, uow: UnitOfWork, person: Person
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The person's rows, by dataset."""
        return {name: stores.lake.about(uow, name, column, person.ids) for name, column in columns.items()}

    def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
        """Takes the person's rows out of every partition that holds some."""
        return {name: stores.lake.rewrite(uow, name, column, person.ids) for name, column in columns.items()}

    return export_person, erase_person
