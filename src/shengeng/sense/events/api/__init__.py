"""What others may ask of `events`: the facts, the edge, what waits, and everything of one person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from shengeng.sense.events.api.draining import compact, drain, forget, waits
from shengeng.sense.events.api.personal import erase_person, export_person
from shengeng.sense.events.api.receiving import Reception, contact
from shengeng.sense.events.api.watching import newest, state
from shengeng.sense.events.contracts import EVENTS, Depth
from shengeng.sense.events.methods.snippet import snippet as script
from shengeng.sense.events.store import inbox
from shengeng.sense.events.store import lake as facts
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "EVENTS",
    "Reception",
    "compact",
    "contact",
    "depth",
    "drain",
    "erase_person",
    "events",
    "export_person",
    "forget",
    "newest",
    "script",
    "state",
    "waits",
]


def events(lake: Lake, since: date | None = None, until: date | None = None) -> ir.Table:
    """Events (contracts.EVENTS) of local days, both ends included, with the person_id of each.

    person_id: the person that identity resolved, else the customer, else "anon:" and the device.
    """
    return facts.persons_of(facts.events(lake, since, until), identity.resolved(lake))


def depth(uow: UnitOfWork) -> Depth:
    """What waits for the lake."""
    return inbox.depth(uow)
