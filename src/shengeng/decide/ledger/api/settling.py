"""The outcome comes back as rows beside the decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.decide.ledger import store
from shengeng.decide.ledger.contracts import DecisionDetail, Outcome, Settlement, SettlementKind

if TYPE_CHECKING:
    import pyarrow as pa

    from shengeng.storage.rows import UnitOfWork


def settle(uow: UnitOfWork, rows: Sequence[tuple[UUID, Settlement]]) -> int:
    """Add settlements of decisions; each (decision, kind, version) once. Returns how many were added."""
    return store.add_settlements(uow, rows)


def windows(uow: UnitOfWork, play: str, kind: SettlementKind, *, late_from: date, until: date) -> pa.Table:
    """Decisions of a play whose window is over, by id: never settled this way, or ended since late_from.

    Columns: id, slate_id, customer_id, product_id, window_start, window_end, and of the newest settlement
    observed and version (null and 0 without one).
    """
    return store.windows(uow, play, kind, late_from, until)


def details(uow: UnitOfWork, ids: Collection[UUID]) -> list[DecisionDetail]:
    """Decisions in the order of their ids, without steps and settlements."""
    return store.details(uow, ids)


def outcomes(uow: UnitOfWork, slate_ids: Collection[UUID]) -> Sequence[Outcome]:
    """By wholly settled group of these slates: what was expected beside what came."""
    return store.outcomes(uow, slate_ids)
