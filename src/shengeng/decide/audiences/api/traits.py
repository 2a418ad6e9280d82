"""Conditions on what sources and identify calls say of people, and on what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from shengeng.decide.audiences.contracts import Answer
from shengeng.decide.audiences.contracts.language import Text, Trait
from shengeng.decide.audiences.methods import reviews as tones
from shengeng.decide.audiences.methods.sets import never
from shengeng.decide.audiences.methods.traits import holds
from shengeng.decide.audiences.store import written
from shengeng.understand.personas import api as personas

if TYPE_CHECKING:
    from shengeng.decide.audiences.api.facts import Asked


@dataclass(frozen=True, slots=True)
class Wrote:
    """A review in which somebody says what is asked for, with the sentence that says it."""

    person_id: str
    at: datetime
    review_id: str
    sentence: str


def trait_answer(asked: Asked, leaf: Trait) -> Answer:
    """Whom a trait is true of."""
    told = asked.traits
    ids = asked.people.ids.to_pylist()
    held = np.fromiter((holds(leaf, told.get(person, {})) for person in ids), np.bool_, len(ids))
    return Answer(held, never(len(ids)))


def wrote(asked: Asked, leaf: Text) -> Iterator[Wrote]:
    """The reviews of anybody asked about that say an occasion or need in a tone, windows aside."""
    tops = {source: tones.scale(most) for source, most in written.largest(asked.every_review).items()}
    for row in written.rows(asked.reviews):
        sentence = _cues(row["text"]).get(leaf.aspect)
        if sentence is None:
            continue
        if leaf.tone in ("any", tones.tone(row["label"], row["rating"], tops.get(row["source"], 1.0))):
            yield Wrote(row["person_id"], row["local_at"], row["review_id"], sentence)


@lru_cache(maxsize=20_000)
def _cues(text: str) -> dict[str, str]:
    """What a review says, by cue; hearing is slow, and reviews do not change."""
    return dict(personas.heard(text))
