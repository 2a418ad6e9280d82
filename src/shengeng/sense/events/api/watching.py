"""What people see of the edge: the newest events, what waits, how fast, what was refused."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shengeng.sense.events.contracts import Drained, EdgeState
from shengeng.sense.events.store import inbox, watch
from shengeng.sense.events.store import lake as facts
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

SHOWN_REFUSALS = 50
HOUR, RECENTLY = timedelta(hours=1), timedelta(minutes=10)


def newest(
    lake: Lake,
    *,
    name: str | None = None,
    source: str | None = None,
    person: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """The newest received events first, each as its columns (EVENTS and person_id), JSON opened.

    person: a person's, customer's or device's id.
    """
    table = facts.persons_of(facts.events(lake, None, None), identity.resolved(lake))
    rows = facts.newest(table, name=name, source=source, person=person, limit=limit).to_pylist()
    return [row | {key: json.loads(row[key] or "null") for key in ("properties", "context")} for row in rows]


def state(stores: Stores, uow: UnitOfWork, now: datetime) -> EdgeState:
    """How the edge does just now."""
    depth = inbox.depth(uow)
    moves = watch.drained(uow, now - HOUR)
    names, sources = facts.named(stores.lake, (now - timedelta(days=30)).date())
    return EdgeState(
        depth=depth,
        oldest_s=max(0.0, (now - depth.oldest_at).total_seconds()) if depth.oldest_at else None,
        lag_s=max((move.lag_s for move in moves if move.at >= now - RECENTLY), default=None),
        minutes=_minutes(moves, now),
        repeated=sum(move.repeated for move in moves),
        refused=watch.refused(uow, SHOWN_REFUSALS),
        names=names,
        sources=sources,
    )


def _minutes(moves: list[Drained], now: datetime) -> list[tuple[datetime, int]]:
    """Sixty minutes, the running one last."""
    counted = Counter[datetime]()
    for move in moves:
        counted[_minute(move.at)] += move.events
    last = _minute(now)
    minutes = [last - timedelta(minutes=back) for back in range(59, -1, -1)]
    return [(minute, counted[minute]) for minute in minutes]


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
