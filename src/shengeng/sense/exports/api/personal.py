"""What uploaded shop files hold on a person: nobody can tell before they are opened, so all of them go."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from shengeng.govern.privacy.contracts import UPLOAD_RUNS, Person
from shengeng.sense.exports.api import uploads
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Nothing of its own: what a file said stands in the facts once it is imported."""
    del stores, uow, person
    return {}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Removes every upload, which would go within a day; refused (unavailable) while one is looked at."""
    del uow, person
    if uploads.in_use(stores):
        raise UPLOAD_RUNS.error()
    folders = uploads.folders(stores)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return {"uploads": len(folders)}
