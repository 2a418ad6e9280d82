"""What audiences hand out: the language (`language`), refusals (`refusals`), and what is kept of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.decide.audiences.contracts.language import Definition
from shengeng.kernel.units import Bools, Floats, Ints

FOLLOW_TASK = "audiences.follow"
LONGEST_NAME = 80
LONGEST_NOTE = 2_000
MOST_AUDIENCES = 500
SAMPLE = 10
MOST_EVIDENCE = 20  # rows shown of one leaf; all of them are counted
NEVER = np.iinfo(np.int64).max  # of due moments, which are microseconds of naive local time since 1970

State = Literal["current", "evaluating", "archived"]
ChangeKind = Literal["entered", "left"]
Cause = Literal["facts", "time", "estimates", "definition"]


@dataclass(frozen=True, slots=True)
class People:
    """Everybody that is asked about, sorted by id: a person's place in `ids` is their index everywhere."""

    ids: pa.Array

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, ids: pa.Array | pa.ChunkedArray) -> Ints:
        """(rows,) the place of each id, -1 for who is not asked about."""
        found = pc.fill_null(pc.index_in(ids, value_set=self.ids), -1)
        return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)

    def spread(self, ids: pa.Array | pa.ChunkedArray, values: Floats, otherwise: float) -> Floats:
        """(people,) the value of each, `otherwise` where there is none."""
        place = self.places(ids)
        found = np.full(len(self), otherwise)
        found[place[place >= 0]] = values[place >= 0]
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """Of each person: whether it is true, from when on it may be otherwise, the figure it was judged by.

    held (n,) bool; due (n,) microseconds of local time, NEVER = not by time alone; figure (n,) or None.
    """

    held: Bools
    due: Ints
    figure: Floats | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """One saved audience in its newest version. evaluated_at: local moment that its members are of."""

    id: UUID
    name: str
    note: str
    version: int
    definition: Definition
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    archived_at: datetime | None
    evaluated_at: datetime | None
    state: State
    count: int = 0
    entered_7d: int = 0
    left_7d: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """What an audience was from one save to the next."""

    version: int
    name: str
    note: str
    definition: Definition
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in an audience, since a local moment."""

    person_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody entered or left, at a local moment; facts, never changed. cause: what made us look."""

    id: int
    person_id: str
    kind: ChangeKind
    at: datetime
    version: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many stood in an audience at the end of a local day, and who came and went on it."""

    day: date
    count: int
    entered: int
    left: int


class WhyLeaf(NamedTuple):
    """One condition for one person: whether it held, and the figure it was judged by."""

    path: str
    held: bool
    figure: float | None


@dataclass(frozen=True, slots=True)
class Sampled:
    """Somebody a sentence is true of, with each of its conditions."""

    person_id: str
    why: tuple[WhyLeaf, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sentence would say now: how many of how many, by node, and some of them."""

    count: int
    of: int
    per_node: Mapping[str, int]
    sample: tuple[Sampled, ...]
    as_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One fact or estimate behind a condition. step: which step of a sequence it is; at: local."""

    kind: Literal["order", "event", "review", "estimate", "trait", "audience"]
    at: datetime | None
    title: str
    ref: str = ""
    quantity: float | None = None
    amount_minor: int | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLeaf:
    """One condition of one person: rows behind it (newest first, at most MOST_EVIDENCE), figure and bound."""

    path: str
    op: str
    held: bool
    figure: float | None
    compare: str | None
    bound: float | None
    rows: tuple[EvidenceRow, ...] = ()
    total: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why somebody is in an audience, or not."""

    person_id: str
    held: bool
    as_at: datetime
    leaves: tuple[EvidenceLeaf, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a sentence may name, with its words where it has some, and how much there is of it."""

    value: str
    zh: str = ""
    en: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class TraitName:
    """A trait, how many have it, and its values where they are few."""

    name: str
    count: int
    values: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What can be named in this shop."""

    events: tuple[Named, ...] = ()
    departments: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    stores: tuple[Named, ...] = ()
    channels: tuple[Named, ...] = ()
    rooms: tuple[Named, ...] = ()
    stages: tuple[Named, ...] = ()
    tiers: tuple[Named, ...] = ()
    personas: tuple[Named, ...] = ()
    aspects: tuple[Named, ...] = ()
    traits: tuple[TraitName, ...] = ()
    audiences: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence to begin with, already fitted to this shop's own categories."""

    key: str
    name_zh: str
    name_en: str
    definition: Definition
    about_zh: str = field(default="")
    about_en: str = field(default="")
