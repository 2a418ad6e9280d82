"""Sequences of facts over people: what to look for, the layout of facts, the answer of each person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shengeng.decide.audiences.contracts import NEVER, Answer
from shengeng.decide.audiences.contracts.language import Absent, Sequence, Step
from shengeng.kernel.units import Bools, Floats, Ints

if TYPE_CHECKING:
    from datetime import timedelta

_NO = np.iinfo(np.int64).min
_LONGEST = 2**60  # microseconds: no span is longer
Masks = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in order of person, then time. starts (people + 1,), times (facts,) microseconds of local time.

    masks (facts,): bit s is set where the fact is what step s of the sequence speaks of.
    """

    starts: Ints
    times: Ints
    masks: Masks
    single: bool  # no fact is what two steps speak of

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return self.starts.nbytes + self.times.nbytes + self.masks.nbytes


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence as bits and microseconds (see `compiled.follow`)."""

    steps: Masks
    within: Ints
    gaps: Masks
    tails: Masks
    spans: Ints
    whole: int = NEVER

    def prefix(self, length: int) -> Pattern:
        """The first steps alone, with what must not follow the last of them before the next."""
        none = np.zeros(0, np.uint8)
        return Pattern(
            self.steps[:length],
            self.within[:length],
            self.gaps[:length],
            none,
            np.zeros(0, np.int64),
            self.whole,
        )

    @property
    def plain(self) -> bool:
        """Whether nothing has to be absent."""
        return not self.tails.size and not self.gaps.any()


def pattern(sequence: Sequence) -> Pattern:
    """What to look for. The first step is never absent (`reading`)."""
    steps: list[int] = []
    within: list[int] = []
    gaps: list[int] = []
    tails: list[int] = []
    spans: list[int] = []
    for place, step in enumerate(sequence.steps):
        bit = 1 << place
        if isinstance(step, Step):
            steps.append(bit)
            within.append(_micros(step.within.length) if step.within else NEVER)
            gaps.append(sum(tails))
            tails, spans = [], []
        else:
            assert isinstance(step, Absent)
            tails.append(bit)
            spans.append(_micros(step.span.length) if step.span else NEVER)
    # gaps[s] is what stood before step s; what must not follow step s stands before the next one.
    after = [*gaps[1:], 0]
    bits = [np.array(found, np.uint8) for found in (steps, after, tails)]
    whole = _micros(sequence.within.length) if sequence.within else NEVER
    numbers = np.array(within, np.int64), np.array(spans, np.int64)
    return Pattern(bits[0], numbers[0], bits[1], bits[2], numbers[1], whole)


def _micros(length: timedelta) -> int:
    return (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds


def lay_out(person: Ints, time: Ints, mask: Masks, people: int) -> Facts:
    """Facts in any order, laid out. person (facts,): places below people."""
    from shengeng.decide.audiences.methods import compiled  # noqa: PLC0415  numba loads with the first one

    single = bool((np.bitwise_count(mask) <= 1).all())
    starts, times, masks = compiled.lay_out(person, time, mask, people)
    return Facts(starts, times, masks, single)


def follow(facts: Facts, found: Pattern, low: int | None, high: int, length: int | None) -> Answer:
    """Of each person: whether the sequence stands among facts later than low, up to high.

    length: microseconds that the window is long, where it moves with the clock. The figure is how many steps
    were reached at most.
    """
    held, reached, depth, due = _pass(facts, found, low, high, latest=False)
    first = np.where((due == NEVER) | (length is None), NEVER, due + (length or 0))
    longest = max((int(span) for span in found.spans if span != NEVER), default=0)
    waiting = (reached != _NO) & ~held
    ripe = np.where(waiting, np.where(reached == _NO, 0, reached) + longest, NEVER)
    return Answer(held, np.minimum(np.minimum(first, ripe), _ahead(facts, high)), depth)


def joined(parts: list[Answer]) -> Answer:
    """Answers of people who stand behind each other, as one."""
    if len(parts) == 1:
        return parts[0]
    held = np.concatenate([part.held for part in parts])
    figures = [part.figure for part in parts if part.figure is not None]
    return Answer(held, np.concatenate([part.due for part in parts]), np.concatenate(figures))


def witness(facts: Facts, found: Pattern, low: int | None, high: int) -> list[int]:
    """Of the one person of these facts: the moments of the steps, as far as they were reached."""
    for length in range(len(found.steps), 0, -1):
        whole = found if length == len(found.steps) else found.prefix(length)
        _, reached, _, _ = _pass(facts, whole, low, high, latest=False)
        if reached[0] != _NO:
            return _back(facts, found, low, int(reached[0]), length)
    return []


def _back(facts: Facts, found: Pattern, low: int | None, end: int, length: int) -> list[int]:
    """From the last step back: the newest moment at which the steps before stood, just before it."""
    moments = [end]
    for shorter in range(length - 1, 0, -1):
        _, reached, _, _ = _pass(facts, found.prefix(shorter), low, moments[0] - 1, latest=True)
        moments.insert(0, int(reached[0]))
    return moments


def _pass(
    facts: Facts, found: Pattern, low: int | None, high: int, *, latest: bool
) -> tuple[Bools, Ints, Floats, Ints]:
    from shengeng.decide.audiences.methods import compiled  # noqa: PLC0415  numba loads with the first one

    people = len(facts.starts) - 1
    held, reached = np.zeros(people, np.bool_), np.full(people, _NO, np.int64)
    depth, due = np.zeros(people), np.full(people, NEVER, np.int64)
    given: Any = (facts.starts, facts.times, facts.masks)
    out: Any = (held, reached, depth, due)
    start = _NO if low is None else low
    if found.plain and facts.single and not latest:
        # A mask of none of these steps is one that nothing is within.
        step_of = np.full(256, len(found.steps), np.int64)
        step_of[found.steps] = np.arange(len(found.steps))
        within = np.append(np.minimum(found.within, _LONGEST), -1)
        compiled.follow_plain(given, step_of, within, found.whole, start, high, out)
    else:
        asked: Any = (found.steps, found.within, found.gaps, found.tails, found.spans, found.whole)
        compiled.follow(given, asked, start, high, latest, out)
    return held, reached, depth, due


def _ahead(facts: Facts, high: int) -> Ints:
    from shengeng.decide.audiences.methods import compiled  # noqa: PLC0415  numba loads with the first one

    found = np.full(len(facts.starts) - 1, NEVER, np.int64)
    compiled.first_after(facts.starts, facts.times, high, found)
    return found
