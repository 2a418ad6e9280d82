"""Note who has new facts; read who had some since the last look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shengeng.govern.privacy.contracts import Person
from shengeng.sense.arrivals import store
from shengeng.sense.arrivals.contracts import Arrivals
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

__all__ = [
    "Arrivals",
    "erase_person",
    "export_person",
    "newest",
    "note",
    "note_all",
    "since",
    "take",
    "waiting",
]

# More people than this in one note are everybody: naming them would cost more than looking at all.
MOST_NAMED = 50_000
KEPT = timedelta(days=7)


def note(uow: UnitOfWork, customer_ids: Collection[str], now: datetime) -> None:
    """These people have new or changed facts; told to readers once the transaction is over."""
    if not customer_ids:
        return
    if len(customer_ids) > MOST_NAMED:
        note_all(uow, now)
    else:
        store.add(uow, sorted(set(customer_ids)), False, now)


def note_all(uow: UnitOfWork, now: datetime) -> None:
    """Everybody may have changed: an import, a day's cycle. Forgets what is older than a week."""
    store.forget(uow, now - KEPT)
    store.add(uow, [], True, now)


def since(uow: UnitOfWork, cursor: int) -> Arrivals:
    """Who had new facts since a cursor (0 = ever); each fact is told once, in the order of commits.

    A transaction that still runs hides later ones until it is over. A reader that comes after its rows were
    forgotten, or with a cursor of another database, is told everybody.
    """
    end = store.horizon(uow)
    if cursor > end:
        return Arrivals(frozenset(), True, end)
    rows = store.between(uow, cursor, end)
    people = frozenset(person for named, _ in rows for person in named)
    return Arrivals(people, any(everybody for _, everybody in rows), end)


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """When new facts of a person were noted, within the week that notes are kept."""
    del stores
    return {"arrivals": [{"noted_at": at} for at in store.of_people(uow, person.every)]}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Notes no longer name the person."""
    del stores
    return {"arrivals": store.unname(uow, person.every)}


def newest(uow: UnitOfWork) -> int:
    """The cursor of a reader that has just looked at everything itself."""
    return store.horizon(uow)


def take(uow: UnitOfWork, reader: str) -> Arrivals:
    """What a named reader has not taken yet; its place moves on with this transaction."""
    found = since(uow, store.place(uow, reader))
    store.move(uow, reader, found.cursor)
    return found


def place(uow: UnitOfWork, reader: str) -> int:
    """The cursor at which a named reader goes on; 0 for one that has taken nothing yet."""
    return store.seen(uow, reader)


def waiting(uow: UnitOfWork, reader: str) -> bool:
    """Whether a named reader would find anything."""
    return bool(since(uow, place(uow, reader)))
