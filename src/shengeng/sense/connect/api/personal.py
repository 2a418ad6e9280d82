"""What the shop's facts hold on a person. Orders stay for the books, as guests' orders."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from shengeng.govern.privacy.contracts import Person
from shengeng.sense.connect.store import imports, rejects
from shengeng.sense.connect.store.folder import UPLOADS
from shengeng.sense.connect.store.merge import SORTED_BY
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

# What tells of the buyer on an order: the rest is goods and money, which tax law keeps for years.
_BUYER = ("customer_id", "attributes")
_ORDERS = ("lines", "feed")
_THEIRS = ("customers", "touches", "redemptions", "reviews")


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """A person's orders, also those that wait to arrive, and what their sources say of them, by dataset."""
    return {name: stores.lake.about(uow, name, "customer_id", person.ids) for name in (*_ORDERS, *_THEIRS)}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Makes orders those of guests, takes every other row out, and rows of rejects and uploads with them.

    Refuses (unavailable) while an import runs: its files may name the person.
    """
    imports.refuse_running(uow)
    lake, ids = stores.lake, person.ids
    done = {
        name: lake.rewrite(uow, name, "customer_id", ids, clear=_BUYER, sort_by=SORTED_BY) for name in _ORDERS
    }
    done |= {name: lake.rewrite(uow, name, "customer_id", ids) for name in _THEIRS}
    home = stores.settings.home
    done["rejects"] = sum(
        rejects.forget(path, person.every) for path in (home / "imports").glob("*/rejects.csv")
    )
    uploads = [path for path in (home / UPLOADS).glob("*-*") if path.is_dir()]
    for folder in uploads:
        shutil.rmtree(folder, ignore_errors=True)
    return done | {"uploads": len(uploads)}
