"""Keep every audience current: who has new facts, who is due by the clock, which sentences are new.

One way of answering, for everybody or for a few (`answering`). Who was not touched, is not due, and whose
sentence is the same, answers as before; a property test holds this against answering everybody again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from shengeng.decide.audiences.api.answering import said
from shengeng.decide.audiences.api.facts import Asked, asked
from shengeng.decide.audiences.api.looking import inner_of
from shengeng.decide.audiences.api.saving import LOCK
from shengeng.decide.audiences.contracts import NEVER, Answer, Cause
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.store import saved, standing
from shengeng.decide.audiences.store.people import moment_of
from shengeng.govern.shop import api as shop
from shengeng.sense.arrivals import api as arrivals
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

READER = "decide.audiences"
# From so many people on, answering everybody costs less than picking them out.
MANY = 20_000


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did: audiences answered for everybody, people looked at, who entered and left."""

    whole: int = 0
    people: int = 0
    entered: int = 0
    left: int = 0


def waits(uow: UnitOfWork, now: datetime) -> bool:
    """Whether a look would find something to do."""
    rows = saved.every(uow)
    profile = shop.find_profile(uow)
    if not rows or profile is None or profile.as_of is None:
        return False
    if any(row["evaluated_version"] != row["version"] for row in rows) or arrivals.waiting(uow, READER):
        return True
    due = standing.next_due(uow)
    return due is not None and due <= profile.moment(now)


def follow(stores: Stores, uow: UnitOfWork, now: datetime) -> Looked:
    """Bring every audience to the shop's present, in one transaction.

    Touched by arrivals or due by the clock: answered again, they alone. Everybody: where the day's cycle or
    an import may have changed anybody, the sentence is new, or the clock went back.
    """
    uow.lock(LOCK)
    rows = saved.every(uow)
    arrived = arrivals.take(uow, READER)
    here = asked(stores, uow, now)
    due = standing.people_due(uow, here.at)
    touched = arrived.people if len(arrived.people) <= MANY else None
    about = here if touched is None else here.about(touched)  # the same people of every audience
    found = Looked()
    for row in rows:
        anew = _anew(row, here.at)
        if anew or arrived.everybody:
            found = _add(found, _settle(here, row, "definition" if anew else "estimates"), whole=1)
            continue
        if touched != frozenset():
            found = _add(found, _settle(about, row, "facts"))
        if waiting := due.get(row["id"], set()) - arrived.people:
            some = here if len(waiting) > MANY else here.about(waiting)
            found = _add(found, _settle(some, row, "time"))
        saved.evaluated(uow, row["id"], row["version"], here.at, standing.count(uow, row["id"]))
    return found


def _anew(row: Mapping[str, Any], at: datetime) -> bool:
    if row["evaluated_version"] != row["version"]:
        return True
    return row["evaluated_at"] is None or row["evaluated_at"] > at


def _settle(about: Asked, row: Mapping[str, Any], cause: Cause) -> Looked:
    """Answer for those asked about, and write down who entered, who left, who is due when."""
    uow, id, at = about.uow, row["id"], about.at
    answer = said(about, read(row["definition"]), inner_of(uow)).whole
    now_in = set(about.people.ids.filter(answer.held).to_pylist())
    was_in = standing.members_of(uow, id, about.only)
    entered, left = sorted(now_in - was_in), sorted(was_in - now_in)
    if entered:
        standing.enter(uow, id, entered, at)
    if left:
        standing.leave(uow, id, left)
    if entered or left:
        moved = {**dict.fromkeys(entered, True), **dict.fromkeys(left, False)}
        standing.record(uow, id, moved, at, version=row["version"], cause=cause)
    standing.set_due(uow, id, _due(about, answer), about.only)
    saved.evaluated(uow, id, row["version"], at, standing.count(uow, id))
    return Looked(0, len(about.people), len(entered), len(left))


def _due(about: Asked, answer: Answer) -> dict[str, datetime]:
    waiting = np.flatnonzero(answer.due != NEVER)
    ids = about.people.ids.take(waiting).to_pylist()
    return {person: moment_of(int(at)) for person, at in zip(ids, answer.due[waiting], strict=True)}


def _add(one: Looked, two: Looked, whole: int = 0) -> Looked:
    return Looked(one.whole + whole, one.people + two.people, one.entered + two.entered, one.left + two.left)


def held(stores: Stores, uow: UnitOfWork, id: UUID, now: datetime) -> set[str]:
    """Whom an audience's sentence is true of now, answered for everybody; nothing is written."""
    row = saved.one(uow, id)
    assert row is not None
    here = asked(stores, uow, now)
    found = said(here, read(row["definition"]), inner_of(uow)).whole
    return set(here.people.ids.filter(found.held).to_pylist())
