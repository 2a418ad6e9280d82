"""No capability holds personal data without handing it out and forgetting it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pyarrow as pa

import shengeng
from shengeng.storage.tables import metadata
from shengeng.worker.personal import HOLDERS

# A column of one of these names says whose row it is.
WHOSE = {"customer_id", "person_id", "anonymous_id", "member_id"}
# Tables of govern itself, which privacy forgets by its own hand (govern/privacy/api/erasing.py).
OWN = {"consents", "privacy_requests", "privacy_looks"}
# Frames on their way from one function to the next: nothing keeps them.
NOT_KEPT = {
    "decide.treat.contracts",
    "decide.allocate.contracts",
    "sense.identity.contracts",
}


def modules(ending: str) -> Iterator[str]:
    for module in pkgutil.walk_packages(shengeng.__path__, "shengeng."):
        if ending in module.name:
            yield module.name


def about_people(schema: pa.Schema) -> bool:
    return bool(WHOSE & set(schema.names))


def declared() -> dict[str, pa.Schema]:
    """Every schema of contracts that has a column of people, by capability and name."""
    found = {}
    for name in modules(".contracts"):
        short = name.removeprefix("shengeng.")
        if short in NOT_KEPT:
            continue
        for attribute, value in vars(importlib.import_module(name)).items():
            if isinstance(value, pa.Schema) and about_people(value):
                found[f"{short.split('.')[1]}.{attribute}"] = value
    return found


def test_every_table_about_people_belongs_to_a_holder() -> None:
    for name in modules(".store"):
        importlib.import_module(name)
    theirs = {table for holder in HOLDERS for table in holder.tables} | OWN
    people = {table.name for table in metadata.tables.values() if WHOSE & set(table.columns.keys())}
    assert people - theirs == set()
    assert {"decisions", "audience_members"} <= people


def test_every_schema_about_people_belongs_to_a_capability_that_is_a_holder() -> None:
    holders = {holder.name for holder in HOLDERS}
    found = declared()
    assert {name for name in found if name.split(".")[0] not in holders} == set()
    assert len(found) > 8


def test_holders_name_only_tables_that_exist() -> None:
    for name in modules(".store"):
        importlib.import_module(name)
    named = {table for holder in HOLDERS for table in holder.tables}
    assert named - set(metadata.tables) == set()


def test_a_forgotten_schema_would_be_noticed() -> None:
    assert about_people(pa.schema([("customer_id", pa.string())]))
    assert not about_people(pa.schema([("product_id", pa.string())]))
