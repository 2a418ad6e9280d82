"""What customers say of occasions and needs in their reviews, counted and quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Bools, Floats
from shengeng.understand.personas.contracts import PLAIN, Said
from shengeng.understand.personas.methods.cues import CUES, heard

LEAST_SAID = 3  # members who say it, for a cue to stand on the card
NAMING = 5  # and for it to stand in the name, where its lower bound is beyond the shop's share
SURE = 1.645  # normal quantile of the one-sided 95% bound
TOP_CUES = 4


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it was written on a local day."""

    review_id: str
    customer_id: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A cue in a review, and the sentence that holds it."""

    review_id: str
    day: date
    cue: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A cue among the members of a scene: who says it, who wrote at all, the same share of everybody."""

    cue: str
    said: int
    wrote: int
    shop: float

    @property
    def sure(self) -> bool:
        """Whether members say it more than the shop does beyond chance (Wilson 1927), and often enough."""
        share, spread = self.said / self.wrote, SURE**2 / self.wrote
        half = SURE * np.sqrt(share * (1 - share) / self.wrote + spread / (4 * self.wrote))
        return bool(self.said >= NAMING and (share + spread / 2 - half) / (1 + spread) > self.shop)


def sayings(reviews: Iterable[Review]) -> list[Saying]:
    """Every cue of every review, with its sentence."""
    return [
        Saying(review.review_id, review.day, cue, sentence)
        for review in reviews
        for cue, sentence in heard(review.text)
    ]


def counted(customer_ids: Sequence[str], reviews: Iterable[Review]) -> Said | None:
    """Reviews by customer and cue; of customers who are not asked for nothing is counted.

    None where nobody says anything, so that silence changes nothing.
    """
    row = {customer: place for place, customer in enumerate(customer_ids)}
    names = [*(cue.key for cue in CUES), PLAIN]
    column = {name: place for place, name in enumerate(names)}
    wrote = np.zeros(len(customer_ids), dtype=np.int64)
    at: list[tuple[int, int]] = []
    for review in reviews:
        who = row.get(review.customer_id)
        if who is None:
            continue
        wrote[who] += 1
        cues = [cue for cue, _ in heard(review.text)] or [PLAIN]
        at.extend((who, column[cue]) for cue in cues)
    if all(cue == column[PLAIN] for _, cue in at):
        return None
    rows, columns = np.array(at, dtype=np.int64).T
    found = sp.csr_array((np.ones(len(at)), (rows, columns)), shape=(len(customer_ids), len(names)))
    found.sum_duplicates()
    return Said(names, found, wrote)


def voices(said: Said | None, members: Bools, everybody: Bools) -> tuple[Voice, ...]:
    """What members who wrote say more often than everybody who wrote, most telling first."""
    if said is None:
        return ()
    wrote = said.wrote > 0
    own, every = (_speakers(said, who & wrote) for who in (members, everybody))
    number, all_of_them = int((members & wrote).sum()), max(int((everybody & wrote).sum()), 1)
    found = [
        Voice(cue, int(mine), number, float(theirs / all_of_them))
        for cue, mine, theirs in zip(said.cues[:-1], own, every, strict=False)
        if mine >= LEAST_SAID and mine / number > theirs / all_of_them
    ]
    return tuple(sorted(found, key=lambda one: (-_tells(one), one.cue))[:TOP_CUES])


def _speakers(said: Said, who: Bools) -> Floats:
    """(cues,) customers who say each."""
    return np.asarray((said.by_cue[np.flatnonzero(who)] > 0).sum(axis=0), dtype=np.float64).ravel()


def _tells(one: Voice) -> float:
    """Its part of the members' divergence from the shop, as with categories."""
    share = one.said / one.wrote
    return share * float(np.log(share / one.shop))
