"""What runs beside the doors: persons given to the lake, a changed limit, imported files, members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from shengeng.govern.shop import api as shop
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.identity.api.deciding import observe, settle
from shengeng.sense.identity.contracts import Edge, Kind
from shengeng.sense.identity.methods.usable import email_hash, phone_hash
from shengeng.sense.identity.store import imported, log, published
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.members import api as members
from shengeng.trade.members.contracts import Mark

READER = "sense.identity"


def keep(stores: Stores, now: datetime) -> None:
    """Everything that waits: files that came, a limit that somebody changed, persons the lake lacks."""
    with stores.rows.unit() as uow:
        if arrivals.take(uow, READER).everybody:
            observe(uow, list(_imported(stores)), now)
    while _members(stores, now):
        pass
    with stores.rows.unit() as uow:
        _draw_anew(uow, now)
    with stores.rows.unit() as uow:
        if published.loose(uow) > published.MOST_LOOSE:
            published.give(uow, stores.lake)


def give(stores: Stores, uow: UnitOfWork) -> int:
    """Give the lake everybody who is not what they say by themselves; returns how many identifiers."""
    return published.give(uow, stores.lake)


def due(stores: Stores) -> bool:
    """Whether something waits."""
    with stores.rows.unit() as uow:
        limit = log.limit_kept(uow)
        changed = limit is not None and limit != shop.assumptions(uow).identity_most_customers
        waits = published.loose(uow) > published.MOST_LOOSE
        signed_in = members.marks_wait(uow)
        return changed or waits or signed_in or arrivals.since(uow, arrivals.place(uow, READER)).everybody


def _members(stores: Stores, now: datetime) -> int:
    """Members who signed in, each with contacts and device; taken and observed in one transaction."""
    with stores.rows.unit() as uow:
        marks = members.take_marks(uow)
        observe(uow, [edge for mark in marks for edge in _signed_in(mark)], now)
        return len(marks)


def _signed_in(mark: Mark) -> Iterator[Edge]:
    known: list[tuple[Kind, str | None]] = [
        ("email_hash", email_hash(mark.email or "")),
        ("phone_hash", phone_hash(mark.phone or "")),
        ("anonymous", mark.anonymous_id),
    ]
    for kind, value in known:
        if value:
            yield Edge("customer", mark.member_id, kind, value, "storefront", mark.at)


def _draw_anew(uow: UnitOfWork, now: datetime) -> None:
    """Persons by the limit that holds now, when they rest on another."""
    wanted, kept = shop.assumptions(uow).identity_most_customers, log.limit_kept(uow)
    if kept is None or kept == wanted:
        return
    _, version = log.hold(uow, wanted)
    log.keep_limit(uow, wanted)
    every = log.every_node(uow)
    settle(uow, every, wanted, version, now, anew=every)


def _imported(stores: Stores) -> Iterator[Edge]:
    """Identifiers that stand together in one order or one customer of an imported file."""
    for row in imported.together(stores.lake):
        known: list[tuple[Kind, str]] = [(kind, row[kind]) for kind in imported.NAMES if row[kind]]
        evidence = {"rows": str(row["rows"])}
        for (kind_a, a), (kind_b, b) in combinations(known, 2):
            yield Edge(kind_a, a, kind_b, b, f"import:{row['source']}", row["at"], evidence)
