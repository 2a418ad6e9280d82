"""The outcome comes back as rows beside the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.decide.ledger import store
from shengeng.decide.ledger.contracts import Settlement

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def settle(uow: UnitOfWork, rows: Sequence[tuple[UUID, Settlement]]) -> int:
    """Add settlements of decisions; each (decision, kind, version) once. Returns how many were added."""
    return store.add_settlements(uow, rows)
